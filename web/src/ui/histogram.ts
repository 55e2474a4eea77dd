/** The frame's levels with two handles for the window. */
import { countLevels, extent, histogram, type Range } from "../model/stretch";
import { h } from "./dom";

export interface HistogramPanel { element: HTMLElement; show(pixels: Uint16Array, window: Range): void }

const BARS = 128;

function draw(canvas: HTMLCanvasElement, bars: Float64Array, full: Range, window: Range): void {
  const context = canvas.getContext("2d");
  const [width, height] = [(canvas.width = canvas.clientWidth * devicePixelRatio), (canvas.height = canvas.clientHeight * devicePixelRatio)];
  if (!context || !width) return;
  const top = Math.sqrt(Math.max(...bars, 1));
  const x = (level: number): number => ((level - full.low) / (full.high - full.low)) * width;
  context.fillStyle = "#4ad6ff1c";
  context.fillRect(x(window.low), 0, x(window.high) - x(window.low), height);
  bars.forEach((count, i) => {
    const tall = (Math.sqrt(count) / top) * (height - 2); // square root: a target's few pixels must show beside the sky
    const level = full.low + ((i + 0.5) / bars.length) * (full.high - full.low);
    context.fillStyle = level >= window.low && level <= window.high ? "#9fd9ea" : "#47525c";
    context.fillRect((i * width) / bars.length, height - tall, Math.ceil(width / bars.length) - 1, tall);
  });
  context.fillStyle = "#4ad6ff";
  for (const level of [window.low, window.high]) context.fillRect(Math.round(x(level)) - 1, 0, 2 * devicePixelRatio, height);
}

/** `change` hears the new window while a handle is dragged; the nearer handle moves. */
export function createHistogram(change: (window: Range) => void): HistogramPanel {
  const canvas = h("canvas", { class: "histogram", "aria-hidden": "true", title: "Drag the nearer edge of the window. W: automatic" });
  const field = (text: string): HTMLInputElement => h("input", { type: "number", min: 0, max: 65535, "aria-label": text, title: text });
  const [low, high] = [field("Black level, in counts"), field("White level, in counts")];
  let state: { pixels: Uint16Array; bars: Float64Array; full: Range; window: Range } = { pixels: new Uint16Array(0), bars: new Float64Array(BARS), full: { low: 0, high: 1 }, window: { low: 0, high: 1 } };
  const moved = (event: PointerEvent): void => {
    const box = canvas.getBoundingClientRect();
    const { full, window } = state;
    const level = Math.round(full.low + ((event.clientX - box.left) / box.width) * (full.high - full.low));
    const nearLow = Math.abs(level - window.low) < Math.abs(level - window.high);
    change(nearLow ? { low: Math.min(level, window.high - 1), high: window.high } : { low: window.low, high: Math.max(level, window.low + 1) });
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    moved(event);
  });
  canvas.addEventListener("pointermove", (event) => event.buttons && moved(event));
  for (const input of [low, high]) input.addEventListener("change", () => change({ low: Number(low.value), high: Math.max(Number(low.value) + 1, Number(high.value)) }));
  return {
    element: h("div", { class: "levels" }, canvas, h("div", { class: "pair" }, low, high)),
    show(pixels, window) {
      if (pixels !== state.pixels) {
        const levels = countLevels(pixels);
        const full = extent(levels);
        state = { pixels, full, bars: histogram(levels, full, BARS), window };
      }
      state.window = window;
      [low.value, high.value] = [String(window.low), String(window.high)];
      draw(canvas, state.bars, state.full, window);
    },
  };
}
