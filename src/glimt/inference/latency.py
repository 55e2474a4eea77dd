"""How long each frame took, as a histogram of fixed size: a stream may run for weeks."""

from dataclasses import dataclass, field

import numpy as np

LOW, HIGH = 1e-5, 1e3  # s
FINE = 50  # bins a factor of e: percentiles are right to 2 %


@dataclass(frozen=True)
class Latencies:
    """Counts of durations in bins whose widths grow with them."""

    counts: np.ndarray = field(default_factory=lambda: np.zeros(int(FINE * np.log(HIGH / LOW)) + 1, np.int64))

    def add(self, seconds: float) -> None:
        """Count one frame."""
        place = int(FINE * np.log(min(max(seconds, LOW), HIGH) / LOW))
        self.counts[min(place, len(self.counts) - 1)] += 1

    def percentile(self, share: float) -> float:
        """The milliseconds that a `share` of the frames did not exceed, to the middle of a bin; 0 without frames."""
        total = self.counts.sum()
        if not total:
            return 0.0
        place = int(np.searchsorted(np.cumsum(self.counts), share * total))
        return float(1e3 * LOW * np.exp((place + 0.5) / FINE))

    def summary(self) -> dict[str, float]:
        """Percentiles in milliseconds, for a person and for JSON."""
        return {f"p{round(100 * share)}": round(self.percentile(share), 3) for share in (0.5, 0.9, 0.99)}

    def bars(self, count: int = 10) -> list[tuple[float, float, int]]:
        """The frames in `count` steps between the quickest and the slowest: from and to in milliseconds, how many."""
        filled = np.flatnonzero(self.counts)
        if not len(filled):
            return []
        edges = np.linspace(filled[0], filled[-1] + 1, min(count, filled[-1] + 1 - filled[0]) + 1).astype(int)
        times = 1e3 * LOW * np.exp(edges / FINE)
        sums = np.add.reduceat(self.counts[: filled[-1] + 1], edges[:-1])
        return list(zip(times[:-1].tolist(), times[1:].tolist(), sums.tolist(), strict=True))
