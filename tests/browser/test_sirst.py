"""Thirty real frames labelled in the browser: the masks are those of the same labeler on the same clicks."""

import subprocess
import sys

import numpy as np
import pytest
from browser.page import PATIENCE, chip, click_frame, exported, open_frame, wait_frame
from playwright.sync_api import expect

from glimt.core.frames import read_frame, read_mask
from glimt.core.targets import targets
from glimt.labelers.fuse import Fuse
from glimt.labelers.labeler import clicks_of, draw

FRAMES = 30
JITTER = 1.0  # px; the spread of a hand around the centroid


def clicks_near(truth, rng):
    """A click near the centroid of every true target, on whole pixels."""
    centres = targets(truth).centroids
    jittered = centres + rng.normal(0, JITTER, centres.shape).clip(-1.5, 1.5)
    return clicks_of(jittered, truth.astype(np.float32)).astype(float)


def drawn(image, clicks):
    """The union of what the labeler draws from one click after the other, each heeding those before it."""
    whole = np.zeros(image.shape, bool)
    for k in range(len(clicks)):
        whole |= draw(Fuse(), image, clicks[[k, *range(k)]]).instances == 1
    return whole


def on_the_command_line(tmp_path, clicks):
    """What `glimt label` draws from the same clicks, all of a frame at once."""
    points, out = tmp_path / "points.csv", tmp_path / "typed"
    lines = [f"{name},{row},{col}" for name, places in clicks.items() for row, col in places]
    points.write_text("\n".join(["image,row,col", *lines]) + "\n")
    command = [sys.executable, "-m", "glimt", "label", tmp_path / "set", points, out, "--labeler", "fuse"]
    subprocess.run(command, check=True, capture_output=True)
    return out / "masks"


def iou(mask, truth):
    return (mask & truth).sum() / (mask | truth).sum()


@pytest.fixture
def frames(sirst, tmp_path):
    """The first thirty frames in a folder of their own, and their true masks."""
    (tmp_path / "set").mkdir()
    chosen = sorted((sirst / "images").glob("*.png"))[:FRAMES]
    for path in chosen:
        (tmp_path / "set" / path.name).symlink_to(path.resolve())
    return {path.stem: (read_frame(path), read_mask(sirst / "masks" / path.name)) for path in chosen}


@pytest.mark.real
def test_thirty_frames_of_sirst_are_labelled_as_by_the_labeler_itself(frames, served, tmp_path, window, shot):
    running, rng = served(tmp_path / "set"), np.random.default_rng(3)
    page = window(1, 1280, 720).new_page()
    open_frame(page, running, "~.")
    clicks = {name: clicks_near(truth, rng) for name, (_, truth) in frames.items()}
    for i in range(FRAMES):
        wait_frame(page, i)
        name = page.locator(".bar-middle small").inner_text()
        for k, (row, col) in enumerate(clicks[name], 1):
            click_frame(page, row, col)
            expect(page.locator(".target")).to_have_count(k, timeout=PATIENCE)
        if i == 4:
            shot(page, "sirst")
        page.keyboard.press("Control+Enter")
    chip(page, "saved")
    exported(page, running, "glimt", tmp_path / "out")
    typed, own, house = on_the_command_line(tmp_path, clicks), [], []
    for name, (image, truth) in frames.items():
        (path,) = (tmp_path / "out").rglob(f"masks/{name}.png")
        by_hand = read_mask(path)
        assert (by_hand == drawn(image, clicks[name])).all(), name
        own.append(iou(by_hand, truth))
        house.append(iou(read_mask(typed / f"{name}.png"), truth))
    assert abs(np.mean(own) - np.mean(house)) <= 0.01
    assert np.mean(own) > 0.5
