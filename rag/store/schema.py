"""The store's file: its tables, how to connect to them, and the checksums that make a flipped bit visible.

SQLite checks no page on its own, so every row that can reach an answer carries a CRC-32 of its fields (an article's
text: its SHA-256), verified whenever the row is read. The file as a whole is put aside with its log, and replaced by
another, so that a kill in between is mended.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag import files
from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, StorageError

STORE_NAME = "store.sqlite3"
NEXT_NAME = f"{STORE_NAME}.next"
QUARANTINE = "quarantine"  # folder of the index: what was damaged, kept for whoever wants to look
_PARTS = ("-wal", "-shm", "")  # the log first: SQLite would play one that is left behind into the next store
SCHEMA_VERSION = 3
_DISK_TROUBLE = ("disk", "full", "locked", "readonly", "unable to open")
_QUOTED = " with text '"  # here Python's sqlite3 begins to quote a text that is no UTF-8, at any length

# A version of an article is never altered, only marked ``removed_in`` a generation: a reader of an earlier generation
# still finds it, and it is purged once no generation that is kept or in use needs it. Keys are never reused.
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE article_versions (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL,
    profile INTEGER NOT NULL,  -- its value is in meta
    removed_in INTEGER,
    text_sha256 TEXT NOT NULL,
    title TEXT NOT NULL, language TEXT NOT NULL, source TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL,
    author TEXT NOT NULL, origin TEXT NOT NULL, content_hash TEXT NOT NULL,
    questions TEXT NOT NULL, warnings TEXT NOT NULL,  -- JSON lists
    passages INTEGER NOT NULL,
    signature BLOB NOT NULL,  -- of the text, as rag.text.signature makes it
    checksum INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX live_articles ON article_versions (article_id) WHERE removed_in IS NULL;
CREATE INDEX live_texts ON article_versions (text_sha256) WHERE removed_in IS NULL;
CREATE INDEX removed_articles ON article_versions (removed_in) WHERE removed_in IS NOT NULL;
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL REFERENCES article_versions ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, language TEXT NOT NULL,
    sentences BLOB NOT NULL,  -- (n, 2) int32
    checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX passages_of_version ON passages (version);
CREATE TABLE vectors (
    key INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    pooled BLOB NOT NULL,  -- (dimension,) float32, unit length, not centred
    checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE tokens (
    key INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    codes BLOB NOT NULL,  -- as the profile's token code packs them
    spans BLOB NOT NULL,  -- (n, 2) int32 into the passage's text
    checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE terms (
    key INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    counts BLOB NOT NULL,  -- as rag.index.keyword_index counts them
    checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE language_sums (
    profile INTEGER NOT NULL,
    language TEXT NOT NULL,
    passages INTEGER NOT NULL, pooled BLOB NOT NULL,  -- sums as (dimension,) float64
    tokens INTEGER NOT NULL, token_sum BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (profile, language)
) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
    origin TEXT PRIMARY KEY,
    path TEXT NOT NULL,  -- absolute; empty for articles given to the program in memory
    sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE origins (  -- every place an article was read from: two places with the same text share one article
    origin TEXT PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources ON DELETE CASCADE,
    article_id TEXT NOT NULL,
    own_id TEXT NOT NULL,  -- the id the article would have if this were its only origin
    publisher TEXT NOT NULL,  -- what the file there tells as the article's source
    checksum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX origins_of_source ON origins (source);
CREATE INDEX origins_of_article ON origins (article_id);
"""


class RowError(Exception):
    """A row fails its checksum or is missing; the message names it."""


def connect(index_dir: Path, *, write: bool) -> sqlite3.Connection:
    """A connection to the store, usable from any thread, one at a time. Raises IndexDamagedError, StorageError."""
    path = index_dir / STORE_NAME
    mode = "rwc" if write else "ro"
    with store_errors(path):
        if write:
            _keep_to_owner(path)
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=30,
        )
        try:
            if write:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except BaseException:
            connection.close()
            raise
    return connection


def _keep_to_owner(path: Path) -> None:
    """A new store begins as the owner's alone, as its log then does; one of former days becomes so."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            with suppress(PermissionError):  # another's, who lets us write
                path.chmod(0o600)


def require_layout(connection: sqlite3.Connection, path: Path) -> None:
    """Raises IndexMismatchError unless the tables are those of SCHEMA."""
    layout = connection.execute("PRAGMA user_version").fetchone()[0]
    if layout != SCHEMA_VERSION:
        raise IndexMismatchError(
            f"{path} was made by another version of the program (its layout is {layout}, wanted {SCHEMA_VERSION}).",
            f"Move {path.parent} away and index again: python -m rag index",
        )


def set_store_aside(index_dir: Path) -> None:
    """Move the store with its log to the quarantine; nothing may have it open for writing. Raises StorageError."""
    for part in _PARTS:
        path = index_dir / f"{STORE_NAME}{part}"
        if path.exists():
            files.checkpoint(f"set aside {path.name}")
            files.quarantine(path, index_dir / QUARANTINE)


def replace_store(index_dir: Path, fresh: Path) -> None:
    """Put the closed store ``fresh``, of the same file system, in place of what is there. Raises StorageError."""
    files.rename_durably(fresh, index_dir / NEXT_NAME)
    finish_replacing(index_dir)


def finish_replacing(index_dir: Path) -> None:
    """End a :func:`replace_store` that may have been cut short; otherwise does nothing. Raises StorageError."""
    if (index_dir / NEXT_NAME).exists():
        set_store_aside(index_dir)
        files.rename_durably(index_dir / NEXT_NAME, index_dir / STORE_NAME)


def require_store_file(index_dir: Path) -> None:
    """Raises IndexMissingError when there is no store."""
    if not (index_dir / STORE_NAME).is_file():
        raise IndexMissingError(f"There is no index in {index_dir}.", "Make one: python -m rag index FOLDER")


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn an error of SQLite met inside into IndexDamagedError (its file is broken) or StorageError (the disk is)."""
    try:
        yield
    except sqlite3.ProgrammingError:  # ours, not the file's
        raise
    except sqlite3.DatabaseError as error:
        reason = str(error).partition(_QUOTED)[0]
        if isinstance(error, sqlite3.OperationalError) and any(word in reason for word in _DISK_TROUBLE):
            cure = "Check the disk, its free space and the folder's permissions, and run the same command again."
            raise StorageError(f"Cannot use {path}: {reason}.", f"{cure} {files.KEPT}") from error
        raise damaged(path, reason) from error
    except (RowError, UnicodeDecodeError) as error:  # SQLite quotes a broken schema in messages that are no UTF-8
        raise damaged(path, str(error)) from error


def damaged(path: Path, detail: str) -> IndexDamagedError:
    """The error for a store whose content cannot be trusted."""
    return IndexDamagedError(f"{path} is damaged: {detail}.", "Run: python -m rag doctor --repair")


def checksum(*fields: str | int | bytes | None) -> int:
    """CRC-32 of the fields and where each ends; it finds every change of a single byte."""
    # ascii(), not repr(): what repr() escapes depends on the version of Python
    shape = ascii([len(item) if isinstance(item, bytes) else item for item in fields])
    value = zlib.crc32(shape.encode())
    for item in fields:
        if isinstance(item, bytes):
            value = zlib.crc32(item, value)
    return value
