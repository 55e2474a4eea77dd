"""Score a network while it learns, and keep the checkpoints that a run was asked to keep."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from glimt.core.types import Mask
from glimt.data.labels import LabelFolder
from glimt.inference.checkpoint import write_checkpoint
from glimt.inference.evaluate import at_size
from glimt.inference.predict import Asking, predict
from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair
from glimt.training.frames import Frames
from glimt.training.learner import Learner
from glimt.training.plan import Plan
from glimt.training.run import Run

SHOWN = ("iou", "niou", "pd", "fa")  # what a line of the log says of a split


def score_splits(plan: Plan, run: Run, learner: Learner) -> dict[str, dict[str, float]]:
    """The scores on validation, and on test where a checkpoint is chosen by it."""
    scores = {}
    if plan.splits.val is not None:
        scores["val"] = score(plan, learner, plan.splits.val, run.val_labels)
    if plan.splits.test is not None:
        scores["test"] = score(plan, learner, plan.splits.test, None)
    return scores


def score(plan: Plan, learner: Learner, frames: Frames, labels: LabelFolder | None) -> dict[str, float]:
    """The values of one split; against `labels`, the recipe's own, or the true masks."""
    asking = Asking(pad=plan.config.data.pad)

    def pairs() -> Iterator[Pair]:
        for sample in frames:
            true = truth(sample.label, labels, sample.id)
            if true is not None:
                yield Pair(
                    predict(learner.answering, plan.task, at_size(sample, plan.profile.size), asking),
                    true,
                    id=sample.id,
                )

    values = evaluate(pairs(), plan.profile).values
    return {name: float(values[name]) for name in dict.fromkeys((*SHOWN, plan.config.validation.by)) if name in values}


def truth(label: Any, labels: LabelFolder | None, id: str) -> Mask | None:
    """The mask to score against; None where there is none."""
    known = label if labels is None else labels.get(id)
    return None if known is None else known > 0.5


def keep_checkpoints(plan: Plan, run: Run, learner: Learner, scores: dict[str, dict[str, float]]) -> None:
    """Write `last`, and each best one that this epoch improves."""
    card = replace(plan.card, epoch=len(learner.losses), scores=scores)
    if "last" in plan.config.keep:
        write_checkpoint(run.checkpoint("last"), card, learner.weights())
    for name in ("best-val", "best-test"):
        value = scores.get(name.removeprefix("best-"), {}).get(plan.config.validation.by)
        if name in plan.config.keep and value is not None and value > learner.best.get(name, float("-inf")):
            learner.best[name] = value
            write_checkpoint(run.checkpoint(name), card, learner.weights())
