/** Mouse, pen and touch on the two views. */
import type { Place, Target } from "../../api/types";
import { pixelAt, toImage, zoomedCentre, type View } from "../../gl/view";
import { bitsOf, moved as shifted } from "../../model/gestures";
import { has } from "../../model/mask";
import type { Stage } from "../../ui/stage";
import { commit, grow } from "./edit";
import { look, readonly, relabel, select, selectedTarget, type Session } from "./session";
import { beginStroke, endStroke, fillAt, touch } from "./strokes";

export interface Panes { global: HTMLElement; detail: HTMLElement; globalView(): View; detailView(): View }

type Drag = (event: PointerEvent) => void;

function place(stage: Stage, view: View, { clientX, clientY }: MouseEvent): Place {
  const box = stage.element.getBoundingClientRect();
  return toImage(view, (clientX - box.left) * stage.ratio(), (clientY - box.top) * stage.ratio());
}

function targetAt(session: Session, pixel: Place, reach: number): Target | null {
  const inside = session.frame.targets.find((target) => target.status !== "rejected" && has(bitsOf(target), pixel));
  const near = (target: Target): number => Math.hypot(target.row - pixel.row, target.col - pixel.col);
  return inside ?? session.frame.targets.find((target) => near(target) <= reach) ?? null;
}

/** A click with the seed tool, in either view: more seeds with Shift, a barred place with Ctrl. */
export function seedAt(session: Session, pixel: Place, { shiftKey, ctrlKey, metaKey }: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): void {
  const target = readonly(session) ? null : selectedTarget(session);
  if (shiftKey && target) return void grow(session, [...target.seeds, pixel], target.negatives, target);
  if ((ctrlKey || metaKey) && target) return void grow(session, target.seeds, [...target.negatives, pixel], target);
  const there = targetAt(session, pixel, 3);
  if (there) return pick(session, there);
  session.centre = { row: pixel.row + 0.5, col: pixel.col + 0.5 };
  session.selected = null;
  session.changed();
  if (!readonly(session)) void grow(session, [pixel], [], null);
}

/** Selects; a click without a mask, as points come in, grows one at once. */
function pick(session: Session, target: Target): void {
  select(session, target.uuid);
  if (!target.area && target.seeds.length && !readonly(session)) void grow(session, target.seeds, target.negatives, target);
}

function follow(session: Session, element: HTMLElement, event: PointerEvent, move: Drag, end: Drag): void {
  element.setPointerCapture(event.pointerId);
  const stop = (last: PointerEvent): void => {
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", stop);
    element.removeEventListener("pointercancel", stop);
    end(last);
    session.redraw();
  };
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", stop);
  element.addEventListener("pointercancel", stop);
}

/** Right drag: across for the width of the window, up and down for its middle. */
function dragWindow(session: Session, panes: Panes, event: PointerEvent): void {
  const own = look(session);
  const { low, high } = own;
  const unit = Math.max(1, high - low) / 300;
  follow(session, panes.global, event, (now) => {
    const width = Math.max(2, high - low + (now.clientX - event.clientX) * unit);
    const middle = (low + high) / 2 - (now.clientY - event.clientY) * unit;
    Object.assign(own, { low: Math.round(middle - width / 2), high: Math.round(middle + width / 2) });
    session.changed();
  }, () => undefined);
}

function pressGlobal(session: Session, stage: Stage, panes: Panes, event: PointerEvent): void {
  if (event.button === 2) return dragWindow(session, panes, event);
  let moved = false;
  follow(session, panes.global, event, (now) => {
    moved ||= Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) > 4;
    if (moved) session.centre = place(stage, panes.globalView(), now);
    session.redraw();
  }, (last) => {
    const pixel = pixelAt(place(stage, panes.globalView(), last), session.frame.height, session.frame.width);
    if (!moved && pixel && last.type === "pointerup") seedAt(session, pixel, event);
  });
}

function panDetail(session: Session, stage: Stage, panes: Panes, event: PointerEvent): void {
  const start = session.centre;
  const held = place(stage, panes.detailView(), event);
  const view = panes.detailView();
  follow(session, panes.detail, event, (now) => {
    const at = place(stage, view, now);
    session.centre = { row: start.row - at.row + held.row, col: start.col - at.col + held.col };
    session.redraw();
  }, () => undefined);
}

