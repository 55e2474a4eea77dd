// COCO's uncompressed run lengths of the crop, column by column, starting with the count of zeros.
export function encode(places) {
  if (!places.length) return { top: 0, left: 0, height: 0, width: 0, counts: [] };
  const rows = places.map((p) => p[0]), cols = places.map((p) => p[1]);
  const top = Math.min(...rows), left = Math.min(...cols);
  const height = Math.max(...rows) - top + 1, width = Math.max(...cols) - left + 1;
  const bits = new Uint8Array(height * width);
  for (const [r, c] of places) bits[(c - left) * height + r - top] = 1;
  const counts = [];
  let run = 0, now = 0;
  for (const bit of bits) { if (bit !== now) { counts.push(run); run = 0; now = bit; } run++; }
  counts.push(run);
  return { top, left, height, width, counts };
}

export function decode({ top, left, height, counts }) {
  const places = [];
  let at = 0;
  counts.forEach((run, i) => {
    for (let k = 0; k < run; k++, at++) if (i % 2) places.push([top + (at % height), left + Math.floor(at / height)]);
  });
  return places;
}
