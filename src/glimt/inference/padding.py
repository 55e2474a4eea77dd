"""A frame made as large as a network wants it.

What stands beyond the edge is part of a published number: on SIRST it alone finds or loses two targets of ACM.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

MULTIPLE = 32
PADDINGS = ("lesps", "minimal", "reflect")


def pad_frame(x: Float[Tensor, "*b h w"], how: str = "minimal") -> Float[Tensor, "*b H W"]:
    """A normalised frame, filled below and to the right until its sides are multiples of 32.

    `minimal` fills with zeros, the mean of a normalised frame, and only where needed; `reflect` with the mirrored
    frame; `lesps` with zeros and always, as LESPS does: a side of 256 becomes 288.
    """
    if how not in PADDINGS:
        raise ValueError(f"pad must be one of {', '.join(PADDINGS)}, got {how!r}")
    height, width = (filled(size, always=how == "lesps") for size in x.shape[-2:])
    if how == "reflect":
        return x[..., mirrored(x.shape[-2], height)[:, None], mirrored(x.shape[-1], width)]
    return F.pad(x, (0, width - x.shape[-1], 0, height - x.shape[-2]))


def filled(size: int, always: bool) -> int:
    """The next multiple: beyond `size` if `always`, else not below it."""
    return (size // MULTIPLE + 1) * MULTIPLE if always else -(-size // MULTIPLE) * MULTIPLE


def mirrored(size: int, whole: int) -> Int[Tensor, " whole"]:
    """Which of `size` pixels stands at each of `whole` places, going to and fro, the last one not repeated."""
    period = max(2 * (size - 1), 1)
    place = torch.arange(whole) % period
    return torch.minimum(place, period - place)
