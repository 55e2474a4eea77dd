"""A network whose answer is known by hand: a pixel is a target where it is brighter than 0.375."""

from pathlib import Path

import torch
from plain_network import Plain

from glimt.inference.checkpoint import Card, write_checkpoint

LEVEL = 0.375


def bright(gain: float = 1000.0) -> Plain:
    """Logits of `gain` times the grey level over 0.375."""
    network = Plain()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        network.body.weight[0, 0, 1, 1] = 1
        network.head.weight[0, 0] = gain
        network.head.bias[0] = -gain * LEVEL
    return network


def write_bright(file: Path) -> Path:
    """The network as a checkpoint."""
    write_checkpoint(file, Card("plain_network:Plain"), bright().state_dict())
    return file
