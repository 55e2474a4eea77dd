"""Multiply-adds of a network, exactly and as the field's tables count them."""

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


def exact(network, size=256):
    """Of convolutions, each product once: what torch itself counts."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network.eval()(torch.zeros(1, 1, size, size))
    return counter.get_total_flops() / 2


def as_published(network, size=256):
    """As the counter of BasicIRSTD's table does: four a value that is batch-normalised, and in a transposed
    convolution the whole kernel for each pixel that comes out, though only a part of it meets a pixel that went in."""
    counts = []

    def note(module, _, out):
        if isinstance(module, nn.BatchNorm2d):
            counts.append(4 * out.numel())
        else:
            counts.append(out.numel() * module.in_channels * module.kernel_size[0] * module.kernel_size[1])

    hooks = [
        module.register_forward_hook(note)
        for module in network.modules()
        if isinstance(module, nn.BatchNorm2d | nn.Conv2d | nn.ConvTranspose2d)
    ]
    with torch.no_grad():
        network.eval()(torch.zeros(1, 1, size, size))
    for hook in hooks:
        hook.remove()
    return sum(counts)
