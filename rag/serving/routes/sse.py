"""Server-sent events: the assistant's blocking iterator of events, bridged once to an asynchronous byte stream.

A thread walks the iterator; the loop writes frames, and a comment line when nothing has happened for a while, so that
proxies keep the connection open. When the reader leaves, the thread closes the iterator at its next event. Starlette's
thread iterator never closes what it walks, and shares forty threads, which a slow model's answers would hold for
minutes.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import aclosing, closing, suppress
from contextvars import copy_context
from functools import partial
from typing import Final

from fastapi.sse import KEEPALIVE_COMMENT
from starlette.responses import StreamingResponse

from rag.asking import Ended, Event
from rag.documents import Answer
from rag.serving.schemas.errors import error_body, rejection_of, stopping
from rag.serving.schemas.frames import frame_of, typed_frame

HEARTBEAT_S: Final = 10.0  # proxies close a silent connection after 30 to 60 seconds
TICK_S: Final = 0.5  # how soon a silent stream notices that the server is stopping
STREAM_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would send it in one lump
Produce = Callable[[], Generator[Event, None, None]]
Item = Event | Exception | None


class EventFeed:
    """The events of one answer, produced in a thread. Build with :meth:`open`."""

    def __init__(self, produce: Produce, stopping: threading.Event, heartbeat: float = HEARTBEAT_S) -> None:
        self._produce = produce
        self._stopping = stopping
        self._heartbeat = heartbeat
        self._queue: asyncio.Queue[Item] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._left = threading.Event()
        self._first: Item = None

    @classmethod
    async def open(cls, produce: Produce, stopping: threading.Event, heartbeat: float = HEARTBEAT_S) -> EventFeed:
        """Start the work and wait for its first event, so that an early failure still has its true HTTP status.

        Raises whatever the work raised before its first event.
        """
        feed = cls(produce, stopping, heartbeat)
        # A thread of its own: the loop's pool is small, and a model's answer may take minutes. Places bound the number.
        # It keeps the request's context, so that what it logs names the request.
        walk = partial(copy_context().run, feed._walk)
        threading.Thread(target=walk, name="answer", daemon=True).start()
        try:
            feed._first = await feed._queue.get()
        except asyncio.CancelledError:
            feed._left.set()
            raise
        if isinstance(feed._first, Exception):
            raise feed._first
        return feed

    async def answer(self) -> Answer:
        """The answer once it is whole. Raises what the work raised."""
        async with aclosing(self.items()) as items:
            async for item in items:
                if isinstance(item, Exception):
                    raise item
                if isinstance(item, Ended):
                    return item.answer
        raise AssertionError("a stream ends with Ended")

    async def items(self) -> AsyncGenerator[Item, None]:
        """Events in order, ``None`` for each silent stretch; an exception comes last, when the work failed."""
        try:
            item, silent = self._first, 0.0
            while not isinstance(item, Ended | Exception):
                if item is not None:
                    yield item
                    silent = 0.0
                elif (silent := silent + TICK_S) >= self._heartbeat:
                    yield None
                    silent = 0.0
                item = await self._next()
            yield item
        finally:
            self._left.set()

    async def _next(self) -> Item:
        if self._stopping.is_set():
            return stopping()
        try:
            # wait_for of Python 3.11 forgets a cancellation that comes with an event: the reader's place stayed taken
            async with asyncio.timeout(min(TICK_S, self._heartbeat)):
                return await self._queue.get()
        except TimeoutError:
            return None

    def _walk(self) -> None:
        try:
            with closing(self._produce()) as events:  # ends the work now, not when the collector comes by
                for event in events:
                    self._put(event)
                    if self._left.is_set():
                        break
        except Exception as error:  # noqa: BLE001  an edge: whatever failed is told to the reader
            self._put(error)

    def _put(self, item: Item) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._queue.put_nowait, item)


async def native_stream(feed: EventFeed) -> AsyncIterator[bytes]:
    """The stream of ``/api/v1/ask``: typed frames, heartbeats as comments, ``error`` last when the work failed."""
    async for item in feed.items():
        if item is None:
            yield KEEPALIVE_COMMENT
        elif isinstance(item, Exception):
            refusal = rejection_of(item)
            yield typed_frame("error", error_body("", refusal.status, refusal.code, refusal.message, refusal.hint))
        else:
            yield frame_of(item)


def stream_response(frames: AsyncIterator[bytes]) -> StreamingResponse:
    """A response that no proxy should hold back."""
    return StreamingResponse(frames, media_type="text/event-stream", headers=STREAM_HEADERS)
