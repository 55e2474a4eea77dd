import { describe, expect, it } from "vitest";
import { area, brush, decode, encode, filled, fromPlaces, has, iou, line, measure, nudged, painted, places, union } from "../src/model/mask";

const size = { height: 10, width: 12 };
const drawn = (...rows: string[]) => fromPlaces(rows.flatMap((row, r) => [...row].flatMap((mark, c) => (mark === "#" ? [{ row: r, col: c }] : []))));

describe("run lengths", () => {
  it("go down the columns and start with zeros, worked by hand", () => {
    const mask = drawn("....", ".##.", ".#..", "....");
    expect(encode(mask)).toEqual({ top: 1, left: 1, height: 2, width: 2, counts: [0, 3, 1] });
  });
  it("of an L are 2 set, 1 clear, 1 set down its columns", () => {
    expect(encode(drawn("##.", "#.#"))).toEqual({ top: 0, left: 0, height: 2, width: 3, counts: [0, 3, 2, 1] });
  });
  it("come back as the same pixels", () => {
    const mask = drawn("#.#.", "....", ".###");
    expect(places(decode(encode(mask)))).toEqual(places(mask));
  });
  it("of nothing are empty", () => {
    expect(encode(fromPlaces([]))).toEqual({ top: 0, left: 0, height: 0, width: 0, counts: [] });
  });
  it("that do not fill the box are refused", () => {
    expect(() => decode({ top: 0, left: 0, height: 2, width: 2, counts: [0, 3] })).toThrow("add up to 3, the box holds 4");
  });
});

describe("the brush", () => {
  it("of size one touches exactly one pixel", () => expect(brush({ row: 4, col: 5 }, 1)).toEqual([{ row: 4, col: 5 }]));
  it("of size three is nine pixels around its centre", () => {
    expect(measure(fromPlaces(brush({ row: 4, col: 5 }, 3)))).toMatchObject({ area: 9, row: 4, col: 5 });
  });
  it("adds one pixel and takes it away again", () => {
    const start = drawn(".##.", ".##.");
    const more = painted(start, [{ row: 2, col: 1 }], true, size);
    expect(area(more)).toBe(5);
    expect(places(painted(more, [{ row: 2, col: 1 }], false, size))).toEqual(places(start));
  });
  it("does not paint outside the frame", () => {
    expect(area(painted(fromPlaces([]), brush({ row: 0, col: 11 }, 3), true, size))).toBe(4);
  });
  it("leaves no gap in a fast stroke", () => {
    const way = line({ row: 0, col: 0 }, { row: 2, col: 7 });
    expect(way).toHaveLength(8);
    way.slice(1).forEach((place, i) => expect(Math.max(Math.abs(place.row - way[i].row), Math.abs(place.col - way[i].col))).toBe(1));
  });
});

describe("fill, nudge and overlap", () => {
  it("fills a closed hole and nothing else", () => {
    expect(area(filled(drawn("###", "#.#", "###"), { row: 1, col: 1 }))).toBe(9);
    expect(area(filled(drawn("###", "#.#", "#.#"), { row: 1, col: 1 }))).toBe(7);
  });
  it("stops a nudge at the edge without losing a pixel", () => {
    const moved = nudged(drawn("##", "##"), -3, 20, size);
    expect(moved).toMatchObject({ top: 0, left: 10 });
    expect(area(moved)).toBe(4);
  });
  it("measures IoU 2/6 for two pairs that share one column", () => {
    const [one, other] = [drawn("##.", "##."), drawn(".##", ".##")];
    expect(iou(one, other)).toBeCloseTo(1 / 3, 12);
    expect(area(union(one, other))).toBe(6);
    expect(has(one, { row: 0, col: 2 })).toBe(false);
  });
});
