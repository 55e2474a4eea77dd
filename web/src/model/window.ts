/** Which part of a long list of frames is shown, and where keys lead in it. */
import { FRAME_STATUSES } from "../api/types";

export interface Span { first: number; end: number }

/** Rows of the grid that are in sight, one more on each side. */
export function inSight(top: number, height: number, rowHeight: number, columns: number, count: number): Span {
  const first = Math.max(0, Math.floor(top / rowHeight) - 1) * columns;
  const end = Math.min(count, (Math.ceil((top + height) / rowHeight) + 1) * columns);
  return { first: Math.min(first, count), end };
}

/** Indices of the frames that have one of the statuses; all where none is named. */
export function matching(status: string, wanted: string[]): number[] {
  const digits = new Set(wanted.map((name) => String(FRAME_STATUSES.findIndex((known) => known === name))));
  return [...status].flatMap((digit, index) => (!digits.size || digits.has(digit) ? [index] : []));
}

/** Where the arrow keys lead from a place in the grid; null for any other key. */
export function stepped(key: string, at: number, columns: number, count: number): number | null {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -4 * columns, PageDown: 4 * columns, Home: -count, End: count }[key];
  return step === undefined ? null : Math.min(count - 1, Math.max(0, at + step));
}
