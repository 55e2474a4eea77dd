/** What can draw 16-bit frames: WebGL2 where there is one, Canvas 2D elsewhere. */
import { canvasRenderer } from "./canvas2d";
import type { Palette } from "./palettes";
import type { View } from "./view";
import { webglRenderer } from "./webgl";

/** Counts at or below `low` are black, at or above `high` white. */
export interface Look { low: number; high: number; gamma: number; palette: Palette }

/** One byte a pixel: 0 outside; else the low 5 bits number the target, the high 3 its colour (see `LABEL_COLOURS`). */
export interface Labels { pixels: Uint8Array; version: number }

export interface Picture { key: string; pixels: Uint16Array; height: number; width: number }

export interface Scene {
  view: View;
  picture: Picture;
  look: Look;
  labels: Labels | null;
  selected: number;
  /** Device pixels of an outline; 0 draws none. */
  outline: number;
}

export interface Renderer {
  readonly kind: "webgl2" | "canvas2d";
  /** Clears the canvas for the next scenes. */
  begin(): void;
  draw(scene: Scene): void;
  /** Frees the memory of pictures not drawn lately. */
  forget(): void;
}

/** Selected, candidate, accepted, fixed, flagged, rejected, theirs. */
export const LABEL_COLOURS: readonly (readonly [number, number, number])[] = [
  [0.29, 0.84, 1], [1, 0.71, 0.33], [0.49, 0.87, 0.55], [0.62, 0.8, 1], [1, 0.45, 0.72], [0.55, 0.58, 0.62], [1, 0.87, 0.35],
];

/** The best renderer this browser has; `?canvas2d` in the address asks for the simple one. */
export function createRenderer(canvas: HTMLCanvasElement): Renderer {
  const plain = new URLSearchParams(location.search).has("canvas2d");
  return (plain ? null : webglRenderer(canvas)) ?? canvasRenderer(canvas);
}
