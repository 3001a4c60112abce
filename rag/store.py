"""The store: one SQLite file that holds every article, passage, vector and token vector. The only truth.

A :class:`Store` is the writer's view; open it under a :class:`rag.locking.WriterLock`. Readers use
:class:`rag.store_view.StoreView`. Every change goes through :meth:`Store.transaction` and is stamped with the
generation that will first show it.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rag import files
from rag.documents import Article, Passage
from rag.errors import IndexMissingError
from rag.language_sums import LanguageSumsTable
from rag.manifest import Profile
from rag.rows import (
    ARTICLE_COLUMNS,
    PASSAGE_COLUMNS,
    EncodedPassage,
    article_fields,
    article_of,
    blobs_of,
    check_head,
    passage_fields,
    passage_of,
    text_hash,
)
from rag.schema import SCHEMA, SCHEMA_VERSION, STORE_NAME, RowError, checksum, connect, damaged, store_errors

_INSERT_ARTICLE = f"INSERT INTO article_versions ({ARTICLE_COLUMNS}, text) VALUES ({', '.join('?' * 18)})"  # noqa: S608
_INSERT_PASSAGE = f"INSERT INTO passages ({PASSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_LIVE = f"SELECT {ARTICLE_COLUMNS} FROM article_versions WHERE removed_in IS NULL"  # noqa: S608


class Store:
    """Reads and writes of the one writer."""

    def __init__(self, index_dir: Path, connection: sqlite3.Connection) -> None:
        self.path = index_dir / STORE_NAME
        self.connection = connection
        self._sums = LanguageSumsTable(connection)
        self._changed = False

    @classmethod
    def open(cls, index_dir: Path, *, create: bool = False) -> Store:
        """Raises IndexMissingError unless the store exists or ``create`` is set; IndexDamagedError, StorageError."""
        path = index_dir / STORE_NAME
        if not create and not path.is_file():
            raise IndexMissingError(f"There is no index in {index_dir}.", "Make one: python -m rag index FOLDER")
        store = cls(index_dir, connect(index_dir, write=True))
        try:
            with store_errors(path):
                store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    def _prepare(self) -> None:
        if self.connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            version = self.connection.execute("PRAGMA user_version").fetchone()[0]
            if version != SCHEMA_VERSION:
                raise damaged(self.path, f"its layout is {version}, wanted {SCHEMA_VERSION}")
            return
        self.connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA.split(";\n"):
            self.connection.execute(statement)
        self.connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        for name, value in {"store_id": uuid.uuid4().hex, "revision": 0, "allotted": 0, "profile": 0}.items():
            self._set(name, value)
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Release the file; SQLite then folds its log into it."""
        self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and on the disk when the block ends. Raises StorageError, IndexDamagedError."""
        with store_errors(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            self._changed = False
            try:
                yield
                if self._changed:
                    self._set("revision", int(self._get("revision")) + 1)
                files.checkpoint("commit")
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # SQLite ends it alone on some errors
                    self.connection.execute("ROLLBACK")
                raise
        files.checkpoint("committed")

    # -- what the store as a whole is --------------------------------------------------------------------------

    def _get(self, name: str) -> str:
        row = self.connection.execute("SELECT name, value, checksum FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None or checksum(*row[:-1]) != row[-1]:
            raise RowError(f"its setting {name!r} is missing or fails its checksum")
        return str(row[1])

    def _set(self, name: str, value: object) -> None:
        text = str(value)
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (name, text, checksum(name, text)))

    def get(self, name: str) -> str:
        """One of ``store_id``, ``revision``, ``allotted`` (the highest generation ever begun), ``profile``."""
        with store_errors(self.path):
            return self._get(name)

    def allot(self, generation: int) -> None:
        """Note that a generation was begun, so that its number is never used again; within a transaction."""
        self._set("allotted", max(generation, int(self._get("allotted"))))

    @property
    def profile(self) -> Profile | None:
        """What made the rows that are published next; None in a new store."""
        number = int(self.get("profile"))
        return Profile.from_json(self.get(f"profile {number}")) if number else None

    def adopt(self, profile: Profile) -> None:
        """Rows written from now on are of ``profile``, and all live rows so far are stale; within a transaction."""
        number = 1 + int(self._get("profile"))
        self._set(f"profile {number}", profile.to_json())
        self._set("profile", number)
        self._changed = True

    # -- articles ----------------------------------------------------------------------------------------------

    def live(self, article_id: str) -> Sequence[Any] | None:
        """The row of ARTICLE_COLUMNS of the article as it is now."""
        with store_errors(self.path):
            row = self.connection.execute(f"{_LIVE} AND article_id = ?", (article_id,)).fetchone()
            return check_head(row) if row else None

    def holds(self, article: Article) -> bool:
        """Whether exactly this article, text and all, is stored and of the current profile."""
        row = self.live(article.id)
        return row is not None and row[2] == int(self.get("profile")) and tuple(row[5:16]) == article_fields(article)

    def reusable(self, article: Article) -> int:
        """The live version whose passages serve this article too: only its metadata differ. 0 when there is none."""
        row = self.live(article.id)
        words = (int(self.get("profile")), text_hash(article.text), article.title, article.language)
        return row[0] if row is not None and (row[2], *row[5:8]) == words else 0

    def twin_of(self, sha256: str) -> str:
        """The id of the live article with this text; empty when there is none."""
        with store_errors(self.path):
            row = self.connection.execute(
                "SELECT article_id FROM article_versions WHERE removed_in IS NULL AND text_sha256 = ?", (sha256,)
            ).fetchone()
        return row[0] if row else ""

    def stale(self) -> list[str]:
        """Ids of the live articles that another profile made."""
        with store_errors(self.path):
            rows = self.connection.execute(
                "SELECT article_id FROM article_versions WHERE removed_in IS NULL AND profile != ?",
                (int(self._get("profile")),),
            ).fetchall()
        return [row[0] for row in rows]

    def article(self, article_id: str) -> Article:
        """The article as it is now. Raises RowError when it is not live."""
        row = self.live(article_id)
        if row is None:
            raise RowError(f"article {article_id!r} is not in the store")
        return self._article(row[0])

    def _article(self, version: int) -> Article:
        with store_errors(self.path):
            row = self.connection.execute(
                f"SELECT {ARTICLE_COLUMNS}, text FROM article_versions WHERE version = ?",  # noqa: S608
                (version,),
            ).fetchone()
            return article_of(row)

    def put(self, article: Article, passages: Sequence[EncodedPassage], generation: int) -> None:
        """Add the article, or replace the live one of its id; within a transaction."""
        self.remove(article.id, generation)
        self._changed = True
        profile = int(self._get("profile"))
        version = 1 + self._last("article_versions")
        head = (version, article.id, profile, generation, None, *article_fields(article))
        self.connection.execute(_INSERT_ARTICLE, (*head, checksum(*head), article.text))
        first = 1 + self._last("passages")
        for key, encoded in enumerate(passages, first):
            self._put_passage(key, version, encoded, article)
        self._sums.add(profile, passages, 1)

    def _put_passage(self, key: int, version: int, encoded: EncodedPassage, article: Article) -> None:
        passage = encoded.passage
        if passage.text != article.text[passage.start : passage.end]:
            raise ValueError(
                f"passage {passage.start}-{passage.end} of {article.id!r} is not what the article says there"
            )
        self.connection.execute(_INSERT_PASSAGE, passage_fields(key, version, passage))
        blobs = {
            "vectors": (encoded.pooled.astype("<f4").tobytes(),),
            "tokens": (encoded.codes, encoded.spans.astype("<i4").tobytes()),
            "terms": (encoded.counts.tobytes(),),
        }
        for table, values in blobs.items():
            row = (key, *values, checksum(key, *values))
            self.connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608

    def _last(self, table: str) -> int:
        # AUTOINCREMENT's own counter: it survives the purge of the highest rows, so nothing is used twice
        row = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return int(row[0]) if row else 0

    def remove(self, article_id: str, generation: int) -> bool:
        """Mark the live article as removed in ``generation``; False when there is none. Within a transaction."""
        row = self.live(article_id)
        if row is None:
            return False
        self._changed = True
        head = (*row[:4], generation, *row[5:16])
        self.connection.execute(
            "UPDATE article_versions SET removed_in = ?, checksum = ? WHERE version = ?",
            (generation, checksum(*head), row[0]),
        )
        self._sums.add(row[2], self.encoded_passages(row[0]), -1)
        return True

    def purge(self, oldest_kept: int) -> None:
        """Delete what was removed in or before the oldest generation that is kept; within a transaction."""
        self.connection.execute("DELETE FROM article_versions WHERE removed_in <= ?", (oldest_kept,))

    def copy(self, article: Article, version: int, generation: int) -> None:
        """Put ``article``, which has the text of ``version``, with the passages of that version as they are."""
        passages = [
            replace(e, passage=replace(e.passage, article_id=article.id)) for e in self.encoded_passages(version)
        ]
        self.put(article, passages, generation)

    def encoded_passages(self, version: int) -> list[EncodedPassage]:
        """The passages of one version of an article with all that is stored of them, in order."""
        article = self._article(version)
        with store_errors(self.path):
            rows = self.connection.execute(
                f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE version = ? ORDER BY key",  # noqa: S608
                (version,),
            ).fetchall()
            return [self._encoded(passage_of(row, {version: article})) for row in rows]

    def _encoded(self, passage: Passage) -> EncodedPassage:
        from rag.keyword_index import COUNTS

        (pooled,), (codes, spans), (counts,) = (self._blobs(t, passage.key) for t in ("vectors", "tokens", "terms"))
        return EncodedPassage(
            passage,
            np.frombuffer(pooled, dtype="<f4"),
            codes,
            np.frombuffer(spans, dtype="<i4").reshape(-1, 2),
            np.frombuffer(counts, dtype=COUNTS),
        )

    def _blobs(self, table: str, key: int) -> tuple[bytes, ...]:
        row = self.connection.execute(f"SELECT * FROM {table} WHERE key = ?", (key,)).fetchone()  # noqa: S608
        if row is None:
            raise RowError(f"passage {key} has no row in {table}")
        return blobs_of(row)
