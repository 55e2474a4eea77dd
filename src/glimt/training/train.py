"""Train from a config: open the run, build its parts, fit."""

from pathlib import Path

import torch

from glimt.training.config import TrainConfig
from glimt.training.fit import Watch, fit
from glimt.training.frames import open_splits
from glimt.training.learner import Learner, make_worker
from glimt.training.plan import SOME, check_config, make_plan, make_task
from glimt.training.run import Run


def train(config: TrainConfig, root: Path, overwrite: bool = False, watch: Watch = lambda step: None) -> Learner:
    """Train in the run folder `root`, or go on with what was stopped there. Under torchrun every rank calls this."""
    run = Run(root)
    check_config(config)
    splits = open_splits(config.data, config.seed, "best-test" in config.keep, make_task(config, SOME).span)
    worker = make_worker(config, run)
    torch.manual_seed(config.seed)  # the network's first weights
    with worker.main_process_first():
        if worker.is_main_process:
            run.open(config, overwrite)
        plan = make_plan(config, splits, run)
    return fit(plan, run, worker, watch)
