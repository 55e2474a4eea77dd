/** Where an image lies on the screen. All lengths are device pixels; image places are real (row, col), 0 at the top edge. */
import type { Place } from "../api/types";

export interface Rect { left: number; top: number; width: number; height: number }

/** `row`, `col`: the image place at the left top corner of `rect`; `scale`: device pixels for one image pixel. */
export interface View { rect: Rect; row: number; col: number; scale: number }

/** The whole image, never cropped, centred. */
export function fitted(rect: Rect, height: number, width: number): View {
  const scale = Math.min(rect.width / width, rect.height / height);
  return { rect, scale, row: (height - rect.height / scale) / 2, col: (width - rect.width / scale) / 2 };
}

/** `centre` in the middle at `scale`, both snapped to device pixels so that image pixels have straight, equal edges. */
export function centred(rect: Rect, centre: Place, scale: number): View {
  const whole = Math.max(1, Math.round(scale));
  const start = (middle: number, length: number): number => Math.round(middle * whole - length / 2) / whole;
  return { rect, scale: whole, row: start(centre.row, rect.height), col: start(centre.col, rect.width) };
}

export function toImage(view: View, x: number, y: number): Place {
  return { row: view.row + (y - view.rect.top) / view.scale, col: view.col + (x - view.rect.left) / view.scale };
}

export function toScreen(view: View, place: Place): { x: number; y: number } {
  return { x: view.rect.left + (place.col - view.col) * view.scale, y: view.rect.top + (place.row - view.row) * view.scale };
}

/** The centre that keeps the image place under (x, y) where it is while the scale changes. */
export function zoomedCentre(view: View, x: number, y: number, scale: number): Place {
  const held = toImage(view, x, y);
  const middle = { x: view.rect.left + view.rect.width / 2, y: view.rect.top + view.rect.height / 2 };
  return { row: held.row + (middle.y - y) / scale, col: held.col + (middle.x - x) / scale };
}

/** The pixel that holds a place; null outside the image. */
export function pixelAt(place: Place, height: number, width: number): Place | null {
  const row = Math.floor(place.row);
  const col = Math.floor(place.col);
  return row >= 0 && col >= 0 && row < height && col < width ? { row, col } : null;
}
