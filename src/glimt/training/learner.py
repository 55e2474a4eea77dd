"""What changes while a network learns: its weights, their average, the optimizer, and the losses so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs
from accelerate.state import AcceleratorState
from accelerate.tracking import get_available_trackers
from accelerate.utils import DataLoaderConfiguration, LoggerType
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from glimt.core.catalog import build, hint
from glimt.core.errors import OptionError, TrainingError
from glimt.inference.device import choose_device
from glimt.training import OPTIMIZERS
from glimt.training.config import TrainConfig
from glimt.training.run import Run


@dataclass
class Learner:
    """The only part of a training that is not a value."""

    worker: Accelerator
    network: nn.Module  # as accelerate wraps it
    optimizer: Optimizer
    average: AveragedModel | None
    rates: list[float]  # learning rate of each parameter group before any schedule
    losses: list[float] = field(default_factory=list)  # mean of every epoch so far
    best: dict[str, float] = field(default_factory=dict)  # best value of each checkpoint kept by name
    saved: int = 0  # epochs that were over when the state was last written

    @property
    def learning(self) -> nn.Module:
        """The network that is trained, as it was before it was wrapped."""
        return self.worker.unwrap_model(self.network)

    @property
    def answering(self) -> nn.Module:
        """The network that is asked: the average where there is one."""
        return self.learning if self.average is None else self.average.module

    def weights(self) -> dict[str, Tensor]:
        """What a checkpoint holds."""
        return self.answering.state_dict()

    def state(self) -> dict[str, Any]:
        """All that is needed to go on as if never stopped; random numbers follow from the seed and the epoch."""
        state = {
            "network": self.learning.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "losses": self.losses,
            "best": self.best,
        }
        if self.average is not None:
            state["average"] = self.average.state_dict()
        if self.worker.scaler is not None:
            state["scaler"] = self.worker.scaler.state_dict()
        return state

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a state."""
        self.learning.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.losses[:], self.best = state["losses"], state["best"]
        self.saved = len(self.losses)
        if self.average is not None:
            self.average.load_state_dict(state["average"])
        if self.worker.scaler is not None:
            self.worker.scaler.load_state_dict(state["scaler"])

    def forget(self, weights: Mapping[str, Tensor]) -> None:
        """Begin anew from `weights`: nothing learnt is left, nor what the optimizer knows, nor the best so far."""
        self.learning.load_state_dict(weights)
        self.optimizer.state.clear()
        self.best.clear()
        if self.average is not None:
            self.average.module.load_state_dict(weights)
            self.average.n_averaged.zero_()  # type: ignore[operator]

    def set_rate(self, share: float) -> None:
        """Set the learning rates to a share of what they began with."""
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * share


def make_learner(network: nn.Module, config: TrainConfig, worker: Accelerator) -> Learner:
    """The network and its optimizer, where `worker` puts them."""
    if config.bn_momentum is not None:
        set_momentum(network, config.bn_momentum)
    if config.channels_last:
        network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = build(OPTIMIZERS, config.optimizer.name, config.optimizer.options, "optimizer")(network.parameters())
    rates = [group["lr"] for group in optimizer.param_groups]
    wrapped, optimizer = worker.prepare(network, optimizer)
    average = None
    if config.ema is not None:
        update = get_ema_multi_avg_fn(config.ema)
        average = AveragedModel(worker.unwrap_model(wrapped), multi_avg_fn=update, use_buffers=True)
    return Learner(worker, wrapped, optimizer, average, rates)


def make_worker(config: TrainConfig, run: Run) -> Accelerator:
    """The device, precision, ranks and trackers. Raises TrainingError where the device is absent."""
    cpu = choose_device(config.device).type == "cpu"
    if config.precision == "fp16" and cpu:
        raise TrainingError("precision=fp16 needs a GPU; on a CPU use bf16 or no")
    if config.tracker is not None:
        check_tracker(config.tracker)
    AcceleratorState._reset_state(reset_partial_state=True)  # it outlives a training, and refuses another precision
    worker = Accelerator(
        mixed_precision=config.precision,
        cpu=cpu,
        gradient_accumulation_steps=config.accumulate,
        log_with=config.tracker,
        project_dir=run.root,
        dataloader_config=DataLoaderConfiguration(split_batches=True),
        kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)],
    )
    if config.batch % worker.num_processes:
        raise TrainingError(f"batch={config.batch} cannot be shared by {worker.num_processes} ranks; take a multiple")
    if config.tracker is not None:
        worker.init_trackers(run.root.name)
    return worker


def check_tracker(name: str) -> None:
    """Raise TrainingError for a tracker that accelerate does not know, or that is not installed."""
    known, installed = ([str(one.value) for one in some] for some in (LoggerType, get_available_trackers()))
    if name not in known:
        raise OptionError(f"no tracker {name!r}{hint(name, known)}; known: {', '.join(known)}")
    if name not in installed:
        raise OptionError(f"tracker {name!r} is not installed here (pip install {name}); log.jsonl is always written")


def set_momentum(network: nn.Module, momentum: float) -> None:
    """Set how fast every batch normalisation follows its batches."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = momentum
