"""What is on the page's drawing canvas, as numbers."""

import numpy as np
from browser.page import spot

LEVELS = """([left, top, scale, rows, cols]) => {
  const canvas = document.querySelector(".stage-canvas"), gl = canvas.getContext("webgl2");
  const own = canvas.getBoundingClientRect(), ratio = devicePixelRatio;
  const data = new Uint8Array(4 * canvas.width * canvas.height);
  gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, data);
  const at = (row, col) => {
    const x = Math.floor((left + col * scale - own.left) * ratio);
    const y = Math.floor((top + row * scale - own.top) * ratio);
    return data[4 * ((canvas.height - 1 - y) * canvas.width + x)];
  };
  return Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (_, col) => at(row, col)));
}"""


def drawn(page, row, col, reach):
    """How bright the pixels of the frame up to `reach` px around a place are drawn in the full frame, 0 to 255."""
    (left, top), (right, _) = spot(page, row - reach, col - reach), spot(page, row - reach, col - reach + 1)
    side = 2 * reach + 1
    return np.array(page.evaluate(LEVELS, [left, top, right - left, side, side]), float)
