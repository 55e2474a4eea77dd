"""What `predict` and `evaluate` share: the options that say which network is asked, and how."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

if TYPE_CHECKING:
    from glimt.core.types import Points
    from glimt.inference.model import Model
    from glimt.inference.predict import Asking
    from glimt.inference.stream import Stream

NetworkName = Annotated[
    str | None, typer.Option("--network", help="Network of published weights; found by itself when left out.")
]
Tta = Annotated[bool, typer.Option("--tta", help="Average over flips and transposes: eight times the work.")]
Tile = Annotated[
    int | None,
    typer.Option("--tile", help="Side of tiles for larger frames, in px: 1024 when left out, 0 for none.", min=0),
]
Pad = Annotated[
    str | None,
    typer.Option("--pad", help="What lies beyond the edge: minimal, reflect or lesps; the model's when left out."),
]
Masks = Annotated[
    str | None,
    typer.Option("--masks", help="What a network that locates draws: disc, or pamg, grown from what it located."),
]
Support = Annotated[
    float | None,
    typer.Option(
        "--support",
        help="With --masks pamg: R_s is so many times a target's radius; the model's when left out.",
        min=0.1,
    ),
]
Device = Annotated[str, typer.Option("--device", help="cpu, cuda, or auto: a GPU where there is one.")]


def drawing_of(masks: str | None, support: float | None) -> dict[str, Any]:
    """How a network that locates is to draw its answer: the options of its task that were given."""
    from glimt.core.catalog import hint
    from glimt.core.errors import OptionError
    from glimt.labelers.recover import Masks as Known

    if masks is not None and masks not in get_args(Known):
        known = ", ".join(get_args(Known))
        raise OptionError(f"no masks {masks!r}{hint(masks, get_args(Known))}; known: {known}")
    if support is not None and masks != "pamg":
        raise OptionError("--support is how far PAMG looks; add --masks pamg, or leave it out")
    return {name: value for name, value in {"masks": masks, "support": support}.items() if value is not None}


def open_model(
    path: Path, network: str | None, threshold: float | None, device: str, drawing: Mapping[str, Any]
) -> "Model":
    """The model on its device, under another threshold and another `drawing_of` if such are given."""
    from dataclasses import replace

    from glimt.cli.console import need_extra

    need_extra("train", "torch", "accelerate", "safetensors")
    from glimt.inference.device import choose_device, ready
    from glimt.inference.model import load_model

    place = choose_device(device)
    model = ready(load_model(path, network, drawing), place)
    return model if threshold is None else replace(model, threshold=threshold)


def asking_of(model: "Model", pad: str | None, tta: bool, tile: int | None) -> "Asking":
    """How the frames are shown to the model."""
    from glimt.inference.predict import Asking

    return Asking(pad=pad or model.pad, tta=tta, tile=tile)


def clicks_for(
    model: "Model", points: Path | None, frames: Path, stream: "Stream", split: str | None
) -> "dict[str, Points]":
    """The clicks of a file on the frames. Raises OptionError where the model needs some and none are given."""
    from glimt.cli.console import say
    from glimt.core.errors import OptionError
    from glimt.inference.inputs import known_clicks

    if points is None:
        raise OptionError(f"{model.name} must be told where targets are; give --points points.csv, one click a target")
    clicks = known_clicks(points, frames, stream.ids, split)
    without = sum(id not in clicks for id in stream.ids)
    if without:
        say(f"{without} of {len(stream.ids)} frames have no click: nothing is found in them")
    return clicks
