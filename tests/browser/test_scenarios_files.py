"""Scenario 10: what is drawn on frames of every kind goes out and comes into an empty project again, bit by bit."""

import cv2
import numpy as np
import pytest
from browser.database import pixels, rows
from browser.page import chip, click_detail, exported, grow, imported, open_frame, wait_area
from browser.scenes import add_blob, noise, write
from pycocotools.coco import COCO

SIZES = {"wide": (512, 640), "tiny": (5, 5), "border": (64, 80), "empty": (48, 48), "dark": (64, 80), "eight": (64, 80)}
GROWN = {"wide": (300, 200), "border": (0, 79), "dark": (30, 41), "eight": (33, 20)}


@pytest.fixture
def odd(tmp_path):
    """640 x 512; 5 x 5; a target in a corner; nothing; a dark target; 8 bits."""
    folder = tmp_path / "odd"
    heights = {"wide": 4000, "border": 4000, "dark": -4000, "eight": 100}
    for i, (name, shape) in enumerate(SIZES.items()):
        level, spread = (60, 3) if name == "eight" else (9000, 60)
        image = noise(i, shape, level, spread)
        if name in GROWN:
            add_blob(image, *GROWN[name], heights[name])
        write(folder / f"{name}/0.png", image, np.uint8 if name == "eight" else np.uint16)
    return folder


def draw_all(page, running):
    for name, (row, col) in GROWN.items():
        open_frame(page, running, name)
        grow(page, row, col)
        page.keyboard.press("Space")
        chip(page, "saved")
    open_frame(page, running, "tiny")
    click_detail(page, 2, 3)
    wait_area(page, 1)
    page.keyboard.press("Space")
    chip(page, "saved")
    open_frame(page, running, "empty")
    page.keyboard.press("Control+Enter")
    chip(page, "saved")


def masks(place):
    """Every target's pixels by its frame."""
    found = {}
    for row in rows(place):
        name = row["frame_id"].partition("/")[0]
        found.setdefault(name, []).append(pixels(row, SIZES[name]))
    return found


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of the reference reader
def test_every_kind_of_frame_is_exported_and_imported_bit_by_bit(served, odd, tmp_path, window, shot):
    page = window().new_page()
    running = served(odd)
    draw_all(page, running)
    drawn = masks(odd)
    assert {name: len(found) for name, found in drawn.items()} == dict.fromkeys({*GROWN, "tiny"}, 1)
    assert np.argwhere(drawn["tiny"][0]).tolist() == [[2, 3]]
    assert drawn["border"][0][0, 79]
    assert drawn["dark"][0][30, 41]
    for kind in ("coco", "png"):
        packed = exported(page, running, kind, tmp_path / kind)
        other = tmp_path / f"{kind}.glimt.db"
        fresh = served(odd, "--database", other)
        told = imported(page, fresh, packed)
        assert "5 targets came in" in told
        again = masks(other)
        assert again.keys() == drawn.keys()
        for name, found in again.items():
            assert [one.tolist() for one in found] == [one.tolist() for one in drawn[name]]
        shot(page, f"imported_{kind}")
        fresh.kill()
    (file,) = (tmp_path / "coco").rglob("*.json")
    read_by_coco(COCO(file), drawn)
    for name in {*GROWN, "tiny", "empty"}:
        (path,) = (tmp_path / "png").rglob(f"masks/{name}/0.png")
        mask = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        assert ((mask > 0) == (drawn[name][0] if name in drawn else False)).all()


def read_by_coco(coco, drawn):
    """The reference reader finds the same pixels."""
    images = {image["id"]: image for image in coco.loadImgs(coco.getImgIds())}
    assert len(images) == len(SIZES)
    found = {}
    for one in coco.loadAnns(coco.getAnnIds()):
        name = next(name for name in SIZES if name in images[one["image_id"]]["file_name"])
        found[name] = coco.annToMask(one).astype(bool)
        assert one["area"] == drawn[name][0].sum()
    assert found.keys() == drawn.keys()
    assert all((found[name] == drawn[name][0]).all() for name in drawn)
