/** A surface for any number of views: one drawing canvas behind them, one for marks in front. */
import { createRenderer, type Renderer } from "../gl/renderer";
import type { Rect } from "../gl/view";
import { h } from "./dom";

export interface Stage {
  element: HTMLElement;
  renderer: Renderer;
  marks: CanvasRenderingContext2D;
  /** Device pixels of one CSS pixel. */
  ratio(): number;
  /** Where an element inside the stage lies, in device pixels. */
  rect(element: HTMLElement): Rect;
  /** Asks for one drawing at the next screen refresh. */
  invalidate(): void;
  close(): void;
}

export function createStage(label: string, draw: (stage: Stage) => void): Stage {
  const back = h("canvas", { class: "stage-canvas", "aria-hidden": "true" });
  const front = h("canvas", { class: "stage-marks", "aria-hidden": "true" });
  const element = h("div", { class: "stage", tabindex: 0, "data-stage": true, role: "application", "aria-label": label }, back, front);
  const marks = front.getContext("2d");
  if (!marks) throw new Error("this browser cannot draw");
  let asked = 0;
  let places = new WeakMap<HTMLElement, Rect>();

  function resize(): void {
    const ratio = devicePixelRatio;
    for (const canvas of [back, front]) {
      canvas.width = Math.round(element.clientWidth * ratio);
      canvas.height = Math.round(element.clientHeight * ratio);
    }
    places = new WeakMap();
  }

  function paint(): void {
    asked = 0;
    if (!element.isConnected) return;
    stage.renderer.begin();
    stage.marks.clearRect(0, 0, front.width, front.height);
    draw(stage);
    stage.renderer.forget();
  }

  function measured(inner: HTMLElement): Rect {
    const [box, own] = [inner.getBoundingClientRect(), element.getBoundingClientRect()];
    const [left, top] = [Math.round((box.left - own.left) * devicePixelRatio), Math.round((box.top - own.top) * devicePixelRatio)];
    return { left, top, width: Math.round(box.width * devicePixelRatio), height: Math.round(box.height * devicePixelRatio) };
  }

  const watch = new ResizeObserver(() => {
    resize();
    paint();
  });
  watch.observe(element, { box: "content-box" });

  const stage: Stage = {
    element, marks, renderer: createRenderer(back),
    ratio: () => devicePixelRatio,
    rect(inner) {
      const known = places.get(inner) ?? measured(inner);
      places.set(inner, known);
      return known;
    },
    invalidate: () => void (asked ||= requestAnimationFrame(paint)),
    close: () => watch.disconnect(),
  };
  element.dataset.renderer = stage.renderer.kind;
  return stage;
}
