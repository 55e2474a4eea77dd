"""Target driven adaptive (TDA) loss (paper 000, section 3): each target is learnt by itself, the hard ones more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from jaxtyping import Float
from scipy.special import expit
from torch import Tensor

from glimt.losses.patches import Patches, find_patches

EPS = 1e-12  # resized pixels; keeps the logarithm finite where a target is missed altogether


@dataclass(frozen=True)
class Tda:
    """-(1 - I^p) log I of each target (Eq. 2), the mean over the targets of an image (Eq. 1), then over such images.

    I is the soft IoU of a target's patch (Eq. 3): its box, grown by a random whole number of pixels in `dilation` and
    ending at the frame, resized to `size` x `size`. p = 1 + sigmoid(-area / `mean_area`) + sigmoid(-contrast /
    `mean_contrast`) (Eq. 4), the means being those of the training set: px, and grey values of frames in [0, 1]. A
    given `exponent` takes the place of p, and of the means. A target is a blob of label above 0.5, but its patch keeps
    the soft label. Without targets the loss is 0. Margins are drawn from torch's global generator.
    """

    mean_area: float | None = None
    mean_contrast: float | None = None
    exponent: float | None = None
    dilation: Sequence[int] = (2, 5)
    size: int = 48
    needs_frame: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if len(self.dilation) != 2 or not 0 <= self.dilation[0] <= self.dilation[1]:
            raise ValueError(f"dilation must be two numbers from 0 on, the least first, got {self.dilation}")
        if self.size < 1:
            raise ValueError(f"size must be at least 1, got {self.size}")
        if self.exponent is not None:
            if self.exponent <= 0:
                raise ValueError(f"exponent must be positive, or null to adapt, got {self.exponent}")
        elif not self.mean_area or self.mean_area < 0 or not self.mean_contrast:
            found = f"{self.mean_area} and {self.mean_contrast}"
            raise ValueError(f"mean_area must be positive and mean_contrast not zero, or exponent given, got {found}")

    def __call__(
        self, logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b 2 h w"], progress: float = 1.0
    ) -> Float[Tensor, ""]:
        labels, frames = target.detach().cpu().numpy().swapaxes(0, 1)
        patches = find_patches(labels, frames, self.size, self._margins)
        if patches is None:
            return logits[:0].sum()
        iou = soft_ious(logits, patches)
        exponents, weights = (torch.from_numpy(one).to(iou) for one in (self._exponents(patches), weigh(patches)))
        return -(weights * (1 - iou**exponents) * iou.log()).sum()

    def _margins(self, count: int) -> list[int]:
        low, high = self.dilation
        return torch.randint(low, high + 1, (count,)).tolist()

    def _exponents(self, patches: Patches) -> Float[np.ndarray, " n"]:
        """p_t of Eq. 4, larger for a small or a faint target."""
        if self.exponent is not None:
            return np.full(len(patches.areas), float(self.exponent))
        assert self.mean_area is not None
        assert self.mean_contrast is not None
        return 1 + expit(-patches.areas / self.mean_area) + expit(-patches.contrasts / self.mean_contrast)


def soft_ious(logits: Float[Tensor, "b 1 h w"], patches: Patches) -> Float[Tensor, " n"]:
    """The IoU of probabilities and label in each resized patch."""
    values = logits[:, 0].to(torch.promote_types(logits.dtype, torch.float32)).sigmoid().flatten()
    pixels, owners = (torch.from_numpy(one).to(values.device) for one in (patches.pixels, patches.owners))
    shares, true = (torch.from_numpy(one).to(values) for one in (patches.shares, patches.masses))
    found, both = values.new_zeros(2, len(true)).index_add(1, owners, values[pixels] * shares)
    return (both + EPS) / (found + true - both + EPS)


def weigh(patches: Patches) -> Float[np.ndarray, " n"]:
    """What each target counts: the same within its image, and all images with targets the same."""
    counts = np.bincount(patches.images)
    return 1 / (counts[patches.images] * np.count_nonzero(counts))
