"""The tables of passages: where each lies in its article, and its vector, token codes and counted terms."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from rag.documents import Article, Passage
from rag.store.rows import COUNTS, PASSAGE_COLUMNS, ArticleRow, EncodedPassage, blobs_of, passage_fields, passage_of
from rag.store.schema import RowError, checksum

# Queries are put together from this program's own names (hence `nosec`); values are always bound.
_INSERT = f"INSERT INTO passages ({PASSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 # nosec B608
_OF_VERSION = f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE version = ? ORDER BY key"  # noqa: S608 # nosec B608


class PassageTables:
    """Writes and reads whole passages; belongs inside the store's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def insert(self, version: int, article: Article, passages: Sequence[EncodedPassage]) -> None:
        """Store the passages of one version. Raises ValueError for one that is not what the article says."""
        for key, encoded in enumerate(passages, next_key(self._connection, "passages", "key")):
            passage = encoded.passage
            place = f"passage {passage.start}-{passage.end} of {article.id!r}"
            if passage.text != article.text[passage.start : passage.end]:
                raise ValueError(f"{place} is not what the article says there")
            self._connection.execute(_INSERT, passage_fields(key, version, passage))
            self._insert("vectors", key, encoded.pooled.astype("<f4").tobytes())
            self._insert("tokens", key, encoded.codes, encoded.spans.astype("<i4").tobytes())
            self._insert("terms", key, encoded.counts.tobytes())

    def _insert(self, table: str, key: int, *blobs: bytes) -> None:
        row = (key, *blobs, checksum(key, *blobs))
        self._connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 # nosec B608

    def of_version(self, row: ArticleRow, article: Article) -> list[EncodedPassage]:
        """The passages of one version in order. Raises RowError when one is missing or damaged."""
        rows = self._connection.execute(_OF_VERSION, (row.version,)).fetchall()
        if len(rows) != row.passages:
            raise RowError(f"article version {row.version} has {len(rows)} passages of {row.passages}")
        return [self._encoded(passage_of(fields, {row.version: article})) for fields in rows]

    def _encoded(self, passage: Passage) -> EncodedPassage:
        (pooled,), (codes, spans), (counts,) = (self._blobs(t, passage.key) for t in ("vectors", "tokens", "terms"))
        return EncodedPassage(
            passage,
            np.frombuffer(pooled, dtype="<f4"),
            codes,
            np.frombuffer(spans, dtype="<i4").reshape(-1, 2),
            np.frombuffer(counts, dtype=COUNTS),
        )

    def _blobs(self, table: str, key: int) -> tuple[bytes, ...]:
        row = self._connection.execute(f"SELECT * FROM {table} WHERE key = ?", (key,)).fetchone()  # noqa: S608 # nosec B608
        if row is None:
            raise RowError(f"passage {key} has no row in {table}")
        return blobs_of(row)


def next_key(connection: sqlite3.Connection, table: str, column: str) -> int:
    """One above the highest key ever used: AUTOINCREMENT's counter outlives the rows that a purge takes."""
    counter = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    highest = connection.execute(f"SELECT max({column}) FROM {table}").fetchone()  # noqa: S608 # nosec B608
    return 1 + max((counter or (0,))[0], highest[0] or 0)
