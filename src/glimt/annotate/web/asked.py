"""What requests carry, as pydantic checks it."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from glimt.annotate.masks import BoxedMask, read_mask_text
from glimt.core.types import Point
from glimt.data.regions import Shape

Params = Mapping[str, float | str | None]
TargetStatus = Literal["candidate", "accepted", "fixed", "flagged", "rejected"]


class Asked(BaseModel):
    """Strict: an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Place(Asked):
    """A place in a frame."""

    row: float
    col: float

    @property
    def point(self) -> Point:
        """The same as the project keeps it."""
        return self.row, self.col


class Mask(Asked):
    """Run lengths of a box; no pixel where its height is 0."""

    top: int
    left: int
    height: int
    width: int
    counts: list[int] = Field(max_length=1 << 20)

    def boxed(self, shape: Shape) -> BoxedMask | None:
        """The mask on a frame of `shape`. Raises DataError where it does not fit."""
        if not self.counts:
            return None
        box = self.top, self.left, self.top + self.height, self.left + self.width
        return read_mask_text(box, self.counts, shape)


class Wanted(Asked):
    """A mask to propose."""

    seeds: list[Place]
    negatives: list[Place] = []
    generator: str
    params: Params = {}
    uuid: str | None = None


class Change(Asked):
    """What a gesture changes of a target; what is not given stays."""

    op: str = Field(pattern="^[a-z]{1,20}$")
    mask: Mask | None = None
    seeds: list[Place] | None = None
    negatives: list[Place] | None = None
    generator: str | None = None
    params: Params | None = None
    quality: float | None = None
    status: TargetStatus | None = None
    reason: str | None = None
    track: str | None = None


class NewTarget(Change):
    """A target that was not there."""

    uuid: str


class Judged(Asked):
    """A person's word on a whole frame."""

    verdict: Literal["done", "flagged"] | None
    reason: str = ""


class Carry(Asked):
    """Targets to carry on to the next frame (`step` -1: the one before); None for all that are not rejected."""

    frame: int
    step: Literal[1, -1]
    targets: list[str] | None = None


class Repeat(Asked):
    """A frame that is to get the targets of the one before."""

    frame: int


class Called(Asked):
    """The name on one's edits."""

    user: str = Field(min_length=1, max_length=60, pattern=r"^[\w .@-]+$")


class Wished(Asked):
    """What to export."""

    format: str
    split: str | None = None
    status: list[TargetStatus] = ["accepted", "fixed"]
