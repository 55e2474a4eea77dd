"""Ask a network about one sample."""

from dataclasses import dataclass

import torch
from torch import nn

from glimt.core.types import Sample, ScoreMap
from glimt.inference.padding import cut_back, pad_frame
from glimt.tasks.task import Task


@dataclass(frozen=True)
class Asking:
    """How a frame is shown to a network."""

    pad: str = "minimal"


@torch.inference_mode()
def predict(network: nn.Module, task: Task, sample: Sample, asking: Asking = Asking()) -> ScoreMap:
    """The score map of one sample."""
    was = network.training
    network.eval()
    device = next(network.parameters()).device
    inputs = pad_frame(task.inputs(sample), asking.pad)[None].to(device)
    maps = tuple(cut_back(one, *sample.image.shape).cpu() for one in network(inputs))
    network.train(was)
    return task.decode(maps, sample)
