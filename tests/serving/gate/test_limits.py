"""Limits by themselves: windows, and places that are given back whatever happens."""

from __future__ import annotations

import asyncio

import pytest

from rag.serving.gate.limits import Rates, Slots
from rag.serving.schemas.errors import Rejection
from rag.settings import Settings


def test_budgets_derive_from_the_one_setting_and_do_not_share() -> None:
    rates = Rates.from_settings(Settings(questions_per_minute=2))

    for _ in range(2):
        rates.spend("ask", "a")
    with pytest.raises(Rejection) as refused:
        rates.spend("ask", "a")
    assert refused.value.status == 429
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    rates.spend("ask", "b")
    rates.spend("write", "a")
    for _ in range(20):
        rates.spend("read", "a")
    with pytest.raises(Rejection):
        rates.spend("read", "a")


def test_an_embeds_own_quota_replaces_the_budget() -> None:
    rates = Rates.from_settings(Settings(questions_per_minute=1))
    for _ in range(3):
        rates.spend("ask", "embed:x", per_minute=3)

    with pytest.raises(Rejection, match="More than 3"):
        rates.spend("ask", "embed:x", per_minute=3)


@pytest.mark.parametrize("end", [ValueError, asyncio.CancelledError])
def test_a_place_is_given_back_whatever_happens(end: type[BaseException]) -> None:
    async def work() -> None:
        slots = Slots(1, queue=0)
        for _ in range(3):
            with pytest.raises(end):
                async with slots.place():
                    raise end
        assert (slots.working, slots.waiting) == (0, 0)

    asyncio.run(work())


def test_a_reader_who_leaves_the_queue_frees_his_place_in_it() -> None:
    async def work() -> None:
        slots = Slots(1, queue=1)
        async with slots.place():
            waiting = asyncio.create_task(slots.place().__aenter__())
            await asyncio.sleep(0.01)
            assert slots.waiting == 1
            with pytest.raises(Rejection, match="Too many questions"):
                await slots.place().__aenter__()
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            assert slots.waiting == 0
        async with slots.place():
            assert slots.working == 1

    asyncio.run(work())


def test_a_queue_that_does_not_move_is_left() -> None:
    async def work() -> None:
        slots = Slots(1, wait_s=0.02)
        async with slots.place():
            with pytest.raises(Rejection) as refused:
                await slots.place().__aenter__()
        assert (refused.value.status, refused.value.headers["Retry-After"]) == (503, "2")
        assert (slots.working, slots.waiting) == (0, 0)

    asyncio.run(work())
