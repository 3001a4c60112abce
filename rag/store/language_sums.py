"""Running sums of vectors by language, kept in step with the rows, so that publishing need not read every token."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.encoding.centring import LanguageSums
from rag.encoding.token_codes import TokenCode
from rag.store.rows import EncodedPassage
from rag.store.schema import RowError, checksum

# Queries are put together from this program's own names (hence `nosec`); values are always bound.
_COLUMNS = "profile, language, passages, pooled, tokens, token_sum, checksum"
Float64 = NDArray[np.float64]


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
            f"INSERT OR REPLACE INTO language_sums ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (*row, checksum(*row)),
        )

    def _read(self, profile: int, language: str, dimension: int) -> tuple[int, Float64, int, Float64]:
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM language_sums WHERE profile = ? AND language = ?",  # noqa: S608 # nosec B608
            (profile, language),
        ).fetchone()
        return _checked(row) if row else (0, np.zeros(dimension), 0, np.zeros(dimension))

    def of(self, profile: int) -> Mapping[str, LanguageSums]:
        """The sums of every language of a profile."""
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM language_sums WHERE profile = ?", (profile,))  # noqa: S608 # nosec B608
        sums = {row[1]: _checked(row) for row in rows}
        return {
            language: LanguageSums(count, pooled.astype(np.float32), tokens, token_sum.astype(np.float32))
            for language, (count, pooled, tokens, token_sum) in sums.items()
        }


def _checked(row: Sequence[Any]) -> tuple[int, Float64, int, Float64]:
    if checksum(*row[:-1]) != row[-1]:
        raise RowError(f"the sums of language {row[1]!r} fail their checksum")
    return row[2], np.frombuffer(row[3], dtype="<f8"), row[4], np.frombuffer(row[5], dtype="<f8")
