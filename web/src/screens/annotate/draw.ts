/** Draws the two views, the filmstrip and the marks over them. */
import type { Place, Target } from "../../api/types";
import { centred, fitted, toScreen, type View } from "../../gl/view";
import { ordinal } from "../../model/labels";
import type { Stage } from "../../ui/stage";
import { CYAN, diamond, doubled } from "../../ui/marks";
import { drawSame } from "../../ui/viewer";
import { look, selectedTarget, type Session } from "./session";

export interface Surfaces { global: HTMLElement; detail: HTMLElement; strip: HTMLElement[] }

export const globalView = (session: Session, stage: Stage, pane: HTMLElement): View =>
  fitted(stage.rect(pane), session.shown.height, session.shown.width);

export const detailView = (session: Session, stage: Stage, pane: HTMLElement): View =>
  centred(stage.rect(pane), session.centre, session.scale * stage.ratio());

const COLOURS: Record<string, string> = { candidate: "#ffb454", accepted: "#7ddf8c", fixed: "#9eccff", flagged: "#ff72b6", rejected: "#7d858d" };

function clip(marks: CanvasRenderingContext2D, { rect }: View, draw: () => void): void {
  marks.save();
  marks.beginPath();
  marks.rect(rect.left, rect.top, rect.width, rect.height);
  marks.clip();
  draw();
  marks.restore();
}

const middle = ({ row, col }: Place): Place => ({ row: Math.floor(row) + 0.5, col: Math.floor(col) + 0.5 });

/** Four lines that leave the middle free: the pixel under the crosshair stays visible. */
function crosshair(stage: Stage, view: View, at: Place, gap: number): void {
  const { x, y } = toScreen(view, at);
  const { left, top, width, height } = view.rect;
  const { marks } = stage;
  marks.beginPath();
  for (const [x1, y1, x2, y2] of [[left, y, x - gap, y], [x + gap, y, left + width, y], [x, top, x, y - gap], [x, y + gap, x, top + height]]) {
    marks.moveTo(x1, y1);
    marks.lineTo(x2, y2);
  }
  marks.strokeStyle = "#ffffff59";
  marks.lineWidth = stage.ratio();
  marks.stroke();
}

function ring(stage: Stage, view: View, target: Target, selected: boolean): void {
  const { x, y } = toScreen(view, { row: target.row + 0.5, col: target.col + 0.5 });
  const size = Math.max(7 * stage.ratio(), ((target.radius ?? 0) + 3) * view.scale);
  const colour = selected ? CYAN : COLOURS[target.status];
  doubled(stage.marks, stage.ratio(), colour, () => {
    for (const [right, down] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
      stage.marks.moveTo(x + right * size, y + down * size * 0.4);
      stage.marks.lineTo(x + right * size, y + down * size);
      stage.marks.lineTo(x + right * size * 0.4, y + down * size);
    }
  });
}

function roi(stage: Stage, global: View, detail: View): void {
  const from = toScreen(global, detail);
  const size = global.scale / detail.scale;
  doubled(stage.marks, stage.ratio(), "#ffffffb0", () => stage.marks.rect(from.x, from.y, detail.rect.width * size, detail.rect.height * size));
}

function seeds(stage: Stage, view: View, target: Target): void {
  const arm = 4 * stage.ratio();
  for (const [list, colour] of [[target.seeds, "#fff"], [target.negatives, "#ff5c5c"]] as const)
    for (const seed of list) {
      const { x, y } = toScreen(view, { row: seed.row + 0.5, col: seed.col + 0.5 });
      doubled(stage.marks, stage.ratio(), colour, () => {
        stage.marks.moveTo(x - arm, y);
        stage.marks.lineTo(x + arm, y);
        if (list === target.negatives) return;
        stage.marks.moveTo(x, y - arm);
        stage.marks.lineTo(x, y + arm);
      });
    }
}

const isPoint = ({ area, status }: Target): boolean => !area && status !== "rejected";

/** The very pixels the brush will touch. */
function brushBox(stage: Stage, view: View, cursor: Place, size: number): void {
  const reach = Math.floor(size / 2);
  const { x, y } = toScreen(view, { row: Math.floor(cursor.row) - reach, col: Math.floor(cursor.col) - reach });
  doubled(stage.marks, stage.ratio(), "#fff", () => stage.marks.rect(x, y, size * view.scale, size * view.scale));
}

function drawGlobal(session: Session, stage: Stage, view: View, detail: View): void {
  const { shown, frame, selected } = session;
  stage.renderer.draw({ view, picture: shown, look: look(session), labels: null, selected: 0, outline: 0 });
  clip(stage.marks, view, () => {
    const targets = session.hidden ? [] : frame.targets.filter(({ status }) => status !== "rejected");
    for (const target of targets) ring(stage, view, target, target.uuid === selected);
    roi(stage, view, detail);
    if (session.cursor) crosshair(stage, view, middle(session.cursor), 8 * stage.ratio());
  });
}

function selectedOrdinal({ frame, selected, live }: Session): number {
  const at = frame.targets.findIndex(({ uuid }) => uuid === selected);
  return at >= 0 ? ordinal(at) : live?.created ? ordinal(frame.targets.length) : 0;
}

function drawDetail(session: Session, stage: Stage, view: View): void {
  const { frame } = session;
  const labels = session.hidden ? null : session.labels;
  stage.renderer.draw({ view, picture: session.shown, look: look(session), labels, selected: selectedOrdinal(session), outline: 1.75 * stage.ratio() });
  clip(stage.marks, view, () => {
    const target = selectedTarget(session);
    if (target && !session.hidden) seeds(stage, view, target);
    if (!session.hidden) for (const point of frame.targets.filter(isPoint)) diamond(stage, view, point, point.uuid === session.selected ? CYAN : COLOURS[point.status]);
    if (!session.cursor) return;
    crosshair(stage, view, middle(session.cursor), session.brush * view.scale * 0.75);
    brushBox(stage, view, session.cursor, session.tool === "brush" || session.tool === "erase" ? session.brush : 1);
  });
}

function drawStrip(session: Session, stage: Stage, cells: HTMLElement[]): void {
  const at = { row: session.centre.row - 0.5, col: session.centre.col - 0.5 };
  cells.forEach((cell, i) => {
    const picture = i === 2 ? session.shown : session.strip.get(i - 2);
    if (picture) drawSame(stage, cell, picture, look(session), at);
  });
}

export function drawAll(session: Session, stage: Stage, surfaces: Surfaces): void {
  if (session.frame.error) return;
  const detail = detailView(session, stage, surfaces.detail);
  drawGlobal(session, stage, globalView(session, stage, surfaces.global), detail);
  drawDetail(session, stage, detail);
  drawStrip(session, stage, surfaces.strip);
}
