"""The store's file as a whole: put aside with its log, and replaced by another, so that a kill in between is mended."""

from __future__ import annotations

from pathlib import Path

from rag import files
from rag.errors import IndexMissingError
from rag.store.schema import STORE_NAME

NEXT_NAME = f"{STORE_NAME}.next"
QUARANTINE = "quarantine"  # folder of the index: what was damaged, kept for whoever wants to look
_PARTS = ("-wal", "-shm", "")  # the log first: SQLite would play one that is left behind into the next store


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
