"""What a moment of a sequence costs: its frames at once, or the new one alone, in one run so that both bear the same.

One thread is timed by the processor, which counts nothing of what else the machine does; several by the clock on the
wall.
"""

import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import torch
from torch import nn

from glimt.inference.graphs import called
from glimt.inference.onnx_model import OnnxModel, blank_features

Call: TypeAlias = Callable[[], object]

WARM = 3  # calls before any is counted
PERCENTILES = (50, 90, 99)
CLOCKS = {"processor": time.thread_time, "wall": time.perf_counter}


def torch_calls(network: nn.Module, frames: np.ndarray) -> dict[str, Call]:
    """A network in torch asked about frames (1, 3, H, W), and about the last of them where the others were seen."""
    shown = torch.from_numpy(frames)
    features, fuse = called(network, "features"), called(network, "fuse")
    with torch.inference_mode():
        past, present = (features(shown[:, i : i + 1]) for i in range(2))

    def triplet() -> object:
        with torch.inference_mode():
            return network(shown)

    def stream() -> object:
        with torch.inference_mode():
            return fuse(past, present, features(shown[:, 2:]))

    return {"triplet": triplet, "stream": stream}


def onnx_calls(whole: OnnxModel, step: OnnxModel, frames: np.ndarray) -> dict[str, Call]:
    """The same of two exported graphs."""
    new = np.ascontiguousarray(frames[:, 2:])
    blank = blank_features(step, new)
    held = {"frame": new, "past": blank, "present": blank}
    held["past"] = held["present"] = step.session.run(["features"], held)[0]
    return {
        "triplet": lambda: whole.session.run(None, {"frames": frames}),
        "stream": lambda: step.session.run(None, held),
    }


def interleaved(calls: Mapping[str, Call], repeats: int, threads: int = 1) -> dict[str, np.ndarray]:
    """Milliseconds of each call, `repeats` times in turn, after some that warm up."""
    clock = CLOCKS[clock_of(threads)]
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(WARM + repeats):
        for name, call in calls.items():
            start = clock()
            call()
            taken[name].append(1e3 * (clock() - start))
    return {name: np.array(each[WARM:]) for name, each in taken.items()}


def clock_of(threads: int) -> str:
    """What time is taken by: the processor's work of this thread, or all that goes by."""
    return "processor" if threads == 1 else "wall"


def summary(taken: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Medians, what the stream costs of the triplet, and what share of its steps was done in what time."""
    triplet, stream = (float(np.median(taken[name])) for name in ("triplet", "stream"))
    known = {"triplet_ms": triplet, "stream_ms": stream, "ratio": stream / triplet}
    tail = zip(PERCENTILES, np.percentile(taken["stream"], PERCENTILES).tolist(), strict=True)
    return known | {f"p{percent}_ms": value for percent, value in tail}
