"""Start with few positives: the output biases set so that an untrained network believes almost nowhere in a target.

With biases of zero half of all pixels begin as target, and the first minutes go into unlearning that.
"""

import math
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

SHARE = 0.01  # of positives at the start (the focal loss' paper takes the same)


@torch.no_grad()
def set_prior(network: nn.Module, batch: Tensor, share: float = SHARE) -> None:
    """Shift the biases of the side maps' convolutions and of the head; the head's by what `batch` shows it to answer.

    A head that fuses side maps (MSHNet, UIU-Net) sees maps that are shifted already, so its own answer is measured.
    """
    logit = math.log(share / (1 - share))
    for bias in biases(network.get_submodule("sides").children()):
        bias.fill_(logit)
    means: list[Tensor] = []

    def note(_: nn.Module, __: object, answer: Tensor) -> None:
        means.append(answer.mean(dim=(0, 2, 3)))

    hook = network.get_submodule("head").register_forward_hook(note)
    modes = {module: module.training for module in network.modules()}
    network.eval()(batch)
    hook.remove()
    for module, mode in modes.items():
        module.training = mode
    for bias in biases([network.get_submodule("head")]):
        bias.add_(logit - means[0])


def biases(modules: Iterable[nn.Module]) -> Iterator[Tensor]:
    """The bias of each module's last convolution, where it has one."""
    for module in modules:
        convs = [one for one in module.modules() if isinstance(one, nn.Conv2d)]
        if convs and convs[-1].bias is not None:
            yield convs[-1].bias
