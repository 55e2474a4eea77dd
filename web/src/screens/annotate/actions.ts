/** What each key of the keymap does on this screen. */
import * as api from "../../api/client";
import { FRAME_STATUSES, type FrameStatus, type Propagated, type Target } from "../../api/types";
import { PALETTES } from "../../gl/palettes";
import { statusRequest, verdict } from "../../model/gestures";
import type { Action } from "../../model/keys";
import { showCheatSheet } from "../../ui/cheatsheet";
import { toast } from "../../ui/toast";
import { cancel, nudge, regrow, remove, setStatus, settle, travel } from "./edit";
import { goTo, seek, setEnhance, show } from "./navigate";
import { autoWindow, look, select, selectedTarget, type Session, type Tool } from "./session";

const OPEN = "01"; // digits of todo and candidate

function needsTarget(session: Session): Target | null {
  const target = selectedTarget(session) ?? (session.frame.targets.length === 1 ? session.frame.targets[0] : null);
  if (!target) toast(session.frame.targets.length ? "Choose a target first (Tab)" : "No target here. Click one, or press Ctrl+Enter: frame done");
  return target;
}

/** To the next open target of the frame, else to the next open frame. */
async function advance(session: Session): Promise<void> {
  const open = session.frame.targets.find(({ status }) => status === "candidate");
  if (open) return select(session, open.uuid);
  const { index } = session.frame;
  const next = seek(session.status, index, 1, OPEN) ?? seek(session.status, -1, 1, OPEN);
  if (next === null || next === index) return void toast("Every frame of this sequence is done");
  await goTo(session, next);
}

function accept(session: Session): void {
  const target = needsTarget(session);
  if (!target) return;
  setStatus(session, target, verdict(target), "accept");
  setOwnStatus(session);
  void advance(session);
}

/** The status digit of this frame, guessed until the server has answered. */
function setOwnStatus(session: Session, fixed?: FrameStatus): void {
  const has = (status: string): boolean => session.frame.targets.some((target) => target.status === status);
  const order: FrameStatus[] = ["flagged", "candidate", "fixed", "accepted"];
  const status = fixed ?? order.find(has) ?? "todo";
  setDigit(session, session.frame.index, status);
}

export function setDigit(session: Session, index: number, status: FrameStatus): void {
  session.status = session.status.slice(0, index) + FRAME_STATUSES.indexOf(status) + session.status.slice(index + 1);
  session.changed();
}

function reject(session: Session): void {
  const target = needsTarget(session);
  if (!target) return;
  setStatus(session, target, "rejected", "reject");
  stepTarget(session, 1);
}

function flag(session: Session): void {
  const target = needsTarget(session);
  if (!target) return;
  const reasons = session.app.project.flag_reasons;
  const close = toast(`Flag: ${reasons.map((text, i) => `${i + 1} ${text}`).join(" · ")} · Esc`, { seconds: 20 });
  const answer = (event: KeyboardEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    removeEventListener("keydown", answer, true);
    close();
    const reason = reasons[Number(event.key) - 1];
    if (reason) setStatus(session, target, "flagged", "flag", reason);
  };
  addEventListener("keydown", answer, true);
}

