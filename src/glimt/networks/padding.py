"""Any frame size for a network that halves its input several times."""

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor

from glimt.networks.maps import Maps


def any_size(maps: Callable[[Tensor], Maps], x: Tensor, multiple: int) -> Maps:
    """Ask `maps` about `x` padded with zeros, below and to the right, to a multiple; cut every map back.

    Zero is the mean of a normalised frame.
    """
    height, width = x.shape[-2:]
    below, right = -height % multiple, -width % multiple
    if not (below or right):
        return maps(x)
    whole = F.pad(x, (0, right, 0, below))
    return tuple(cut(one, x, whole) for one in maps(whole))


def cut(one: Tensor, x: Tensor, whole: Tensor) -> Tensor:
    """The part of a map that shows `x`; a map of a lower resolution keeps a pixel that shows any of it."""
    height, width = (
        -(-size * kept // padded)
        for size, kept, padded in zip(x.shape[-2:], one.shape[-2:], whole.shape[-2:], strict=True)
    )
    return one[..., :height, :width]
