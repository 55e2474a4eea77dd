/** The same place two frames before to two frames after: motion tells a target from clutter. */
import type { Frame, Place } from "../api/types";
import type { Look, Picture } from "../gl/renderer";
import type { FrameCache } from "../model/frames";
import { h } from "./dom";
import type { Stage } from "./stage";
import { drawSame } from "./viewer";

export interface Film { element: HTMLElement; show(frame: Frame | null): void; draw(stage: Stage, look: Look, at: Place): void }

const STEPS = [-2, -1, 0, 1, 2];
const caption = (step: number): string => (step ? `${step > 0 ? "+" : "−"}${Math.abs(step)}` : "now");

export function createFilm(cache: FrameCache, redraw: () => void): Film {
  const cells = STEPS.map((step) => h("div", { class: step ? "cell" : "cell now" }, h("span", {}, caption(step))));
  const element = h("div", { class: "strip", role: "img", "aria-label": "The same place in the frames around" }, ...cells);
  let pictures = new Map<number, Picture>();
  let turn = 0;

  async function load(frame: Frame, step: number, own: number): Promise<void> {
    const id = step ? frame.neighbours[String(step)] : frame.id;
    const picture = id === null || id === undefined ? null : await cache.get(id, "none", frame).catch(() => null);
    if (!picture || own !== turn) return;
    pictures.set(step, picture);
    redraw();
  }

  return {
    element,
    show(frame) {
      const own = ++turn;
      pictures = new Map();
      element.hidden = !frame || STEPS.every((step) => !step || !frame.neighbours[String(step)]);
      if (frame && !element.hidden) for (const step of STEPS) void load(frame, step, own);
    },
    draw(stage, look, at) {
      if (element.hidden) return;
      cells.forEach((cell, i) => {
        const picture = pictures.get(STEPS[i]);
        if (picture) drawSame(stage, cell, picture, look, at);
      });
    },
  };
}
