/** Moves between frames. The old frame stays on screen until the new one is here: no flash. */
import * as api from "../../api/client";
import type { Frame, Target } from "../../api/types";
import { toast } from "../../ui/toast";
import type { Enhance } from "../../model/frames";
import { autoWindow, relabel, selectedTarget, type Session } from "./session";

let turn = 0;

export const frameAddress = (sequence: string, index: number): string => `/s/${encodeURIComponent(sequence)}/${index}`;

export async function idAt(sequence: string, index: number): Promise<number> {
  const page = await api.framePage(sequence, { after: index - 1, limit: 1 });
  const row = page.frames[0];
  if (!row) throw new Error(`${sequence} has no frame ${index}`);
  return row.id;
}

/** The frame as the server has it, or as this page left it while its edits are not sent yet. */
export async function loadFrame(session: Pick<Session, "app">, id: number): Promise<Frame> {
  const { outbox, frames } = session.app;
  const known = frames.get(id);
  if (known && outbox.waiting(id)) return known;
  try {
    const frame = await api.frame(id);
    outbox.know(id, frame.rev);
    return frame;
  } catch (error) {
    if (known) return known;
    throw error;
  }
}

/** Keeps to the same track, else to the target nearest the middle, else to the first that needs a look. */
function choose(frame: Frame, session: Session, last: Target | null): Target | null {
  const same = frame.targets.find(({ track }) => track !== null && track === last?.track);
  const far = ({ row, col }: Target): number => Math.hypot(row - session.centre.row, col - session.centre.col);
  const near = [...frame.targets].sort((a, b) => far(a) - far(b))[0];
  if (same) return same;
  return near && far(near) < 16 ? near : (frame.targets.find(({ status }) => status === "candidate") ?? null);
}

function place(session: Session, frame: Frame): void {
  const target = choose(frame, session, selectedTarget(session));
  session.frame = frame;
  session.selected = target?.uuid ?? null;
  if (target && !session.lock) session.centre = { row: target.row + 0.5, col: target.col + 0.5 };
  session.live = null;
  session.energy = [];
}

function loadStrip(session: Session): void {
  const { frame, enhance } = session;
  session.strip = new Map();
  for (const [step, id] of Object.entries(frame.neighbours)) {
    if (id === null) continue;
    void session.cache.get(id, enhance, frame).then((picture) => {
      if (session.frame.id !== frame.id) return;
      session.strip.set(Number(step), picture);
      session.redraw();
    }).catch(() => undefined);
  }
}

/** Shows another frame of the same sequence. */
export async function show(session: Session, id: number): Promise<boolean> {
  const own = ++turn;
  void session.app.outbox.flush();
  try {
    const frame = await loadFrame(session, id);
    const [plain, shown] = frame.error ? [null, null] : await pictures(session, frame);
    if (own !== turn) return false;
    place(session, frame);
    const first = session.picture.key === "none";
    session.picture = plain ?? { ...session.picture, key: `broken/${id}`, pixels: new Uint16Array(frame.height * frame.width), height: frame.height, width: frame.width };
    session.shown = shown ?? session.picture;
    if (first && plain) autoWindow(session);
    history.replaceState(null, "", frameAddress(frame.sequence, frame.index));
    relabel(session);
    session.app.frames.set(id, frame);
    session.changed();
    loadStrip(session);
    return true;
  } catch (error) {
    toast(`This frame cannot be shown: ${(error as Error).message}`, { kind: "warn" });
    return false;
  }
}

function pictures(session: Session, frame: Frame): Promise<[Session["picture"], Session["picture"]]> {
  const get = (enhance: Enhance): Promise<Session["picture"]> => session.cache.get(frame.id, enhance, frame);
  return Promise.all([get("none"), get(session.enhance)]);
}

export async function goTo(session: Session, index: number): Promise<boolean> {
  const { frame } = session;
  if (index < 0 || index >= frame.frames) return false;
  const beside = frame.neighbours[String(index - frame.index)];
  session.heading = index;
  try {
    return await show(session, beside ?? (await idAt(frame.sequence, index)));
  } catch (error) {
    toast((error as Error).message, { kind: "warn" });
    return false;
  } finally {
    if (session.heading === index) session.heading = null;
  }
}

/** The nearest frame in that direction whose status digit is wanted; null when there is none. */
export function seek(status: string, from: number, step: 1 | -1, wanted: string): number | null {
  for (let index = from + step; index >= 0 && index < status.length; index += step) if (wanted.includes(status[index])) return index;
  return null;
}

/** Turns local contrast on or off. Its own window is found once and then kept. */
export async function setEnhance(session: Session, enhance: Enhance): Promise<void> {
  const { frame } = session;
  if (frame.error) return;
  try {
    const shown = await session.cache.get(frame.id, enhance, frame);
    if (session.frame.id !== frame.id) return;
    Object.assign(session, { enhance, shown });
    if (session.looks[enhance].high === 65535) autoWindow(session);
    session.looks[enhance].palette = session.looks[enhance === "none" ? "clahe" : "none"].palette;
    session.changed();
    loadStrip(session);
  } catch (error) {
    toast(`No local contrast: ${(error as Error).message}`, { kind: "warn" });
  }
}
