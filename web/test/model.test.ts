import { describe, expect, it } from "vitest";
import type { Frame, Target } from "../src/api/types";
import { palette } from "../src/gl/palettes";
import { centred, fitted, pixelAt, toImage, toScreen, zoomedCentre } from "../src/gl/view";
import { createCache } from "../src/model/frames";
import { answered, applied, inverse, judged, moved, requestOf, reshaped, statusOf, verdict, verdictRequest } from "../src/model/gestures";
import { NO_HISTORY, recorded, stepBack, stepForward } from "../src/model/history";
import { ACTIONS, actionOf, bindings, chordName, PRESETS } from "../src/model/keys";
import { labelPixels } from "../src/model/labels";
import { fromPlaces } from "../src/model/mask";
import { countLevels, histogram, quantile, robustRange } from "../src/model/stretch";

const target: Target = {
  uuid: "u", mask: { top: 1, left: 1, height: 1, width: 2, counts: [0, 2] }, area: 2, row: 1, col: 1.5, radius: 0.8, scr: 5,
  rho: null, quality: 0.9, doubt: 0.3, seeds: [{ row: 1, col: 1 }], negatives: [], generator: "pmg", params: {}, source: "pmg", status: "candidate", reason: "", track: "t", by: "anna", at: "",
};
const frame = { id: 3, targets: [target], height: 4, width: 5 } as unknown as Frame;
const press = (key: string, mods: Partial<Record<"ctrlKey" | "shiftKey" | "altKey" | "metaKey", boolean>> = {}) =>
  chordName({ key, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...mods });

describe("gestures", () => {
  it("send only what changed: a stroke takes the mask from its generator", () => {
    const after = reshaped(target, fromPlaces([{ row: 1, col: 1 }]), "hand");
    const request = requestOf(3, { uuid: "u", before: target, after }, "stroke");
    expect(request).toEqual({ frame: 3, method: "PUT", path: "/targets/u", body: { op: "stroke", mask: { top: 1, left: 1, height: 1, width: 1, counts: [0, 1] }, generator: null, quality: null } });
  });
  it("carry the page's own uuid when they create", () => {
    expect(requestOf(3, { uuid: "u", before: null, after: target }, "create")).toMatchObject({ method: "POST", path: "/frames/3/targets", body: { uuid: "u", status: "candidate" } });
  });
  it("undo to the very frame they started from", () => {
    const change = { uuid: "u", before: target, after: null };
    expect(applied(applied(frame, change), inverse(change))).toEqual(frame);
  });
  it("say accepted where the page says fixed, which is the server's own finding", () => {
    const hand = { ...target, source: "hand" };
    expect(requestOf(3, { uuid: "u", before: hand, after: { ...hand, status: "fixed" } }, "accept").body).toEqual({ op: "accept", status: "accepted" });
  });
  it("delete without a body, and leave a track of its own unsaid", () => {
    expect(requestOf(3, { uuid: "u", before: target, after: null }, "delete")).toEqual({ frame: 3, method: "DELETE", path: "/targets/u", body: {} });
    expect(requestOf(3, { uuid: "u", before: null, after: { ...target, track: "u" } }, "create").body).not.toHaveProperty("track");
  });
  it("move a mask by its pixels and a click alone by its seeds, both held inside the frame", () => {
    expect(moved(target, 9, 1, frame).mask).toMatchObject({ top: 3, left: 2 });
    const point = { ...target, area: 0, mask: { top: 0, left: 0, height: 0, width: 0, counts: [] }, row: 1, col: 1 };
    expect(moved(point, -4, 2, frame)).toMatchObject({ row: 0, col: 3, seeds: [{ row: 0, col: 3 }], area: 0 });
  });
  it("call an accepted target fixed once a hand has drawn in it", () => {
    const drawn = reshaped({ ...target, status: "accepted" }, fromPlaces([{ row: 0, col: 0 }]), "hand");
    expect([drawn.status, verdict(drawn), verdict(target)]).toEqual(["fixed", "fixed", "accepted"]);
  });
});

