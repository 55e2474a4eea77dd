/** What each key of the keymap does on this screen. */
import type { Target } from "../../api/types";
import { READONLY } from "../../api/words";
import { PALETTES } from "../../gl/palettes";
import { ENHANCES } from "../../model/frames";
import { ACTIONS, type Action } from "../../model/keys";
import { showCheatSheet } from "../../ui/cheatsheet";
import { toast } from "../../ui/toast";
import { propagate, repeat } from "./carry";
import { accept, done, flag, needsTarget, reject } from "./decide";
import { cancel, nudge, regrow, remove, travel } from "./edit";
import { after, changeSupport, nextGenerator, nextPolarity } from "./growing";
import { goTo, seek, setEnhance } from "./navigate";
import { autoWindow, look, readonly, type Session, type Tool } from "./session";

export function zoom(session: Session, factor: number): void {
  session.scale = Math.min(64, Math.max(8, session.scale * factor));
  session.changed();
}

function nextPalette(session: Session): void {
  const own = look(session);
  own.palette = after(PALETTES, own.palette);
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

function again(session: Session, target: Target): void {
  if (!target.seeds.length) return void toast("This target has no click to grow from");
  session.selected = target.uuid;
  regrow(session);
}

/** True, with a word to the person, where a key would edit and must not. */
export function barred(session: Session, action: Action): boolean {
  const refused = readonly(session) && Boolean(ACTIONS[action].edits);
  if (refused) toast(READONLY, { kind: "warn" });
  return refused;
}

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
  regrow: (s) => withTarget(s, again),
  polarity: nextPolarity,
  propagate: (s) => void propagate(s, 1),
  propagateBack: (s) => void propagate(s, -1),
  repeat: (s) => void repeat(s),
  zoomOut: (s) => zoom(s, Math.SQRT1_2),
  zoomIn: (s) => zoom(s, Math.SQRT2),
  contrast: (s) => void setEnhance(s, after(ENHANCES, s.enhance)),
  palette: nextPalette,
  window: (s) => (autoWindow(s), s.changed()),
  lock: (s) => ((s.lock = !s.lock), s.changed()),
  help: (s) => showCheatSheet(s.app.preset, s.app.setPreset),
};
