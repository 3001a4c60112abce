from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from rag.ingestion.source_reading import read_ahead


def one(_: object) -> int:
    return 1


def readers() -> int:
    return sum(thread.name == "reading" for thread in threading.enumerate())


@pytest.mark.parametrize("most", [0, 1, 7, 10**9])
@pytest.mark.parametrize("count", [0, 1, 1000])
def test_everything_comes_in_order(count: int, most: int) -> None:
    assert list(read_ahead(range(count), most, one)) == list(range(count))
    assert readers() == 0


def test_drawing_goes_on_while_the_caller_works() -> None:
    drawn: list[int] = []
    items = (drawn.append(n) or n for n in range(10))
    with closing(read_ahead(items, 100, one)) as ahead:
        assert next(ahead) == 0
        while len(drawn) < 10:
            time.sleep(0.001)
        assert list(ahead) == list(range(1, 10))


@pytest.mark.parametrize(("most", "weight", "waiting"), [(5, 1, 6), (5, 2, 3), (5, 100, 1), (0, 1, 1)])
def test_what_waits_is_bounded_by_weight_and_one_more(most: int, weight: int, waiting: int) -> None:
    drawn = 0

    def items() -> Iterator[int]:
        nonlocal drawn
        while True:
            drawn += 1
            yield drawn

    with closing(read_ahead(items(), most, lambda _: weight)) as ahead:
        for taken in (1, 2, 3):
            assert next(ahead) == taken
            time.sleep(0.02)
            assert drawn <= taken + waiting + 1  # and the one that is held until there is room


def test_an_error_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("the third")

    ahead = read_ahead(items(), 100, one)
    assert [next(ahead), next(ahead)] == [1, 2]
    with pytest.raises(ValueError, match="the third"):
        next(ahead)
    assert readers() == 0


def test_closing_ends_the_thread_and_closes_the_items() -> None:
    closed = threading.Event()

    def items() -> Iterator[int]:
        try:
            yield from range(10**9)
        finally:
            closed.set()

    with closing(read_ahead(items(), 3, one)) as ahead:
        assert next(ahead) == 0
    assert closed.is_set()
    assert readers() == 0


def test_nothing_is_drawn_before_it_is_asked_for() -> None:
    drawn: list[int] = []
    ahead = read_ahead((drawn.append(n) or n for n in range(3)), 10, one)
    time.sleep(0.01)
    assert drawn == []
    ahead.close()
