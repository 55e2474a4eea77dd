"""What `glimt evaluate` scores: the images of two folders, or what a model finds in a dataset."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glimt.inference.evaluate import Click
    from glimt.inference.model import Model
    from glimt.inference.predict import Asking
    from glimt.metrics.pair import Pair
    from glimt.metrics.profile import Profile


@dataclass(frozen=True)
class Source:
    """Where the pairs come from."""

    pairs: "Callable[[], Iterable[Pair]]"
    pair: "Callable[[str], Pair]"  # one of them again, to show it
    notes: dict[str, Any]  # what a report says beside the scores

    @property
    def title(self) -> str:
        """Who found it, by which prior; nothing for folders, which do not tell."""
        if "detector" in self.notes:
            return f"{self.notes['detector']}: "
        if "model" not in self.notes:
            return ""
        prior = self.notes["origin"].get("prior")
        told = f", told points ({self.notes['points']})" if "points" in self.notes else ""
        return f"{self.notes['model']}{f', prior: {prior}' if prior else ''}{told}: "


def of_folders(found: Path, true: Path, frames: Path | None, strict: bool) -> Source:
    """The images of two folders that go by the same name."""
    from glimt.cli.console import track
    from glimt.metrics.folders import pair_files, read_pair

    paired = pair_files(found, true, frames, strict)
    by_id = {files.id: files for files in paired.files}
    return Source(
        pairs=lambda: (read_pair(files) for files in track(paired.files, "Scoring")),
        pair=lambda id: read_pair(by_id[id]),
        notes={"only_found": len(paired.only_found), "only_true": len(paired.only_true)},
    )


def of_model(
    model: "Model",
    asking: "Asking",
    rules: "Profile",
    chosen: tuple[Path, str | None, str | None],
    clicks: tuple[str | None, int],
) -> Source:
    """What a model finds in the frames of a dataset, beside their true masks.

    `chosen` is (folder, layout, split), `clicks` the (kind or file, seed) of what tells the model where targets are.
    """
    from dataclasses import asdict

    from glimt.cli.console import track
    from glimt.data.dataset import open_dataset
    from glimt.inference.evaluate import pairs_of
    from glimt.inference.truth import refuse_unknown

    dataset, layout, split = chosen
    opened = open_dataset(dataset, layout)
    records = opened.records(split, model.task.span)
    refuse_unknown(records, rules)
    by_id = {record.id: record for record in records}
    whole = opened.whole_name(split) if split else None
    model, click, told = told_where(model, rules.threshold, clicks, (dataset, split, list(by_id)))
    asked = {key: value for key, value in asdict(asking).items() if key != "overlap"}
    return Source(
        pairs=lambda: pairs_of(model, track(records, "Predicting"), asking, rules.size, click),
        pair=lambda id: next(pairs_of(model, [by_id[id]], asking, rules.size, click)),
        notes={
            "model": model.name,
            "dataset": str(dataset),
            "split": whole,
            **asked,
            **told,
            "origin": {**model.origin},
        },
    )


def of_detector(
    name: str, options: Mapping[str, Any], rules: "Profile", chosen: tuple[Path, str | None, str | None]
) -> Source:
    """What a classical detector finds in the frames of a dataset, (folder, layout, split), beside what is true."""
    from glimt.cli.console import track
    from glimt.core.catalog import build
    from glimt.data.dataset import open_dataset
    from glimt.detectors import DETECTORS
    from glimt.inference.truth import found_by, refuse_unknown

    dataset, layout, split = chosen
    detector, opened = build(DETECTORS, name, options, "detector"), open_dataset(dataset, layout)
    records = opened.records(split)
    refuse_unknown(records, rules)
    by_id = {record.id: record for record in records}
    return Source(
        pairs=lambda: found_by(detector, track(records, "Detecting")),
        pair=lambda id: next(found_by(detector, [by_id[id]])),
        notes={
            "detector": name,
            "options": dict(options),
            "dataset": str(dataset),
            "split": opened.whole_name(split) if split else None,
        },
    )


def told_where(
    model: "Model", threshold: float, clicks: tuple[str | None, int], frames: tuple[Path, str | None, list[str]]
) -> "tuple[Model, Click | None, dict[str, Any]]":
    """The model as it answers to points, what puts them on a frame, and what to note; as it is where none are wanted.

    `frames` is (dataset, split, ids). A model that cannot do without is told the centroids.
    """
    from functools import partial

    from glimt.data.clicks import given_on, kind_or_file
    from glimt.inference.inputs import known_clicks
    from glimt.inference.point_prompt import at_points
    from glimt.inference.truth import clicked

    points, seed = clicks
    if not points and not model.task.needs_points:
        return model, None, {}
    chosen = kind_or_file(points or "centroid", "--points")
    if isinstance(chosen, str):
        click, told = partial(clicked, kind=chosen, seed=seed), {"points": chosen, "points_seed": seed}
    else:
        dataset, split, ids = frames
        click, told = partial(given_on, clicks=known_clicks(chosen, dataset, ids, split)), {"points": str(chosen)}
    return at_points(model, threshold), click, told
