/** Edits of the frame shown: each is one change, one letter, one undo step. */
import * as api from "../../api/client";
import type { Candidate, Place, Target, TargetStatus, Verdict } from "../../api/types";
import { READONLY } from "../../api/words";
import { applied, blankTarget, inverse, judged, moved, requestOf, reshaped, statusOf, undoRequest, verdictRequest, type Change } from "../../model/gestures";
import { recorded, stepBack, stepForward } from "../../model/history";
import { area, encode, measure, type Bits } from "../../model/mask";
import { toast } from "../../ui/toast";
import { setDigit } from "./navigate";
import { historyOf, readonly, relabel, select, selectedTarget, type Session } from "./session";

export function commit(session: Session, change: Change, op: string, extra: Record<string, unknown> = {}): void {
  if (readonly(session)) return void toast(READONLY, { kind: "warn" });
  const { frame, app } = session;
  app.outbox.post(requestOf(frame.id, change, op, extra));
  const after = { ...applied(frame, change), can_undo: true, can_redo: false };
  session.frame = { ...after, status: statusOf(after) };
  session.histories.set(frame.id, recorded(historyOf(session), change));
  settle(session);
}

/** Shows the frame as it is now, and remembers it for when the server is away. */
export function settle(session: Session): void {
  if (!selectedTarget(session)) session.selected = null;
  session.app.frames.set(session.frame.id, session.frame);
  relabel(session);
  setDigit(session, session.frame.index, session.frame.status);
  session.changed();
}

/** What a person says of the whole frame. Only the server can take this step back. */
export function judge(session: Session, said: Verdict | null, reason?: string): void {
  const { frame, app } = session;
  if (readonly(session)) return void toast(READONLY, { kind: "warn" });
  app.outbox.post(verdictRequest(frame.id, said, reason));
  session.frame = { ...judged(frame, said, reason), can_undo: true, can_redo: false };
  session.histories.delete(frame.id);
  settle(session);
}

/** A target drawn by hand; without a pixel where one is yet to come. */
export const newTarget = (bits: Bits, uuid: string = crypto.randomUUID()): Target =>
  ({ ...blankTarget(uuid), ...(area(bits) ? measure(bits) : {}), mask: encode(bits) });

/** Replaces the mask of the selected target; a mask with no pixel left deletes it, a click that never had one stays. */
export function reshape(session: Session, target: Target, bits: Bits, op: string, source: string): void {
  if (!area(bits) && !target.area) return;
  const after = area(bits) ? reshaped(target, bits, source) : null;
  commit(session, { uuid: target.uuid, before: target, after }, op);
}

export function setStatus(session: Session, target: Target, status: TargetStatus, op: string, reason?: string): void {
  commit(session, { uuid: target.uuid, before: target, after: { ...target, status, reason: reason ?? "" } }, op, reason ? { reason } : {});
}

export function remove(session: Session, target: Target): void {
  commit(session, { uuid: target.uuid, before: target, after: null }, "delete");
}

export function nudge(session: Session, down: number, right: number): void {
  const target = selectedTarget(session);
  if (target && !session.frame.error) commit(session, { uuid: target.uuid, before: target, after: moved(target, down, right, session.frame) }, "nudge");
}

let asking: AbortController | null = null;

/** Asks for a mask; a newer question ends an older one. Null when it was overtaken or failed. */
async function askCandidate(session: Session, seeds: Place[], negatives: Place[], uuid?: string): Promise<Candidate | null> {
  asking?.abort();
  const own = (asking = new AbortController());
  const { frame, generator, params } = session;
  try {
    return await api.candidate(frame.id, { seeds, negatives, generator, params: params[generator] ?? {}, uuid }, own.signal);
  } catch (error) {
    if (!own.signal.aborted) toast(`No mask: ${(error as Error).message}. The brush still works.`, { kind: "warn" });
    return null;
  }
}

/** Grows a mask from the seeds: into `target`, or as a new one. */
export async function grow(session: Session, seeds: Place[], negatives: Place[], target: Target | null): Promise<void> {
  const { id } = session.frame;
  const found = await askCandidate(session, seeds, negatives, target?.uuid);
  if (!found || session.frame.id !== id) return;
  if (!found.area) return void toast("Nothing stands out here: try G for another generator, or draw it", { kind: "warn" });
  const before = target && (session.frame.targets.find(({ uuid }) => uuid === target.uuid) ?? null);
  const { milliseconds: _milliseconds, ...drawn } = found;
  const after: Target = { ...(target ?? blankTarget(crypto.randomUUID())), ...drawn, source: found.generator, seeds, negatives, status: "candidate" };
  session.selected = after.uuid;
  commit(session, { uuid: after.uuid, before, after }, before ? "grow" : "create");
}

/** Grows the selected target again with the generator and parameters of now. */
export function regrow(session: Session): void {
  const target = selectedTarget(session);
  if (target?.seeds.length) void grow(session, target.seeds, target.negatives, target);
  session.changed();
}

/** Takes back, or does again: at once when this visit made the step, else when the server has answered. */
export function travel(session: Session, way: "undo" | "redo"): void {
  const { frame, app } = session;
  if (!(way === "undo" ? frame.can_undo : frame.can_redo)) return void toast(way === "undo" ? "Nothing to undo in this frame" : "Nothing to redo in this frame");
  const { step, history } = (way === "undo" ? stepBack : stepForward)(historyOf(session));
  app.outbox.post(undoRequest(frame.id, way));
  session.histories.set(frame.id, history);
  if (!step) return void app.outbox.flush();
  const after = applied(frame, way === "undo" ? inverse(step) : step);
  session.frame = { ...after, status: statusOf(after), can_redo: way === "undo" || history.undone.length > 0 };
  session.selected = step.uuid;
  settle(session);
}

/** Drops the stroke under way, else the selected candidate. */
export function cancel(session: Session): void {
  asking?.abort();
  if (session.live) {
    session.live = null;
    relabel(session);
    return session.redraw();
  }
  const target = selectedTarget(session);
  if (!readonly(session) && target?.status === "candidate" && target.generator) return remove(session, target);
  select(session, null);
}
