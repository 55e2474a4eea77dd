"""What a training run is: one table, read from YAML and changed from the command line."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from glimt.data.statistics import Statistics


class Table(BaseModel):
    """Base of the config tables: unknown keys are errors and values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(BaseModel):
    """One name from a catalog; every other key is an option of what it names."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str

    @property
    def options(self) -> dict[str, Any]:
        """The keys beside `name`."""
        return dict(self.model_extra or {})


class Data(Table):
    """Which frames to learn from, which to choose by, and which to score on."""

    root: Path
    layout: str | None = None
    train: str | None = "train"  # a split; every frame when null
    val: float | str | None = 0.15  # share carved from train with the seed, or a split; null: no validation
    test: str | None = None  # a split, looked at only where `keep` names best-test
    points: Path | str = "centroid"  # a file of clicks, or the kind of click to draw in each true target
    augment: Choice = Choice(name="glimt")
    normalise: Literal["measured"] | str | Statistics = "measured"  # or a published dataset's name, or {mean, std}
    pad: Literal["minimal", "lesps", "reflect"] = "minimal"  # of frames that are predicted
    workers: int = Field(default=0, ge=0)


class Validation(Table):
    """How often a run is scored, and by what."""

    every: int = Field(default=10, gt=0)  # epochs
    profile: str = "basicirstd"
    by: str = "iou"  # the value that the best checkpoint has most of


class TrainConfig(Table):
    """Everything that decides the outcome of a run."""

    data: Data
    network: Choice = Choice(name="tiny")
    weights: Path | None = None  # a run, a checkpoint or published weights that the network begins with
    task: Choice = Choice(name="segment")
    recipe: Choice = Choice(name="full")
    optimizer: Choice = Choice(name="adam")
    schedule: Choice = Choice(name="cosine")
    epochs: int = Field(default=400, gt=0)
    batch: int = Field(default=16, gt=0)  # over all ranks
    accumulate: int = Field(default=1, gt=0)  # batches to one step
    clip: float | None = Field(default=None, gt=0)  # largest norm of a gradient
    ema: float | None = Field(default=None, gt=0, lt=1)  # share kept of the averaged weights at each step
    prior: float | None = Field(default=0.01, gt=0, lt=1)  # share of positives that an untrained network answers
    bn_momentum: float | None = Field(
        None, gt=0, le=1
    )  # of every batch normalisation, where the network's is not wanted
    precision: Literal["no", "bf16", "fp16"] = "no"
    channels_last: bool = True
    device: Literal["auto", "cpu", "cuda"] = "auto"
    seed: int = Field(default=0, ge=0)
    validation: Validation = Validation()
    keep: tuple[Literal["last", "best-val", "best-test"], ...] = ("last", "best-val")
    save_every: int = Field(default=1, gt=0)  # epochs between two places that a stopped run goes on from
    tracker: str | None = None  # tensorboard, wandb, ...: what accelerate knows and is installed

    @field_validator("precision", mode="before")
    @classmethod
    def _no_is_a_word(cls, value: Any) -> Any:
        return "no" if value is False else value  # as YAML reads an unquoted no

    @model_validator(mode="after")
    def _test_is_named(self) -> "TrainConfig":
        if "best-test" in self.keep and self.data.test is None:
            raise ValueError("keep names best-test, but data.test names no split")
        return self
