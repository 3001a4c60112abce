"""Who may touch the index: one writer at a time, and readers that keep their generation from being removed.

Both are locks of :mod:`rag.files`, which the operating system drops when their holder ends, however it ends.
"""

from __future__ import annotations

import json
import os
import weakref
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from rag.errors import IndexLockedError
from rag.files import lock_file, locked, storage_errors

LOCK_NAME = "writer.lock"


class WriterLock:
    """``with WriterLock(index_dir): ...`` is the only way to write. Raises IndexLockedError, StorageError.

    The file says who holds the lock.
    """

    def __init__(self, index_dir: Path) -> None:
        self._path = index_dir / LOCK_NAME
        self._descriptor = -1

    def __enter__(self) -> WriterLock:
        with storage_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = lock_file(self._path, create=True, wait=False)
        if descriptor is None:
            raise IndexLockedError(
                f"{self._path.parent} is being written by {_holder(self._path)}.",
                "Wait until it ends, or stop it, and run the command again.",
            )
        since = datetime.now(UTC).isoformat(timespec="seconds")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "since": since}).encode(), 0)
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_bytes())
        return f"process {holder['pid']} since {holder['since']}"
    except (ValueError, KeyError, TypeError, OSError):  # read between the lock and the note
        return "another process"


class Lease:
    """A reader's shared lock on a file: :func:`unleased` is false while any reader, in any process,
    holds one.

    Let go by :meth:`release`, by garbage collection, or by the end of the process.
    """

    def __init__(self, path: Path) -> None:
        """Raises FileNotFoundError when the file is gone, or goes before the lock is held."""
        descriptor = lock_file(path, shared=True)
        assert descriptor is not None  # it waited
        self.release = weakref.finalize(self, os.close, descriptor)
        if os.fstat(descriptor).st_ino != path.stat().st_ino:
            self.release()
            raise FileNotFoundError(path)


def unleased(path: Path) -> AbstractContextManager[bool]:
    """True while no reader holds a lease on ``path``; readers that arrive meanwhile wait until the block ends."""
    return locked(path, wait=False)
