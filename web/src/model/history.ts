/** Undo and redo of this visit, shown at once. The server keeps the whole log, which outlives a reload. */
import type { Change } from "./gestures";

export interface History { done: Change[]; undone: Change[] }

export const NO_HISTORY: History = { done: [], undone: [] };

export const recorded = ({ done }: History, change: Change): History => ({ done: [...done, change], undone: [] });

/** The step to take back, null when only the server knows it. */
export function stepBack({ done, undone }: History): { step: Change | null; history: History } {
  const step = done.at(-1) ?? null;
  return { step, history: step ? { done: done.slice(0, -1), undone: [...undone, step] } : { done, undone } };
}

export function stepForward({ done, undone }: History): { step: Change | null; history: History } {
  const step = undone.at(-1) ?? null;
  return { step, history: step ? { done: [...done, step], undone: undone.slice(0, -1) } : { done, undone } };
}
