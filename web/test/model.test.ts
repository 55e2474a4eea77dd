import { describe, expect, it } from "vitest";
import type { Frame, Target } from "../src/api/types";
import { palette } from "../src/gl/palettes";
import { centred, fitted, pixelAt, toImage, toScreen, zoomedCentre } from "../src/gl/view";
import { createCache } from "../src/model/frames";
import { applied, inverse, requestOf, reshaped, verdict } from "../src/model/gestures";
import { NO_HISTORY, recorded, stepBack, stepForward } from "../src/model/history";
import { actionOf, bindings, chordName, PRESETS } from "../src/model/keys";
import { labelPixels } from "../src/model/labels";
import { fromPlaces } from "../src/model/mask";
import { countLevels, histogram, quantile, robustRange } from "../src/model/stretch";

const target: Target = {
  uuid: "u", mask: { top: 1, left: 1, height: 1, width: 2, counts: [0, 2] }, area: 2, row: 1, col: 1.5, radius: 0.8, scr: 5,
  seeds: [{ row: 1, col: 1 }], negatives: [], generator: "pmg", params: {}, source: "pmg", status: "candidate", track: null,
};
const frame = { id: 3, targets: [target], height: 4, width: 5 } as unknown as Frame;
const press = (key: string, mods: Partial<Record<"ctrlKey" | "shiftKey" | "altKey" | "metaKey", boolean>> = {}) =>
  chordName({ key, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...mods });

describe("gestures", () => {
  it("send only what changed", () => {
    const after = reshaped(target, fromPlaces([{ row: 1, col: 1 }]), "hand");
    const request = requestOf(3, { uuid: "u", before: target, after }, "stroke");
    expect(request).toEqual({ frame: 3, method: "PUT", path: "/targets/u", body: { op: "stroke", mask: { top: 1, left: 1, height: 1, width: 1, counts: [0, 1] }, source: "hand" } });
  });
  it("carry the page's own uuid when they create", () => {
    expect(requestOf(3, { uuid: "u", before: null, after: target }, "create")).toMatchObject({ method: "POST", path: "/frames/3/targets", body: { uuid: "u", status: "candidate" } });
  });
  it("undo to the very frame they started from", () => {
    const change = { uuid: "u", before: target, after: null };
    expect(applied(applied(frame, change), inverse(change))).toEqual(frame);
  });
  it("call an accepted target fixed once a hand has drawn in it", () => {
    const drawn = reshaped({ ...target, status: "accepted" }, fromPlaces([{ row: 0, col: 0 }]), "hand");
    expect([drawn.status, verdict(drawn), verdict(target)]).toEqual(["fixed", "fixed", "accepted"]);
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
  it.each(PRESETS)("are never given twice, every action has one, and none is a browser's own: %s", (preset) => {
    const all = [...bindings(preset).values()];
    expect(all.every((chords) => chords.length)).toBe(true);
    const chords = all.flat();
    expect(new Set(chords).size).toBe(chords.length);
    for (const taken of ["Ctrl+w", "Ctrl+t", "Ctrl+n", "Ctrl+Tab"]) expect(chords).not.toContain(taken);
  });
});

describe("pictures and palettes", () => {
  it("are asked for once and dropped oldest first", async () => {
    const asked: number[] = [];
    const cache = createCache(async (id) => (asked.push(id), new Uint16Array(1)), 2);
    const size = { height: 1, width: 1 };
    for (const id of [1, 1, 2, 3, 1]) await cache.get(id, "none", size);
    expect([asked, cache.peek(2, "none"), cache.peek(3, "none")?.key]).toEqual([[1, 2, 3, 1], null, "3/none"]);
  });
  it("run from the first stop to the last", () => {
    expect([[...palette("inverted").slice(0, 3)], [...palette("viridis").slice(-3)]]).toEqual([[255, 255, 255], [253, 231, 37]]);
  });
});
