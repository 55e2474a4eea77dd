"""What a network costs: parameters and multiply-adds beside the published ones, and, if asked, times in one run.

    python benchmarks/networks.py [NAME ...]            count; seconds, no arithmetic is done
    python benchmarks/networks.py [NAME ...] --time     also a training step and the prediction of one frame
    python benchmarks/networks.py --time --compile=acm,tiny  these also with torch.compile, which takes minutes

A multiply-add is one multiplication and one addition in a convolution, a linear layer or a product of matrices. What
papers print is matched to three digits (ACM, ALCNet) by another count: a transposed convolution of stride 2 counts four
times, a normalised value as four multiply-adds, a product of matrices not at all. Both are given; a paper is compared
with the second. Times are processor time of one thread, the best of several.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from record import write_result
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from glimt.core.catalog import build
from glimt.inference.fuse import fold
from glimt.networks import NETWORKS

SIZE = 256
BATCH = 4
REPEATS = 5
ENOUGH = 20.0  # seconds after which a slow call is not repeated


@dataclass(frozen=True)
class Published:
    """What the authors' network counts at 256, how many channels it is shown, and who counted the multiply-adds."""

    parameters: int
    gmac: float
    channels: int = 1
    printed: bool = True  # by a paper; else plain multiply-adds, counted by running the authors' network


OF_MOMENTS = ("dtum", "rprnet")  # shown several frames at once: `benchmarks/stream.py` counts and times these

PUBLISHED = {  # what is printed: Table 2 of EDGSP (paper 004)
    "acm": Published(397_823, 0.402),
    "alcnet_lesps": Published(519_889, 0.378),
    "dnanet": Published(4_696_568, 14.26),
    "mshnet": Published(4_065_513, 6.00, channels=3, printed=False),
    "sctransnet": Published(11_325_939, 10.12),
    "uiunet": Published(50_540_309, 54.43),
    "unet": Published(34_525_889, 65.3, printed=False),
}


def main() -> None:
    """Measure, print, write the result."""
    asked = [word for word in sys.argv[1:] if not word.startswith("--")]
    names = asked or [name for name in sorted(NETWORKS) if name not in OF_MOMENTS]
    compiled = next((word.partition("=")[2].split(",") for word in sys.argv if word.startswith("--compile=")), [])
    timed = "--time" in sys.argv
    rows = {name: counted(name) | (times(name, name in compiled) if timed else {}) for name in names}
    for name, row in rows.items():
        sys.stdout.write(f"{name:14}" + "  ".join(f"{key} {value}" for key, value in row.items()) + "\n")
    threads = {"threads": torch.get_num_threads(), "batch of a step": BATCH} if timed else {}
    result = {"frame": SIZE, "torch": torch.__version__, **threads, "networks": rows}
    sys.stdout.write(f"{write_result('network_times' if timed else 'networks', result)}\n")


def counted(name: str) -> dict[str, Any]:
    """Parameters and multiply-adds, with as many input channels as the published network; nothing is computed."""
    published = PUBLISHED.get(name)
    channels = published.channels if published else 1
    with torch.device("meta"):
        network = build(NETWORKS, name, {"in_channels": channels}, "network").eval()
        frame = torch.empty(1, channels, SIZE, SIZE)
    printed = as_printed(network)
    with FlopCounterMode(display=False) as counter:
        network(frame)
    row = {
        "channels": channels,
        "parameters": sum(one.numel() for one in network.parameters()),
        "gmac": round(counter.get_total_flops() / 2e9, 3),
        "gmac as printed": round(sum(printed) / 1e9, 3),
    }
    return row | (against(published, row) if published else {})


def as_printed(network: nn.Module) -> list[float]:
    """A list that fills, as the network runs, with what papers count for each of its layers."""
    counts: list[float] = []

    def count(layer: nn.Module, _: Any, answer: Tensor) -> None:
        each = 4.0  # of a normalisation
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            each = layer.in_channels // layer.groups * layer.kernel_size[0] * layer.kernel_size[1]
        elif isinstance(layer, nn.Linear):
            each = layer.in_features
        counts.append(each * answer.numel())

    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear | nn.BatchNorm2d):
            layer.register_forward_hook(count)
    return counts


def against(published: Published, row: Mapping[str, Any]) -> dict[str, Any]:
    """The published counts, and how much larger ours are in percent."""
    return {
        "published parameters": published.parameters,
        "published gmac": published.gmac,
        "parameters %": round(100 * (row["parameters"] / published.parameters - 1), 2),
        "gmac %": round(100 * (row["gmac as printed" if published.printed else "gmac"] / published.gmac - 1), 2),
    }


def times(name: str, compiled: bool) -> dict[str, float]:
    """Milliseconds of a training step and of one prediction, as written and in other forms."""
    torch.manual_seed(0)
    network = build(NETWORKS, name, {}, "network")
    frame, batch = torch.randn(1, 1, SIZE, SIZE), torch.randn(BATCH, 1, SIZE, SIZE)
    last = torch.channels_last
    row = {"step": best_of(step(network, batch)), "step last": best_of(step(network.to(memory_format=last), batch))}
    row["step last bf16"] = best_of(step(network, batch, half=True))
    network = network.to(memory_format=torch.contiguous_format).eval()
    forms: dict[str, Any] = {"plain": network, "folded": fold(network)}
    if compiled:
        forms["compiled"] = torch.compile(fold(network))
    row |= {form: best_of(prediction(one, frame)) for form, one in forms.items()}
    whole = {form: one.to(memory_format=last) for form, one in forms.items()}
    shown = frame.to(memory_format=last)
    return row | {f"{form} last": best_of(prediction(one, shown)) for form, one in whole.items()}


def step(network: nn.Module, batch: Tensor, half: bool = False) -> Callable[[], None]:
    """Forward, backward and the optimizer, `half` in bfloat16; the loss is next to nothing beside the network."""
    network.train()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-9)
    shown = batch.to(memory_format=memory_of(network))

    def run() -> None:
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            maps = network(shown)
        sum(one.float().square().mean() for one in maps).backward()
        optimizer.step()

    return run


def memory_of(network: nn.Module) -> torch.memory_format:
    """How the weights lie, so that the frames lie alike."""
    weights = [one for one in network.parameters() if one.dim() == 4 and one.shape[1] > 1 and one.shape[2] > 1]
    last = any(one.is_contiguous(memory_format=torch.channels_last) for one in weights)
    return torch.channels_last if last else torch.contiguous_format


def prediction(network: nn.Module, frame: Tensor) -> Callable[[], None]:
    """One frame."""

    def run() -> None:
        with torch.inference_mode():
            network(frame)

    return run


def best_of(call: Callable[[], None]) -> float:
    """Milliseconds of the fastest of several calls, after one that warms up."""
    call()
    taken: list[float] = []
    while len(taken) < REPEATS and sum(taken) < ENOUGH:
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return round(1e3 * min(taken), 1)


if __name__ == "__main__":
    main()
