"""The training loop. There is one; recipes and tasks are what differs."""

import logging
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from accelerate import Accelerator
from torch import Tensor

from glimt.core.errors import DataError, TrainingError
from glimt.inference.device import quick_answers
from glimt.inference.predict import Asking
from glimt.recipes.recipe import Moment, leave
from glimt.training.evolution import forget_updates, note_update
from glimt.training.examples import Example, Examples, batches
from glimt.training.learner import Learner, make_learner
from glimt.training.plan import Plan, first_network
from glimt.training.prior import set_prior
from glimt.training.run import Run
from glimt.training.stages import stage_of
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
    begin(plan, run, learner)
    for epoch in range(len(learner.losses), plan.config.epochs):
        start = time.monotonic(), time.process_time()
        examples = Examples(
            plan.splits.train, run.staged(learner.saved), plan.task, plan.augment, plan.config.seed, epoch
        )
        if epoch in (0, *plan.recipe.restarts):
            begin_stage(plan, learner, examples)
        torch.manual_seed(plan.config.seed * 1_000_003 + epoch)
        learner.losses.append(train_epoch(plan, learner, examples, watch))
        spent = {"seconds": time.monotonic() - start[0], "cpu_seconds": time.process_time() - start[1]}
        finish_epoch(plan, run, learner, spent)
    learner.worker.end_training()
    return learner


def begin(plan: Plan, run: Run, learner: Learner) -> None:
    """Go on from the state of a stopped run: weights, log and labels as they were when it was saved."""
    if run.state.is_file():
        learner.restore(read_state(run.state))
    if learner.worker.is_main_process:
        run.trim_log(learner.saved)
        run.settle(learner.saved)
        forget_updates(run.updates, learner.saved)
        if not run.state.is_file() and plan.recipe.refresh is not leave:
            note_update(run.updates, 0, plan.splits.train, run.labels)
    learner.worker.wait_for_everyone()


def begin_stage(plan: Plan, learner: Learner, examples: Examples) -> None:
    """A new network, under the prior where it knows nothing; the first stage has the one that the plan came with."""
    pool = examples.pool()
    if plan.config.batch > len(pool):
        raise DataError(f"batch is {plan.config.batch}, but only {len(pool)} frames have a label; use --set batch=...")
    if examples.epoch:
        torch.manual_seed(plan.config.seed * 1_000_003 - examples.epoch)
        learner.forget(first_network(plan.config).state_dict())
    share = plan.config.prior if plan.config.weights is None else None
    if share is not None and hasattr(learner.learning, "head"):  # else the network has a prior of its own
        inputs, _ = next(iter(batches(examples, plan.config.batch, 0)))
        set_prior(learner.learning, inputs.to(learner.worker.device), share)


def train_epoch(plan: Plan, learner: Learner, examples: Examples, watch: Watch) -> float:
    """One pass over the labelled frames; gives its mean loss."""
    loader = learner.worker.prepare_data_loader(batches(examples, plan.config.batch, plan.config.data.workers))
    learner.network.train()
    stage = stage_of(examples.epoch, plan.recipe.restarts, plan.config.epochs)
    losses: list[Tensor] = []
    for i, example in enumerate(loader):
        epoch = examples.epoch + i / len(loader)
        learner.set_rate(plan.schedule(epoch - stage.start, stage.end - stage.start))
        losses.append(train_step(plan, learner, example, stage.progress(epoch)))
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
    epoch = len(learner.losses)
    last = epoch == plan.config.epochs
    if learner.worker.is_main_process:
        changes = refresh_labels(plan, run, learner)
        due = last or epoch % plan.config.validation.every == 0
        scores = score_splits(plan, run, learner) if due else {}
        if due:
            keep_checkpoints(plan, run, learner, scores)
        row = {"epoch": epoch, "loss": learner.losses[-1], "lr": learner.optimizer.param_groups[0]["lr"]}
        run.add_to_log(row | scores | changes | {key: round(value, 3) for key, value in spent.items()})
        learner.worker.log({"loss": learner.losses[-1]}, step=epoch)
        log.info("epoch %d/%d: loss %.4f", epoch, plan.config.epochs, learner.losses[-1])
    if last or epoch % plan.config.save_every == 0:
        save(run, learner)
    learner.worker.wait_for_everyone()


def refresh_labels(plan: Plan, run: Run, learner: Learner) -> dict[str, Any]:
    """Let the recipe look and change labels; gives what the log says of it."""
    start = time.process_time()
    labels = run.staged(learner.saved)
    asking = Asking(pad=plan.config.data.pad)
    ask = quick_answers(learner.answering, plan.task, asking, plan.config.precision)
    moment = Moment(learner.losses, plan.splits.train, ask, labels)
    plan.recipe.refresh(moment)
    if not labels.changed:
        return moment.notes
    noted = note_update(run.updates, moment.epoch, moment.samples, labels)
    spent = round(time.process_time() - start, 3)
    return moment.notes | {"labels": noted, "refresh_cpu_seconds": spent}


def save(run: Run, learner: Learner) -> None:
    """Write the state, then move the labels that belong to it into their folder."""
    if learner.worker.is_main_process:
        write_state(run.state, learner.state())
        run.staged(learner.saved).settle()
    learner.saved = len(learner.losses)
