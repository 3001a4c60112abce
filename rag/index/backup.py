"""A backup is one file: the store alone, since everything else is built from it. Both directions work while serving."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from rag import files
from rag.errors import IndexDamagedError, IndexMissingError
from rag.index.faiss_engine import FAISS
from rag.index.locking import WriterLock
from rag.index.manifest import Manifest
from rag.index.publishing import Publisher
from rag.index.repair import replace_content
from rag.index.search_engine import SearchEngine
from rag.store.check import faults_of
from rag.store.database import Store
from rag.store.schema import STORE_NAME, connect, damaged, require_store_file, set_store_aside, store_errors


def backup_index(index_dir: Path, target: Path) -> int:
    """Write the store as it is at this moment to the file ``target``, checked row by row; returns its size in bytes.

    Readers and a writer may go on. Raises IndexMissingError, IndexDamagedError when the store is not sound, and
    StorageError; ``target`` is then as it was.
    """
    require_store_file(index_dir)
    target = target.absolute()
    with files.scratch(target.with_name(f".{target.name}.new")) as folder:
        copy = folder / STORE_NAME
        _copy(index_dir, copy)
        _require_sound(folder, index_dir / STORE_NAME)
        files.fsync_file(copy)
        size = copy.stat().st_size
        files.rename_durably(copy, target)
    return size


def _copy(index_dir: Path, copy: Path) -> None:
    with (
        store_errors(copy),
        closing(connect(index_dir, write=False)) as live,
        closing(sqlite3.connect(copy, isolation_level=None)) as other,
    ):
        files.checkpoint("copy")
        live.backup(other)
        other.execute("PRAGMA journal_mode = DELETE")  # one file, whole in itself


def restore_index(index_dir: Path, backup: Path, engine: SearchEngine = FAISS) -> Manifest:
    """Make the index hold what the backup holds, and publish it; what the index held beside that is removed.

    Running readers keep their snapshot. Raises IndexDamagedError when the backup is not sound, IndexLockedError,
    StorageError; the index is then as it was.
    """
    if not backup.is_file():
        raise IndexMissingError(f"There is no backup at {backup}.", "Name the file that `backup` wrote.")
    with WriterLock(index_dir), files.scratch(index_dir / "restore") as folder:
        files.require_space(index_dir, 3 * backup.stat().st_size)
        with files.storage_errors(folder):
            shutil.copyfile(backup, folder / STORE_NAME)
        _require_sound(folder, backup)
        with Store.open(folder) as source:
            try:
                return _replace(index_dir, source, engine)
            except IndexDamagedError:  # the backup is sound, so it is the store that is not
                set_store_aside(index_dir)
                return _replace(index_dir, source, engine)


def _replace(index_dir: Path, source: Store, engine: SearchEngine) -> Manifest:
    with Store.open(index_dir, create=True) as target:
        publisher = Publisher(index_dir, target, engine)
        replace_content(source, target, publisher.next_generation(), trust_hashes=True)
        return publisher.publish()


def _require_sound(folder: Path, named: Path) -> None:
    if faults := faults_of(folder):
        raise damaged(named, "; ".join(faults[:3]))
