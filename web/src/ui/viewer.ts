/** A frame with some masks on a pane: what review and compare are made of. */
import type { Frame, Place, Target } from "../api/types";
import type { Labels, Look, Picture } from "../gl/renderer";
import { centred, fitted, toScreen } from "../gl/view";
import type { FrameCache } from "../model/frames";
import { labelPixels, ordinal } from "../model/labels";
import { countLevels, robustRange } from "../model/stretch";
import { CYAN, diamond } from "./marks";
import type { Stage } from "./stage";

export interface Shown { frame: Frame; picture: Picture; look: Look }

/** The frame with its window set from its own levels. */
export async function loadShown(frame: Frame, cache: FrameCache): Promise<Shown> {
  const picture = await cache.get(frame.id, "none", frame);
  return { frame, picture, look: { ...robustRange(countLevels(picture.pixels)), gamma: 1, palette: "grey" } };
}

/** The window set from the pixels around a place: a dim target fills the scale. */
export function localLook({ picture, look }: Shown, { row, col }: Place, reach = 24): Look {
  const near: number[] = [];
  for (let r = Math.max(0, Math.floor(row) - reach); r < Math.min(picture.height, row + reach); r++)
    for (let c = Math.max(0, Math.floor(col) - reach); c < Math.min(picture.width, col + reach); c++) near.push(picture.pixels[r * picture.width + c]);
  return { ...look, ...robustRange(countLevels(Uint16Array.from(near))) };
}

/** The same place in another frame, in the window of the frame it is compared with. */
export function drawSame(stage: Stage, cell: HTMLElement, picture: Picture, look: Look, at: Place): void {
  const rect = stage.rect(cell);
  const view = centred(rect, { row: at.row + 0.5, col: at.col + 0.5 }, Math.max(1, Math.floor(rect.height / CELL)));
  stage.renderer.draw({ view, picture, look, labels: null, selected: 0, outline: 0 });
}

const CELL = 32; // pixels of the frame across a cell of the filmstrip

export const labelsOf = (targets: Target[], picture: Picture): Labels => ({ pixels: labelPixels(targets, picture), version: 1 });

/** `point`: there is a click and no mask. */
export interface Close { shown: Shown; labels: Labels | null; at: Place; selected: number; scale: number; point?: boolean }

export function drawClose(stage: Stage, pane: HTMLElement, { shown, labels, at, selected, scale, point }: Close): void {
  const view = centred(stage.rect(pane), { row: at.row + 0.5, col: at.col + 0.5 }, scale * stage.ratio());
  stage.renderer.draw({ view, picture: shown.picture, look: localLook(shown, at), labels, selected, outline: labels ? 1.75 * stage.ratio() : 0 });
  if (point) diamond(stage, view, at, CYAN);
}

export function drawWhole(stage: Stage, pane: HTMLElement, shown: Shown, at: Place): void {
  const view = fitted(stage.rect(pane), shown.picture.height, shown.picture.width);
  stage.renderer.draw({ view, picture: shown.picture, look: shown.look, labels: null, selected: 0, outline: 0 });
  const { x, y } = toScreen(view, { row: at.row + 0.5, col: at.col + 0.5 });
  for (const [style, width] of [["#000c", 4], [CYAN, 1.5]] as const) {
    Object.assign(stage.marks, { strokeStyle: style, lineWidth: width * stage.ratio() });
    stage.marks.strokeRect(x - 12 * stage.ratio(), y - 12 * stage.ratio(), 24 * stage.ratio(), 24 * stage.ratio());
  }
}

export const ordinalOf = (targets: Target[], uuid: string): number => ordinal(targets.findIndex((target) => target.uuid === uuid));
