// Synthetic 14-bit frames: a strong gradient, clouds, noise, and dim targets that move (6, 4) pixels a frame.
export const WIDTH = 640;
export const HEIGHT = 512;

export const SEQUENCES = [
  { name: "drift", frames: 60, targets: 3 },
  { name: "harbour", frames: 24, targets: 6 },
  { name: "night", frames: 5000, targets: 1 },
  { name: "a/b c", frames: 3, targets: 2 },
  { name: "", frames: 4, targets: 1 },
];

function random(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

const noise = (() => {
  const next = random(7);
  const field = new Float32Array(WIDTH * HEIGHT);
  for (let i = 0; i < field.length; i++) field[i] = (next() + next() + next() + next() - 2) * 14;
  return field;
})();

/** Positions of the targets of a frame: starts spread by the sequence, then 6 rows and 4 columns a frame, wrapped. */
export function truth(sequence, index) {
  const next = random(sequence.name.length * 7919 + sequence.frames);
  return Array.from({ length: sequence.targets }, (_, k) => {
    const row = 60 + next() * 380, col = 60 + next() * 500;
    const wide = 0.9 + next() * 1.2, bright = 40 + next() * 260;
    if (k === 0) return { row: 30 + ((300 - 30 + index * 6) % 450), col: 30 + ((200 - 30 + index * 4) % 580), wide: 1.6, bright: 220 };
    return { row: 20 + ((row + index * 3) % 470), col: 20 + ((col + index * 5) % 600), wide, bright };
  });
}

function cloud(row, col, phase) {
  return 260 * Math.sin(row / 67 + phase) * Math.cos(col / 91 - phase * 0.7) + 110 * Math.sin((row + 2 * col) / 43 + phase);
}

/** One frame as little-endian 16-bit counts. */
export function frame(sequence, index) {
  const out = new Uint16Array(WIDTH * HEIGHT);
  const phase = sequence.name.length + index * 0.02, shift = (index * 7919) % out.length;
  for (let row = 0, i = 0; row < HEIGHT; row++)
    for (let col = 0; col < WIDTH; col++, i++)
      out[i] = 3000 + (3000 * row) / HEIGHT + cloud(row, col, phase) + noise[(i + shift) % out.length];
  for (const spot of truth(sequence, index)) stamp(out, spot);
  return out;
}

function stamp(out, { row, col, wide, bright }) {
  for (let r = Math.max(0, Math.round(row) - 8); r <= Math.min(HEIGHT - 1, row + 8); r++)
    for (let c = Math.max(0, Math.round(col) - 8); c <= Math.min(WIDTH - 1, col + 8); c++)
      out[r * WIDTH + c] += bright * Math.exp(-((r - row) ** 2 + (c - col) ** 2) / (2 * wide * wide));
}

/** Local contrast: each count against the mean and spread of the 33-pixel window around it (stands in for both of the server's). */
export function enhance(pixels) {
  const W = WIDTH + 1, sum = new Float64Array(W * (HEIGHT + 1)), square = new Float64Array(sum.length);
  for (let r = 0; r < HEIGHT; r++)
    for (let c = 0, a = 0, b = 0; c < WIDTH; c++) {
      const v = pixels[r * WIDTH + c]; a += v; b += v * v;
      sum[(r + 1) * W + c + 1] = sum[r * W + c + 1] + a; square[(r + 1) * W + c + 1] = square[r * W + c + 1] + b;
    }
  const out = new Uint16Array(pixels.length);
  for (let r = 0; r < HEIGHT; r++)
    for (let c = 0; c < WIDTH; c++) {
      const t = Math.max(0, r - 16), u = Math.min(HEIGHT, r + 17), l = Math.max(0, c - 16), m = Math.min(WIDTH, c + 17);
      const area = (u - t) * (m - l), box = (s) => s[u * W + m] - s[t * W + m] - s[u * W + l] + s[t * W + l];
      const mean = box(sum) / area, spread = Math.sqrt(Math.max(1, box(square) / area - mean * mean));
      out[r * WIDTH + c] = Math.max(0, Math.min(65535, 32768 + (4000 * (pixels[r * WIDTH + c] - mean)) / (spread + 8)));
    }
  return out;
}

/** Candidate mask around the seeds: connected pixels above background + share * (peak - background), inside the support. */
export function grow(pixels, { seeds, negatives, generator, params }) {
  const reach = Math.max(1, Math.round(params.support ?? 8)), [seed] = seeds;
  const share = { pmg: 0.5, pamg: 0.38, best: 0.45, half_peak: 0.6 }[generator] ?? 0.5;
  const near = [];
  let peak = { value: -1 };
  for (let r = seed.row - reach; r <= seed.row + reach; r++)
    for (let c = seed.col - reach; c <= seed.col + reach; c++) {
      if (r < 0 || c < 0 || r >= HEIGHT || c >= WIDTH) continue;
      const value = pixels[r * WIDTH + c]; near.push(value);
      if (Math.hypot(r - seed.row, c - seed.col) < 3 && value > peak.value) peak = { value, row: r, col: c };
    }
  near.sort((a, b) => a - b);
  const ground = near[near.length >> 1], level = ground + share * (peak.value - ground);
  const spread = near[Math.floor(near.length * 0.84)] - ground || 1;
  const chosen = new Set(), queue = [peak, ...seeds.map((s) => ({ row: s.row, col: s.col }))];
  const barred = new Set((negatives ?? []).map((n) => n.row * WIDTH + n.col));
  while (queue.length) {
    const p = queue.pop(), key = p.row * WIDTH + p.col;
    if (p.row < 0 || p.col < 0 || p.row >= HEIGHT || p.col >= WIDTH || chosen.has(key) || barred.has(key)) continue;
    if (pixels[key] < level && chosen.size) continue;
    if (seeds.every((s) => Math.max(Math.abs(p.row - s.row), Math.abs(p.col - s.col)) > reach)) continue;
    chosen.add(key);
    for (const [dr, dc] of [[0, 1], [1, 0], [0, -1], [-1, 0]]) queue.push({ row: p.row + dr, col: p.col + dc });
  }
  const places = [...chosen].map((k) => [Math.floor(k / WIDTH), k % WIDTH]);
  return { places, scr: (peak.value - ground) / spread };
}
