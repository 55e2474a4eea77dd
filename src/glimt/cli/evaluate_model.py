"""`glimt evaluate DATASET --checkpoint RUN|FILE`: predict and score in one go."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glimt.inference.predict import Asking
    from glimt.metrics.evaluate import Evaluation
    from glimt.metrics.pair import Pair
    from glimt.metrics.profile import Profile
