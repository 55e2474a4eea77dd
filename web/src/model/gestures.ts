/** One gesture is one change, one request and one undo step. */
import type { Frame, FrameStatus, Target, TargetStatus } from "../api/types";
import { decode, encode, measure, type Bits } from "./mask";

/** A target before and after; null where there is none. */
export interface Change { uuid: string; before: Target | null; after: Target | null }

/** What goes to the server; `frame` is the id of the frame whose revision guards it. */
export interface Request { frame: number; method: "POST" | "PUT" | "DELETE"; path: string; body: Record<string, unknown> }

const SENT = ["mask", "seeds", "negatives", "generator", "params", "source", "status", "track"] as const;

function changedFields(before: Target, after: Target): Record<string, unknown> {
  const fields = SENT.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(fields.map((name) => [name, after[name]]));
}

/** The request of a change: create, change the fields that differ, or delete. */
export function requestOf(frame: number, change: Change, op: string, extra: Record<string, unknown> = {}): Request {
  const { uuid, before, after } = change;
  const path = `/targets/${uuid}`;
  if (!after) return { frame, method: "DELETE", path, body: { op, ...extra } };
  if (before) return { frame, method: "PUT", path, body: { op, ...changedFields(before, after), ...extra } };
  const fields = Object.fromEntries(SENT.map((name) => [name, after[name]]));
  return { frame, method: "POST", path: `/frames/${frame}/targets`, body: { op, uuid, ...fields, ...extra } };
}

export const undoRequest = (frame: number, way: "undo" | "redo"): Request =>
  ({ frame, method: "POST", path: `/frames/${frame}/${way}`, body: {} });

export const statusRequest = (frame: number, status: FrameStatus): Request =>
  ({ frame, method: "PUT", path: `/frames/${frame}`, body: { op: "frame", status } });

/** The frame with the change made. Targets keep their order, so Tab walks the same way every time. */
export function applied(frame: Frame, { uuid, after }: Change): Frame {
  const at = frame.targets.findIndex((target) => target.uuid === uuid);
  const targets = [...frame.targets];
  if (at < 0) return after ? { ...frame, targets: [...targets, after] } : frame;
  targets.splice(at, 1, ...(after ? [after] : []));
  return { ...frame, targets };
}

export const inverse = ({ uuid, before, after }: Change): Change => ({ uuid, before: after, after: before });

/** The target with another mask, measured again. Drawing by hand turns an accepted target into a fixed one. */
export function reshaped(target: Target, bits: Bits, source: string): Target {
  const status: TargetStatus = source === "hand" && target.status === "accepted" ? "fixed" : target.status;
  return { ...target, ...measure(bits), mask: encode(bits), source, status };
}

/** Accepted, or fixed when a hand has touched it. */
export const verdict = (target: Target): TargetStatus => (target.source === "hand" ? "fixed" : "accepted");

export const bitsOf = (target: Target): Bits => decode(target.mask);
