/** Frames as this page last knew them: what is shown while the server is away. The oldest go first, save those with edits on their way. */
import type { Frame } from "../api/types";

export interface Known { get(id: number): Frame | undefined; set(id: number, frame: Frame): void; delete(id: number): void }

export function createKnown(waiting: (id: number) => number, kept = 200): Known {
  const frames = new Map<number, Frame>();
  function trim(): void {
    for (const id of frames.keys()) {
      if (frames.size <= kept) return;
      if (!waiting(id)) frames.delete(id);
    }
  }
  return {
    get: (id) => frames.get(id),
    delete: (id) => void frames.delete(id),
    set(id, frame) {
      frames.delete(id); // put back last: the map's order is the order of use
      frames.set(id, frame);
      trim();
    },
  };
}
