/** Edits of the frame shown: each is one change, one letter, one undo step. */
import * as api from "../../api/client";
import type { Candidate, Place, Target, TargetStatus } from "../../api/types";
import { applied, bitsOf, inverse, requestOf, reshaped, undoRequest, type Change } from "../../model/gestures";
import { recorded, stepBack, stepForward } from "../../model/history";
import { area, encode, fromPlaces, measure, nudged, type Bits } from "../../model/mask";
import { toast } from "../../ui/toast";
import { historyOf, relabel, select, selectedTarget, type Session } from "./session";

export function commit(session: Session, change: Change, op: string, extra: Record<string, unknown> = {}): void {
  if (session.app.project.readonly) return void toast("This project is open for reading only", { kind: "warn" });
  const { frame, app } = session;
  app.outbox.post(requestOf(frame.id, change, op, extra));
  session.frame = { ...applied(frame, change), can_undo: true, can_redo: false };
  session.histories.set(frame.id, recorded(historyOf(session), change));
  settle(session);
}

/** Shows the frame as it is now, and remembers it for when the server is away. */
export function settle(session: Session): void {
  if (!selectedTarget(session)) session.selected = null;
  session.app.frames.set(session.frame.id, session.frame);
  relabel(session);
  session.changed();
}

export function newTarget(bits: Bits, fields: Partial<Target>): Target {
  return {
    ...measure(bits), uuid: crypto.randomUUID(), mask: encode(bits), scr: 0, seeds: [], negatives: [],
    generator: null, params: {}, source: "hand", status: "candidate", track: null, ...fields,
  };
}

/** Replaces the mask of the selected target; a mask with no pixel left deletes it. */
export function reshape(session: Session, target: Target, bits: Bits, op: string, source: string): void {
  const after = area(bits) ? reshaped(target, bits, source) : null;
  commit(session, { uuid: target.uuid, before: target, after }, op);
}

export function setStatus(session: Session, target: Target, status: TargetStatus, op: string, reason?: string): void {
  commit(session, { uuid: target.uuid, before: target, after: { ...target, status } }, op, reason ? { reason } : {});
}

export function remove(session: Session, target: Target): void {
  commit(session, { uuid: target.uuid, before: target, after: null }, "delete");
}

export function nudge(session: Session, down: number, right: number): void {
  const target = selectedTarget(session);
  if (target) reshape(session, target, nudged(bitsOf(target), down, right, session.frame), "nudge", target.source);
}

let asking: AbortController | null = null;

/** Asks for a mask; a newer question ends an older one. Null when it was overtaken or failed. */
async function askCandidate(session: Session, seeds: Place[], negatives: Place[]): Promise<Candidate | null> {
  asking?.abort();
  const own = (asking = new AbortController());
  const { frame, generator, params } = session;
  try {
    return await api.candidate(frame.id, { seeds, negatives, generator, params: params[generator] ?? {} }, own.signal);
  } catch (error) {
    if (!own.signal.aborted) toast(`No mask: ${(error as Error).message}. The brush still works.`, { kind: "warn" });
    return null;
  }
}

function fromCandidate(found: Candidate): Partial<Target> {
  const { mask, row, col, radius, area: pixels, scr, generator, params } = found;
  return { mask, row, col, radius, area: pixels, scr, generator, params, source: generator };
}

/** Grows a mask from the seeds: into `target`, or as a new one. */
export async function grow(session: Session, seeds: Place[], negatives: Place[], target: Target | null): Promise<void> {
  const { id } = session.frame;
  const found = await askCandidate(session, seeds, negatives);
  if (!found || session.frame.id !== id) return;
  if (!found.area) return void toast("Nothing stands out here: try G for another generator, or draw it", { kind: "warn" });
  const fresh = target ?? newTarget(fromPlaces([]), {});
  const after: Target = { ...fresh, ...fromCandidate(found), seeds, negatives, status: "candidate" };
  commit(session, { uuid: after.uuid, before: target, after }, target ? "grow" : "create");
  session.energy = found.energy;
  session.selected = after.uuid;
  session.changed();
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
  session.frame = { ...applied(frame, way === "undo" ? inverse(step) : step), can_redo: way === "undo" || history.undone.length > 0 };
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
  if (target?.status === "candidate" && target.source !== "hand") return remove(session, target);
  select(session, null);
}
