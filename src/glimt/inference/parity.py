"""How far an exported graph's answers are off those of the network that it was made from."""

import numpy as np
import torch

from glimt.core.types import Sample
from glimt.inference.model import Model
from glimt.inference.onnx_model import OnnxModel, step, whole
from glimt.inference.padding import pad_frame
from glimt.networks.padding import cut


def difference(model: Model, opened: OnnxModel, size: tuple[int, int], seed: int) -> float:
    """How far the file's answer about random frames is off that of the network as it was trained."""
    rng = np.random.default_rng(seed)
    frames = rng.random((sum(model.task.span) + 1, *size), dtype=np.float32)
    seen = [{"frame": frame[None, None]} for frame in frames]
    if opened.notes["graph"] == "stream":
        step(opened, [seen[0], seen[0], seen[1]])
        answer = step(opened, seen)
    else:
        answer = whole(opened, seen)
    return float(np.abs(answer - in_torch(model, frames)).max())


@torch.inference_mode()
def in_torch(model: Model, frames: np.ndarray) -> np.ndarray:
    """What the network answers about the frames of a span."""
    past = model.task.span[0]
    around = (*frames[:past], *frames[past + 1 :])
    inputs = model.task.inputs(Sample("", frames[past], np.zeros((0, 2)), frames=around))
    padded = pad_frame(inputs, model.pad)[None]
    place = next(model.network.parameters()).device
    return cut(model.network(padded.to(place))[0], inputs, padded).cpu().numpy()
