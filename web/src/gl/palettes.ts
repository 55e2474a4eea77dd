/** Colour maps as 256 RGB steps, interpolated from a few stops. */
const STOPS = {
  grey: ["000000", "ffffff"],
  inverted: ["ffffff", "000000"],
  ironbow: ["000014", "2b0070", "8a0a93", "d0352e", "f68b0f", "fdd444", "fffff0"],
  viridis: ["440154", "46327e", "365c8d", "277f8e", "1fa187", "4ac16d", "a0da39", "fde725"],
  inferno: ["000004", "280b53", "65156e", "9f2a63", "d44842", "f57d15", "fac127", "fcffa4"],
  arctic: ["04060f", "0b2a4f", "12608a", "3aa0bd", "a6dbe0", "ffffff"],
  night: ["000600", "063b12", "1f8a35", "8fe08a", "f4fff0"],
} as const;

export type Palette = keyof typeof STOPS;
export const PALETTES = Object.keys(STOPS) as Palette[];

const channel = (stop: string, i: number): number => Number.parseInt(stop.slice(2 * i, 2 * i + 2), 16);

/** The 256 x 3 bytes of a palette. */
export function palette(name: Palette): Uint8Array {
  const stops: readonly string[] = STOPS[name];
  const out = new Uint8Array(256 * 3);
  for (let step = 0; step < 256; step++) {
    const place = (step / 255) * (stops.length - 1);
    const left = Math.min(stops.length - 2, Math.floor(place));
    for (let i = 0; i < 3; i++) {
      const [from, to] = [channel(stops[left], i), channel(stops[left + 1], i)];
      out[3 * step + i] = Math.round(from + (to - from) * (place - left));
    }
  }
  return out;
}
