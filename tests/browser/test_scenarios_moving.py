"""Scenario 6: moving on through fifty frames with a held key shows each of them, and nothing between them."""

import numpy as np
import pytest
from browser.page import area, chip, detail_spot, open_frame, readout, settle, spot, wait_frame
from browser.scenes import SHAPE, noise, write
from served import start

COUNT = 51
BITS = 6  # a frame's number, written on it as bright and dark squares
SIDE = 40
ROW, COL = 300, 200


@pytest.fixture(scope="module")
def moving(tmp_path_factory):
    """Fifty-one frames that show their numbers, and masks that do: teeth below a bar, one for each bit that is set."""
    root = tmp_path_factory.mktemp("moving")
    for i in range(COUNT):
        image, mask = noise(i), np.zeros(SHAPE)
        mask[ROW, COL : COL + 2 * BITS] = 255
        for bit in range(BITS):
            image[:SIDE, bit * SIDE : (bit + 1) * SIDE] = 40000 if i >> bit & 1 else 1000
            mask[ROW + 1, COL + 2 * bit] = 255 * (i >> bit & 1)
        write(root / f"set/long/{i:03d}.png", image)
        write(root / f"masks/long/{i:03d}.png", mask, np.uint8)
    running = start(root / "set", "--masks", root / "masks")
    yield running
    running.kill()


# At each refresh of the screen: what the points of the full frame and of the detail show, and the detail's caption.
WATCH = """([frame, detail]) => {
  const canvas = document.querySelector(".stage-canvas"), gl = canvas.getContext("webgl2");
  const own = canvas.getBoundingClientRect();
  const at = (points) => { // all on one row: a single call, as each waits for the drawing to end
    const [left, right] = [points[0][0], points.at(-1)[0]].map((x) => Math.floor(x - own.left));
    const line = new Uint8Array(4 * (right - left + 1)), up = canvas.height - 1 - Math.floor(points[0][1] - own.top);
    gl.readPixels(left, up, right - left + 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, line);
    return points.map(([x]) => Array.from(line.slice(4 * (Math.floor(x - own.left) - left)).slice(0, 4)));
  };
  window.seen = [];
  const look = () => {
    window.seen.push([at(frame), at(detail), document.querySelector(".pane.detail .caption").textContent]);
    window.watching = requestAnimationFrame(look);
  };
  look();
}"""
COUNTING = """
window.textures = 0;
for (const [name, step] of [["createTexture", 1], ["deleteTexture", -1]]) {
  const own = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...all) { window.textures += step; return own.apply(this, all); };
}
"""


def hold(page, key, index):
    """Hold a key as a keyboard repeats it, until a frame is reached."""
    for _ in range(5000):
        page.keyboard.down(key)
        if page.locator(f'[data-stage][data-frame="{index}"]').count():
            break
    page.keyboard.up(key)
    wait_frame(page, index)


def heap(page):
    """Bytes of the page's arrays, once what nobody needs is gone."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return session.send("Runtime.getHeapUsage")["backingStorageSize"]


def number_of(colours):
    """The number that squares of full white and black show."""
    levels = np.array(colours)[:, 0]
    assert (np.array(colours)[:, 3] == 255).all()
    assert ((levels < 20) | (levels > 235)).all(), "neither frame nor frame: a flash"
    return sum(1 << bit for bit in range(BITS) if levels[bit] > 128)


def teeth_of(colours):
    """The number that the mask shows: its pixels are not grey."""
    return sum(1 << bit for bit, (red, _, blue, _) in enumerate(colours) if blue - red > 15)


def test_a_held_key_shows_every_frame_with_its_own_mask_and_no_flash_between(moving, window, shot):
    page = window(1, 1000, 560).new_page()
    page.add_init_script(COUNTING)
    open_frame(page, moving, "long")
    squares = [spot(page, SIDE // 2, SIDE * bit + SIDE // 2) for bit in range(BITS)]
    x, y = detail_spot(page, ROW + 1, COL)
    teeth = [(x + 2 * 16 * bit, y) for bit in range(BITS)]
    for key, index in [("d", 1), ("a", 0)]:
        page.keyboard.press(key)
        wait_frame(page, index)
    settle(page)
    page.evaluate(WATCH, [squares, teeth])
    hold(page, "d", COUNT - 1)
    settle(page)
    seen = page.evaluate("() => (cancelAnimationFrame(window.watching), window.seen)")
    shown = [(number_of(squares), teeth_of(teeth)) for squares, teeth, _ in seen]
    assert list(dict.fromkeys(shown)) == [(i, i) for i in range(COUNT)]  # each with its own mask, none left out
    assert shown == sorted(shown)
    assert {caption for *_, caption in seen} == {"Detail · 16 × · place locked"}
    assert readout(page)[:2] == (ROW + 1, COL)  # the place is locked
    assert area(page) == 2 * BITS + (COUNT - 1).bit_count()
    frame = 2 * SHAPE[0] * SHAPE[1]
    assert 5 * frame < heap(page) < 40 * frame  # 24 frames are kept, and some that are drawn
    assert page.evaluate("() => window.textures") < 32
    shot(page)
    hold(page, "a", 0)
    assert heap(page) < 40 * frame
    assert page.evaluate("() => window.textures") < 32
    chip(page, "saved")