/** Moves the view; where nothing may be edited, a press on a target also selects it. */
function lookAround(session: Session, stage: Stage, panes: Panes, event: PointerEvent, pixel: Place | null): void {
  const there = pixel && event.button === 0 ? targetAt(session, pixel, 1) : null;
  if (there) select(session, there.uuid, false);
  panDetail(session, stage, panes, event);
}

function strokeDetail(session: Session, stage: Stage, panes: Panes, event: PointerEvent, pixel: Place): void {
  const stroke = beginStroke(session, session.tool !== "erase" && !event.altKey && event.button !== 2, pixel);
  if (!stroke) return;
  const { height, width } = session.frame;
  follow(session, panes.detail, event, (now) => {
    const next = pixelAt(place(stage, panes.detailView(), now), height, width);
    if (next && session.live) touch(session, stroke, next);
  }, () => endStroke(session, stroke));
}

function dragTarget(session: Session, stage: Stage, panes: Panes, event: PointerEvent, start: Place): void {
  const target = targetAt(session, start, 1) ?? selectedTarget(session);
  if (!target) return;
  session.selected = target.uuid;
  const moved = (now: PointerEvent): Target => {
    const at = place(stage, panes.detailView(), now);
    return shifted(target, Math.floor(at.row) - start.row, Math.floor(at.col) - start.col, session.frame);
  };
  follow(session, panes.detail, event, (now) => {
    session.live = { uuid: target.uuid, bits: bitsOf(moved(now)), target, created: false };
    relabel(session);
    session.redraw();
  }, (last) => {
    const kept = session.live;
    session.live = null;
    if (kept) commit(session, { uuid: target.uuid, before: target, after: moved(last) }, "move");
  });
}

/** One use of the tool at one pixel, as the keyboard does it. */
export function useTool(session: Session, pixel: Place): void {
  if (session.tool === "seed") return seedAt(session, pixel, { shiftKey: false, ctrlKey: false, metaKey: false });
  if (session.tool === "fill") return fillAt(session, pixel);
  if (session.tool === "move") return;
  const stroke = beginStroke(session, session.tool === "brush", pixel);
  if (stroke) endStroke(session, stroke);
}

function pressDetail(session: Session, stage: Stage, panes: Panes, event: PointerEvent): void {
  const pixel = pixelAt(place(stage, panes.detailView(), event), session.frame.height, session.frame.width);
  if (event.button === 1 || readonly(session)) return lookAround(session, stage, panes, event, pixel);
  if (!pixel) return;
  const seeding = event.button === 0 && (session.tool === "seed" || event.shiftKey || event.ctrlKey || event.metaKey);
  if (seeding) return seedAt(session, pixel, event);
  if (session.tool === "fill" && event.button === 0) return fillAt(session, pixel);
  if (session.tool === "move" && event.button === 0) return dragTarget(session, stage, panes, event, pixel);
  strokeDetail(session, stage, panes, event, pixel);
}

function wheel(session: Session, stage: Stage, panes: Panes, event: WheelEvent): void {
  event.preventDefault();
  const view = panes.detailView();
  const scale = Math.min(64, Math.max(8, session.scale * 2 ** (-Math.sign(event.deltaY) / 4)));
  const box = stage.element.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) * stage.ratio(), (event.clientY - box.top) * stage.ratio()];
  const inDetail = event.currentTarget === panes.detail;
  session.centre = inDetail ? zoomedCentre(view, x, y, Math.round(scale * stage.ratio())) : session.centre;
  session.scale = scale;
  session.changed();
}

export function listen(session: Session, stage: Stage, panes: Panes): void {
  const sides = [[panes.global, panes.globalView, pressGlobal], [panes.detail, panes.detailView, pressDetail]] as const;
  for (const [pane, view, press] of sides) {
    pane.addEventListener("contextmenu", (event) => event.preventDefault());
    pane.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      stage.element.focus({ preventScroll: true });
      if (!session.frame.error) press(session, stage, panes, event);
    });
    pane.addEventListener("pointermove", (event) => {
      session.cursor = place(stage, view(), event);
      session.redraw();
    });
    pane.addEventListener("pointerleave", () => {
      session.cursor = null;
      session.redraw();
    });
    pane.addEventListener("wheel", (event) => wheel(session, stage, panes, event), { passive: false });
  }
}
