// In-memory twin of the real store: targets, an op log per frame with undo and redo, one revision per frame.
import { SEQUENCES, frame as draw, grow, truth } from "./scene.mjs";
import { decode, encode } from "./rle.mjs";

export const frames = [];
const byPlace = new Map(), targets = new Map(), answers = new Map();

for (const sequence of SEQUENCES)
  for (let index = 0; index < sequence.frames; index++) {
    const id = frames.length + 1;
    const broken = sequence.name === "night" && index === 7;
    const missing = sequence.name === "night" && index === 9;
    const error = broken ? "not a PNG: the file ends after 1,024 bytes" : missing ? "no such file" : null;
    const it = { id, sequence, index, rev: 0, status: missing ? "missing" : "todo", verdict: null, reason: "", error, ops: [], undone: [] };
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

const frameState = (it) => ({ verdict: it.verdict, reason: it.reason });
const own = (it) => targetsOf(it).map((t) => structuredClone(t));

/** Runs one op: everything of the frame before and after it is kept, so that it can be taken back. */
export function write(it, uuid, act) {
  const before = { targets: own(it), frame: frameState(it) };
  act();
  it.ops.push({ uuid, before, after: { targets: own(it), frame: frameState(it) } }); it.undone = [];
  it.status = statusOf(it); it.rev++;
}

export const put = (target) => targets.set(target.uuid, { ...target, deleted: false });
export const drop = (uuid) => targets.set(uuid, { ...targets.get(uuid), deleted: true });

function statusOf(it) {
  const all = targetsOf(it);
  if (it.verdict === "flagged") return "flagged";
  return ["candidate", "flagged", "fixed", "accepted"].find((s) => all.some((t) => t.status === s)) ?? (it.verdict === "done" ? "empty" : "todo");
}

function restore(it, side) {
  for (const t of targetsOf(it)) t.deleted = true;
  for (const t of side.targets) targets.set(t.uuid, structuredClone(t));
  Object.assign(it, side.frame);
  it.status = statusOf(it); it.rev++;
}

export function undo(it) {
  const op = it.ops.pop();
  if (op) { it.undone.push(op); restore(it, op.before); }
  return op ?? null;
}

export function redo(it) {
  const op = it.undone.pop();
  if (op) { it.ops.push(op); restore(it, op.after); }
  return op ?? null;
}

const doubtOf = (scr) => Math.min(1, 6 / (scr + 1));

export function candidate(it, body) {
  const { places, scr } = grow(draw(it.sequence, it.index), body);
  return { ...measured(encode(places)), scr, rho: null, quality: 0.8, doubt: doubtOf(scr) };
}

/** A target from what a client sends: a click alone has no figures, and a hand makes an accepted one fixed. */
export function made(it, given, user) {
  const blank = { negatives: [], params: {}, status: "candidate", reason: "", quality: null, track: given.uuid };
  const known = { ...blank, ...given, frame: it.id, by: user, at: new Date().toISOString() };
  const source = known.generator ?? (known.source === "import" && !known.mask?.height ? "import" : "hand");
  const figures = known.mask?.height ? { ...measured(known.mask), ...contrast(it, known.mask), rho: null } : { mask: encode([]), area: 0, radius: null, scr: null, rho: null, ...known.seeds[0] };
  const status = source === "hand" && known.status === "accepted" ? "fixed" : known.status;
  return { ...known, ...figures, source, status, doubt: figures.scr === null ? 1 : doubtOf(figures.scr) };
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

/** Follows a target into the next frame: brightest place within 10 pixels, grown again; without a mask when too dim. */
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
  return { ...found, seeds, mask: found.scr < limit ? null : found.mask };
}

/** Accepted and waiting targets, so that the review queue has work on first launch, and three clicks without a mask. */
export function fill() {
  for (let index = 0; index < 20; index++) {
    const it = frameAt("harbour", index), spots = truth(it.sequence, index);
    for (const [k, spot] of spots.slice(0, 1 + (index % 3)).entries()) {
      const seeds = [{ row: Math.round(spot.row), col: Math.round(spot.col) }];
      const found = candidate(it, { seeds, negatives: [], generator: "pmg", params: {} });
      const uuid = `00000000-0000-4000-8000-${String(index * 10 + k).padStart(12, "0")}`;
      const given = { uuid, mask: found.mask, seeds, generator: "pmg", quality: 0.8, status: index < 7 ? "accepted" : "candidate", track: `boat ${k + 1}` };
      write(it, uuid, () => put(made(it, given, "anna")));
    }
  }
  for (const index of [40, 41, 42]) importPoint(frameAt("drift", index));
}

export function importPoint(it) {
  const [spot] = truth(it.sequence, it.index), uuid = crypto.randomUUID();
  write(it, uuid, () => put(made(it, { uuid, source: "import", generator: null, seeds: [{ row: Math.round(spot.row), col: Math.round(spot.col) }] }, "bo")));
}
