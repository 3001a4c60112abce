"""Bodies by themselves: counted and timed as they come, and bounded in all and for each address."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from starlette.types import Message, Receive

from rag.serving.gate.bodies import SHARES, TEXTS_BYTES, BodyMeter, BodyRoom, Pace, too_large
from rag.serving.schemas.errors import Rejection


def body_of(sizes: Sequence[int], ends: bool = True) -> Receive:
    """Messages of these sizes; then the end, or a silence."""
    left = list(sizes)

    async def receive() -> Message:
        if not left:
            await asyncio.sleep(60)
        size = left.pop(0)
        return {"type": "http.request", "body": b"x" * size, "more_body": bool(left) or not ends}

    return receive


def test_a_body_is_counted_as_it_arrives() -> None:
    chunks = [{"type": "http.request", "body": b"x" * size, "more_body": True} for size in (4, 6, 1)]

    async def receive() -> dict[str, object]:
        return chunks.pop(0)

    async def read() -> None:
        meter = BodyMeter(receive, 10)
        await meter()
        await meter()
        assert not meter.exceeded
        with pytest.raises(Rejection) as refused:
            await meter()
        assert refused.value.status == 413
        assert meter.exceeded

    asyncio.run(read())


def test_a_body_too_many_is_told_where_bodies_go() -> None:
    assert (too_large(0).message, too_large(0).hint) == (
        "No body is taken here.",
        "Upload articles to /api/v1/articles.",
    )
    assert "10 bytes" in too_large(10).message


@pytest.mark.parametrize("sizes", [[], [1], [4000, 4000]])
def test_a_body_that_does_not_end_is_refused_in_time(sizes: list[int]) -> None:
    meter = BodyMeter(body_of(sizes, ends=False), 10_000, Pace(grace_s=0.05, bytes_per_s=80_000))

    with pytest.raises(Rejection) as refused:
        asyncio.run(asyncio.wait_for(meter.whole(), 2))
    assert (refused.value.status, refused.value.code) == (408, "too_slow")
    assert "80,000 bytes a second" in refused.value.hint


def test_what_a_body_may_take_grows_with_what_is_there() -> None:
    pace = Pace(grace_s=10, bytes_per_s=8192)
    assert (pace.seconds(0), pace.seconds(8192), pace.seconds(1 << 20)) == (10, 11, 138)


def test_a_body_in_time_is_read_whole_and_what_follows_is_waited_for() -> None:
    async def read() -> None:
        meter = BodyMeter(body_of([3, 4]), 10, Pace(grace_s=0.05))
        assert await meter.whole() == b"x" * 7
        with pytest.raises(TimeoutError):  # no deadline of the meter's own
            await asyncio.wait_for(meter(), 0.2)

    asyncio.run(read())


def test_the_memory_of_bodies_is_bounded_in_all_and_for_each_address() -> None:
    room = BodyRoom(upload_bytes=1000)
    assert room.share == TEXTS_BYTES
    half = room.share // 2

    async def read(address: str, *sizes: int) -> int:
        with room.reading(address, body_of(sizes), room.share) as meter:
            return len(await meter.whole())

    async def hold() -> None:
        with room.reading("a", body_of([half, half]), room.share) as meter:
            await meter.whole()
            with pytest.raises(Rejection) as refused:
                await read("a", 1)
            assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "5"})
            assert await read("b", half, half) == room.share
        assert await read("a", half, half) == room.share

    asyncio.run(hold())


def test_many_addresses_together_take_no_more_than_all_shares() -> None:
    room = BodyRoom(upload_bytes=0)

    async def hold(address: int) -> None:
        if address == SHARES:
            with room.reading("last", body_of([1]), 10) as meter, pytest.raises(Rejection, match="Too much"):
                await meter()
            return
        with room.reading(str(address), body_of([room.share]), room.share) as meter:
            await meter()
            await hold(address + 1)

    asyncio.run(hold(0))
