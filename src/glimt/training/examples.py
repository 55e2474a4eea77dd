"""Training frames under their present labels, augmented, as batches.

What is random about an example comes from (seed, epoch, number of the frame) alone: any number of workers, and a run
that goes on, see the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from glimt.core.errors import DataError
from glimt.core.types import Sample, SoftMask
from glimt.tasks.task import Task
from glimt.training.frames import Frames

ORDER, EXAMPLE = 2, 3  # streams of random numbers beside that of the split, 1

Augment = Callable[[Sample, np.random.Generator], Sample]
Example = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Examples(Dataset[Example]):
    """Frames as (input, target) tensors of one epoch."""

    frames: Frames
    labels: Mapping[str, SoftMask]
    task: Task
    augment: Augment
    seed: int
    epoch: int = 0

    def __len__(self) -> int:
        return len(self.frames)

    def __getitem__(self, index: int) -> Example:
        sample = self.frames[index].with_label(self.labels[self.frames.records[index].id])
        sample = self.augment(sample, np.random.default_rng([self.seed, EXAMPLE, self.epoch, index]))
        return self.task.inputs(sample), self.task.target(sample)

    def pool(self) -> list[int]:
        """The frames that have a label now."""
        return [i for i, record in enumerate(self.frames.records) if record.id in self.labels]


def batches(examples: Examples, size: int, workers: int) -> DataLoader[Example]:
    """The labelled frames of one epoch, each once, in a new order."""
    order = np.random.default_rng([examples.seed, ORDER, examples.epoch]).permutation(examples.pool()).tolist()
    return DataLoader(examples, size, sampler=order, num_workers=workers, collate_fn=stack)


def stack(examples: Sequence[Example]) -> Example:
    """Examples as one batch. Raises DataError where their sizes differ."""
    sizes = {tuple(inputs.shape[-2:]) for inputs, _ in examples}
    if len(sizes) > 1:
        raise DataError(
            f"frames of one batch differ in size: {', '.join(f'{h} x {w}' for h, w in sorted(sizes)[:3])}; "
            "take an augmentation that crops (data.augment.name=glimt), or batch=1"
        )
    return torch.stack([inputs for inputs, _ in examples]), torch.stack([target for _, target in examples])
