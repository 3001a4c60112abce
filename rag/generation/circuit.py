"""A circuit breaker: an endpoint that keeps failing is left alone for a while, so that it slows no one down."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock


class CircuitBreaker:
    """Opens after ``failures`` in a row, for ``rest_s`` seconds; then one call may try, and decides.

    The pattern is Nygard's ("Release It!", 2007); the two numbers are guesses. Thread-safe. ``clock`` gives seconds and
    never runs backwards.
    """

    def __init__(self, failures: int = 3, rest_s: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._rest, self._clock = failures, rest_s, clock
        self._failed, self._closed_again_at = 0, 0.0
        self._lock = Lock()

    def allows(self) -> bool:
        """Whether a call may be made now. A call allowed must be followed by ``succeeded`` or ``failed``."""
        with self._lock:
            if self._failed < self._limit:
                return True
            if self._clock() < self._closed_again_at:
                return False
            self._closed_again_at = self._clock() + self._rest  # the others wait for this one
            return True

    @property
    def failures(self) -> int:
        """How many calls in a row have failed up to now."""
        with self._lock:
            return self._failed

    def succeeded(self) -> None:
        """The endpoint answered."""
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        """The endpoint did not answer, or not in a way that can be used."""
        with self._lock:
            self._failed += 1
            self._closed_again_at = self._clock() + self._rest