describe("a frame", () => {
  const hand: Target = { ...target, uuid: "h", source: "hand" };
  const open = { ...frame, status: "candidate", verdict: null, targets: [target, hand, { ...target, uuid: "x", status: "rejected" }] } as unknown as Frame;
  it("that is done has its candidates accepted, those of a hand as fixed, and no rejected one", () => {
    const done = judged(open, "done");
    expect([done.targets.map(({ status }) => status), done.status, done.verdict]).toEqual([["accepted", "fixed", "rejected"], "fixed", "done"]);
    expect(verdictRequest(3, "done")).toEqual({ frame: 3, method: "PUT", path: "/frames/3", body: { verdict: "done" } });
  });
  it("is empty when done without a target, todo without either, and stays missing", () => {
    const bare = { ...open, targets: [] };
    expect([statusOf({ ...bare, verdict: "done" }), statusOf(bare), statusOf({ ...bare, status: "missing" }), judged(bare, "flagged", "edge").status]).toEqual(["empty", "todo", "missing", "flagged"]);
  });
  it("takes targets from an answer only when nothing more is waiting", () => {
    const answer = { rev: 8, frame_status: "accepted" as const, target: { ...target, scr: 7 } };
    expect(answered(open, answer, false).targets[0].scr).toBe(5);
    expect(answered(open, answer, true)).toMatchObject({ rev: 8, status: "accepted", targets: [{ scr: 7 }, {}, {}] });
    expect(answered(open, { ...answer, frame: { ...open, rev: 9 } }, true).rev).toBe(9);
  });
});

describe("history", () => {
  it("takes three strokes back to the start and forward again", () => {
    const steps = ["a", "b", "c"].map((uuid) => ({ uuid, before: null, after: target }));
    let history = steps.reduce(recorded, NO_HISTORY);
    const back: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      const taken = stepBack(history);
      history = taken.history;
      back.push(taken.step?.uuid);
    }
    expect(back).toEqual(["c", "b", "a", undefined]);
    expect(stepForward(history).step?.uuid).toBe("a");
  });
});

describe("labels", () => {
  it("hold number and colour in one byte, and leave rejected targets out", () => {
    const pixels = labelPixels([target, { ...target, status: "rejected" }], frame);
    expect([...pixels].flatMap((value, i) => (value ? [[i, value]] : []))).toEqual([[6, 33], [7, 33]]);
  });
});

describe("views", () => {
  const rect = { left: 10, top: 20, width: 512, height: 512 };
  it("fit the whole image and centre it", () => {
    const view = fitted(rect, 512, 640);
    expect(view.scale).toBeCloseTo(0.8, 12);
    expect(toScreen(view, { row: 256, col: 320 })).toEqual({ x: 266, y: 276 });
  });
  it.each([8, 16, 24, 64])("map every device pixel of an image pixel to that pixel at %i x", (scale) => {
    const view = centred(rect, { row: 100.5, col: 200.5 }, scale);
    const { x, y } = toScreen(view, { row: 100, col: 200 });
    for (const edge of [x, y]) expect(Math.abs(edge - Math.round(edge))).toBeLessThan(1e-9);
    for (const step of [0.5, scale - 0.5]) expect(pixelAt(toImage(view, x + step, y + step), 512, 640)).toEqual({ row: 100, col: 200 });
  });
  it("keep the place under the cursor while zooming", () => {
    const view = centred(rect, { row: 100, col: 200 }, 16);
    const held = toImage(view, 300, 400);
    const next = centred(rect, zoomedCentre(view, 300, 400, 32), 32);
    expect(toScreen(next, held).x).toBeCloseTo(300, 0);
    expect(toScreen(next, held).y).toBeCloseTo(400, 0);
  });
  it("know the outside", () => expect(pixelAt({ row: -0.2, col: 3 }, 4, 5)).toBeNull());
});

