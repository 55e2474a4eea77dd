"""A trained network taken apart for `follow`: what it does once for each frame, and what for each moment."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from glimt.core.errors import OptionError
from glimt.core.targets import label
from glimt.core.types import Image, Sample
from glimt.inference.detections import detections, located
from glimt.inference.follow import Found, Seer
from glimt.inference.model import Model
from glimt.inference.padding import pad_frame
from glimt.networks.padding import cut


def seer_of(model: Model, pad: str | None = None) -> Seer:
    """A model for sequences. One whose network keeps frames apart (RPR-Net) looks at each once; others at the span."""
    if model.task.needs_points:
        raise OptionError(f"{model.name} must be told where targets are, which nobody can in a stream; give frames")
    network, how = model.network.eval(), pad or model.pad
    apart, fuse = getattr(network, "features", None), getattr(network, "fuse", together(network))
    device = next(network.parameters()).device

    @torch.inference_mode()
    def look(image: Image) -> Tensor:
        inputs = model.task.inputs(Sample("", image, np.zeros((0, 2))))
        shown = inputs[:1] if any(model.task.span) else inputs
        padded = pad_frame(shown, how)[None].to(device)
        return padded if apart is None else apart(padded)

    @torch.inference_mode()
    def find(seen: Sequence[Tensor], image: Image, id: str) -> Found:
        sample = Sample(id, image, np.zeros((0, 2)))
        still = torch.empty(image.shape)
        maps = tuple(cut(one, still, pad_frame(still, how)).cpu() for one in fuse(*seen))
        if model.task.find is not None:
            places = model.task.find(maps, sample, model.threshold)
            return Found(located(id, places, image), places.instances)
        score = model.task.finish(model.task.decode(maps, sample), sample)
        return Found(detections(id, score, image, model.threshold), label(score > model.threshold)[0])

    return Seer(look, find, model.task.span)


def together(network: torch.nn.Module) -> Callable[..., tuple[Tensor, ...]]:
    """A network that is shown the frames of a span as channels, asked with each of them apart."""
    return lambda *seen: network(torch.cat(seen, dim=1))
