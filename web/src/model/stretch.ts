/** Display range of a frame: robust percentiles and the histogram that shows them. */
export interface Range { low: number; high: number }

export function countLevels(pixels: Uint16Array): Uint32Array {
  const levels = new Uint32Array(65536);
  for (const value of pixels) levels[value]++;
  return levels;
}

/** The level below which `share` of the pixels lie. */
export function quantile(levels: Uint32Array, share: number): number {
  const total = levels.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (let level = 0; level < levels.length; level++) {
    seen += levels[level];
    if (seen > share * total) return level;
  }
  return levels.length - 1;
}

/** 1 % to 99.9 %: hot pixels and dead columns do not set the range. Never empty. */
export function robustRange(levels: Uint32Array): Range {
  const low = quantile(levels, 0.01);
  return { low, high: Math.max(low + 1, quantile(levels, 0.999)) };
}

/** The range shown by the histogram: a little more than the pixels use. */
export function extent(levels: Uint32Array): Range {
  const low = quantile(levels, 0);
  const high = quantile(levels, 0.999999);
  const margin = Math.max(8, Math.round((high - low) * 0.05));
  return { low: Math.max(0, low - margin), high: Math.min(65535, high + margin) };
}

/** `bars` sums of neighbouring levels over `range`. */
export function histogram(levels: Uint32Array, range: Range, bars: number): Float64Array {
  const out = new Float64Array(bars);
  const span = Math.max(1, range.high - range.low + 1);
  for (let level = range.low; level <= range.high; level++)
    out[Math.min(bars - 1, Math.floor(((level - range.low) * bars) / span))] += levels[level];
  return out;
}