describe("stretch", () => {
  const pixels = Uint16Array.from({ length: 10_000 }, (_, i) => i + 2000);
  pixels[500] = 65535;
  it("ignores a hot pixel: the 101st and the 9,991st of 10,000 levels set the range", () =>
    expect(robustRange(countLevels(pixels))).toEqual({ low: 2100, high: 11_991 }));
  it("finds the median by counting", () => expect(quantile(countLevels(Uint16Array.of(5, 1, 9)), 0.5)).toBe(5));
  it("puts every pixel of the range into a bar", () => {
    expect([...histogram(countLevels(Uint16Array.of(0, 1, 2, 3, 3)), { low: 0, high: 3 }, 2)]).toEqual([2, 3]);
  });
});

describe("keys", () => {
  it("have one name however the keyboard makes the sign", () => {
    expect([press("?", { shiftKey: true }), press("?"), press("Z", { ctrlKey: true, shiftKey: true }), press(" "), press("ArrowUp", { shiftKey: true })])
      .toEqual(["?", "?", "Ctrl+Shift+z", "Space", "Shift+ArrowUp"]);
  });
  it("move with A/D in labelme and D/F in cvat", () => {
    expect([actionOf("labelme", "d"), actionOf("cvat", "d"), actionOf("cvat", "f")]).toEqual(["next", "previous", "next"]);
  });
  it.each(PRESETS)("turn the polarity with P, an edit, and look around without one: %s", (preset) => {
    expect([actionOf(preset, "p"), ACTIONS.polarity.edits, ACTIONS.next.edits, ACTIONS.palette.edits]).toEqual(["polarity", true, undefined, undefined]);
  });
  it.each(PRESETS)("are never given twice, every action has one, and none is a browser's own: %s", (preset) => {
    const all = [...bindings(preset).values()];
    expect(all.every((chords) => chords.length)).toBe(true);
    const chords = all.flat();
    expect(new Set(chords).size).toBe(chords.length);
    for (const taken of ["Ctrl+w", "Ctrl+t", "Ctrl+n", "Ctrl+Tab"]) expect(chords).not.toContain(taken);
  });
});

describe("pictures and palettes", () => {
  const size = { height: 1, width: 1 };
  it("are asked for once and dropped oldest first", async () => {
    const asked: number[] = [];
    const cache = createCache(async (id) => (asked.push(id), new Uint16Array(1)), 2);
    for (const id of [1, 1, 2, 3, 1]) await cache.get(id, "none", size);
    expect([asked, cache.peek(2, "none", size), cache.peek(3, "none", size)?.key]).toEqual([[1, 2, 3, 1], null, "3/none/1x1"]);
  });
  it("keep to a budget of bytes, beyond the ten that a filmstrip needs", async () => {
    const cache = createCache(async () => new Uint16Array(4), 24, 96); // 8 bytes a picture: twelve of them
    const four = { height: 2, width: 2 };
    for (let id = 0; id < 20; id++) await cache.get(id, "none", four);
    expect(Array.from({ length: 20 }, (_, id) => cache.peek(id, "none", four)).filter(Boolean)).toHaveLength(12);
  });
  it("of another size are refused, not drawn askew", async () => {
    const cache = createCache(async () => new Uint16Array(6));
    await expect(cache.get(1, "none", { height: 2, width: 2 })).rejects.toThrow("6 pixels");
    expect([cache.peek(1, "none", { height: 2, width: 2 }), (await cache.get(1, "none", { height: 2, width: 3 })).width]).toEqual([null, 3]);
  });
  it("run from the first stop to the last", () => {
    expect([[...palette("inverted").slice(0, 3)], [...palette("viridis").slice(-3)]]).toEqual([[255, 255, 255], [253, 231, 37]]);
  });
});
