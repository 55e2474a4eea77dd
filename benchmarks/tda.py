"""What the TDA loss costs beside a training step: `python benchmarks/tda.py`, about a minute on one thread.

Batches of 4 frames of 256x256 with 1 to 64 targets each. Beside it the plain form, which cuts out and resizes one patch
after another with torch. Milliseconds of processor time, the best of several.
"""

import time
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from record import write_result
from scipy import ndimage

from glimt.core.catalog import build
from glimt.losses.patches import find_patches
from glimt.losses.sls import Sls
from glimt.losses.tda import Tda
from glimt.networks import NETWORKS

TARGETS = (0, 1, 5, 20, 64)  # a frame
NETWORKS_TIMED = {"acm": 7, "mshnet": 3}  # steps timed
ROUNDS = 15
LOSS = Tda(mean_area=30.0, mean_contrast=0.3)


def main() -> None:
    """Measure the loss, then the steps, and write both."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    losses = {count: cost(count) for count in TARGETS}
    steps = {name: round(best(step(name), rounds), 1) for name, rounds in NETWORKS_TIMED.items()}
    shares = {
        name: {count: round(row["loss"] / whole, 4) for count, row in losses.items()} for name, whole in steps.items()
    }
    write_result("tda", {"batch": 4, "side": 256, "loss_ms": losses, "step_ms": steps, "share_of_step": shares})


def cost(count: int) -> dict[str, float]:
    """Value and gradient in both forms, and what of it is spent before any gradient."""
    logits, target = batch(count)
    known = target.numpy()
    row = {
        "loss": best(lambda: learn(LOSS, logits, target)),
        "of_it_finding_patches": best(lambda: find_patches(known[:, 0], known[:, 1], 48, lambda n: [3] * n)),
        "plain_form": best(lambda: learn(plain, logits, target), 5),
    }
    return {name: round(value, 2) for name, value in row.items()}


def batch(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random answers, and disks of 1.5 to 4 pixels radius on a grid of 8x8 cells."""
    rng = np.random.default_rng(count)
    rows, cols = np.indices((256, 256))
    labels = np.zeros((4, 256, 256), dtype=np.float32)
    for image in labels:
        for cell in rng.permutation(64)[:count]:
            row, col = (np.array(divmod(cell, 8)) + 0.5) * 32 + rng.uniform(-8, 8, 2)
            image[np.hypot(rows - row, cols - col) <= rng.uniform(1.5, 4)] = 1
    frames = rng.random((4, 256, 256), dtype=np.float32)
    return torch.randn(4, 1, 256, 256), torch.from_numpy(np.stack([labels, frames], axis=1))


def plain(logits: torch.Tensor, target: torch.Tensor, progress: float) -> torch.Tensor:
    """The same loss as the paper tells it, one target after another."""
    images = []
    for z, soft, frame in zip(logits[:, 0].sigmoid(), target[:, 0], target[:, 1], strict=True):
        instances, _ = ndimage.label(soft.numpy() > 0.5, structure=np.ones((3, 3)))
        boxes = ndimage.find_objects(instances)
        grown = [tuple(slice(max(0, s.start - 3), s.stop + 3) for s in box) for box in boxes]
        own = [plain_patch(z[box], soft[box], frame[box], instances[box], i) for i, box in enumerate(grown, start=1)]
        images += [torch.stack(own).mean()] if own else []
    return torch.stack(images).mean() if images else logits.sum() * 0


def plain_patch(p: torch.Tensor, soft: torch.Tensor, frame: torch.Tensor, owners: np.ndarray, i: int) -> torch.Tensor:
    """Eq. 2 to 4 for one target."""
    patch = torch.stack([p, soft])[None]
    found, true = F.interpolate(patch, (48, 48), mode="bilinear", align_corners=False)[0]
    both = (found * true).sum()
    iou = both / (found.sum() + true.sum() - both)
    mine, background = torch.from_numpy(owners == i), torch.from_numpy(owners == 0)
    contrast = frame[mine].mean() - frame[background].mean()
    exponent = 1 + torch.sigmoid(-mine.sum() / LOSS.mean_area) + torch.sigmoid(-contrast / LOSS.mean_contrast)
    return -(1 - iou**exponent) * iou.log()


def learn(loss: Callable, logits: torch.Tensor, target: torch.Tensor) -> None:
    """One value and its gradient."""
    loss(logits.requires_grad_(), target, 1.0).backward()


def step(name: str) -> Callable[[], None]:
    """A training step of a network under SLS on all of its maps."""
    network = build(NETWORKS, name, {}, "network").train()
    optimizer = torch.optim.Adagrad(network.parameters())
    frames, target = torch.rand(4, 1, 256, 256), batch(5)[1]

    def run() -> None:
        optimizer.zero_grad()
        maps = network(frames)
        losses = [Sls()(one, F.adaptive_max_pool2d(target[:, :1], one.shape[-2:]), 1.0) for one in maps]
        torch.stack(losses).mean().backward()
        optimizer.step()

    return run


def best(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds of processor time of the quickest run."""
    times = []
    for _ in range(rounds + 1):
        begun = time.process_time()
        run()
        times.append(time.process_time() - begun)
    return 1000 * min(times[1:])


if __name__ == "__main__":
    main()
