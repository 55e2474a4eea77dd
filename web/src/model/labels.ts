/** Draws the frame's masks into one byte a pixel for the renderer: 5 bits of target number, 3 bits of colour. */
import type { Target, TargetStatus } from "../api/types";
import { bitsOf } from "./gestures";
import { places, type Bits, type Size } from "./mask";

const COLOUR: Record<TargetStatus, number> = { candidate: 1, accepted: 2, fixed: 3, flagged: 4, rejected: 5 };
export const THEIRS = 6;

/** Numbers repeat after 31 targets; touching targets so far apart in the list are not worth a wider texture. */
export const ordinal = (index: number): number => (index % 31) + 1;

export function stamp(out: Uint8Array, size: Size, bits: Bits, label: number): void {
  for (const { row, col } of places(bits)) out[row * size.width + col] = label;
}

/** Rejected targets are not drawn. `live` replaces the mask of one target while a stroke is under way. */
export function labelPixels(targets: Target[], size: Size, live?: { uuid: string; bits: Bits }): Uint8Array {
  const out = new Uint8Array(size.height * size.width);
  targets.forEach((target, index) => {
    if (target.status === "rejected") return;
    const bits = live?.uuid === target.uuid ? live.bits : bitsOf(target);
    stamp(out, size, bits, ordinal(index) | (COLOUR[target.status] << 5));
  });
  return out;
}
