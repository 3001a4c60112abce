"""Streams: heartbeats in silence, work that stops when the reader leaves, errors with their true status."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Coroutine, Generator
from typing import Any

import pytest

from rag.asking import Delta, Event, Started
from rag.errors import QuestionError
from rag.serving.routes.sse import EventFeed, native_stream
from rag.serving.schemas.frames import typed_frame


def feed(events: Generator[Event, None, None], heartbeat: float = 10.0) -> Coroutine[Any, Any, EventFeed]:
    return EventFeed.open(lambda: events, threading.Event(), heartbeat)


def test_silence_is_filled_with_comments() -> None:
    def slow() -> Generator[Event, None, None]:
        yield Started("1", "q", "en")
        time.sleep(0.5)
        raise QuestionError("over", "and out")

    async def read() -> list[bytes]:
        return [chunk async for chunk in native_stream(await feed(slow(), heartbeat=0.1))]

    chunks = asyncio.run(read())
    assert chunks[0].startswith(b"event: start\n")
    assert chunks[1:-1].count(b": ping\n\n") >= 3
    assert json.loads(chunks[-1].split(b"data: ")[1]) == {
        "error": {"code": "bad_question", "message": "over", "hint": "and out"}
    }


def test_an_error_before_the_first_event_is_raised() -> None:
    def failing() -> Generator[Event, None, None]:
        yield from ()
        raise QuestionError("no")

    with pytest.raises(QuestionError):
        asyncio.run(feed(failing()))


def test_leaving_closes_the_iterator() -> None:
    closed = threading.Event()

    def endless() -> Generator[Event, None, None]:
        try:
            yield Started("1", "q", "en")
            while True:
                time.sleep(0.01)
                yield Delta("x")
        finally:
            closed.set()

    async def leave() -> None:
        items = (await feed(endless())).items()
        async for item in items:
            if isinstance(item, Delta):
                break
        await items.aclose()

    asyncio.run(leave())
    assert closed.wait(2)


@pytest.mark.parametrize("text", ["a\nb\r\nc", "\u2028", "\ud800", "data: x\n\nevent: end", "\x00"])
def test_no_text_can_break_a_frame(text: str) -> None:
    raw = typed_frame("delta", {"text": text})

    assert raw.count(b"\n\n") == 1
    assert json.loads(raw.split(b"data: ", 1)[1]) == {"text": text}


@pytest.mark.parametrize("turns", range(6))
def test_a_reader_who_leaves_as_an_event_comes_is_not_forgotten(turns: int) -> None:
    left = threading.Event()

    def silent() -> Generator[Event, None, None]:
        yield Started("1", "q", "en")
        left.wait(5)

    async def leave() -> bool:
        stream = await feed(silent())
        work = asyncio.ensure_future(stream.answer())
        await asyncio.sleep(0.01)  # it waits for the next event, which comes as many turns of the loop before it leaves
        stream._put(Delta("x"))
        for _ in range(turns):
            await asyncio.sleep(0)
        work.cancel()
        await asyncio.wait((work,), timeout=0.3)
        left.set()
        return work.cancelled()

    assert asyncio.run(leave())
