"""Reading while the encoder works: a thread draws from an iterator, and what waits for its turn is bounded."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


def read_ahead(items: Iterable[T], most: int, weigh: Callable[[T], int]) -> Generator[T, None, None]:
    """The items in order, drawn by a thread of its own, which rests while those waiting weigh more than ``most``.

    What drawing raises is raised here, after the items before it. Closing the iterator ends the thread, once the item
    that it is drawing has come.
    """
    queue = _Queue[T](most)
    thread = threading.Thread(target=queue.fill, args=(items, weigh), name="reading", daemon=True)
    thread.start()
    try:
        yield from queue.drain()
    finally:
        queue.stop()
        thread.join()


class _Queue(Generic[T]):
    def __init__(self, most: int) -> None:
        self._most = most
        self._items: deque[tuple[T, int]] = deque()
        self._weight = 0
        self._ended = False
        self._stopped = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()

    def fill(self, items: Iterable[T], weigh: Callable[[T], int]) -> None:
        iterator = iter(items)
        try:
            for item in iterator:
                if not self._put(item, weigh(item)):
                    break
        except BaseException as error:  # noqa: BLE001 (it is raised again where the items are wanted)
            self._error = error
        finally:
            if isinstance(iterator, Generator):
                iterator.close()
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _put(self, item: T, weight: int) -> bool:
        """False when nobody wants it any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._weight <= self._most)
            self._items.append((item, weight))
            self._weight += weight
            self._changed.notify_all()
            return not self._stopped

    def drain(self) -> Iterator[T]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._items or self._ended)
                if not self._items:
                    break
                item, weight = self._items.popleft()
                self._weight -= weight
                self._changed.notify_all()
            yield item
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
