/** The fallback without WebGL2: the same pictures through ImageData, slower, never smoothed. */
import { palette } from "./palettes";
import { LABEL_COLOURS, type Labels, type Look, type Picture, type Renderer, type Scene } from "./renderer";

/** Draws the counts through window, gamma and palette into an image of the frame's own size. */
function shaded({ pixels, height, width }: Picture, look: Look): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  const image = new ImageData(width, height);
  const colours = palette(look.palette);
  const span = Math.max(1, look.high - look.low);
  for (let i = 0; i < pixels.length; i++) {
    const level = Math.min(1, Math.max(0, (pixels[i] - look.low) / span));
    const step = 3 * Math.round(level ** look.gamma * 255);
    image.data.set([colours[step], colours[step + 1], colours[step + 2], 255], 4 * i);
  }
  context?.putImageData(image, 0, 0);
  return canvas;
}

const css = (label: number, selected: number): string => {
  const colour = LABEL_COLOURS[(label & 31) === selected ? 0 : label >> 5];
  return `rgb(${colour.map((part) => Math.round(part * 255)).join(" ")})`;
};

/** The part of the frame that the view shows, one pixel wider on every side. */
function shown({ view, picture }: Scene): [number, number, number, number] {
  const bottom = view.row + view.rect.height / view.scale;
  const right = view.col + view.rect.width / view.scale;
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  return [
    within(Math.floor(view.row) - 1, picture.height), within(Math.floor(view.col) - 1, picture.width),
    within(Math.ceil(bottom) + 1, picture.height), within(Math.ceil(right) + 1, picture.width),
  ];
}

function drawPixelMark(context: CanvasRenderingContext2D, scene: Scene, labels: Labels, row: number, col: number): void {
  const { view, picture, outline } = scene;
  const here = labels.pixels[row * picture.width + col];
  const [x, y] = [view.rect.left + (col - view.col) * view.scale, view.rect.top + (row - view.row) * view.scale];
  context.fillStyle = css(here, scene.selected);
  context.globalAlpha = 0.25;
  context.fillRect(x, y, view.scale, view.scale);
  context.globalAlpha = 1;
  const size = view.scale;
  const sides = [[0, -1, 0, 0, outline, size], [0, 1, size - outline, 0, outline, size], [-1, 0, 0, 0, size, outline], [1, 0, 0, size - outline, size, outline]];
  for (const [down, right, dx, dy, wide, high] of sides) {
    const beside = labels.pixels[(row + down) * picture.width + col + right];
    if (beside !== here) context.fillRect(x + dx, y + dy, wide, high);
  }
}

function drawMarks(context: CanvasRenderingContext2D, scene: Scene, labels: Labels): void {
  const [top, left, bottom, right] = shown(scene);
  for (let row = top; row < bottom; row++)
    for (let col = left; col < right; col++)
      if (labels.pixels[row * scene.picture.width + col]) drawPixelMark(context, scene, labels, row, col);
}

export function canvasRenderer(canvas: HTMLCanvasElement): Renderer {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser can draw neither WebGL2 nor Canvas 2D");
  const made = new Map<string, HTMLCanvasElement>();
  return {
    kind: "canvas2d",
    begin: () => context.clearRect(0, 0, canvas.width, canvas.height),
    draw(scene) {
      const { view, look, picture } = scene;
      const key = `${picture.key} ${look.low} ${look.high} ${look.gamma} ${look.palette}`;
      const image = made.get(key) ?? shaded(picture, look);
      made.set(key, image);
      context.save();
      context.beginPath();
      context.rect(view.rect.left, view.rect.top, view.rect.width, view.rect.height);
      context.clip();
      context.imageSmoothingEnabled = false;
      const [left, top] = [view.rect.left - view.col * view.scale, view.rect.top - view.row * view.scale];
      context.drawImage(image, left, top, picture.width * view.scale, picture.height * view.scale);
      if (scene.labels && scene.outline) drawMarks(context, scene, scene.labels);
      context.restore();
    },
    forget() {
      for (const key of made.keys()) if (made.size > 12) made.delete(key);
    },
  };
}
