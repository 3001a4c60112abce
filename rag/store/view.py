"""What readers and publishing take from the store: connections that cannot write, shared by any number of threads."""

from __future__ import annotations

import json
import sqlite3
import sys
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.documents import Article, Int32, Passage
from rag.encoding.centring import LanguageSums
from rag.store.rows import ARTICLE_COLUMNS, PASSAGE_COLUMNS, ArticleRow, article_of, blobs_of, passage_of
from rag.store.schema import STORE_NAME, RowError, checksum, connect, require_layout, require_store_file, store_errors
from rag.store.tables import LanguageSumsTable

# Queries are put together from this program's own names (hence `nosec`); values are always bound.
KEYS_AT_A_TIME = 4096  # rows in memory at once: a bound


class PassageRow(NamedTuple):
    """What publishing needs of one passage."""

    key: int
    version: int
    language: str


class StoreView:
    """Reads by version and key. Each call borrows a connection of its own, so calls never wait for one another."""

    def __init__(self, index_dir: Path, store_id: str = "") -> None:
        """store_id: which store is meant, should another be put in its place; empty for whichever is there."""
        self.path = index_dir / STORE_NAME
        self._index_dir = index_dir
        self._store_id = store_id
        self._idle: list[sqlite3.Connection] = []
        self.close = weakref.finalize(self, _close_all, self._idle)
        require_store_file(index_dir)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with store_errors(self.path):
            try:
                connection = self._idle.pop()  # atomic, as is append
            except IndexError:
                connection = self._connect()
            try:
                yield connection
            finally:
                self._idle.append(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = connect(self._index_dir, write=False)
        require_layout(connection, self.path)
        found = connection.execute("SELECT value FROM meta WHERE name = 'store_id'").fetchone()
        if self._store_id and (found is None or found[0] != self._store_id):
            connection.close()
            raise RowError("another store was put in its place")
        return connection

    def _rows(self, query: str, values: Sequence[Any]) -> list[Any]:
        with self._connection() as connection:
            return connection.execute(query, values).fetchall()

    # -- lookups -----------------------------------------------------------------------------------------------

    def articles(self, versions: Sequence[int]) -> dict[int, Article]:
        """Whole articles by version. Raises IndexDamagedError when one is missing or damaged."""
        with self._connection() as connection:
            rows = connection.execute(
                f"SELECT {ARTICLE_COLUMNS}, text FROM article_versions "  # noqa: S608 # nosec B608
                "WHERE version IN (SELECT value FROM json_each(?))",
                (json.dumps(list(versions)),),
            )
            found = {row[0]: article_of(row) for row in rows}
            _require("article version", versions, found)
            return found

    def names(self) -> dict[int, tuple[str, ...]]:
        """What every article is called, by version: title, date, source, author and where it was read."""
        rows = self._rows("SELECT version, title, date, source, author, origin FROM article_versions", ())
        return {version: tuple(names) for version, *names in rows}

    def passages(self, keys: Sequence[int], articles: Mapping[int, Article]) -> list[tuple[Passage, Article]]:
        """Passages in the order given; ``articles`` holds every version they are of. Raises IndexDamagedError."""
        with self._connection() as connection:
            rows = connection.execute(
                f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE key IN (SELECT value FROM json_each(?))",  # noqa: S608 # nosec B608
                (json.dumps(list(keys)),),
            )
            found = {row[0]: (passage_of(row, articles), articles[row[1]]) for row in rows}
            _require("passage", keys, found)
        return [found[key] for key in keys]

    def tokens(self, keys: Sequence[int]) -> list[tuple[bytes, Int32]]:
        """Token codes and (n, 2) int32 spans, in the order given. Raises IndexDamagedError."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT * FROM tokens WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)
            )
            found = {row[0]: blobs_of(row) for row in rows}
            _require("token row", keys, found)
        return [(codes, np.frombuffer(spans, dtype="<i4").reshape(-1, 2)) for codes, spans in (found[k] for k in keys)]

    def source_hash(self, origin: str) -> str:
        """The SHA-256 (hex) of a source read to its end; empty when it was not."""
        rows = self._rows("SELECT sha256 FROM sources WHERE origin = ?", (origin,))
        return rows[0][0] if rows else ""

    # -- all of the live rows, for publishing ------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        """All settings of the store."""
        rows = self._rows("SELECT name, value, checksum FROM meta", ())
        with store_errors(self.path):
            for name, value, found in rows:
                if checksum(name, value) != found:
                    raise RowError(f"its setting {name!r} fails its checksum")
        return {name: value for name, value, _ in rows}

    def article_rows(self, profile: int) -> list[ArticleRow]:
        """The live articles of a profile, by version."""
        with self._connection() as connection:
            rows = connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM article_versions "  # noqa: S608 # nosec B608
                "WHERE removed_in IS NULL AND profile = ? ORDER BY version",
                (profile,),
            )
            return [ArticleRow.checked(row) for row in rows]

    def other_publishers(self) -> list[tuple[str, str]]:
        """(article id, publisher) where a live article's text was also read as published by another."""
        rows = self._rows(
            "SELECT o.article_id, o.publisher, o.checksum FROM origins o "
            "JOIN article_versions a ON a.article_id = o.article_id AND a.removed_in IS NULL "
            "WHERE o.publisher NOT IN ('', a.source) ORDER BY o.origin",
            (),
        )
        with store_errors(self.path):
            for article_id, publisher, found in rows:
                if checksum(article_id, publisher) != found:
                    raise RowError(f"a place of article {article_id!r} fails its checksum")
        return [(article_id, publisher) for article_id, publisher, _ in rows]

    def language_sums(self, profile: int) -> Mapping[str, LanguageSums]:
        """The sums that :class:`rag.encoding.centring.Centring` is estimated from."""
        with self._connection() as connection:
            return LanguageSumsTable(connection).of(profile)

    def passage_rows(self, profile: int) -> Iterator[PassageRow]:
        """The live passages of a profile, by key."""
        query = (
            f"SELECT {', '.join(f'p.{name}' for name in PASSAGE_COLUMNS.split(', '))} FROM passages p "  # noqa: S608 # nosec B608
            "JOIN article_versions a USING (version) WHERE a.removed_in IS NULL AND a.profile = ? ORDER BY p.key"
        )
        with self._connection() as connection:
            for row in connection.execute(query, (profile,)):
                if checksum(*row[:-1]) != row[-1]:
                    raise RowError(f"passage {row[0]} fails its checksum")
                yield PassageRow(row[0], row[1], sys.intern(row[4]))

    def blobs(self, table: str, keys: NDArray[np.int64]) -> Iterator[bytes]:
        """What ``vectors`` (pooled vectors) or ``terms`` (counts) hold for each of the keys, which ascend."""
        query = f"SELECT * FROM {table} WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key"  # noqa: S608 # nosec B608
        for start in range(0, len(keys), KEYS_AT_A_TIME):
            wanted = keys[start : start + KEYS_AT_A_TIME].tolist()
            with self._connection() as connection:
                found = {row[0]: blobs_of(row)[0] for row in connection.execute(query, (json.dumps(wanted),))}
                _require(f"row in {table}", wanted, found)
            yield from found.values()


def _require(kind: str, wanted: Sequence[int], found: Mapping[int, object]) -> None:
    missing = [item for item in wanted if item not in found]
    if missing:
        raise RowError(f"{kind} {missing[0]} is missing")


def _close_all(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
