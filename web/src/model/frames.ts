/** Frames near the one shown, kept as 16-bit counts; the oldest go first, so memory is bounded. */
import type { Picture } from "../gl/renderer";

export type Enhance = "none" | "clahe";
export type Fetch = (id: number, enhance: Enhance) => Promise<Uint16Array>;

export interface FrameCache {
  get(id: number, enhance: Enhance, size: { height: number; width: number }): Promise<Picture>;
  /** The picture if it is already here. */
  peek(id: number, enhance: Enhance): Picture | null;
}

export function createCache(fetch: Fetch, kept = 24): FrameCache {
  const asked = new Map<string, Promise<Picture>>();
  const here = new Map<string, Picture>();
  const keyOf = (id: number, enhance: Enhance): string => `${id}/${enhance}`;

  function trim(): void {
    for (const key of asked.keys()) {
      if (asked.size <= kept) return;
      asked.delete(key);
      here.delete(key);
    }
  }

  return {
    peek: (id, enhance) => here.get(keyOf(id, enhance)) ?? null,
    get(id, enhance, { height, width }) {
      const key = keyOf(id, enhance);
      const known = asked.get(key);
      asked.delete(key); // put back last: the map's order is the order of use
      const wanted = known ?? fetch(id, enhance).then((pixels) => {
        const picture = { key, pixels, height, width };
        if (asked.has(key)) here.set(key, picture);
        return picture;
      });
      asked.set(key, wanted);
      if (!known) wanted.catch(() => asked.delete(key));
      trim();
      return wanted;
    },
  };
}
