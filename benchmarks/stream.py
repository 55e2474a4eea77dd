"""What a frame of a stream costs with RPR-Net, beside three frames at once: torch and ONNX Runtime, in one run.

    python benchmarks/stream.py [SIDE ...]     256 and 512 when left out; about two minutes

Parameters and multiply-adds stand beside paper 001, Table VII. Its latencies are a GPU's, these one CPU thread's.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import sys
from typing import Any

import onnxruntime
import torch
from record import write_result
from torch.utils.flop_counter import FlopCounterMode

from glimt.cli.bench_stream import measured, model_for
from glimt.inference.model import Model

SIDES = (256, 512)
REPEATS = 40
COUNTED = 512  # px; the size that the paper counts at
PUBLISHED = {"parameters": 1_550_000, "gmac": 13.28, "latency": "of a GPU, not comparable"}  # Table VII


def main() -> None:
    """Measure, print, write the result."""
    sides = [int(word) for word in sys.argv[1:]] or SIDES
    model, card = model_for("rprnet", None)
    rows = [measured(model, card, side, threads=1, repeats=REPEATS) for side in sides]
    for row in rows:
        for by in ("torch", "onnxruntime"):
            told = "  ".join(f"{key} {value:.3f}" for key, value in row[by].items())
            sys.stdout.write(f"{row['size']:5} {by:12} {told}\n")
    versions = {"torch": torch.__version__, "onnxruntime": onnxruntime.__version__}
    result = {"network": "rprnet", "counted": counted(model), "published": PUBLISHED, "versions": versions}
    sys.stdout.write(f"{write_result('stream', result | {'rows': rows})}\n")


def counted(model: Model) -> dict[str, Any]:
    """Parameters, and multiply-adds of three frames at once and of one step of a stream."""
    network = model.network
    with torch.inference_mode(), FlopCounterMode(display=False) as whole:
        network(torch.zeros(1, 3, COUNTED, COUNTED))
    with torch.inference_mode():
        seen = network.features(torch.zeros(1, 1, COUNTED, COUNTED))
        with FlopCounterMode(display=False) as step:
            network.fuse(seen, seen, network.features(torch.zeros(1, 1, COUNTED, COUNTED)))
    return {
        "frame": COUNTED,
        "parameters": sum(one.numel() for one in network.parameters()),
        "gmac": round(whole.get_total_flops() / 2e9, 3),
        "gmac of a step": round(step.get_total_flops() / 2e9, 3),
    }


if __name__ == "__main__":
    main()
