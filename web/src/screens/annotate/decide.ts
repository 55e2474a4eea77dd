/** Verdicts on targets and on the whole frame. */
import type { Target } from "../../api/types";
import { verdict } from "../../model/gestures";
import { askReason } from "../../ui/reasons";
import { toast } from "../../ui/toast";
import { judge, setStatus } from "./edit";
import { goTo, seek } from "./navigate";
import { select, selectedTarget, type Session } from "./session";

const OPEN = "01"; // digits of todo and candidate

/** The target that a key is about: the chosen one, or the only one. */
export function needsTarget(session: Session): Target | null {
  const { targets } = session.frame;
  const target = selectedTarget(session) ?? (targets.length === 1 ? targets[0] : null);
  if (!target) toast(targets.length ? "Choose a target first (Tab)" : "No target here. Click one, or press Ctrl+Enter: frame done");
  return target;
}

/** The next frame with work on it, from the start again where `wrap`; the one behind while the list is not here yet. */
function nextOpen({ status, frame }: Session, wrap: boolean): number | null {
  if (!status) return frame.index + 1 < frame.frames ? frame.index + 1 : null;
  return seek(status, frame.index, 1, OPEN) ?? (wrap ? seek(status, -1, 1, OPEN) : null);
}

/** To the next open target of the frame, else to the next open frame. */
async function advance(session: Session): Promise<void> {
  const open = session.frame.targets.find(({ status }) => status === "candidate");
  if (open) return select(session, open.uuid);
  const next = nextOpen(session, true);
  if (next === null || next === session.frame.index) return void toast("Every frame of this sequence is done");
  await goTo(session, next);
}

export function accept(session: Session): void {
  const target = needsTarget(session);
  if (!target) return;
  setStatus(session, target, verdict(target), "accept");
  void advance(session);
}

export function reject(session: Session): void {
  const target = needsTarget(session);
  if (!target) return;
  if (target.status === "rejected") return setStatus(session, target, "candidate", "reopen");
  setStatus(session, target, "rejected", "reject");
  stepTarget(session, 1);
}

/** Flags the target; in a frame without one, the frame. */
export function flag(session: Session): void {
  const { frame } = session;
  const target = frame.targets.length ? needsTarget(session) : null;
  if (frame.targets.length && !target) return;
  askReason(target ? "the target" : "the frame", session.app.project.flag_reasons, (reason) => {
    if (session.frame.id !== frame.id) return;
    if (!target) return judge(session, "flagged", reason);
    const now = session.frame.targets.find(({ uuid }) => uuid === target.uuid);
    if (now) setStatus(session, now, "flagged", "flag", reason);
  });
}

export function done(session: Session): void {
  if (session.frame.verdict === "done") return judge(session, null);
  judge(session, "done");
  const next = nextOpen(session, false);
  if (next !== null) void goTo(session, next);
}

/** False past the last target: then Tab goes on to the controls. */
export function stepTarget(session: Session, step: 1 | -1): boolean {
  const { targets } = session.frame;
  const at = targets.findIndex(({ uuid }) => uuid === session.selected);
  const next = targets[at < 0 ? (step > 0 ? 0 : targets.length - 1) : at + step];
  if (next) select(session, next.uuid);
  return Boolean(next);
}
