"""Score published weights under several protocols: `python benchmarks/published.py SIRST WEIGHTS...`."""

import sys
from pathlib import Path

from record import write_result

from glimt.core.catalog import build
from glimt.data.dataset import open_dataset
from glimt.inference.evaluate import evaluate_model
from glimt.inference.model import load_model
from glimt.inference.predict import Asking
from glimt.metrics import PROFILES

WAYS = (  # profile, padding, averaged over eight views
    ("lesps-cvpr23", "lesps", False),
    ("lesps-cvpr23", "minimal", False),
    ("lesps-cvpr23", "reflect", False),
    ("basicirstd", "lesps", True),
    ("dnanet", "lesps", False),
)
SHOWN = ("iou", "niou", "pd", "fa", "hits", "targets", "false_pixels", "pixels")


def main() -> None:
    """Score each file in each way."""
    records = open_dataset(Path(sys.argv[1])).records("test")
    scores = {}
    for name in sys.argv[2:]:
        model = load_model(Path(name))
        for profile, pad, tta in WAYS:
            rules = build(PROFILES, profile, {}, "profile")
            found = evaluate_model(model, records, rules, Asking(pad=pad, tta=tta)).summary()
            way = f"{profile}, pad {pad}{', averaged' * tta}"
            scores.setdefault(Path(name).name, {})[way] = {key: found[key] for key in SHOWN if key in found}
    write_result("published", {"split": "SIRST test (214)", "prior": "mask-trained", "scores": scores})


if __name__ == "__main__":
    main()
