"""Classical detectors on frames of which the masks are known: `python benchmarks/detectors.py DATASET SPLIT`.

Those of the catalog with their defaults, profile `basicirstd`. Nothing is chosen on the split; compare at fixed Fa.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
from pathlib import Path

from on_sequences import scored
from record import write_result

from glimt.core.catalog import build
from glimt.data.dataset import open_dataset
from glimt.detectors import DETECTORS
from glimt.inference.truth import found_by, refuse_unknown
from glimt.metrics import PROFILES

PROFILE = "basicirstd"


def main() -> None:
    """Score every detector, write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("split")
    asked = parser.parse_args()
    records = open_dataset(asked.dataset).records(asked.split)
    rules = build(PROFILES, PROFILE, {}, "profile")
    refuse_unknown(records, rules)
    rows = {}
    for name in DETECTORS:
        detector = build(DETECTORS, name, {}, "detector")
        found = scored(found_by(detector, records), rules)
        rows[name] = {"prior": "none", **found, "false_per_frame": found["counts"]["false_targets"] / len(records)}
    facts = {"dataset": asked.dataset.name, "split": asked.split, "profile": PROFILE}
    write_result(f"detectors_{asked.dataset.name}", {**facts, "rows": rows})


if __name__ == "__main__":
    main()
