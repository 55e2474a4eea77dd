/** One gesture is one change, one request and one undo step. */
import type { Frame, FrameStatus, Target, TargetStatus, Verdict, WriteAnswer } from "../api/types";
import { decode, encode, measure, nudged, type Bits, type Size } from "./mask";

/** A target before and after; null where there is none. */
export interface Change { uuid: string; before: Target | null; after: Target | null }

/** What goes to the server; `frame` is the id of the frame whose revision guards it. */
export interface Request { frame: number; method: "POST" | "PUT" | "DELETE"; path: string; body: Record<string, unknown> }

const SENT = ["mask", "seeds", "negatives", "generator", "params", "quality", "status", "track"] as const;

/** What goes on the wire: fixed is the server's word for an accepted target drawn by hand, and a track of its own goes without saying. */
function wire(target: Target): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.fromEntries(SENT.map((name) => [name, target[name]]));
  if (target.status === "fixed") fields.status = "accepted";
  if (target.track === target.uuid) delete fields.track;
  return fields;
}

function changedFields(before: Target, after: Target): Record<string, unknown> {
  const [old, now] = [wire(before), wire(after)];
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name])));
}

/** The request of a change: create, change the fields that differ, or delete. */
export function requestOf(frame: number, change: Change, op: string, extra: Record<string, unknown> = {}): Request {
  const { uuid, before, after } = change;
  const path = `/targets/${uuid}`;
  if (!after) return { frame, method: "DELETE", path, body: {} };
  if (before) return { frame, method: "PUT", path, body: { op, ...changedFields(before, after), ...extra } };
  return { frame, method: "POST", path: `/frames/${frame}/targets`, body: { op, uuid, ...wire(after), ...extra } };
}

export const undoRequest = (frame: number, way: "undo" | "redo"): Request =>
  ({ frame, method: "POST", path: `/frames/${frame}/${way}`, body: {} });

export const verdictRequest = (frame: number, verdict: Verdict | null, reason?: string): Request =>
  ({ frame, method: "PUT", path: `/frames/${frame}`, body: reason ? { verdict, reason } : { verdict } });

/** The frame with the change made. Targets keep their order, so Tab walks the same way every time. */
export function applied(frame: Frame, { uuid, after }: Change): Frame {
  const at = frame.targets.findIndex((target) => target.uuid === uuid);
  const targets = [...frame.targets];
  if (at < 0) return after ? { ...frame, targets: [...targets, after] } : frame;
  targets.splice(at, 1, ...(after ? [after] : []));
  return { ...frame, targets };
}

export const inverse = ({ uuid, before, after }: Change): Change => ({ uuid, before: after, after: before });

/** A target about which nothing is known yet. */
export const blankTarget = (uuid: string): Target => ({
  uuid, mask: { top: 0, left: 0, height: 0, width: 0, counts: [] }, row: 0, col: 0, area: 0, radius: null, scr: null, rho: null, quality: null, doubt: 1,
  seeds: [], negatives: [], generator: null, params: {}, source: "hand", status: "candidate", reason: "", track: uuid, by: "", at: "",
});

/** The target with another mask, measured again. Drawing by hand turns an accepted target into a fixed one. */
export function reshaped(target: Target, bits: Bits, source: string): Target {
  const hand = source === "hand";
  const status: TargetStatus = hand && target.status === "accepted" ? "fixed" : target.status;
  return { ...target, ...measure(bits), mask: encode(bits), source, status, ...(hand ? { generator: null, quality: null } : {}) };
}

/** The target moved by whole pixels, which makes its mask a person's; one without a mask moves its clicks. */
export function moved(target: Target, down: number, right: number, size: Size): Target {
  if (target.area) return reshaped(target, nudged(bitsOf(target), down, right, size), "hand");
  const held = (value: number, most: number): number => Math.min(most - 1, Math.max(0, value));
  const shift = ({ row, col }: { row: number; col: number }) => ({ row: held(row + down, size.height), col: held(col + right, size.width) });
  return { ...target, ...shift(target), seeds: target.seeds.map(shift) };
}

/** Accepted, or fixed when a hand has touched it. */
export const verdict = (target: Target): TargetStatus => (target.source === "hand" ? "fixed" : "accepted");

export const bitsOf = (target: Target): Bits => decode(target.mask);

/** The status of a frame as the server will find it, until it has answered. */
export function statusOf(frame: Frame): FrameStatus {
  if (frame.status === "missing") return "missing";
  if (frame.verdict === "flagged") return "flagged";
  const order: FrameStatus[] = ["candidate", "flagged", "fixed", "accepted"];
  const found = order.find((status) => frame.targets.some((target) => target.status === status));
  return found ?? (frame.verdict === "done" ? "empty" : "todo");
}

/** The frame with what a person said of it; done accepts its candidates. */
export function judged(frame: Frame, said: Verdict | null, reason = ""): Frame {
  const accept = (target: Target): Target => (target.status === "candidate" ? { ...target, status: verdict(target) } : target);
  const after = { ...frame, verdict: said, reason, targets: said === "done" ? frame.targets.map(accept) : frame.targets };
  return { ...after, status: statusOf(after) };
}

/** The frame after an answer; `last`: nothing more is waiting, so the answer is the whole truth about what it tells of. */
export function answered(frame: Frame, answer: WriteAnswer, last: boolean): Frame {
  const known = { ...frame, rev: answer.rev, status: answer.frame_status };
  if (!last) return known;
  if (answer.frame) return answer.frame;
  return answer.target ? applied(known, { uuid: answer.target.uuid, before: null, after: answer.target }) : known;
}