function done(session: Session): void {
  const alive = session.frame.targets.filter(({ status }) => status !== "rejected");
  const status: FrameStatus = alive.length ? (alive.some((target) => target.source === "hand") ? "fixed" : "accepted") : "empty";
  session.app.outbox.post(statusRequest(session.frame.id, status));
  session.frame = { ...session.frame, status, can_undo: true, can_redo: false };
  session.histories.delete(session.frame.id); // only the server can take this step back
  settle(session);
  setOwnStatus(session, status);
  const next = seek(session.status, session.frame.index, 1, OPEN);
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

function lost(session: Session, { stopped }: Propagated, index: number): void {
  if (stopped.length) toast(`Lost at frame ${index}: contrast ${stopped[0].scr.toFixed(1)} is too low. Click the target to go on.`, { kind: "warn", seconds: 6 });
  session.redraw();
}

async function carry(session: Session, step: 1 | -1, mode: "match" | "copy"): Promise<void> {
  const { frame, app } = session;
  const [from, to] = mode === "copy" ? [frame.index - 1, frame.index] : [frame.index, frame.index + step];
  if (session.busy || Math.min(from, to) < 0 || to >= frame.frames) return;
  const chosen = selectedTarget(session);
  const targets = mode === "match" && chosen ? [chosen.uuid] : null;
  session.busy = true;
  try {
    await app.outbox.flush();
    const result = await api.runJob<Propagated>(api.propagatePath(frame.sequence), { from, to, targets, mode });
    await show(session, result.frame);
    const made = session.frame.targets.find(({ uuid }) => result.made.includes(uuid));
    if (made) select(session, made.uuid);
    setOwnStatus(session);
    lost(session, result, to);
  } catch (error) {
    toast(`Not carried over: ${(error as Error).message}`, { kind: "warn" });
  } finally {
    session.busy = false;
  }
}

function changeSupport(session: Session, step: number): void {
  const generator = session.app.project.generators.find(({ name }) => name === session.generator);
  const param = generator?.params.find(({ name }) => name === generator.support);
  if (!param) return;
  const own = session.params[session.generator];
  own[param.name] = Math.min(param.max, Math.max(param.min, own[param.name] + step * param.step));
  regrow(session);
}

function nextGenerator(session: Session): void {
  const names = session.app.project.generators.map(({ name }) => name);
  session.generator = names[(names.indexOf(session.generator) + 1) % names.length];
  regrow(session);
}

export function zoom(session: Session, factor: number): void {
  session.scale = Math.min(64, Math.max(8, session.scale * factor));
  session.changed();
}

function nextPalette(session: Session): void {
  const own = look(session);
  own.palette = PALETTES[(PALETTES.indexOf(own.palette) + 1) % PALETTES.length];
  session.changed();
}

function setTool(session: Session, tool: Tool): void {
  session.tool = tool;
  session.changed();
}

function setBrush(session: Session, step: number): void {
  session.brush = Math.min(15, Math.max(1, session.brush + step));
  session.changed();
}

function moveCursor(session: Session, down: number, right: number): void {
  const { row, col } = session.cursor ?? session.centre;
  session.cursor = { row: Math.floor(row) + down + 0.5, col: Math.floor(col) + right + 0.5 };
  session.redraw();
}

const openFrame = (session: Session, step: 1 | -1): void => {
  const index = seek(session.status, session.frame.index, step, "0");
  if (index === null) toast("No unlabelled frame that way");
  else void goTo(session, index);
};

const withTarget = (session: Session, act: (session: Session, target: Target) => void): void => {
  const target = needsTarget(session);
  if (target) act(session, target);
};

/** `hide` and `place` belong to the keyboard and pointer parts. */
export const ACTS: Partial<Record<Action, (session: Session) => void>> = {
  accept, reject, flag, done, cancel,
  delete: (s) => withTarget(s, remove),
  undo: (s) => travel(s, "undo"),
  redo: (s) => travel(s, "redo"),
  previous: (s) => void goTo(s, (s.heading ?? s.frame.index) - 1),
  next: (s) => void goTo(s, (s.heading ?? s.frame.index) + 1),
  previousTodo: (s) => openFrame(s, -1),
  nextTodo: (s) => openFrame(s, 1),
  queue: (s) => s.app.go("/"),
  seed: (s) => setTool(s, "seed"),
  brush: (s) => setTool(s, "brush"),
  erase: (s) => setTool(s, "erase"),
  fill: (s) => setTool(s, "fill"),
  move: (s) => setTool(s, "move"),
  brushSmaller: (s) => setBrush(s, -1),
  brushLarger: (s) => setBrush(s, 1),
  nudgeUp: (s) => nudge(s, -1, 0),
  nudgeDown: (s) => nudge(s, 1, 0),
  nudgeLeft: (s) => nudge(s, 0, -1),
  nudgeRight: (s) => nudge(s, 0, 1),
  cursorUp: (s) => moveCursor(s, -1, 0),
  cursorDown: (s) => moveCursor(s, 1, 0),
  cursorLeft: (s) => moveCursor(s, 0, -1),
  cursorRight: (s) => moveCursor(s, 0, 1),
  supportLess: (s) => changeSupport(s, -1),
  supportMore: (s) => changeSupport(s, 1),
  generator: nextGenerator,
  propagate: (s) => void carry(s, 1, "match"),
  propagateBack: (s) => void carry(s, -1, "match"),
  repeat: (s) => void carry(s, 1, "copy"),
  zoomOut: (s) => zoom(s, Math.SQRT1_2),
  zoomIn: (s) => zoom(s, Math.SQRT2),
  contrast: (s) => void setEnhance(s, s.enhance === "none" ? "clahe" : "none"),
  palette: nextPalette,
  window: (s) => (autoWindow(s), s.changed()),
  lock: (s) => ((s.lock = !s.lock), s.changed()),
  help: (s) => showCheatSheet(s.app.preset, s.app.setPreset),
};
