"""What an operator asks of the last days: questions a day by how they ended, and what was refused or failed last.

In memory and bounded, without a word of any question; a restart forgets it, as it does the meters.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

DAYS: Final = 31
PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class Trouble:
    """A request that was refused or failed: when (ISO, UTC), by which route, with which status and code."""

    time: str
    route: str
    status: int
    code: str


class Recent:
    """The last :data:`DAYS` days and :data:`PROBLEMS` problems. Thread-safe. ``clock``: seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._days: OrderedDict[str, Counter[str]] = OrderedDict()
        self._problems: deque[Trouble] = deque(maxlen=PROBLEMS)

    def answered(self, status: str) -> None:
        """A question ended so."""
        with self._lock:
            self._days.setdefault(self._now()[:10], Counter())[status] += 1
            while len(self._days) > DAYS:
                self._days.popitem(last=False)

    def refused(self, route: str, status: int, code: str) -> None:
        """A request was turned away, or failed."""
        with self._lock:
            self._problems.append(Trouble(self._now(), route, status, code))

    def days(self) -> list[dict[str, object]]:
        """Days with questions, the last first: ``day`` and how many ended in each status."""
        with self._lock:
            return [{"day": day, **counts} for day, counts in reversed(self._days.items())]

    def problems(self) -> list[Trouble]:
        """The last first."""
        with self._lock:
            return list(reversed(self._problems))

    def _now(self) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._clock()))
