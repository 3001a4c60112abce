"""Reads every row of the store and says what is damaged: what `doctor` and a backup rely on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from rag.errors import IsnadError
from rag.store.rows import ARTICLE_COLUMNS, PASSAGE_COLUMNS, article_of, blobs_of
from rag.store.schema import STORE_NAME, RowError, checksum, connect, store_errors
from rag.store.tables import LanguageSumsTable

MOST_FAULTS = 20  # told: more would not change what is to be done

# Queries are put together from this program's own names (hence `nosec`); values are always bound.
_BLOB_TABLES = ("vectors", "tokens", "terms")
_COUNTED = (
    "SELECT a.profile, p.language, count(*) FROM passages p JOIN article_versions a USING (version) "
    "WHERE a.removed_in IS NULL GROUP BY a.profile, p.language"
)


def faults_of(index_dir: Path) -> list[str]:
    """What is wrong with the store, one sentence each, at most MOST_FAULTS; empty when every byte that counts is right.

    Reads the whole file: about a second for each 500 MB. Safe while others read and write.
    """
    try:
        with closing(connect(index_dir, write=False)) as connection:
            return list(islice(_faults(connection, index_dir / STORE_NAME), MOST_FAULTS))
    except IsnadError as error:
        return [error.message]


def _faults(connection: sqlite3.Connection, path: Path) -> Iterator[str]:
    with store_errors(path):
        connection.execute("BEGIN")  # one moment of the store, whatever is written meanwhile
        for (line,) in connection.execute(f"PRAGMA integrity_check({MOST_FAULTS})"):
            if line != "ok":
                yield f"SQLite finds: {line}"
        for row in connection.execute("PRAGMA foreign_key_check"):
            yield f"row {row[1]} of {row[0]} belongs to nothing"
        for name, value, found in connection.execute("SELECT name, value, checksum FROM meta"):
            if checksum(name, value) != found:
                yield f"the setting {name!r} fails its checksum"
        for article_id, publisher, found in connection.execute("SELECT article_id, publisher, checksum FROM origins"):
            if checksum(article_id, publisher) != found:
                yield f"a place of article {article_id!r} fails its checksum"
        yield from _row_faults(connection)
        yield from _sum_faults(connection)


def _row_faults(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute(f"SELECT {ARTICLE_COLUMNS}, text FROM article_versions"):  # noqa: S608 # nosec B608
        try:
            article_of(row)
        except RowError as error:
            yield str(error)
    for row in connection.execute(f"SELECT {PASSAGE_COLUMNS} FROM passages"):  # noqa: S608 # nosec B608
        if checksum(*row[:-1]) != row[-1]:
            yield f"passage {row[0]} fails its checksum"
    for table in _BLOB_TABLES:
        for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 # nosec B608
            try:
                blobs_of(row)
            except RowError as error:
                yield str(error)
        query = f"SELECT key FROM passages WHERE key NOT IN (SELECT key FROM {table})"  # noqa: S608 # nosec B608
        for (key,) in connection.execute(query):
            yield f"passage {key} has no row in {table}"


def _sum_faults(connection: sqlite3.Connection) -> Iterator[str]:
    counted = {(profile, language): count for profile, language, count in connection.execute(_COUNTED)}
    summed = {}
    for (profile,) in connection.execute("SELECT DISTINCT profile FROM language_sums"):
        for language, sums in LanguageSumsTable(connection).of(profile).items():
            summed[profile, language] = sums.passages
    for place in sorted(counted.keys() | summed.keys()):
        if counted.get(place, 0) != summed.get(place, 0):
            yield f"the sums of language {place[1]!r} count {summed.get(place, 0)} passages of {counted.get(place, 0)}"
