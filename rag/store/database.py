"""The store: one SQLite file that holds every article, passage, vector and token vector. The only truth.

A :class:`Store` is the writer's view; open it under a :class:`rag.index.locking.WriterLock`. Readers use
:class:`rag.store.view.StoreView`. Every change goes through :meth:`Store.transaction` and is stamped with the
generation that will first show it.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rag import files
from rag.documents import Article
from rag.store.profile import Profile
from rag.store.rows import ARTICLE_COLUMNS, ArticleRow, EncodedPassage, content_of, text_hash
from rag.store.schema import (
    SCHEMA,
    SCHEMA_VERSION,
    STORE_NAME,
    RowError,
    checksum,
    connect,
    finish_replacing,
    require_layout,
    require_store_file,
    store_errors,
)
from rag.store.tables import LanguageSumsTable, PassageTables, next_key

# Queries are put together from this program's own names (hence `nosec`); values are always bound.
_PLACES = ", ".join("?" * (len(ArticleRow._fields) + 1))
_INSERT_ARTICLE = f"INSERT INTO article_versions ({ARTICLE_COLUMNS}, text) VALUES ({_PLACES})"  # noqa: S608 # nosec B608
_LIVE = f"SELECT {ARTICLE_COLUMNS} FROM article_versions WHERE removed_in IS NULL"  # noqa: S608 # nosec B608


class Store:
    """Reads and writes of the one writer."""

    def __init__(self, index_dir: Path, connection: sqlite3.Connection) -> None:
        self.path = index_dir / STORE_NAME
        self.connection = connection
        self._sums = LanguageSumsTable(connection)
        self._passages = PassageTables(connection)
        self._changed = False

    @classmethod
    def open(cls, index_dir: Path, *, create: bool = False) -> Store:
        """Raises IndexMissingError unless the store exists or ``create`` is set; IndexDamagedError, StorageError."""
        path = index_dir / STORE_NAME
        finish_replacing(index_dir)
        if not create:
            require_store_file(index_dir)
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
            require_layout(self.connection, self.path)
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
        with store_errors(self.path):
            return self._profile(number) if number else None

    def _profile(self, number: int) -> Profile:
        return Profile.from_json(self._get(f"profile {number}"))

    def adopt(self, profile: Profile) -> None:
        """Rows written from now on are of ``profile``, and all live rows so far are stale; within a transaction."""
        number = 1 + int(self._get("profile"))
        self._set(f"profile {number}", profile.to_json())
        self._set("profile", number)
        self._changed = True

    def mark_changed(self) -> None:
        """What searches show has changed though no article has; within a transaction."""
        self._changed = True

    # -- articles ----------------------------------------------------------------------------------------------

    def live(self, article_id: str) -> ArticleRow | None:
        """The row of the article as it is now."""
        with store_errors(self.path):
            row = self.connection.execute(f"{_LIVE} AND article_id = ?", (article_id,)).fetchone()
            return ArticleRow.checked(row) if row else None

    def holds(self, article: Article) -> bool:
        """Whether exactly this article, text and all, is stored and of the current profile."""
        row = self.live(article.id)
        return row is not None and row.profile == int(self.get("profile")) and row.content == content_of(article)

    def reusable(self, article: Article) -> int:
        """The live version whose passages serve this article too: only its metadata differ. 0 when there is none."""
        row = self.live(article.id)
        if row is None or row.profile != int(self.get("profile")):
            return 0
        same = (row.text_sha256, row.title, row.language) == (text_hash(article.text), article.title, article.language)
        return row.version if same else 0

    def twin_of(self, sha256: str) -> str:
        """The id of the live article with this text; empty when there is none."""
        with store_errors(self.path):
            row = self.connection.execute(
                "SELECT article_id FROM article_versions WHERE removed_in IS NULL AND text_sha256 = ?", (sha256,)
            ).fetchone()
        return row[0] if row else ""

    def live_ids(self) -> set[str]:
        """Ids of all live articles."""
        with store_errors(self.path):
            rows = self.connection.execute("SELECT article_id FROM article_versions WHERE removed_in IS NULL")
            return {row[0] for row in rows}

    def next_version(self) -> int:
        """One above every version there ever was."""
        with store_errors(self.path):
            return next_key(self.connection, "article_versions", "version")

    def stale(self) -> list[int]:
        """Versions of the live articles that another profile made."""
        with store_errors(self.path):
            rows = self.connection.execute(
                "SELECT version FROM article_versions WHERE removed_in IS NULL AND profile != ? ORDER BY version",
                (int(self._get("profile")),),
            ).fetchall()
        return [row[0] for row in rows]

    def article(self, version: int) -> Article:
        """The article as one version has it, live or not. Raises IndexDamagedError when it is not there."""
        with store_errors(self.path):
            return self._load(version)[1]

    def is_live(self, version: int) -> bool:
        """Whether the version is there and was not removed, looked up by its key alone."""
        with store_errors(self.path):
            row = self.connection.execute("SELECT removed_in FROM article_versions WHERE version = ?", (version,))
            return bool(row.fetchone() == (None,))

    def encoded_passages(self, version: int) -> list[EncodedPassage]:
        """The passages of one version of an article with all that is stored of them, in order."""
        with store_errors(self.path):
            return self._passages.of_version(*self._load(version))

    def _load(self, version: int) -> tuple[ArticleRow, Article]:
        row = self.connection.execute(
            f"SELECT {ARTICLE_COLUMNS}, text FROM article_versions WHERE version = ?",  # noqa: S608 # nosec B608
            (version,),
        ).fetchone()
        if row is None:
            raise RowError(f"article version {version} is missing")
        head = ArticleRow.checked(row[:-1])
        return head, head.article(row[-1])

    def put(self, article: Article, passages: Sequence[EncodedPassage], generation: int) -> None:
        """Add the article, or replace the live one of its id; within a transaction."""
        self.remove(article.id, generation)
        self._changed = True
        profile = int(self._get("profile"))
        version = self.next_version()
        row = ArticleRow.of(version, profile, article, len(passages))
        self.connection.execute(_INSERT_ARTICLE, (*row, article.text))
        self._passages.insert(version, article, passages)
        self._sums.add(profile, self._profile(profile).load_token_code(), passages, 1)

    def remove(self, article_id: str, generation: int) -> bool:
        """Mark the live article as removed in ``generation``; False when there is none. Within a transaction."""
        row = self.live(article_id)
        if row is None:
            return False
        self._changed = True
        removed = row.removed(generation)
        self.connection.execute(
            "UPDATE article_versions SET removed_in = ?, checksum = ? WHERE version = ?",
            (removed.removed_in, removed.checksum, row.version),
        )
        code = self._profile(row.profile).load_token_code()
        self._sums.add(row.profile, code, self.encoded_passages(row.version), -1)
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
