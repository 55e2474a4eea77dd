"""The closed loop of paper 001 in one picture: `python benchmarks/closed_loop.py RUN DATASET SPLIT [--targets N]`.

A row a target of the split: the frame with the click, the mask that PAMG draws there (what a network learns), what the
network locates in a frame that it never saw, and the mask that PAMG grows from that.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from glimt.core.files import write_png
from glimt.core.spots import Located
from glimt.core.squares import square
from glimt.core.types import Record, Sample
from glimt.data.dataset import open_dataset
from glimt.data.samples import read
from glimt.data.sequences import names_of
from glimt.inference.device import choose_device, ready
from glimt.inference.model import Model, load_model
from glimt.inference.predict import maps_of
from glimt.labelers.pamg import Pamg
from glimt.labelers.recover import drawn
from glimt.report.overlay import Picture, overlay

OUT = Path(__file__).parents[1] / "docs" / "images" / "closed_loop.png"
SIDE, SCALE, GAP = 32, 7, 6  # px of the frame, pixels of the picture a px, and between pictures
TITLES = ("a click", "PAMG at the click", "what RPR-Net locates", "PAMG from that")


def main() -> None:
    """Draw and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("split")
    parser.add_argument("--targets", type=int, default=4)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    model = ready(load_model(asked.run), choose_device("cpu"))
    records = open_dataset(asked.dataset).records(asked.split, model.task.span)
    samples = map(read, middles(records, asked.targets))
    write_png(OUT, np.vstack([titles(), *(row(sample, found_in(model, sample)) for sample in samples)])[..., ::-1])


def found_in(model: Model, sample: Sample) -> Located:
    """What the network locates."""
    assert model.task.find is not None
    with torch.inference_mode():
        maps = maps_of(model.network, model.task, model.pad, [sample])
    return model.task.find(maps, sample, model.threshold)


def middles(records: Sequence[Record], count: int) -> Iterator[Record]:
    """Frames with a target, evenly from all sequences."""
    for i in range(count):
        names = names_of(records)
        own = [one for one in records if one.sequence == names[i % len(names)] and one.points]
        yield own[(i // len(names) + 1) * len(own) // (count // len(names) + 2)]


def row(sample: Sample, found: Located) -> Picture:
    """The four pictures of one target."""
    point = sample.points[0]
    place = square(sample.image.shape, (float(point[0]), float(point[1])), SIDE)
    corner = np.array([place[0].start, place[1].start])
    masks = (Pamg()(sample.image, sample.points) > 0, found.instances > 0)
    grown = drawn(sample.image, found.spots, "pamg") > 0
    image = sample.image[place]
    pictures = [
        overlay(image, points=sample.points - corner, scale=SCALE),
        *(overlay(image, mask[place], scale=SCALE) for mask in (*masks, grown)),
    ]
    return joined(pictures)


def titles() -> Picture:
    """A line above the columns."""
    blanks = []
    for title in TITLES:
        blank = np.full((26, SIDE * SCALE, 3), 255, np.uint8)
        blanks.append(cv2.putText(blank, title, (4, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (30, 30, 30), 1, cv2.LINE_AA))
    return joined(blanks)


def joined(pictures: Sequence[Picture]) -> Picture:
    """Pictures side by side on white."""
    between = np.full((pictures[0].shape[0], GAP, 3), 255, np.uint8)
    line = np.hstack([part for picture in pictures for part in (picture, between)][:-1])
    return np.vstack([line, np.full((GAP, line.shape[1], 3), 255, np.uint8)])


if __name__ == "__main__":
    main()
