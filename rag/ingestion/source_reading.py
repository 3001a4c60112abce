"""What is read of each file, in order: its articles and failures, and then how it ended.

Reading goes on while the encoder works: a thread draws from an iterator, and what waits for its turn is bounded.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from rag.documents import Article
from rag.errors import ArticleError
from rag.formats.articles import read_source
from rag.formats.boilerplate import Boilerplate
from rag.formats.drafts import FieldNames, NotRead
from rag.formats.recognition import RECOGNISED
from rag.formats.registry import has_names
from rag.formats.sandbox import shared_sandbox
from rag.formats.sources import Source, source_digest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """An article, and the origin of the source that holds it."""

    article: Article
    source: str


@dataclass(frozen=True, slots=True)
class SourceEnd:
    """A source has been gone through. ``path`` and ``sha256`` are what is noted of one that was read."""

    origin: str
    state: Literal["read", "unchanged", "failed"]
    path: str = ""
    sha256: str = ""


SourceEvent = SourceArticle | NotRead | SourceEnd


def read_sources(
    sources: Iterable[Source | NotRead], known: Callable[[str], str], names: FieldNames
) -> Iterator[SourceEvent]:
    """Everything the sources hold, with the lines their site repeats left out.

    known: the hash noted of a source by its origin, empty to read it in any case. names: of fields, in records.
    """
    boilerplate = Boilerplate()
    for source in sources:
        if isinstance(source, NotRead):
            yield source
            yield SourceEnd(source.origin, "failed")
        else:
            yield from _read(source, known, names, boilerplate)


def _read(
    source: Source, known: Callable[[str], str], names: FieldNames, boilerplate: Boilerplate
) -> Iterator[SourceEvent]:
    try:
        sha256 = _digest(source, names)
    except ArticleError as error:
        yield NotRead.of(error, source.origin)
        yield SourceEnd(source.origin, "failed")
        return
    if known(source.origin) == sha256:
        yield SourceEnd(source.origin, "unchanged")
        return
    for found in read_source(source, names=names):
        if isinstance(found, NotRead):
            yield found
        else:
            yield SourceArticle(boilerplate.without(found, source), source.origin)
    yield SourceEnd(source.origin, "read", str(source.path.absolute()), sha256)


def _digest(source: Source, names: FieldNames) -> str:
    """Of the file, and of what else changes what it yields: names, and what is recognised. Raises ArticleError."""
    sha256 = source_digest(source)
    named = str(sorted(names.items())) if names and has_names(source.suffix) else ""
    key = named or (shared_sandbox().recognition.key if source.suffix[1:] in RECOGNISED else "")
    return hashlib.sha256(f"{sha256} {key}".encode()).hexdigest() if key else sha256


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
