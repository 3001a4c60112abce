"""Limits: how many and how fast. What is over is told so before any work is done.

Rates count per key, embed and address in moving windows (the ``limits`` package). Questions take one of a few slots; a
short queue waits for one, the rest are told to come back.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final, Literal

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from rag.serving.schemas.errors import Rejection
from rag.settings import Settings

Budget = Literal["ask", "write", "read", "page", "wrong_key"]
QUEUE_FACTOR: Final = 8  # at some 30 answers a second on two cores, the last in line waits little more than a second
WAIT_S: Final = 10.0  # seconds for a place; a reader who waits longer asks again


class Rates:
    """Requests a minute, by budget and caller."""

    def __init__(self, per_minute: Mapping[Budget, int]) -> None:
        self._items = {budget: RateLimitItemPerMinute(count) for budget, count in per_minute.items()}
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    @classmethod
    def from_settings(cls, settings: Settings) -> Rates:
        """Budgets derived from the one number that operators set; pages fetch many files each."""
        asks = settings.questions_per_minute
        return cls({"ask": asks, "write": max(1, asks // 2), "read": 10 * asks, "page": 100 * asks, "wrong_key": 20})

    def spend(self, budget: Budget, caller: str, per_minute: int = 0) -> None:
        """Count one request. Raises Rejection 429 with ``Retry-After`` when the caller's window is full."""
        item = RateLimitItemPerMinute(per_minute) if per_minute else self._items[budget]
        if not self._limiter.hit(item, budget, caller):
            reset = self._limiter.get_window_stats(item, budget, caller).reset_time
            wait = max(1, math.ceil(reset - time.time()))
            raise Rejection(
                429,
                "rate_limited",
                f"More than {item.amount} requests in a minute.",
                f"Wait {wait} s.",
                {"Retry-After": str(wait)},
            )


class Slots:
    """Places for questions at work, and a short queue before them."""

    def __init__(self, places: int, queue: int | None = None, wait_s: float = WAIT_S) -> None:
        self._semaphore = asyncio.Semaphore(places)
        self._room = places + (places * QUEUE_FACTOR if queue is None else queue)
        self._wait_s = wait_s
        self.waiting = 0
        self.working = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place. Raises Rejection 503 when the queue is full or does not move."""
        await self._enter()
        self.working += 1
        try:
            yield
        finally:
            self.working -= 1
            self._semaphore.release()

    async def _enter(self) -> None:
        if self.working + self.waiting >= self._room:
            raise _busy()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._wait_s):  # wait_for of Python 3.11 can lose that the caller has left
                await self._semaphore.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            self.waiting -= 1


def _busy() -> Rejection:
    return Rejection(503, "busy", "Too many questions at once.", "Ask again in a moment.", {"Retry-After": "2"})
