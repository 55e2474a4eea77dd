"""Propose masks for one target from its clicks, by several labelers. Nothing is stored."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from glimt.annotate.frames import Opened
from glimt.annotate.masks import BoxedMask, boxed
from glimt.annotate.measure import measure
from glimt.annotate.values import Figures
from glimt.annotate.window import Drawn, draw_near
from glimt.core.catalog import hint
from glimt.core.errors import DataError, OptionError, UnknownNameError
from glimt.core.types import Mask, Point, Points
from glimt.labelers import LABELERS
from glimt.labelers.labeler import SIGNS, Labeler, clicks_of
from glimt.labelers.make import make_labeler

Named = Mapping[str, str]  # the labelers that may be asked for: what a person calls them, and how they are made
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Wish:
    """A labeler by its name, and options that are not its own defaults."""

    labeler: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Clicks:
    """Where a target is, and where it is not: its pixels are nearer to one of `seeds` than to any other click."""

    seeds: tuple[Point, ...]
    negatives: tuple[Point, ...] = ()
    others: tuple[Point, ...] = ()  # the clicks of the frame's other targets


@dataclass(frozen=True)
class Candidate:
    """A mask that one labeler proposes, None where it finds nothing, and the whole of its options."""

    labeler: str
    options: Mapping[str, Any]
    mask: BoxedMask | None
    figures: Figures


def known_labelers(runs: Sequence[Path] = ()) -> dict[str, str]:
    """The catalog's labelers, and runs by the name of their folder where torch is installed."""
    if runs and find_spec("torch") is None:
        raise OptionError(f"labeler {runs[0]} is a trained network, which needs torch: pip install 'glimt[train]'")
    return {name: name for name in LABELERS} | {run.name: str(run) for run in runs}


def propose(frame: Opened, clicks: Clicks, wishes: Sequence[Wish], named: Named) -> list[Candidate]:
    """One candidate a wish, in their order.

    Raises UnknownNameError or OptionError for a wish that cannot be, DataError for clicks that cannot.
    """
    check_clicks(frame, clicks)
    return [propose_one(frame, clicks, wish, labeler_of(wish, named)) for wish in wishes]


def propose_one(frame: Opened, clicks: Clicks, wish: Wish, labeler: Labeler) -> Candidate:
    """What one labeler draws: the pixels that it draws from any of the seeds."""
    drawn = [
        draw_near(labeler, frame, np.array([seed, *clicks.negatives, *clicks.others], dtype=float))
        for seed in clicks.seeds
    ]
    mask = nearer(boxed(*united(drawn)), clicks)
    qualities = [quality for *_, quality in drawn]
    quality = None if np.isnan(qualities).any() else min(qualities)
    options = asdict(labeler) if is_dataclass(labeler) and not isinstance(labeler, type) else dict(wish.options)
    return Candidate(wish.labeler, shown(options), mask, measure(frame.image, mask, quality))


def united(drawn: Sequence[Drawn]) -> tuple[Mask, int, int]:
    """The pixels of several cuts of one frame in one, and the frame's pixel it begins at."""
    if len(drawn) == 1:
        pixels, (top, left), _ = drawn[0]
        return pixels, top, left
    starts = np.array([start for _, start, _ in drawn])
    stops = starts + [pixels.shape for pixels, *_ in drawn]
    top, left = starts.min(axis=0).tolist()
    whole = np.zeros(stops.max(axis=0) - (top, left), dtype=bool)
    for pixels, (row, col), _ in drawn:
        whole[row - top : row - top + pixels.shape[0], col - left : col - left + pixels.shape[1]] |= pixels
    return whole, top, left


def nearer(mask: BoxedMask | None, clicks: Clicks) -> BoxedMask | None:
    """The mask without pixels that are nearer to another click than to every seed; a network need not heed clicks."""
    rivals = np.rint(np.array([*clicks.negatives, *clicks.others], dtype=float).reshape(-1, 2))
    if mask is None or not len(rivals):
        return mask
    top, left, bottom, right = mask.box
    rows, cols = np.ogrid[top:bottom, left:right]

    def squared(points: Points) -> np.ndarray:
        return np.minimum.reduce([(rows - row) ** 2 + (cols - col) ** 2 for row, col in points])

    own = squared(np.rint(np.array(clicks.seeds, dtype=float))) <= squared(rivals)
    return boxed(mask.pixels() & own, top, left)


def check_clicks(frame: Opened, clicks: Clicks) -> None:
    """Raise DataError where there is no seed, a click is off the frame, or a place is both seed and negative."""
    if not clicks.seeds:
        raise DataError("no seed: click on the target first")
    seeds = clicks_of(np.array(clicks.seeds, dtype=float), frame.image).tolist()
    rest = clicks_of(np.array([*clicks.negatives, *clicks.others], dtype=float).reshape(-1, 2), frame.image).tolist()
    for row, col in rest[: len(clicks.negatives)]:
        if [row, col] in seeds:
            raise DataError(f"(row {row}, col {col}) is both a seed and a place not to grow to; take one away")


def labeler_of(wish: Wish, named: Named) -> Labeler:
    """The labeler of a wish. Raises UnknownNameError for a name that is not offered: a page names no paths."""
    if wish.labeler not in named:
        known = ", ".join(named)
        raise UnknownNameError(f"no labeler {wish.labeler!r}{hint(wish.labeler, named)}; offered: {known}")
    check_options(wish, named)
    return made(named[wish.labeler], json.dumps(wish.options, sort_keys=True))


def check_options(wish: Wish, named: Named) -> None:
    """Raise OptionError for what is neither number nor one of the few words: no option may name a file or a module."""
    words = {*SIGNS, *DEVICES, *(name for name in LABELERS if name in named)}
    for name, value in wish.options.items():
        known = value is None or isinstance(value, bool | int | float) or value in words
        if name in ("path", "network") or not known:
            raise OptionError(
                f"{wish.labeler}: option {name!r} cannot be {value!r} here; give a number or a known word"
            )


@lru_cache(maxsize=64)
def made(name: str, options: str) -> Labeler:
    """The labeler of a name and the JSON of its options, made once."""
    return make_labeler(name, json.loads(options))


def shown(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as JSON can hold them; paths are left out."""
    return {name: value for name, value in options.items() if not isinstance(value, Path)}
