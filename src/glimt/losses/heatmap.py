"""The loss of a heatmap of target centres (CornerNet, Law and Deng, ECCV 2018, Eq. 1; CenterNet; paper 001, Eq. 17).

It is asked by the task that draws the heatmap, so it takes maps alone and is no loss of the catalog.
"""

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

A = 2  # how little an easy cell counts
B = 4  # how little a cell near a centre counts


def heatmap_loss(logits: Float[Tensor, "b h w"], target: Float[Tensor, "b h w"]) -> Float[Tensor, ""]:
    """Focal loss whose cost of a false alarm falls near a centre, over the number of centres, at least one.

    A centre is a cell whose target is 1 exactly: -(1 - p)^2 log p. Elsewhere -(1 - t)^4 p^2 log(1 - p).
    """
    log_p, log_rest = F.logsigmoid(logits), F.logsigmoid(-logits)
    centre = target == 1
    found = (A * log_rest).exp() * log_p
    spared = (1 - target) ** B * (A * log_p).exp() * log_rest
    return -found.where(centre, spared).sum() / centre.sum().clamp(min=1)
