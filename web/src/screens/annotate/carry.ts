/** Carries targets to the frame beside, or repeats those of the frame before. */
import * as api from "../../api/client";
import type { Carried } from "../../api/types";
import { stoppedText } from "../../model/words";
import { toast } from "../../ui/toast";
import { show } from "./navigate";
import { select, selectedTarget, type Session } from "./session";

const SAID = 6; // seconds

const STAY = new Set(["end", "off the frame"]); // elsewhere a click on the next frame goes on

/** What did not come along, and why. */
function tellLost({ stopped }: Carried): void {
  const [first] = stopped;
  if (!first) return;
  const more = stopped.length > 1 ? ` (and ${stopped.length - 1} more)` : "";
  const hint = STAY.has(first.why) || first.why === "there already" ? "" : " Click the target to go on.";
  toast(`Not carried over${more}: ${stoppedText(first)}.${hint}`, { kind: "warn", seconds: SAID });
}

/** The frame to show: the one written to, else the one where the target was lost. */
function heading({ frame, stopped }: Carried, beside: number | null): number | null {
  const worth = stopped.some(({ why }) => !STAY.has(why));
  return frame ?? (worth ? beside : null);
}

async function shown(session: Session, carried: Carried, beside: number | null): Promise<void> {
  const to = heading(carried, beside);
  if (to !== null) session.histories.delete(to); // the server's log of that frame is longer by now
  if (to !== null && (await show(session, to))) {
    const made = session.frame.targets.find(({ uuid }) => carried.made.includes(uuid));
    if (made) select(session, made.uuid);
  }
  if (!carried.made.length && !carried.stopped.length) toast("No target to carry over");
  tellLost(carried);
}

/** One at a time: a held key goes on when the last answer is on screen. */
async function carry(session: Session, beside: number | null, act: () => Promise<Carried>): Promise<void> {
  if (session.busy) return;
  session.busy = true;
  try {
    await session.app.outbox.flush();
    if (session.app.outbox.waiting(session.frame.id)) throw new Error("this frame's edits are not saved yet");
    await shown(session, await act(), beside);
  } catch (error) {
    toast(`Not carried over: ${(error as Error).message}`, { kind: "warn" });
  } finally {
    session.busy = false;
  }
}

/** The chosen target, else all of the frame, to the frame beside. */
export function propagate(session: Session, step: 1 | -1): Promise<void> {
  const { frame } = session;
  const chosen = selectedTarget(session);
  return carry(session, frame.neighbours[String(step)] ?? null, () => api.propagate(frame.id, step, chosen ? [chosen.uuid] : null));
}

export const repeat = (session: Session): Promise<void> => carry(session, null, () => api.repeat(session.frame.id));
