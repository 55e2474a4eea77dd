"""Predict many frames into a folder: score maps, masks and `targets.csv`; a stopped run goes on in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt16

from glimt.core.files import write_png
from glimt.core.types import Mask, ScoreMap
from glimt.inference.detections import Detection, detections, to_csv
from glimt.inference.journal import Journal
from glimt.inference.model import Model
from glimt.inference.predict import Asking, predict
from glimt.inference.stream import Stream

WHITE = 65535  # a score of one in a score map on disk


@dataclass(frozen=True)
class PredictedFolder:
    """`scores/<id>.png` (16 bits), `masks/<id>.png` (0 and 255), `targets.csv`, and `predict.json`: what predicted."""

    root: Path

    @property
    def journal(self) -> Journal:
        patterns = ("scores/**/*.png", "masks/**/*.png", "overlays/**/*.png", "targets.csv")
        return Journal(self.root, "predict.json", patterns)

    def score(self, id: str) -> Path:
        return self.root / "scores" / f"{id}.png"

    def mask(self, id: str) -> Path:
        return self.root / "masks" / f"{id}.png"

    def open(self, settings: Mapping[str, Any], overwrite: bool) -> dict[str, list[Detection]]:
        """Make the folder ready; the targets of frames already done when a stopped run with equal settings goes on."""
        done = self.journal.open(settings, overwrite)
        return {id: [Detection(*row) for row in rows] for id, rows in done.items()}

    def add(self, id: str, levels: UInt16[np.ndarray, "h w"], mask: Mask, rows: list[Detection]) -> None:
        """Write both images, then note the frame as done."""
        write_png(self.score(id), levels)
        write_png(self.mask(id), np.where(mask, np.uint8(255), np.uint8(0)))
        self.journal.add(id, rows)

    def close(self, rows: list[Detection]) -> None:
        """Turn the journal into `targets.csv`."""
        self.journal.close("targets.csv", to_csv(rows))


def predict_frames(
    model: Model, stream: Stream, folder: PredictedFolder, asking: Asking, done: Mapping[str, list[Detection]]
) -> Iterator[list[Detection]]:
    """Predict each frame that is not done yet, in order; gives the targets found in every frame.

    Masks and targets are read off the score map as it is written, so that both agree with it.
    """
    samples = stream.samples(done)
    for id in stream.ids:
        if id in done:
            yield done[id]
            continue
        sample = next(samples)
        levels = to_levels(predict(model.network, model.task, sample, asking))
        score = levels / np.float32(WHITE)
        rows = detections(id, score, sample.image, model.threshold)
        folder.add(id, levels, score > model.threshold, rows)
        yield rows


def to_levels(score: ScoreMap) -> UInt16[np.ndarray, "h w"]:
    """A score map in 16 bits; a half is rounded down, so that exactly the scores above 0.5 are above it on disk."""
    return np.ceil(score.astype(np.float32) * WHITE - np.float32(0.5)).clip(0, WHITE).astype(np.uint16)
