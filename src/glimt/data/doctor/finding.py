"""What the doctor says."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")  # the worst first


@dataclass(frozen=True)
class Finding:
    """One problem. An error spoils a training or a score, a warning may, a note is good to know."""

    kind: str
    severity: Severity
    where: str  # ids of frames, or a file
    what: str
    remedy: str
    fixed: bool = False  # whether the remedy is what `fix` does by itself
