import { describe, expect, it } from "vitest";
import type { Frame, Target } from "../src/api/types";
import { differences, merged, mineOf, verdictsOf, type Choice } from "../src/model/merge";
import type { Letter } from "../src/model/outbox";

const mask = (left: number) => ({ top: 4, left, height: 1, width: 2, counts: [0, 2] });
const target = (uuid: string, left: number): Target => ({
  uuid, mask: mask(left), area: 2, row: 4, col: left + 0.5, radius: 0.8, scr: 5, rho: null, quality: 0.9, doubt: 0.3, seeds: [], negatives: [], generator: "pmg", params: {}, source: "pmg", status: "candidate", reason: "", track: "t", by: "anna", at: "",
});
const letter = (method: Letter["method"], path: string, body: Record<string, unknown>): Letter => ({ method, path, body, frame: 1, key: path, order: 0, base: 0, tab: "t" });
const theirs = { id: 1, rev: 7, height: 10, width: 10, targets: [target("a", 3), target("b", 6)] } as unknown as Frame;

describe("a conflict", () => {
  const letters = [
    letter("PUT", "/targets/a", { op: "stroke", mask: mask(4), generator: null }),
    letter("DELETE", "/targets/b", {}),
    letter("POST", "/frames/1/targets", { op: "create", uuid: "c", mask: mask(0), status: "candidate", generator: null }),
    letter("POST", "/frames/1/undo", {}),
    letter("PUT", "/frames/1", { verdict: "done" }),
  ];
  const pairs = differences(mineOf(theirs, letters), theirs);
  const choose = (choice: Choice) => merged(1, pairs, new Map(pairs.map(({ uuid }) => [uuid, choice])));

  it("shows the changed, the deleted and the new target, and no other", () => {
    expect(pairs.map((pair) => [pair.uuid, Boolean(pair.mine), Boolean(pair.theirs)])).toEqual([["a", true, true], ["b", false, true], ["c", true, false]]);
  });
  it("knows a stroke for one by hand, and a new target for one without figures", () => {
    expect(pairs.map(({ mine }) => [mine?.source, mine?.scr])).toEqual([["hand", 5], [undefined, undefined], ["hand", null]]);
  });
  it("keeps what was said of the frame", () => {
    expect(verdictsOf(letters)).toEqual([{ frame: 1, method: "PUT", path: "/frames/1", body: { verdict: "done" } }]);
  });
  it("sends nothing when theirs is taken", () => expect(choose("theirs")).toEqual([]));
  it("sends my three edits again when mine is taken", () => {
    expect(choose("mine").map(({ method, path }) => [method, path])).toEqual([["PUT", "/targets/a"], ["DELETE", "/targets/b"], ["POST", "/frames/1/targets"]]);
  });
  it("joins two pixels each, one shared, to three, and keeps what only one has", () => {
    const requests = choose("union");
    expect(requests[0].body.mask).toEqual({ top: 4, left: 3, height: 1, width: 3, counts: [0, 3] });
    expect(requests.map(({ method }) => method)).toEqual(["PUT", "POST"]);
  });
});
