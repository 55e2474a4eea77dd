/** Lines over a picture that are seen on every palette. */
import type { Place } from "../api/types";
import { toScreen, type View } from "../gl/view";
import type { Stage } from "./stage";

export const CYAN = "#4ad6ff";

/** Draws a path twice, black below, so that it is seen on every palette. */
export function doubled(marks: CanvasRenderingContext2D, ratio: number, colour: string, path: () => void): void {
  for (const [style, width] of [["#000c", 3], [colour, 1.25]] as const) {
    marks.beginPath();
    path();
    marks.strokeStyle = style;
    marks.lineWidth = width * ratio;
    marks.stroke();
  }
}

/** A click that has no mask yet: a diamond around its pixel. */
export function diamond({ marks, ratio }: Stage, view: View, at: Place, colour: string): void {
  const { x, y } = toScreen(view, { row: at.row + 0.5, col: at.col + 0.5 });
  const size = 1.5 * view.scale;
  doubled(marks, ratio(), colour, () => {
    marks.moveTo(x, y - size);
    for (const [right, down] of [[1, 0], [0, 1], [-1, 0], [0, -1]]) marks.lineTo(x + right * size, y + down * size);
  });
}
