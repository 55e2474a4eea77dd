"""What the page offers to draw masks with: a name, the labeler behind it, and the options that have a slider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from glimt.annotate.propose import Wish
from glimt.annotate.values import Target
from glimt.core.errors import UnknownNameError
from glimt.labelers.labeler import SIGNS


@dataclass(frozen=True)
class Slider:
    """A number of a labeler."""

    name: str
    label: str
    min: float
    max: float
    step: float
    default: float


@dataclass(frozen=True)
class Choice:
    """A word of a labeler."""

    name: str
    label: str
    choices: tuple[str, ...]
    default: str


@dataclass(frozen=True)
class Generator:
    """`support` names the option that a key makes larger and smaller."""

    name: str
    label: str
    labeler: str
    support: str | None = None
    params: tuple[Slider | Choice, ...] = field(default=())


POLARITY = Choice("polarity", "Polarity", ("auto", *(sign for sign in SIGNS if sign != "auto")), "auto")
LENGTH = Slider("length", "Reach of the cross, px", 1, 60, 1, 25)
DEPTH = Slider("depth", "Depth of the cross, px", 0, 20, 1, 4)
HOUSE = (
    Generator("fuse", "Fused vote", "fuse", "reach", (Slider("reach", "Reach, px", 1, 60, 1, 30), POLARITY)),
    Generator(
        "tau", "Share of the peak", "fuse", "tau", (Slider("tau", "Share (tau)", 0.05, 0.95, 0.05, 0.5), POLARITY)
    ),
    Generator(
        "pamg",
        "PAMG",
        "pamg",
        "support",
        (
            Slider("support", "Support radius, px", 1, 60, 1, 20),
            Slider("warmup", "Warm-up, px", 0, 20, 1, 4),
            Slider("epsilon", "Least spread", 0.05, 2, 0.05, 0.7),
            POLARITY,
        ),
    ),
    Generator(
        "pmg",
        "PMG",
        "pmg",
        "length",
        (LENGTH, DEPTH, Slider("alpha", "Weight of the click", 0, 1, 0.05, 0.15), POLARITY),
    ),
    Generator("p2b", "PAMG in PMG's box", "p2b", "length", (LENGTH, DEPTH)),
    Generator("box", "Square", "box", "side", (Slider("side", "Side, px", 1, 31, 2, 5),)),
)


def offered(labelers: Mapping[str, str], first: str | None = None) -> tuple[Generator, ...]:
    """Those of the house, then a trained network each, `first` before all."""
    runs = [Generator(name, name, name) for name in labelers if name not in {one.labeler for one in HOUSE}]
    found = [*HOUSE, *runs]
    if first is not None:
        known = {one.name for one in found}
        if first not in known:
            raise UnknownNameError(f"no labeler {first!r} to begin with; offered: {', '.join(sorted(known))}")
        found.sort(key=lambda one: one.name != first)
    return tuple(found)


def wish_of(generators: Sequence[Generator], name: str, params: Mapping[str, Any]) -> Wish:
    """The labeler and its options behind a generator. Raises UnknownNameError for one that is not offered."""
    one = next((one for one in generators if one.name == name), None)
    if one is None:
        raise UnknownNameError(f"no generator {name!r}; offered: {', '.join(one.name for one in generators)}")
    return Wish(one.labeler, {param.name: param.default for param in one.params} | dict(params))


def generator_of(generators: Sequence[Generator], target: Target) -> Generator | None:
    """The generator that drew a target; None where a person did, or a file brought it."""
    drew = [one for one in generators if one.labeler == target.source]
    if len(drew) > 1:  # fuse with a tau is another one than fuse without
        drew = [one for one in drew if (one.support == "tau") == (target.options.get("tau") is not None)]
    return drew[0] if drew else None
