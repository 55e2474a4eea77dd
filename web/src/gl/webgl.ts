/** WebGL2: counts as R16UI and labels as R8UI textures, so no slider uploads anything and no mask is ever smoothed. */
import { palette, type Palette } from "./palettes";
import { LABEL_COLOURS, type Labels, type Picture, type Renderer, type Scene } from "./renderer";
import { FRAGMENT, VERTEX } from "./shaders";

const KEPT = 24; // pictures on the GPU: 0.65 MB each at 640 x 512

const UNIFORMS = [
  "counts", "labels", "palette", "corner", "surface", "start", "scale", "range", "gamma", "outline", "selected", "colours",
] as const;
type Places = Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>;

function compile(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error("the graphics context is lost");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "no program");
  return program;
}

/** A texture that is read texel by texel: no filter, no mipmaps. */
function texture(gl: WebGL2RenderingContext, unit: number): WebGLTexture {
  const made = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, made);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
  return made;
}

interface Shelf {
  pictures: Map<string, WebGLTexture>;
  labels: WeakMap<Labels, { made: WebGLTexture; version: number }>;
  palettes: Map<Palette, WebGLTexture>;
  none: WebGLTexture;
}

function bind(gl: WebGL2RenderingContext, unit: number, made: WebGLTexture): void {
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, made);
}

function bindPicture(gl: WebGL2RenderingContext, shelf: Shelf, { key, pixels, height, width }: Picture): void {
  const known = shelf.pictures.get(key);
  shelf.pictures.delete(key); // put back last: the map's order is the order of use
  const made = known ?? texture(gl, 0);
  bind(gl, 0, made);
  if (!known) gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16UI, width, height, 0, gl.RED_INTEGER, gl.UNSIGNED_SHORT, pixels);
  shelf.pictures.set(key, made);
}

function bindLabels(gl: WebGL2RenderingContext, shelf: Shelf, scene: Scene): void {
  const { labels, picture } = scene;
  if (!labels) return bind(gl, 1, shelf.none);
  const known = shelf.labels.get(labels);
  if (known?.version === labels.version) return bind(gl, 1, known.made);
  const made = known?.made ?? texture(gl, 1);
  bind(gl, 1, made);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8UI, picture.width, picture.height, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, labels.pixels);
  shelf.labels.set(labels, { made, version: labels.version });
}

function bindPalette(gl: WebGL2RenderingContext, shelf: Shelf, name: Palette): void {
  const known = shelf.palettes.get(name);
  if (known) return bind(gl, 2, known);
  const made = texture(gl, 2);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, 256, 1, 0, gl.RGB, gl.UNSIGNED_BYTE, palette(name));
  shelf.palettes.set(name, made);
}

function setUniforms(gl: WebGL2RenderingContext, at: Places, scene: Scene): void {
  const { view, look } = scene;
  gl.uniform2f(at.corner, view.rect.left, view.rect.top);
  gl.uniform1f(at.surface, gl.canvas.height);
  gl.uniform2f(at.start, view.col, view.row);
  gl.uniform1f(at.scale, view.scale);
  gl.uniform2f(at.range, look.low, look.high);
  gl.uniform1f(at.gamma, look.gamma);
  gl.uniform1f(at.outline, scene.labels ? scene.outline : 0);
  gl.uniform1ui(at.selected, scene.selected);
}

function prepare(gl: WebGL2RenderingContext): Places {
  const program = compile(gl);
  gl.useProgram(program);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1); // rows of odd width would shear
  const at = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)])) as Places;
  gl.uniform1i(at.counts, 0);
  gl.uniform1i(at.labels, 1);
  gl.uniform1i(at.palette, 2);
  gl.uniform3fv(at.colours, LABEL_COLOURS.flat());
  gl.enable(gl.SCISSOR_TEST);
  return at;
}

function emptyShelf(gl: WebGL2RenderingContext): Shelf {
  const none = texture(gl, 1);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8UI, 1, 1, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, new Uint8Array(1));
  return { pictures: new Map(), labels: new WeakMap(), palettes: new Map(), none };
}

function clear(gl: WebGL2RenderingContext): void {
  gl.disable(gl.SCISSOR_TEST);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT);
  gl.enable(gl.SCISSOR_TEST);
}

/** Null when the browser has no WebGL2. */
export function webglRenderer(canvas: HTMLCanvasElement): Renderer | null {
  const gl = canvas.getContext("webgl2", { antialias: false, alpha: true, preserveDrawingBuffer: true });
  if (!gl) return null;
  let at = prepare(gl);
  let shelf = emptyShelf(gl);
  canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
  canvas.addEventListener("webglcontextrestored", () => {
    at = prepare(gl);
    shelf = emptyShelf(gl);
  });
  return {
    kind: "webgl2",
    begin: () => clear(gl),
    draw(scene) {
      const { left, top, width, height } = scene.view.rect;
      const bottom = canvas.height - top - height;
      gl.viewport(left, bottom, width, height);
      gl.scissor(left, bottom, width, height);
      bindPicture(gl, shelf, scene.picture);
      bindLabels(gl, shelf, scene);
      bindPalette(gl, shelf, scene.look.palette);
      setUniforms(gl, at, scene);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    },
    forget() {
      for (const [key, made] of shelf.pictures) {
        if (shelf.pictures.size <= KEPT) return;
        gl.deleteTexture(made);
        shelf.pictures.delete(key);
      }
    },
  };
}
