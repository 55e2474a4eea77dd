"""The folder of one training: its settings, labels, log, checkpoints, and the state that a stopped run goes on from."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from glimt.core.errors import DataError, OutputError
from glimt.core.files import claim_output, write_text
from glimt.data.labels import LabelFolder
from glimt.data.staged import StagedLabels
from glimt.inference.places import SUFFIX
from glimt.training.config import TrainConfig

STAGED = "labels-after-"  # folders of labels that changed after the state of that epoch
FREE = ("device", "keep", "tracker", "save_every")  # settings that may differ when a run goes on


@dataclass(frozen=True)
class Run:
    """`runs/<name>/`; what each file holds is said in docs/journeys/train.md."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "config.yaml"

    @property
    def log(self) -> Path:
        return self.root / "log.jsonl"

    @property
    def facts(self) -> Path:
        return self.root / "run.json"

    @property
    def state(self) -> Path:
        return self.root / f"state{SUFFIX}"

    @property
    def updates(self) -> Path:
        return self.root / "updates"

    @property
    def labels(self) -> LabelFolder:
        return LabelFolder(self.root / "labels")

    @property
    def val_labels(self) -> LabelFolder:
        return LabelFolder(self.root / "val-labels")

    def staged(self, epoch: int) -> StagedLabels:
        """The labels with what changed since the state of `epoch` was saved."""
        return StagedLabels(self.labels, LabelFolder(self.root / f"{STAGED}{epoch}"))

    def settle(self, epoch: int) -> None:
        """Bring the labels to where the saved state of `epoch` left them, whenever the run was stopped."""
        for beside in self.root.glob(f"{STAGED}*"):
            since = int(beside.name.removeprefix(STAGED))
            staged = self.staged(since)
            staged.settle() if since < epoch else staged.forget()

    def checkpoint(self, name: str) -> Path:
        """Where the checkpoint `last`, `best-val` or `best-test` is."""
        return self.root / "checkpoints" / f"{name}{SUFFIX}"

    def open(self, config: TrainConfig, overwrite: bool = False) -> None:
        """Make the folder ready, or go on with it. Raises OutputError where it was begun with other settings."""
        if self.config.is_file() and not overwrite:
            self._refuse_others(config)
            return
        claim_output(self.root, overwrite)
        self._clear()
        write_text(self.config, yaml.safe_dump(plain(config), sort_keys=False))

    def read_log(self) -> list[dict[str, Any]]:
        """The finished epochs; a line cut short by a crash is as good as none."""
        if not self.log.exists():
            return []
        rows = []
        for line in self.log.read_text(encoding="utf-8").splitlines():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError:
                continue
        return rows

    def trim_log(self, epochs: int) -> None:
        """Forget what was logged after the state that the run goes on from."""
        if not self.log.exists():
            return
        rows = [row for row in self.read_log() if row["epoch"] <= epochs]
        write_text(self.log, "".join(json.dumps(row) + "\n" for row in rows))

    def add_to_log(self, row: dict[str, Any]) -> None:
        """Note one finished epoch."""
        try:
            with self.log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(row) + "\n")
        except OSError as error:
            raise OutputError(f"cannot write {self.log}: {error.strerror or error}") from error

    def _refuse_others(self, config: TrainConfig) -> None:
        begun, asked = yaml.safe_load(self.config.read_text(encoding="utf-8")), plain(config)
        for table in (begun, asked):
            table.get("data", {}).pop("workers", None)  # any number of them sees the same examples
        other = [key for key in asked if key not in FREE and begun.get(key) != asked[key]]
        if other:
            key = other[0]
            raise OutputError(
                f"{self.root} was begun with other settings: {key} was {begun.get(key)}, now {asked[key]}; "
                "give another folder, or --overwrite to begin anew"
            )

    def _clear(self) -> None:
        for old in (self.log, self.facts, self.state):
            old.unlink(missing_ok=True)
        beside = self.root.glob(f"{STAGED}*")
        for old in (self.labels.root, self.val_labels.root, self.root / "checkpoints", self.updates, *beside):
            shutil.rmtree(old, ignore_errors=True)


def plain(config: TrainConfig) -> dict[str, Any]:
    """The settings as YAML holds them."""
    return json.loads(config.model_dump_json())


def read_facts(run: Run) -> dict[str, Any] | None:
    """What a run found out when it began; None before that."""
    if not run.facts.is_file():
        return None
    try:
        return json.loads(run.facts.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise DataError(f"{run.facts} is damaged: {error}; begin anew with --overwrite") from error
