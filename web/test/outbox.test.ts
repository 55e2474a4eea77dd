import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Frame } from "../src/api/types";
import { createOutbox, type Letter, type Reply, type Shelf, type Status } from "../src/model/outbox";

const request = (frame: number, op = "stroke") => ({ frame, method: "PUT" as const, path: "/targets/u", body: { op } });

/** A server with one revision a frame, keys remembered, that can be cut off before or after it has written. */
function setup() {
  const revs = new Map<number, number>(), keys = new Map<string, number>(), written: string[] = [], shelved = new Map<string, Letter>();
  const states: Status[] = [], conflicts: number[] = [], refused: string[] = [], lasts: boolean[] = [];
  const line = { cut: "" as "" | "before" | "after" | "refuse" };
  let made = 0;
  const shelf: Shelf = {
    put: async (letter) => void shelved.set(letter.key, letter),
    remove: async (key) => void shelved.delete(key),
    all: async () => [...shelved.values()],
  };
  async function send(letter: Letter): Promise<Reply> {
    if (line.cut === "before") return { kind: "away", reason: "cut" };
    if (line.cut === "refuse") return { kind: "refused", reason: "no" };
    const now = revs.get(letter.frame) ?? 0;
    if (!keys.has(letter.key)) {
      if (letter.base !== now) return { kind: "conflict", current: { id: letter.frame, rev: now } as Frame };
      revs.set(letter.frame, now + 1);
      keys.set(letter.key, now + 1);
      written.push(String(letter.body.op));
    }
    if (line.cut === "after") return { kind: "away", reason: "answer lost" };
    return { kind: "ok", answer: { rev: keys.get(letter.key) ?? 0, frame_status: "candidate" } };
  }
  const build = () => createOutbox({
    send, shelf, tab: "t", newKey: () => `k${made++}`, debounce: 250, retry: 1000,
    onStatus: (status) => states.push(status), onAnswer: (_letter, _answer, last) => lasts.push(last),
    onConflict: (found) => conflicts.push(found.letters.length), onRefused: (_letter, reason) => refused.push(reason),
  });
  return { outbox: build(), build, revs, written, shelved, states, conflicts, refused, lasts, line, state: () => states.at(-1)?.state };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the outbox", () => {
  it("says unsaved before the gesture's call returns, and saved after 250 ms", async () => {
    const { outbox, state, written } = setup();
    outbox.post(request(1));
    expect(state()).toBe("unsaved");
    await vi.advanceTimersByTimeAsync(249);
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect([state(), written]).toEqual(["saved", ["stroke"]]);
  });
  it("keeps one request a gesture, in order, each on the revision the last one made", async () => {
    const { outbox, written, revs, lasts } = setup();
    outbox.know(1, 0);
    for (const op of ["a", "b", "c"]) outbox.post(request(1, op));
    await outbox.flush();
    expect([written, revs.get(1), lasts]).toEqual([["a", "b", "c"], 3, [false, false, true]]);
  });
  it("sends an edit whose answer was lost only once", async () => {
    const { outbox, written, line, state, revs } = setup();
    line.cut = "after";
    outbox.post(request(1));
    await vi.advanceTimersByTimeAsync(300);
    expect([state(), written.length]).toEqual(["offline", 1]);
    line.cut = "";
    await vi.advanceTimersByTimeAsync(1000);
    expect([state(), written.length, revs.get(1)]).toEqual(["saved", 1, 1]);
  });
  it("works on while the server is away and empties itself when it is back", async () => {
    const { outbox, written, line, state } = setup();
    line.cut = "before";
    outbox.post(request(1, "a"));
    await vi.advanceTimersByTimeAsync(300);
    outbox.post(request(2, "b"));
    expect([state(), outbox.waiting()]).toEqual(["offline", 2]);
    line.cut = "";
    await vi.advanceTimersByTimeAsync(1100);
    expect([state(), written]).toEqual(["saved", ["a", "b"]]);
  });
  it("hands its letters to the next page, which sends them on the revision they were made on", async () => {
    const { outbox, build, written, line, shelved, revs } = setup();
    revs.set(1, 4);
    outbox.know(1, 4);
    line.cut = "before";
    outbox.post(request(1, "a"));
    outbox.post(request(1, "b"));
    await vi.advanceTimersByTimeAsync(300);
    line.cut = "";
    const next = build();
    next.restore([...shelved.values()].reverse());
    await next.flush();
    expect([written, revs.get(1), shelved.size]).toEqual([["a", "b"], 6, 0]);
  });
  it("holds a frame somebody else has changed, loses nothing, and lets other frames go on", async () => {
    const { outbox, written, revs, conflicts, state, shelved } = setup();
    outbox.know(1, 0);
    revs.set(1, 1);
    outbox.post(request(1, "mine"));
    outbox.post(request(2, "other"));
    await outbox.flush();
    expect([written, conflicts, state(), shelved.size]).toEqual([["other"], [1], "conflict", 1]);
    outbox.resolve(1, 1, [request(1, "union")]);
    await vi.advanceTimersByTimeAsync(300);
    expect([written, state(), shelved.size]).toEqual([["other", "union"], "saved", 0]);
  });
  it("reports a refused edit and goes on", async () => {
    const { outbox, refused, line, state } = setup();
    line.cut = "refuse";
    outbox.post(request(1));
    await outbox.flush();
    expect([refused, state()]).toEqual([["no"], "saved"]);
  });
  it("sends all at once when the page goes, on predicted revisions", async () => {
    const { outbox, written, revs } = setup();
    outbox.know(1, 0);
    outbox.post(request(1, "a"));
    outbox.post(request(1, "b"));
    outbox.leave();
    await Promise.resolve();
    expect([written, revs.get(1)]).toEqual([["a", "b"], 2]);
  });
});
