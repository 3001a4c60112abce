"""Request bodies as they arrive: counted, held to a pace, and whole before a question takes a place.

What all bodies take in memory is bounded too, and what one address takes of that.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from starlette.types import Message, Receive

from rag.serving.schemas.errors import Rejection

MEGABYTE: Final = 1_000_000
JSON_BYTES: Final = 1 << 20  # the longest history allowed takes about a megabyte
TEXTS_BYTES: Final = 16 << 20  # a bound: 2,048 long texts of Arabic, escaped
SHARES: Final = 4  # an address may hold one share of the room for bodies; one share has room for any body
Seconds = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Pace:
    """How slow a body may come: after ``grace_s`` seconds, at least ``bytes_per_s`` of all the time that it takes."""

    grace_s: float = 10.0
    bytes_per_s: float = 8192.0  # the slowest of mobile networks; a question is there within the grace

    def seconds(self, received: int) -> float:
        """How long a body may have taken of which so many bytes are there."""
        return self.grace_s + received / self.bytes_per_s


class BodyMeter:
    """One body. Calling it gives its next message; :meth:`whole` reads it all.

    spend: told the bytes of each message before it is kept.
    """

    def __init__(
        self,
        receive: Receive,
        limit: int,
        pace: Pace = Pace(),
        clock: Seconds = time.monotonic,
        spend: Callable[[int], None] = lambda size: None,
    ) -> None:
        self._receive = receive
        self.limit = limit
        self._pace = pace
        self._clock = clock
        self._spend = spend
        self._bytes = 0
        self._begun = clock()
        self._ended = False

    @property
    def exceeded(self) -> bool:
        """True once more than the limit has arrived."""
        return self._bytes > self.limit

    async def __call__(self) -> Message:
        """The next message. Raises Rejection: 413 over the limit, 408 where it comes too slowly, 503 without room."""
        if self._ended:  # what comes now is that the caller leaves
            return await self._receive()
        left = self._begun + self._pace.seconds(self._bytes) - self._clock()
        try:
            async with asyncio.timeout(left):
                message = await self._receive()
        except TimeoutError:
            hint = f"Send at least {self._pace.bytes_per_s:,.0f} bytes a second."
            raise Rejection(408, "too_slow", "The body did not arrive in time.", hint) from None
        size = len(message.get("body", b""))
        self._bytes += size
        if self.exceeded:
            raise too_large(self.limit)
        self._spend(size)
        self._ended = not message.get("more_body", False)
        return message

    async def whole(self) -> bytes:
        """All of it. Raises as a call does, and Rejection 499 when the caller leaves."""
        body = bytearray()
        while not self._ended:
            message = await self()
            if message["type"] == "http.disconnect":
                raise Rejection(499, "gone", "The caller left.")
            body += message.get("body", b"")
        return bytes(body)


class BodyRoom:
    """The memory that bodies may take, in bytes, and who takes it. For one event loop."""

    def __init__(self, upload_bytes: int, pace: Pace = Pace()) -> None:
        self.share = max(TEXTS_BYTES, upload_bytes)
        self._pace = pace
        self._held: Counter[str] = Counter()

    @contextmanager
    def reading(self, address: str, receive: Receive, limit: int) -> Iterator[BodyMeter]:
        """The meter of a body from ``address``, whose memory counts until the block ends."""
        taken = 0

        def spend(size: int) -> None:
            nonlocal taken
            if self._held[address] + size > self.share or self._held.total() + size > SHARES * self.share:
                raise Rejection(503, "busy", "Too much is being sent.", "Come back in 5 s.", {"Retry-After": "5"})
            taken += size
            self._held[address] += size

        try:
            yield BodyMeter(receive, limit, self._pace, spend=spend)
        finally:
            self._held[address] -= taken
            if not self._held[address]:
                del self._held[address]


def too_large(limit: int) -> Rejection:
    """The refusal of a body over ``limit`` bytes; 0 where no body is taken at all."""
    if not limit:
        return Rejection(413, "too_large", "No body is taken here.", "Upload articles to /api/v1/articles.")
    return Rejection(413, "too_large", f"The body is over {limit:,} bytes.", "Send less at a time.")
