import { afterEach, describe, expect, it, vi } from "vitest";
import { framePage, project } from "../src/api/client";
import { send } from "../src/api/send";
import type { Target } from "../src/api/types";
import type { Letter } from "../src/model/outbox";
import { binEnds, binName, binText, importedText, scrText, sequenceName, stoppedText, trackText } from "../src/model/words";

const asked: { path: string; init: RequestInit }[] = [];
const answer = (status: number, body: unknown): void => {
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => (asked.push({ path, init }), new Response(JSON.stringify(body), { status })));
};
const letter: Letter = { frame: 1, method: "PUT", path: "/targets/u", body: { op: "move" }, key: "k", order: 0, base: 4, tab: "t" };

afterEach(() => {
  asked.length = 0;
  vi.unstubAllGlobals();
});

describe("a refusal", () => {
  it.each([
    [401, "open the address that glimt annotate printed"], [403, "no, thank you"], [413, "the file is larger than the server takes"],
    [422, "no, thank you"], [507, "the disk is full; nothing is lost, free some space"],
  ])("of %i is told in words", async (status, text) => {
    answer(status, { error: "no, thank you" });
    await expect(project()).rejects.toMatchObject({ status, message: text });
  });
  it.each([[401, "away"], [403, "refused"], [404, "refused"], [422, "refused"], [500, "away"], [507, "away"]])("of %i leaves an edit %s", async (status, kind) => {
    answer(status, { error: "no" });
    expect((await send(letter, false)).kind).toBe(kind);
  });
});

describe("requests", () => {
  it("carry the revision and the key, and a body only where there is one", async () => {
    answer(200, { rev: 5, frame_status: "candidate" });
    await send(letter, false);
    await send({ ...letter, method: "DELETE", body: {} }, true);
    expect(asked[0].init).toMatchObject({ body: '{"op":"move"}', headers: { "if-match": '"4"', "idempotency-key": "k" } });
    expect([asked[1].init.body, asked[1].init.keepalive]).toEqual([undefined, true]);
  });
  it("name the sequence without a name, and one with slashes", async () => {
    answer(200, {});
    await framePage("", { limit: 1 });
    await framePage("a/b c", { status: "todo,missing", after: 3 });
    expect(asked.map(({ path }) => path)).toEqual(["/api/v1/frames?sequence=&limit=1", "/api/v1/frames?sequence=a%2Fb+c&status=todo%2Cmissing&after=3"]);
  });
});

describe("words", () => {
  it("tell why a target did not come along", () => {
    const told = (why: string) => stoppedText({ uuid: "u", why, scr: 1.234, match: null });
    expect([told("end"), told("scr"), told("match"), told("new reason")])
      .toEqual(["there is no frame that way", "its contrast 1.2 is too low", "nothing there looks like it (likeness –)", "new reason"]);
  });
  it("tell what came in", () => {
    expect(importedText({ frames: 1, targets: 2, kept: 3 })).toBe("2 targets came in on 1 frame; 3 frames edited before stayed as they were");
  });
  it("cut a long track, leave out one of its own, and name the sequence without a name", () => {
    const of = (track: string) => trackText({ uuid: "u", track } as Target);
    expect([of("u"), of("boat 1"), of("0123-4567-89ab"), sequenceName(""), sequenceName("a/b")]).toEqual(["", "boat 1", "0123", "frames", "a/b"]);
  });
  it("show no number where there is none, and no million", () => {
    expect([scrText({ scr: null }), scrText({ scr: 5.25 }), scrText({ scr: 1e6 })]).toEqual(["–", "5.3", ">999"]);
  });
  it("name a last bin without an upper edge by its lower one", () => {
    const bins = { edges: [1, 80, 120, 1_000_000], counts: [1, 1, 1] };
    expect([binName(bins, 0), binName(bins, 2), binEnds(bins)]).toEqual(["1 to 80", "120+", ["1", "120+"]]);
    expect([binEnds({ edges: [0, 1], counts: [0] }), binEnds({ edges: [], counts: [] })]).toEqual([["0", "1"], null]);
  });
  it("read a histogram aloud, empty bins left out", () => {
    expect([binText({ edges: [1, 4, 9, 16], counts: [3, 0, 1200] }), binText({ edges: [0, 1], counts: [0] })]).toEqual(["1 to 4: 3, 9 to 16: 1,200", "none yet"]);
  });
});
