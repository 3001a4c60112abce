"""What is read of each file, in order: its articles and failures, and then how it ended."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rag.documents import Article
from rag.errors import ArticleError
from rag.formats.articles import Failure, Source, read_source, source_digest
from rag.formats.boilerplate import Boilerplate
from rag.formats.drafts import FieldNames
from rag.formats.registry import has_names


@dataclass(frozen=True, slots=True)
class Found:
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


Reading = Found | Failure | SourceEnd


def read_sources(
    sources: Iterable[Source | Failure], known: Callable[[str], str], names: FieldNames
) -> Iterator[Reading]:
    """Everything the sources hold, with the lines their site repeats left out.

    known: the hash noted of a source by its origin, empty to read it in any case. names: of fields, in records.
    """
    boilerplate = Boilerplate()
    for source in sources:
        if isinstance(source, Failure):
            yield source
            yield SourceEnd(source.origin, "failed")
        else:
            yield from _read(source, known, names, boilerplate)


def _read(
    source: Source, known: Callable[[str], str], names: FieldNames, boilerplate: Boilerplate
) -> Iterator[Reading]:
    try:
        sha256 = _digest(source, names)
    except ArticleError as error:
        yield Failure(source.origin, error.message, error.hint)
        yield SourceEnd(source.origin, "failed")
        return
    if known(source.origin) == sha256:
        yield SourceEnd(source.origin, "unchanged")
        return
    for found in read_source(source, names=names):
        if isinstance(found, Failure):
            yield found
        else:
            yield Found(boilerplate.without(found, source), source.origin)
    yield SourceEnd(source.origin, "read", str(source.path.absolute()), sha256)


def _digest(source: Source, names: FieldNames) -> str:
    """Of the file, and of the names where they change what it yields. Raises ArticleError."""
    sha256 = source_digest(source)
    if not names or not has_names(source.suffix):
        return sha256
    return hashlib.sha256(f"{sha256} {sorted(names.items())}".encode()).hexdigest()
