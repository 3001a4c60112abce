"""A backup is one file: the store, since everything else is built from it, and in it what was calibrated beside it.

Both directions work while serving.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from rag import files
from rag.errors import IndexDamagedError, IndexMissingError
from rag.index.faiss_engine import FAISS
from rag.index.locking import WriterLock
from rag.index.manifest import CALIBRATION_FOLDER, Manifest
from rag.index.publishing import Publisher
from rag.index.repair import replace_content
from rag.index.search_engine import SearchEngine
from rag.store.check import faults_of
from rag.store.database import Store
from rag.store.schema import (
    STORE_NAME,
    checksum,
    connect,
    damaged,
    require_store_file,
    set_store_aside,
    store_errors,
)

_BESIDE = "CREATE TABLE beside (name TEXT PRIMARY KEY, content BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT"
_CALIBRATION = re.compile(r"[0-9a-f]{16}\.(json|npz)")  # no other file is written by a backup, whoever made it


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
        if beside := _calibrations(index_dir):
            other.execute(_BESIDE)
            other.executemany("INSERT INTO beside VALUES (?, ?, ?)", beside)


def _calibrations(index_dir: Path) -> list[tuple[str, bytes, int]]:
    """Name, content and checksum of each file. Raises StorageError."""
    folder = index_dir / CALIBRATION_FOLDER
    with files.storage_errors(folder):
        found = sorted(each for each in folder.glob("*") if _CALIBRATION.fullmatch(each.name))
        read = [(each.name, each.read_bytes()) for each in found]
    return [(name, content, checksum(name, content)) for name, content in read]


def restore_index(index_dir: Path, backup: Path, engine: SearchEngine = FAISS) -> Manifest:
    """Make the index hold what the backup holds, and publish it; what the index held beside that is removed.

    Calibrations go by models, so that those of models which the backup has none for stay; a server takes restored ones
    at its next start. Running readers keep their snapshot. Raises IndexDamagedError when the backup is not sound,
    IndexLockedError, StorageError; the index is then as it was.
    """
    if not backup.is_file():
        raise IndexMissingError(f"There is no backup at {backup}.", "Name the file that `backup` wrote.")
    with WriterLock(index_dir), files.scratch(index_dir / "restore") as folder:
        files.require_space(index_dir, 3 * backup.stat().st_size)
        with files.storage_errors(folder):
            shutil.copyfile(backup, folder / STORE_NAME)
        _require_sound(folder, backup)
        calibrated = _beside(folder, backup)
        with Store.open(folder) as source:
            try:
                manifest = _replace(index_dir, source, engine)
            except IndexDamagedError:  # the backup is sound, so it is the store that is not
                set_store_aside(index_dir)
                manifest = _replace(index_dir, source, engine)
        for name, content in calibrated:
            with files.storage_errors(index_dir / CALIBRATION_FOLDER):
                (index_dir / CALIBRATION_FOLDER).mkdir(exist_ok=True)
            files.replace_durably(index_dir / CALIBRATION_FOLDER / name, content)
        return manifest


def _beside(folder: Path, named: Path) -> list[tuple[str, bytes]]:
    """Name and content of the calibrations in the backup. Raises IndexDamagedError."""
    with store_errors(named), closing(connect(folder, write=False)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'beside'").fetchone():
            return []
        rows = connection.execute("SELECT name, content, checksum FROM beside ORDER BY name").fetchall()
    for name, content, found in rows:
        if not _CALIBRATION.fullmatch(name) or checksum(name, content) != found:
            raise damaged(named, f"its calibration {name!r} is not what was written")
    return [(name, content) for name, content, _ in rows]


def _replace(index_dir: Path, source: Store, engine: SearchEngine) -> Manifest:
    with Store.open(index_dir, create=True) as target:
        publisher = Publisher(index_dir, target, engine)
        replace_content(source, target, publisher.next_generation(), trust_hashes=True)
        return publisher.publish()


def _require_sound(folder: Path, named: Path) -> None:
    if faults := faults_of(folder):
        raise damaged(named, "; ".join(faults[:3]))
