/** Masks as whole pixels: run lengths to bits and back, brush, fill, nudge. Nothing here knows about screens. */
import type { Mask, Place } from "../api/types";

/** A crop of the frame, row by row, one byte a pixel. */
export interface Bits { top: number; left: number; height: number; width: number; bits: Uint8Array }

export interface Size { height: number; width: number }

export const EMPTY: Bits = { top: 0, left: 0, height: 0, width: 0, bits: new Uint8Array(0) };

const blank = (top: number, left: number, height: number, width: number): Bits =>
  ({ top, left, height, width, bits: new Uint8Array(height * width) });

/** Bits of the run lengths, which go down each column. */
export function decode({ top, left, height, width, counts }: Mask): Bits {
  const total = counts.reduce((sum, run) => sum + run, 0);
  if (total !== height * width) throw new RangeError(`run lengths add up to ${total}, the box holds ${height * width} pixels`);
  const out = blank(top, left, height, width);
  let at = 0;
  counts.forEach((run, i) => {
    for (const end = at + run; at < end; at++) if (i % 2) out.bits[(at % height) * width + Math.floor(at / height)] = 1;
  });
  return out;
}

/** Run lengths of the tightest crop. */
export function encode(mask: Bits): Mask {
  const { top, left, height, width, bits } = cropped(mask);
  const counts: number[] = [];
  let run = 0;
  let now = 0;
  for (let at = 0; at < height * width; at++) {
    const bit = bits[(at % height) * width + Math.floor(at / height)];
    if (bit !== now) [run, now] = [counts.push(run) * 0, bit];
    run++;
  }
  if (run) counts.push(run);
  return { top, left, height, width, counts };
}

/** Places of the set pixels, row by row. */
export function places({ top, left, width, bits }: Bits): Place[] {
  const out: Place[] = [];
  bits.forEach((bit, i) => {
    if (bit) out.push({ row: top + Math.floor(i / width), col: left + (i % width) });
  });
  return out;
}

/** The set pixels alone, in the smallest box that holds them. */
export function cropped(mask: Bits): Bits {
  return fromPlaces(places(mask));
}

export function fromPlaces(list: Place[]): Bits {
  if (!list.length) return EMPTY;
  const [rows, cols] = [list.map((p) => p.row), list.map((p) => p.col)];
  const [top, left] = [rows.reduce((a, b) => Math.min(a, b)), cols.reduce((a, b) => Math.min(a, b))];
  const [bottom, right] = [rows.reduce((a, b) => Math.max(a, b)), cols.reduce((a, b) => Math.max(a, b))];
  const out = blank(top, left, bottom - top + 1, right - left + 1);
  for (const { row, col } of list) out.bits[(row - top) * out.width + col - left] = 1;
  return out;
}

export function has({ top, left, height, width, bits }: Bits, { row, col }: Place): boolean {
  const [r, c] = [row - top, col - left];
  return r >= 0 && c >= 0 && r < height && c < width && bits[r * width + c] === 1;
}

export function area({ bits }: Bits): number {
  return bits.reduce((sum, bit) => sum + bit, 0);
}

/** Area, centre of mass and the radius of the disc of the same area. */
export function measure(mask: Bits): { area: number; row: number; col: number; radius: number } {
  const list = places(mask);
  const mean = (axis: "row" | "col"): number => list.reduce((sum, place) => sum + place[axis], 0) / Math.max(1, list.length);
  return { area: list.length, row: mean("row"), col: mean("col"), radius: Math.sqrt(list.length / Math.PI) };
}

/** A square brush of `size` pixels a side; an even size reaches one pixel further up and left. */
export function brush(centre: Place, size: number): Place[] {
  const reach = Math.floor(size / 2);
  return Array.from({ length: size * size }, (_, i) => ({
    row: centre.row - reach + Math.floor(i / size),
    col: centre.col - reach + (i % size),
  }));
}

/** Every pixel on the way, both ends included, so that a fast stroke has no gaps. */
export function line(from: Place, to: Place): Place[] {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.col - from.col));
  return Array.from({ length: steps + 1 }, (_, i) => ({
    row: Math.round(from.row + ((to.row - from.row) * i) / Math.max(1, steps)),
    col: Math.round(from.col + ((to.col - from.col) * i) / Math.max(1, steps)),
  }));
}

const within = (size: Size) => ({ row, col }: Place): boolean => row >= 0 && col >= 0 && row < size.height && col < size.width;

/** The mask with `touched` set (or cleared); pixels outside the frame are left out. */
export function painted(mask: Bits, touched: Place[], on: boolean, size: Size): Bits {
  const inside = touched.filter(within(size));
  if (on) return fromPlaces([...places(mask), ...inside]);
  const gone = new Set(inside.map(({ row, col }) => row * size.width + col));
  return fromPlaces(places(mask).filter(({ row, col }) => !gone.has(row * size.width + col)));
}

/** The mask moved by whole pixels; it stops at the frame's edge, so no pixel is lost. */
export function nudged(mask: Bits, down: number, right: number, size: Size): Bits {
  const held = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
  const top = held(mask.top + down, 0, Math.max(0, size.height - mask.height));
  const left = held(mask.left + right, 0, Math.max(0, size.width - mask.width));
  return { ...mask, top, left };
}

const BESIDE = [[0, 1], [1, 0], [0, -1], [-1, 0]];

/** Fills the hole around `start`; nothing changes when that place is open to the outside or already set. */
export function filled(mask: Bits, start: Place): Bits {
  const hole = new Map<number, Place>();
  const queue = [start];
  for (let place = queue.pop(); place; place = queue.pop()) {
    const key = place.row * 65536 + place.col;
    if (has(mask, place) || hole.has(key)) continue;
    const [r, c] = [place.row - mask.top, place.col - mask.left];
    if (r < 0 || c < 0 || r >= mask.height || c >= mask.width) return mask;
    hole.set(key, place);
    for (const [down, right] of BESIDE) queue.push({ row: place.row + down, col: place.col + right });
  }
  return fromPlaces([...places(mask), ...hole.values()]);
}

export function union(one: Bits, other: Bits): Bits {
  return fromPlaces([...places(one), ...places(other)]);
}

/** Intersection over union; two empty masks agree. */
export function iou(one: Bits, other: Bits): number {
  const shared = places(one).filter((place) => has(other, place)).length;
  const either = area(one) + area(other) - shared;
  return either ? shared / either : 1;
}
