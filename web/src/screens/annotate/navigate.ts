/** Moves between frames. The old frame stays on screen until the new one is here: no flash. */
import * as api from "../../api/client";
import { FRAME_STATUSES, type Frame, type FrameStatus, type Target } from "../../api/types";
import { toast } from "../../ui/toast";
import type { Picture } from "../../gl/renderer";
import type { Enhance } from "../../model/frames";
import { frameAddress } from "../../model/address";
import { sequenceName } from "../../model/words";
import { autoWindow, look, NO_PICTURE, relabel, selectedTarget, type Session } from "./session";

let turn = 0;

export async function idAt(sequence: string, index: number): Promise<number> {
  const page = await api.framePage(sequence, { after: index ? index - 1 : undefined, limit: 1 });
  const row = page.frames[0];
  if (row?.index !== index) throw new Error(`${sequenceName(sequence)} has no frame ${index + 1}`);
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
function nearest(frame: Frame, session: Session, last: Target | null): Target | null {
  const same = frame.targets.find(({ track }) => track === last?.track);
  const far = ({ row, col }: Target): number => Math.hypot(row - session.centre.row, col - session.centre.col);
  const near = [...frame.targets].sort((a, b) => far(a) - far(b))[0];
  if (same) return same;
  return near && far(near) < 16 ? near : (frame.targets.find(({ status }) => status === "candidate") ?? null);
}

function choose(session: Session, frame: Frame): void {
  const target = nearest(frame, session, selectedTarget(session));
  session.frame = frame;
  session.selected = target?.uuid ?? null;
  if (target && !session.lock) session.centre = { row: target.row + 0.5, col: target.col + 0.5 };
  session.live = null;
}

/** The pictures around. A cell keeps its old one until the new one is here. */
function loadStrip(session: Session): void {
  const { frame, enhance, strip } = session;
  if (frame.error) return strip.clear();
  for (const [step, id] of Object.entries(frame.neighbours)) {
    const here = id === null ? null : session.cache.peek(id, enhance, frame);
    if (here) strip.set(Number(step), here);
    if (id === null) strip.delete(Number(step));
    if (here || id === null) continue;
    void session.cache.get(id, enhance, frame).then((picture) => {
      if (session.frame.id !== frame.id) return;
      session.strip.set(Number(step), picture);
      session.redraw();
    }).catch(() => strip.delete(Number(step)));
  }
}

/** What the timeline shows of a frame. */
export function setDigit(session: Session, index: number, status: FrameStatus): void {
  if (index >= session.status.length) return;
  session.status = session.status.slice(0, index) + FRAME_STATUSES.indexOf(status) + session.status.slice(index + 1);
}

function place(session: Session, frame: Frame, plain: Picture | null, shown: Picture | null): void {
  const first = plain && session.looks.none.high === 65535;
  session.picture = plain ?? NO_PICTURE;
  session.shown = shown ?? NO_PICTURE;
  if (first) {
    autoWindow(session);
    session.centre = { row: frame.height / 2, col: frame.width / 2 };
  }
  choose(session, frame);
  relabel(session);
  setDigit(session, frame.index, frame.status);
}

/** Shows another frame of the same sequence. */
export async function show(session: Session, id: number): Promise<boolean> {
  const own = ++turn;
  void session.app.outbox.flush();
  try {
    const frame = await loadFrame(session, id);
    const [plain, shown] = frame.error ? [null, null] : await pictures(session, frame);
    if (own !== turn) return false;
    place(session, frame, plain, shown);
    history.replaceState(null, "", frameAddress(frame.sequence, frame.index));
    session.app.frames.set(id, frame);
    session.changed();
    loadStrip(session);
    return true;
  } catch (error) {
    toast(`This frame cannot be shown: ${(error as Error).message}`, { kind: "warn" });
    return false;
  }
}

function pictures(session: Session, frame: Frame): Promise<[Picture, Picture]> {
  const get = (enhance: Enhance): Promise<Picture> => session.cache.get(frame.id, enhance, frame);
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

/** Shows the plain counts, or a local contrast. Each has its own window, found once and then kept. */
export async function setEnhance(session: Session, enhance: Enhance): Promise<void> {
  const { frame } = session;
  if (frame.error) return void toast("This frame cannot be read");
  try {
    const shown = await session.cache.get(frame.id, enhance, frame);
    if (session.frame.id !== frame.id) return;
    const { palette } = look(session);
    Object.assign(session, { enhance, shown });
    if (session.looks[enhance].high === 65535) autoWindow(session);
    look(session).palette = palette;
    session.changed();
    loadStrip(session);
  } catch (error) {
    toast(`No local contrast: ${(error as Error).message}`, { kind: "warn" });
  }
}
