"""A second look at the prompt for any network: it joins the penultimate features (DPE of EDGSP, paper 004, Eq. 2-3).

A network does not know of it. What its head is shown besides the features is a context variable, so that nothing stays
behind after a call and two threads may ask one network at once.
"""

from contextvars import ContextVar
from copy import deepcopy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from glimt.core.errors import OptionError
from glimt.networks.maps import Maps
from glimt.networks.padding import any_size

MULTIPLE = 32  # what a network pads its input to divides it, so that features are a whole number of times smaller

shown: ContextVar[Tensor] = ContextVar("shown")  # the prompt of the frames that are being answered, (B, 1, H, W)


class Prompted(nn.Module):
    """`network` with a head that also sees the prompt, which is the last channel of the input; side maps do not.

    The network's parameters are taken over, but for the head's. Raises OptionError where it has no head to replace.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        network.head = PromptedHead(head_of(network))
        self.network = network

    @property
    def head(self) -> nn.Module:
        """The last convolution, as every network shows it."""
        return self.network.get_submodule("head")

    @property
    def sides(self) -> nn.Module:
        """The convolutions of the side maps, as every network shows them."""
        return self.network.get_submodule("sides")

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, MULTIPLE)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 32."""
        before = shown.set(x[:, -1:])
        try:
            return self.network(x)
        finally:
            shown.reset(before)


class PromptedHead(nn.Module):
    """A new convolution like `conv`, of one channel more, for the features and the prompt at their size."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        self.conv = deepcopy(conv)
        self.conv.in_channels += 1
        shape = conv.out_channels, self.conv.in_channels, *conv.kernel_size
        self.conv.weight = nn.Parameter(conv.weight.new_empty(shape))
        self.conv.reset_parameters()

    def forward(self, features: Tensor) -> Tensor:
        # the largest value in each cell: a mean would lose a target where the features are small
        prompt = F.adaptive_max_pool2d(shown.get(), (features.shape[-2], features.shape[-1]))
        return self.conv(torch.cat([features, prompt.to(features.dtype)], dim=1))


def head_of(network: nn.Module) -> nn.Conv2d:
    """The last convolution of a network. Raises OptionError where it does not say which that is."""
    head = getattr(network, "head", None)
    if not isinstance(head, nn.Conv2d):
        got = "it has no `head`" if head is None else f"its `head` is a {type(head).__name__}"
        raise OptionError(
            f"{type(network).__name__} cannot be prompted twice: {got}, not the nn.Conv2d that makes its main map; "
            "give it one, or set task.second=false"
        )
    return head
