/** One coloured tick a frame; with more frames than pixels, the frame that needs most work colours the pixel. */
import { FRAME_STATUSES } from "../api/types";
import { h } from "./dom";

export const STATUS_COLOURS = ["#39424c", "#ffb454", "#4fae62", "#6fa8e6", "#ff72b6", "#59636e", "#7a3b36"] as const;
const URGENT = [1, 5, 3, 2, 6, 4, 0]; // as FRAME_STATUSES: flagged and candidate come first
const FLAGGED = FRAME_STATUSES.indexOf("flagged");

export interface Timeline { element: HTMLElement; show(status: string, index: number): void }

function draw(canvas: HTMLCanvasElement, status: string, index: number): void {
  const context = canvas.getContext("2d");
  const width = (canvas.width = Math.round(canvas.clientWidth * devicePixelRatio));
  const height = (canvas.height = Math.round(canvas.clientHeight * devicePixelRatio));
  if (!context || !width || !status) return;
  const step = width / status.length;
  const worst = new Uint8Array(width);
  for (let i = 0; i < status.length; i++) {
    const digit = Number(status[i]);
    const x = Math.floor(i * step);
    const wide = Math.max(1, Math.floor((i + 1) * step) - x - (step > 4 ? 1 : 0));
    if (URGENT[digit] < URGENT[worst[x]] && step < 1) continue;
    worst[x] = digit;
    context.fillStyle = STATUS_COLOURS[digit];
    context.fillRect(x, digit === FLAGGED ? 0 : 3 * devicePixelRatio, wide, height);
  }
  context.fillStyle = "#ffffff";
  context.fillRect(Math.round((index + 0.5) * step - devicePixelRatio), 0, 2 * devicePixelRatio, height);
}

export function createTimeline(go: (index: number) => void): Timeline {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const element = h("div", { class: "timeline", role: "slider", tabindex: 0, "aria-label": "Frame", "aria-valuemin": 0, title: "Frames of the sequence. Click or drag to go there" }, canvas);
  let [status, index] = ["", 0];
  const at = (event: PointerEvent): number => {
    const box = canvas.getBoundingClientRect();
    return Math.min(status.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * status.length)));
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    go(at(event));
  });
  element.addEventListener("pointermove", (event) => {
    if (event.buttons && at(event) !== index) go(at(event));
  });
  element.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: status.length - 1, PageUp: index - 10, PageDown: index + 10 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(Math.min(status.length - 1, Math.max(0, to)));
  });
  const show = (newStatus: string, newIndex: number): void => {
    [status, index] = [newStatus, newIndex];
    element.setAttribute("aria-valuemax", String(status.length - 1));
    element.setAttribute("aria-valuenow", String(index));
    element.setAttribute("aria-valuetext", `frame ${index + 1} of ${status.length}, ${FRAME_STATUSES[Number(status[index])] ?? ""}`);
    draw(canvas, status, index);
  };
  new ResizeObserver(() => draw(canvas, status, index)).observe(element);
  return { element, show };
}
