"""The tables beside that of the articles: passages with all that is stored of them, and running sums by language.

The sums of vectors are kept in step with the rows, so that publishing need not read every token.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rag.documents import Article, Passage
from rag.encoding.centring import LanguageSums
from rag.encoding.token_codes import Float64, TokenCode
from rag.store.rows import COUNTS, PASSAGE_COLUMNS, ArticleRow, EncodedPassage, blobs_of, passage_fields, passage_of
from rag.store.schema import RowError, checksum

# Queries are put together from this program's own names (hence `nosec`); values are always bound.
_INSERT = f"INSERT INTO passages ({PASSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 # nosec B608
_OF_VERSION = f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE version = ? ORDER BY key"  # noqa: S608 # nosec B608
_SUM_COLUMNS = "profile, language, passages, pooled, tokens, token_sum, checksum"


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


class LanguageSumsTable:
    """The table ``language_sums``; changes belong inside the store's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, profile: int, code: TokenCode, passages: Sequence[EncodedPassage], sign: int) -> None:
        """Count the passages in (``sign`` 1) or out (-1); ``code`` is the profile's."""
        for language in {encoded.passage.language for encoded in passages}:
            chosen = [encoded for encoded in passages if encoded.passage.language == language]
            self._add(profile, language, code, chosen, sign)

    def _add(self, profile: int, language: str, code: TokenCode, passages: Sequence[EncodedPassage], sign: int) -> None:
        dimension = len(passages[0].pooled)
        # from the codes, not the tokens that were packed: taking a passage out must undo what putting it in did
        tokens, tokens_sum = code.total([encoded.codes for encoded in passages])
        count, pooled, token_count, token_sum = self._read(profile, language, dimension)
        count += sign * len(passages)
        token_count += sign * tokens
        pooled = pooled + sign * np.sum([encoded.pooled for encoded in passages], axis=0, dtype=np.float64)
        token_sum = token_sum + sign * tokens_sum
        if count == 0:
            self._connection.execute(
                "DELETE FROM language_sums WHERE profile = ? AND language = ?", (profile, language)
            )
            return
        row = (profile, language, count, pooled.tobytes(), token_count, token_sum.tobytes())
        self._connection.execute(
            f"INSERT OR REPLACE INTO language_sums ({_SUM_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (*row, checksum(*row)),
        )

    def _read(self, profile: int, language: str, dimension: int) -> tuple[int, Float64, int, Float64]:
        row = self._connection.execute(
            f"SELECT {_SUM_COLUMNS} FROM language_sums WHERE profile = ? AND language = ?",  # noqa: S608 # nosec B608
            (profile, language),
        ).fetchone()
        return _checked(row) if row else (0, np.zeros(dimension), 0, np.zeros(dimension))

    def of(self, profile: int) -> Mapping[str, LanguageSums]:
        """The sums of every language of a profile."""
        rows = self._connection.execute(f"SELECT {_SUM_COLUMNS} FROM language_sums WHERE profile = ?", (profile,))  # noqa: S608 # nosec B608
        sums = {row[1]: _checked(row) for row in rows}
        return {
            language: LanguageSums(count, pooled.astype(np.float32), tokens, token_sum.astype(np.float32))
            for language, (count, pooled, tokens, token_sum) in sums.items()
        }


def _checked(row: Sequence[Any]) -> tuple[int, Float64, int, Float64]:
    if checksum(*row[:-1]) != row[-1]:
        raise RowError(f"the sums of language {row[1]!r} fail their checksum")
    return row[2], np.frombuffer(row[3], dtype="<f8"), row[4], np.frombuffer(row[5], dtype="<f8")
