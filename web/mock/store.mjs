// In-memory twin of the real store: targets, an op log per frame with undo and redo, one revision per frame.
import { SEQUENCES, frame as draw, grow, truth } from "./scene.mjs";
import { decode, encode } from "./rle.mjs";

export const frames = [];
const byPlace = new Map(), targets = new Map(), answers = new Map();
let tracks = 1;

for (const sequence of SEQUENCES)
  for (let index = 0; index < sequence.frames; index++) {
    const id = frames.length + 1;
    const broken = sequence.name === "night" && index === 7;
    const it = { id, sequence, index, rev: 0, status: "todo", error: broken ? "not a PNG: the file ends after 1,024 bytes" : null, ops: [], undone: [] };
    frames.push(it); byPlace.set(`${sequence.name}/${index}`, it);
  }

export const frameAt = (name, index) => byPlace.get(`${name}/${index}`);
export const frameOf = (id) => frames[id - 1];
export const targetsOf = (it) => [...targets.values()].filter((t) => t.frame === it.id && !t.deleted);
export const findTarget = (uuid) => targets.get(uuid);
export const remembered = answers;

export function describe(target) {
  const { frame, deleted, ...shown } = target;
  return shown;
}

/** Measures a mask: area, centre and equivalent radius. */
export function measured(mask) {
  const places = decode(mask), area = places.length;
  const mean = (axis) => (area ? places.reduce((sum, p) => sum + p[axis], 0) / area : 0);
  return { mask, area, row: mean(0), col: mean(1), radius: Math.sqrt(area / Math.PI) };
}

/** Writes one op: `change` holds what the target is after it, null for a frame status op. */
export function write(it, uuid, after, frameStatus) {
  const before = uuid ? structuredClone(targets.get(uuid) ?? null) : null;
  const op = { uuid, before, after, statusBefore: it.status, status: frameStatus ?? nextStatus(it, uuid, after) };
  it.ops.push(op); it.undone = [];
  apply(it, op.uuid, after, op.status);
}

function nextStatus(it, uuid, after) {
  const all = [...targetsOf(it).filter((t) => t.uuid !== uuid), ...(after && !after.deleted ? [after] : [])];
  if (all.some((t) => t.status === "flagged")) return "flagged";
  if (all.some((t) => t.status === "candidate")) return "candidate";
  return all.length ? (all.some((t) => t.source === "hand") ? "fixed" : "accepted") : "todo";
}

function apply(it, uuid, value, status) {
  if (uuid) value ? targets.set(uuid, { ...structuredClone(value), rev: (targets.get(uuid)?.rev ?? 0) + 1 }) : targets.delete(uuid);
  it.status = status; it.rev++;
}

export function undo(it) {
  const op = it.ops.pop();
  if (!op) return null;
  it.undone.push(op); apply(it, op.uuid, op.before, op.statusBefore);
  return op;
}

export function redo(it) {
  const op = it.undone.pop();
  if (!op) return null;
  it.ops.push(op); apply(it, op.uuid, op.after, op.status);
  return op;
}

export function candidate(it, body) {
  const { places, scr, energy } = grow(draw(it.sequence, it.index), body);
  return { ...measured(encode(places)), scr, energy };
}

/** Signal to clutter: mean inside against mean and spread of a ring around the mask. */
export function contrast(it, mask) {
  const pixels = draw(it.sequence, it.index), inside = new Set(decode(mask).map(([r, c]) => r * 640 + c)), ring = [];
  for (let r = Math.max(0, mask.top - 6); r < Math.min(512, mask.top + mask.height + 6); r++)
    for (let c = Math.max(0, mask.left - 6); c < Math.min(640, mask.left + mask.width + 6); c++) if (!inside.has(r * 640 + c)) ring.push(pixels[r * 640 + c]);
  const mean = (list) => list.reduce((a, b) => a + b, 0) / Math.max(1, list.length), ground = mean(ring);
  const spread = Math.sqrt(mean(ring.map((v) => (v - ground) ** 2))) || 1;
  return { scr: Math.abs(mean([...inside].map((k) => pixels[k])) - ground) / spread };
}

export function newTrack() { return tracks++; }

/** Follows a target into the next frame: brightest place within 12 pixels, grown again; null when too dim. */
export function follow(target, to, limit = 1.5) {
  const pixels = draw(to.sequence, to.index);
  let best = { value: -1 };
  for (let r = Math.round(target.row) - 10; r <= target.row + 10; r++)
    for (let c = Math.round(target.col) - 10; c <= target.col + 10; c++) {
      const value = (pixels[r * 640 + c] + pixels[r * 640 + c + 1] + pixels[r * 640 + c - 1] + pixels[(r + 1) * 640 + c] + pixels[(r - 1) * 640 + c]) / 5;
      if (value > best.value) best = { value, row: r, col: c };
    }
  const seeds = [{ row: best.row, col: best.col }];
  const found = candidate(to, { seeds, negatives: [], generator: target.generator ?? "pmg", params: target.params ?? {} });
  return found.scr < limit ? { scr: found.scr } : { ...found, seeds };
}

/** Twenty accepted or waiting targets, so that the review queue has work on first launch. */
export function fill() {
  for (let index = 0; index < 20; index++) {
    const it = frameAt("harbour", index), spots = truth(it.sequence, index);
    for (const [k, spot] of spots.slice(0, 1 + (index % 3)).entries()) {
      const seeds = [{ row: Math.round(spot.row), col: Math.round(spot.col) }];
      const found = candidate(it, { seeds, negatives: [], generator: "pmg", params: {} });
      const uuid = `00000000-0000-4000-8000-${String(index * 10 + k).padStart(12, "0")}`;
      const status = index < 7 ? "accepted" : "candidate";
      write(it, uuid, { uuid, frame: it.id, ...found, seeds, negatives: [], generator: "pmg", params: {}, source: "pmg", status, track: k + 1, doubt: Math.min(1, 6 / (found.scr + 1)) });
    }
  }
}
