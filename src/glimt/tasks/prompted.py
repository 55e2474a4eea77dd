"""Prompted: a frame and one point a target in, their masks out (EDGSP, paper 004). Trained on masks, it labels frames.

A sample without points is a frame without targets.
"""

from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from glimt.core.box_matching import match_boxes
from glimt.core.errors import OptionError
from glimt.core.types import Image, Sample, ScoreMap
from glimt.data.points import points_inside
from glimt.data.prompts import Stamp, gaussian, pixel, prompt_map
from glimt.data.statistics import Statistics
from glimt.networks.prompted import Prompted
from glimt.tasks.segment import segment
from glimt.tasks.task import Task, as_answered, as_it_is

FOUND = 0.5  # scores above it are matched with the points


def prompted(  # noqa: PLR0913 - one option a part of the paper's, each switched off in its Table 3
    loss: str | dict[str, dict[str, Any]] = "bce",
    statistics: Statistics | None = None,
    sides: str = "sum",
    prompt: Literal["gaussian", "point", "none"] = "gaussian",
    fwhm: float = 4.0,
    edges: bool = True,
    second: bool = True,
    match: bool = True,
) -> Task:
    """Learn the label as a mask, told where each target is.

    `prompt` is what a point becomes (TEI: a Gaussian of `fwhm` px; SPE: one pixel), `edges` shows the frame's edges too
    (REM), `second` shows the prompt to the head once more (DPE), and `match` drops what belongs to no point (BBM).
    """
    if second and prompt == "none":
        raise OptionError("prompted: prompt=none leaves nothing for the head to see; set second=false with it")
    known = statistics or Statistics()
    stamp = {"gaussian": partial(gaussian, fwhm), "point": pixel, "none": lambda: None}[prompt]()
    return replace(
        segment(loss, known, sides=sides),
        inputs=partial(shown, known, edges, stamp),
        finish=matched if match else as_answered,
        adapt=Prompted if second else as_it_is,
        channels=1 + edges + (stamp is not None),
        needs_points=match or stamp is not None,
    )


def shown(known: Statistics, edges: bool, stamp: Stamp | None, sample: Sample) -> Float[Tensor, "c h w"]:
    """The normalised frame, its edges and the prompt, in this order (Eq. 1). Raises DataError for a point outside."""
    grey = (sample.image - np.float32(known.mean)) / np.float32(known.std)
    maps = [grey]
    if edges:
        maps.append(rough_edges(grey))
    if stamp is not None:
        points_inside(sample.points, grey.shape, sample.id)
        maps.append(prompt_map(sample.points, grey.shape, stamp))
    return torch.from_numpy(np.stack(maps).astype(np.float32))


def rough_edges(grey: Image) -> Image:
    """The length of the gradient by the differences [-1, 0, 1], of a frame that goes on beyond its edges as it ends.

    The paper calls it Sobel's.
    """
    wide = np.pad(grey, 1, mode="edge")
    down, right = wide[2:, 1:-1] - wide[:-2, 1:-1], wide[1:-1, 2:] - wide[1:-1, :-2]
    return np.sqrt(down**2 + right**2 + np.float32(1e-6))  # its slope is finite on flat ground


def matched(score: ScoreMap, sample: Sample) -> ScoreMap:
    """The scores of the components that belong to a point, and 0 elsewhere (BBM)."""
    return np.where(match_boxes(score > FOUND, sample.points) > 0, score, np.float32(0))
