"""Optimizers, by name, with the options that the papers set."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch.nn import Parameter
from torch.optim import Optimizer


@dataclass(frozen=True)
class Adam:
    """Adam (BasicIRSTD, LESPS: 5e-4)."""

    lr: float = 5e-4
    weight_decay: float = 0.0

    def __call__(self, parameters: Iterable[Parameter]) -> Optimizer:
        return torch.optim.Adam(parameters, self.lr, weight_decay=self.weight_decay)


@dataclass(frozen=True)
class AdamW:
    """Adam with decoupled weight decay (PAL, RPR-Net: 1e-3)."""

    lr: float = 1e-3
    weight_decay: float = 1e-4

    def __call__(self, parameters: Iterable[Parameter]) -> Optimizer:
        return torch.optim.AdamW(parameters, self.lr, weight_decay=self.weight_decay)


@dataclass(frozen=True)
class Adagrad:
    """Adagrad (ACM, DNA-Net, MSHNet: 0.05)."""

    lr: float = 0.05
    weight_decay: float = 0.0

    def __call__(self, parameters: Iterable[Parameter]) -> Optimizer:
        return torch.optim.Adagrad(parameters, self.lr, weight_decay=self.weight_decay)


@dataclass(frozen=True)
class Sgd:
    """Stochastic gradient descent with momentum (AGPCNet: 0.05)."""

    lr: float = 0.05
    momentum: float = 0.9
    weight_decay: float = 1e-4

    def __call__(self, parameters: Iterable[Parameter]) -> Optimizer:
        return torch.optim.SGD(parameters, self.lr, self.momentum, weight_decay=self.weight_decay)
