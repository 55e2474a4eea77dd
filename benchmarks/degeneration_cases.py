"""What the study's networks learn from: real frames, and targets drawn on target-free places, under their points."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from degeneration_targets import PATCH, Target, draw_light
from jaxtyping import Int

from glimt.core.clutter import clutter, scr
from glimt.core.squares import square
from glimt.core.types import Image, Mask, Points, Sample
from glimt.data.dataset import open_dataset
from glimt.data.points import one_pixel_mask, points_from_mask, shifted
from glimt.data.samples import read
from glimt.data.synthetic import SceneOptions, draw_scene
from glimt.data.synthetic.targets import EDGE

SIDE = 64  # px; of a crop that is learnt, and of the window that is judged
PLACES = 20  # looked at for the calmest and the most cluttered one

Window = tuple[slice, slice]


@dataclass(frozen=True)
class Case:
    """A frame whose label is its points, its true mask, and the window that the answer is judged in."""

    sample: Sample
    mask: Mask
    window: Window

    @property
    def scr(self) -> float:
        """The SCR of the pixels of the mask, taken as one target."""
        return float(scr(clutter(self.sample.image, self.mask.astype(np.int32)))[0])


def open_frames(folder: Path | None, count: int) -> list[Sample]:
    """The first `count` training frames of a dataset in an order of chance, true masks as labels; else scenes."""
    rng = np.random.default_rng(0)
    if folder is None:
        return [synthetic(rng) for _ in range(count)]
    records = open_dataset(folder).records("train")
    frames = (read(records[i]) for i in rng.permutation(len(records)))
    fitting = (one for one in frames if one.label is not None and one.label.any() and len(free_corners(one)))
    return [one for one, _ in zip(fitting, range(count), strict=False)]


def synthetic(rng: np.random.Generator) -> Sample:
    """A synthetic frame with one target."""
    scene = draw_scene(SceneOptions(size=(256, 256), targets=(1, 1), dark=0.0), rng)
    return Sample(scene.background, scene.image, scene.points, scene.mask.astype(np.float32))


def real_case(frame: Sample) -> Case:
    """A frame under the centroids of its targets, judged around the largest of them."""
    assert frame.label is not None
    mask = frame.label > 0.5
    points = points_from_mask(mask, "centroid", np.random.default_rng(0))
    return Case(
        labelled(frame.id, frame.image, points), mask, square(mask.shape, tuple(widest(mask, points).tolist()), SIDE)
    )


def widest(mask: Mask, points: Points) -> Int[np.ndarray, "2"]:
    """The point with the most target pixels within `SIDE` / 4 of it."""
    pixels = np.argwhere(mask)
    near = np.abs(pixels[:, None] - points[None]).max(axis=2) < SIDE / 4  # (pixels, points)
    return points[near.sum(axis=0).argmax()].astype(np.int64)


def drawn_case(target: Target, frame: Sample, rng: np.random.Generator) -> Case:
    """`target` drawn in the middle of a target-free patch of `frame`."""
    light = draw_light(target, rng)
    mask = light >= EDGE
    image = background(target.place, frame, mask, rng) + target.peak / 255 * light
    image = np.clip(image, 0, 1) if target.clipped else image
    sample = labelled(frame.id, image, place_points(target, mask, rng))
    return Case(sample, mask, square(mask.shape, (PATCH // 2, PATCH // 2), SIDE))


def labelled(name: str, image: Image, points: Points) -> Sample:
    """A frame under a label with one pixel a point."""
    height, width = image.shape
    return Sample(name, image, points, one_pixel_mask(points, (height, width), name).astype(np.float32))


def place_points(target: Target, mask: Mask, rng: np.random.Generator) -> Points:
    """The middle, or a point off it, and as many others on the mask as wanted."""
    middle = np.array([[PATCH // 2, PATCH // 2]], dtype=float)
    first = shifted(middle, target.offset, rng)
    others = np.argwhere(mask).astype(float)
    others = others[(others != first[0]).any(axis=1)]
    chosen = rng.choice(len(others), target.points - 1, replace=False)
    return np.concatenate([first, others[chosen]])


def background(place: str, frame: Sample, mask: Mask, rng: np.random.Generator) -> Image:
    """A target-free patch: any, the calmest or the most cluttered of some around the mask, or a flat one."""
    corners = free_corners(frame)
    chosen = corners[rng.integers(len(corners), size=PLACES if place in CHOICES else 1)]
    patches = [frame.image[top : top + PATCH, left : left + PATCH] for top, left in chosen]
    if place == "flat":
        return np.full_like(patches[0], patches[0].mean())
    spreads = [clutter(patch, mask.astype(np.int32)).spread_around[0] for patch in patches]
    return patches[CHOICES[place](spreads)] if place in CHOICES else patches[0]


CHOICES = {"calm": np.argmin, "cluttered": np.argmax}


def free_corners(frame: Sample) -> Int[np.ndarray, "_ 2"]:
    """(top, left) of every patch of `PATCH` x `PATCH` pixels without a target pixel."""
    assert frame.label is not None
    if min(frame.label.shape) < PATCH:
        return np.zeros((0, 2), dtype=np.int64)
    sums = np.pad(frame.label > 0.5, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    held = sums[PATCH:, PATCH:] - sums[:-PATCH, PATCH:] - sums[PATCH:, :-PATCH] + sums[:-PATCH, :-PATCH]
    return np.argwhere(held == 0)


def sizes(cases: Sequence[Case]) -> list[int]:
    """True pixels in the window of each case."""
    return [int(case.mask[case.window].sum()) for case in cases]
