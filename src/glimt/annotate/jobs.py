"""What takes longer than a request: one after the other, behind the page's back."""

import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from glimt.core.errors import GlimtError, UnknownNameError

MOST = 50  # ended jobs that are remembered


@dataclass(frozen=True)
class Job:
    """What was asked for, and how it stands."""

    id: str
    kind: str
    state: Literal["running", "done", "failed"]
    error: str | None = None
    result: Any = None


@dataclass(frozen=True)
class Jobs:
    """Work in one thread of its own."""

    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))
    known: dict[str, tuple[str, Future[Any]]] = field(default_factory=dict)

    def start(self, kind: str, work: Callable[[str], Any]) -> str:
        """Begin `work`, which is given the job's id; the id is what comes back."""
        id = uuid.uuid4().hex
        for old in [one for one, (_, future) in self.known.items() if future.done()][:-MOST]:
            del self.known[old]
        self.known[id] = kind, self.pool.submit(work, id)
        return id

    def look(self, id: str) -> Job:
        """How a job stands. Raises UnknownNameError where there is none; a fault of ours is raised again."""
        if id not in self.known:
            raise UnknownNameError(f"there is no job {id[:40]!r}")
        kind, future = self.known[id]
        if not future.done():
            return Job(id, kind, "running")
        error = future.exception()
        if isinstance(error, GlimtError):
            return Job(id, kind, "failed", error=str(error))
        return Job(id, kind, "done", result=future.result())

    def close(self) -> None:
        """Wait for what runs; what waits is dropped."""
        self.pool.shutdown(cancel_futures=True)
