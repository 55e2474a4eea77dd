import { describe, expect, it } from "vitest";
import type { Frame } from "../src/api/types";
import { frameAddress, frameAt } from "../src/model/address";
import { createKnown } from "../src/model/known";
import { inSight, matching, stepped } from "../src/model/window";

describe("the grid of frames", () => {
  it("holds 30 of 5,000 frames where three rows of six are in sight, one more on each side", () => {
    expect(inSight(10_000, 400, 200, 6, 5000)).toEqual({ first: 294, end: 318 });
    expect(inSight(0, 400, 200, 6, 5000)).toEqual({ first: 0, end: 18 });
    expect(inSight(1e6, 400, 200, 6, 20)).toEqual({ first: 20, end: 20 });
  });
  it("finds the frames of a status in the digits, missing ones too", () => {
    expect([matching("0106", ["todo"]), matching("0106", ["candidate", "missing"]), matching("0106", [])]).toEqual([[0, 2], [1, 3], [0, 1, 2, 3]]);
  });
  it("moves by one, by a row and to the ends, never past them", () => {
    expect(["ArrowRight", "ArrowDown", "ArrowUp", "Home", "End", "PageDown", "x"].map((key) => stepped(key, 4, 6, 20))).toEqual([5, 10, 0, 0, 19, 19, null]);
  });
});

describe("known frames", () => {
  it("go oldest first, save those with edits on their way", () => {
    const known = createKnown((id) => (id === 1 ? 2 : 0), 2);
    for (const id of [1, 2, 3, 4]) known.set(id, { id } as Frame);
    expect([1, 2, 3, 4].map((id) => known.get(id)?.id)).toEqual([1, undefined, undefined, 4]);
  });
});

describe("addresses", () => {
  it.each(["", ".", "..", "~", "~.", "a/b c", "50%", "...", "séq"])("lead back to the frame of %j as a browser reads them", (sequence) => {
    const { pathname } = new URL(frameAddress(sequence, 7), "http://host");
    expect(frameAt(pathname)).toEqual({ sequence, index: 7 });
  });
  it("are plain where they can be", () => expect([frameAddress("a/b", 3), frameAddress("", 0), frameAt("/review")]).toEqual(["/s/a%2Fb/3", "/s//0", null]));
});
