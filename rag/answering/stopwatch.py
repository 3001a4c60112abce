"""Where the time of an answer goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Milliseconds by stage; a stage measured twice adds up."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages = {"encode": 0.0, "search": 0.0, "rerank": 0.0, "answer": 0.0}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Count the time of the block to the stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._stages[stage] += (time.perf_counter() - started) * 1000

    def timings(self) -> dict[str, float]:
        """Every stage and the total since the start, rounded to hundredths."""
        total = (time.perf_counter() - self._started) * 1000
        return {stage: round(spent, 2) for stage, spent in {**self._stages, "total": total}.items()}
