"""Write what a benchmark measured, with what is needed to judge and repeat it."""

import json
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from glimt.core.files import write_text

RESULTS = Path(__file__).parent / "results"


def write_result(name: str, values: Mapping[str, Any]) -> Path:
    """Write `values` to `results/<name>.json` with the commit, the machine, the command and the date."""
    path = RESULTS / f"{name}.json"
    write_text(path, json.dumps({**values, **circumstances()}, indent=2) + "\n")
    return path


def circumstances() -> dict[str, Any]:
    """What a number depends on besides the code that made it."""
    return {
        "commit": commit(),
        "machine": {"system": platform.system(), "processor": processor(), "python": platform.python_version()},
        "command": " ".join(
            ["python", *(Path(part).name if i else part_in_project(part) for i, part in enumerate(sys.argv))]
        ),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def part_in_project(script: str) -> str:
    """The script as typed at the root of the project."""
    return f"benchmarks/{Path(script).name}"


def commit() -> str:
    """The commit, with `+` where the working tree differs from it."""
    root = Path(__file__).parent
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True, check=False
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", ".", ":!benchmarks/results"],
        cwd=root.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return (head.stdout.strip() or "unknown") + ("+" if changed.stdout.strip() else "")


def processor() -> str:
    """The name of the processor."""
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
