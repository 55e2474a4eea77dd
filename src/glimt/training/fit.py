"""The training loop. There is one; recipes and tasks are what differs."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import torch
from accelerate import Accelerator
from torch import Tensor

from glimt.core.errors import DataError, TrainingError
from glimt.inference.predict import Asking, predict
from glimt.recipes.recipe import Moment
from glimt.training.examples import Example, Examples, batches
from glimt.training.learner import Learner, make_learner
from glimt.training.plan import Plan
from glimt.training.prior import set_prior
from glimt.training.run import Run
from glimt.training.state import read_state, write_state
from glimt.training.validate import keep_checkpoints, score_splits

log = logging.getLogger(__name__)


class Step(NamedTuple):
    """Where a training is, for whoever watches."""

    epoch: int  # from 1
    epochs: int
    step: int  # from 1, in this epoch
    steps: int
    loss: float


Watch = Callable[[Step], None]


def fit(plan: Plan, run: Run, worker: Accelerator, watch: Watch = lambda step: None) -> Learner:
    """Train the network of `plan` in place, writing to `run`; a run that was stopped goes on."""
    learner = make_learner(plan.network, plan.config, worker)
    examples = Examples(plan.splits.train, run.labels, plan.task, plan.augment, plan.config.seed)
    begin(plan, run, learner, examples)
    for epoch in range(len(learner.losses), plan.config.epochs):
        start = time.monotonic(), time.process_time()
        torch.manual_seed(plan.config.seed * 1_000_003 + epoch)
        learner.losses.append(train_epoch(plan, learner, replace(examples, epoch=epoch), watch))
        spent = {"seconds": time.monotonic() - start[0], "cpu_seconds": time.process_time() - start[1]}
        finish_epoch(plan, run, learner, spent)
    learner.worker.end_training()
    return learner


def begin(plan: Plan, run: Run, learner: Learner, examples: Examples) -> None:
    """Go on from the state of a stopped run; else set the prior of a new network."""
    if run.state.is_file():
        learner.restore(read_state(run.state))
        if learner.worker.is_main_process:
            run.trim_log(len(learner.losses))
        return
    pool = examples.pool()
    if plan.config.batch > len(pool):
        raise DataError(f"batch is {plan.config.batch}, but only {len(pool)} frames have a label; use --set batch=...")
    if plan.config.prior is not None:
        inputs, _ = next(iter(batches(examples, plan.config.batch, 0)))
        set_prior(learner.learning, inputs.to(learner.worker.device), plan.config.prior)


def train_epoch(plan: Plan, learner: Learner, examples: Examples, watch: Watch) -> float:
    """One pass over the labelled frames; gives its mean loss."""
    loader = learner.worker.prepare_data_loader(batches(examples, plan.config.batch, plan.config.data.workers))
    learner.network.train()
    losses: list[Tensor] = []
    for i, example in enumerate(loader):
        epoch = examples.epoch + i / len(loader)
        learner.set_rate(plan.schedule(epoch, plan.config.epochs))
        losses.append(train_step(plan, learner, example, epoch / plan.config.epochs))
        watch(Step(examples.epoch + 1, plan.config.epochs, i + 1, len(loader), float(losses[-1])))
    return float(learner.worker.reduce(torch.stack(losses).mean(), reduction="mean"))  # type: ignore[arg-type]


def train_step(plan: Plan, learner: Learner, example: Example, progress: float) -> Tensor:
    """Learn from one batch; gives its loss."""
    inputs, target = example
    if plan.config.channels_last:
        inputs = inputs.contiguous(memory_format=torch.channels_last)
    with learner.worker.accumulate(learner.network):
        loss = plan.task.loss(learner.network(inputs), target, progress)
        if not torch.isfinite(loss):
            raise TrainingError(f"the loss became {loss.item()} in epoch {len(learner.losses) + 1}; {REMEDY}")
        learner.worker.backward(loss)
        if plan.config.clip is not None and learner.worker.sync_gradients:
            learner.worker.clip_grad_norm_(learner.network.parameters(), plan.config.clip)
        learner.optimizer.step()
        learner.optimizer.zero_grad()
    if learner.average is not None and learner.worker.sync_gradients:
        learner.average.update_parameters(learner.learning)
    return loss.detach()


REMEDY = "try a smaller optimizer.lr, clip=1.0, or precision=no"


def finish_epoch(plan: Plan, run: Run, learner: Learner, spent: dict[str, float]) -> None:
    """Let the recipe look, score where it is due, and write what the run can go on from."""
    learner.worker.wait_for_everyone()
    if learner.worker.is_main_process:
        epoch, last = len(learner.losses), len(learner.losses) == plan.config.epochs
        plan.recipe.refresh(moment(plan, run, learner))
        due = last or epoch % plan.config.validation.every == 0
        scores = score_splits(plan, run, learner) if due else {}
        if due:
            keep_checkpoints(plan, run, learner, scores)
        row = {"epoch": epoch, "loss": learner.losses[-1], "lr": learner.optimizer.param_groups[0]["lr"]}
        run.add_to_log(row | scores | {key: round(value, 3) for key, value in spent.items()})
        learner.worker.log({"loss": learner.losses[-1]}, step=epoch)
        log.info("epoch %d/%d: loss %.4f", epoch, plan.config.epochs, learner.losses[-1])
        if last or epoch % plan.config.save_every == 0:
            write_state(run.state, learner.state())
    learner.worker.wait_for_everyone()


def moment(plan: Plan, run: Run, learner: Learner) -> Moment:
    """What the recipe may look at."""
    ask = partial(predict, learner.answering, plan.task, asking=Asking(pad=plan.config.data.pad))
    return Moment(learner.losses, plan.splits.train, ask, run.labels)
