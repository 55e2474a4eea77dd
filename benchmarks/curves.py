"""Draw how trainings got better, by epoch and by minute: `python benchmarks/curves.py OUT.png NAME...`.

NAME is that of a result, `results/train_NAME.json`. IoU is of the test split, which chose nothing here.
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

RESULTS = Path(__file__).parent / "results"
SCORES = (("iou", "IoU, %"), ("pd", "Pd, %"))
TIMES = (("epoch", "epochs"), ("cpu_minutes", "minutes of one processor"))


def main() -> None:
    """Read the results, draw, write."""
    out, names = Path(sys.argv[1]), sys.argv[2:]
    figure, axes = plt.subplots(2, 2, figsize=(9, 6), sharey="row", layout="constrained")
    for name in names:
        result = json.loads((RESULTS / f"train_{name}.json").read_text(encoding="utf-8"))
        scored = [row for row in result["curve"] if "test" in row]
        for i, (score, _) in enumerate(SCORES):
            for j, (time, _) in enumerate(TIMES):
                values = [100 * row["test"][score] for row in scored]
                axes[i, j].plot([row[time] for row in scored], values, label=f"{name} ({result['prior']})")
    for i, (_, title) in enumerate(SCORES):
        axes[i, 0].set_ylabel(title)
        for j, (_, unit) in enumerate(TIMES):
            axes[i, j].set_xlabel(unit)
            axes[i, j].grid(alpha=0.3)
    axes[0, 0].legend(frameon=False)
    figure.savefig(out, dpi=110)


if __name__ == "__main__":
    main()
