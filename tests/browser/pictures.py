"""Draw the pictures of the annotation tool for the docs, from synthetic sequences.

python tests/browser/pictures.py
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from browser.conftest import CHROMIUM, FLAGS
from browser.page import chip, grow, open_frame, settle, spot
from playwright.sync_api import sync_playwright
from served import start

from glimt.core.frames import read_mask
from glimt.core.targets import targets

IMAGES = Path(__file__).parents[2] / "docs/images"
SYNTH = ["--sequences", "4", "--frames", "24", "--scr", "5-12", "--targets", "2-3", "--seed", "4"]
CLICKED = 16  # frames of each sequence that have clicks
STEP = 8  # levels that a picture's colours are rounded to, so that a sky's noise is not most of its bytes
CLIP, FRAME = 3, 20  # where targets are clicked in the picture


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        root = Path(folder) / "harbour"
        subprocess.run([sys.executable, "-m", "glimt", "synth", str(Path(folder) / "drawn"), *SYNTH], check=True)
        points = taken(Path(folder) / "drawn", root)
        fresh = centres_of(Path(folder) / f"drawn/sequence_000{CLIP}/masks/{FRAME:04d}.png")
        served = start(root, "--points", points, "--user", "ann")
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            draw(browser.new_page(viewport={"width": 1280, "height": 720}), served, fresh)
        finally:
            browser.close()
            served.kill()


def centres_of(mask):
    return targets(read_mask(mask)).centroids.round().tolist()


def taken(drawn, root):
    """The frames alone, as a person has them, and clicks on most of their targets."""
    lines = ["image,row,col"]
    for path in sorted(drawn.glob("*/images/*.png")):
        clip = path.parents[1].name.replace("sequence_000", "clip ")
        (root / clip).mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(root / clip / path.name), cv2.imread(str(path), cv2.IMREAD_UNCHANGED))
        if int(path.stem) < CLICKED:
            centres = centres_of(path.parents[1] / "masks" / path.name)
            lines += [f"{clip}/{path.stem},{row:.0f},{col:.0f}" for row, col in centres]
    points = root.parent / "points.csv"
    points.write_text("\n".join(lines) + "\n")
    return points


def draw(page, served, fresh):
    page.goto(served.address)
    open_frame(page, served, f"clip {CLIP}", FRAME)
    for row, col in fresh:
        grow(page, row, col)
        chip(page, "saved")
    page.mouse.move(*spot(page, *fresh[-1]))
    keep(page, "annotate_click")
    page.goto(f"{served.base}/review")
    page.locator("aside .facts").wait_for()
    for i in range(70):
        page.keyboard.press("x" if i % 9 == 4 else "f" if i % 11 == 7 else "Space")
        if i % 9 != 4 and i % 11 == 7:
            page.keyboard.press("1")
        settle(page)
    chip(page, "saved")
    page.locator(".toast").first.wait_for(state="detached", timeout=20_000)
    keep(page, "annotate_review")
    page.goto(f"{served.base}/")
    page.locator(".thumb img").nth(8).wait_for()
    page.locator(".numbers dd").first.wait_for()
    keep(page, "annotate_queue")


def keep(page, name):
    page.wait_for_load_state("networkidle")
    settle(page)
    shot = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    coarse = np.minimum(255, (shot.astype(int) + STEP // 2) // STEP * STEP).astype(np.uint8)
    cv2.imwrite(str(IMAGES / f"{name}.png"), coarse, [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
