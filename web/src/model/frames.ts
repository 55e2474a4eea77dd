/** Frames near the one shown, kept as 16-bit counts; the oldest go first, so memory is bounded. */
import type { Picture } from "../gl/renderer";
import type { Size } from "./mask";

/** Plain counts; each pixel against its surroundings; equalised in tiles. In the order that the key goes through them. */
export const ENHANCES = ["none", "local", "clahe"] as const;
export type Enhance = (typeof ENHANCES)[number];
export type Fetch = (id: number, enhance: Enhance) => Promise<Uint16Array>;

/** A picture of another size than asked for is refused: frames of one folder need not be alike. */
export interface FrameCache {
  get(id: number, enhance: Enhance, size: Size): Promise<Picture>;
  /** The picture if it is already here. */
  peek(id: number, enhance: Enhance, size: Size): Picture | null;
}

const BUDGET = 1 << 27; // bytes of counts
const LEAST = 10; // a filmstrip with local contrast is kept whatever its size

function sized(key: string, pixels: Uint16Array, { height, width }: Size): Picture {
  if (pixels.length !== height * width) throw new RangeError(`the frame has ${pixels.length} pixels, not ${height} × ${width}`);
  return { key: `${key}/${height}x${width}`, pixels, height, width };
}

export function createCache(fetch: Fetch, kept = 24, budget = BUDGET): FrameCache {
  const asked = new Map<string, Promise<Uint16Array>>();
  const here = new Map<string, Uint16Array>();
  const keyOf = (id: number, enhance: Enhance): string => `${id}/${enhance}`;
  const bytes = (): number => [...here.values()].reduce((sum, pixels) => sum + pixels.byteLength, 0);

  function trim(): void {
    for (const key of asked.keys()) {
      if (asked.size <= kept && (asked.size <= LEAST || bytes() <= budget)) return;
      asked.delete(key);
      here.delete(key);
    }
  }

  function wanted(key: string, id: number, enhance: Enhance): Promise<Uint16Array> {
    const known = asked.get(key);
    asked.delete(key); // put back last: the map's order is the order of use
    const found = known ?? fetch(id, enhance).then((pixels) => {
      if (asked.has(key)) here.set(key, pixels);
      trim();
      return pixels;
    });
    asked.set(key, found);
    if (!known) found.catch(() => asked.delete(key));
    trim();
    return found;
  }

  return {
    peek(id, enhance, size) {
      const pixels = here.get(keyOf(id, enhance));
      return pixels?.length === size.height * size.width ? sized(keyOf(id, enhance), pixels, size) : null;
    },
    get: async (id, enhance, size) => sized(keyOf(id, enhance), await wanted(keyOf(id, enhance), id, enhance), size),
  };
}
