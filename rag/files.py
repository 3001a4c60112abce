"""Bytes that survive, and files that one holder locks: what must be whole is written, fsynced and hashed here.

FAISS's own ``write_index`` raises nothing on a full disk and loads a flipped bit without a word, so files are written
from bytes we hold and checked by hash when read. Power loss is argued from the order of fsyncs, not tested.

:func:`checkpoint` is the one seam for faults: it does nothing, and a test harness replaces it to count, fail or kill.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexDamagedError, StorageError

CHUNK = 1 << 20
KEPT = "The previous index is still in use."


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file must be: its SHA-256 (hex) and its size in bytes."""

    sha256: str
    bytes: int


def checkpoint(name: str) -> None:
    """A named place where a fault may be injected; ``name`` is the step and the file (``write vectors.faiss``)."""


class DurableFile:
    """A new file, hashed as it is written and on the disk once closed; ``mode`` as ``open`` has it.

    Raises StorageError.
    """

    def __init__(self, path: Path, mode: int = 0o666) -> None:
        self.path = path
        self._hash = hashlib.sha256()
        self._bytes = 0
        with storage_errors(path):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
            self._file: BinaryIO = os.fdopen(descriptor, "wb")

    def __enter__(self) -> DurableFile:
        return self

    def write(self, data: Any) -> int:
        """Append anything with a contiguous buffer; returns the bytes taken."""
        view = memoryview(data)
        if not view.nbytes:  # a view with a zero in its shape cannot be cast
            return 0
        view = view.cast("B")
        with storage_errors(self.path):
            for start in range(0, len(view), CHUNK):
                checkpoint(f"write {self.path.name}")
                self._file.write(view[start : start + CHUNK])
        self._hash.update(view)
        self._bytes += len(view)
        return len(view)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with storage_errors(self.path):
                    checkpoint(f"fsync {self.path.name}")
                    self._file.flush()
                    os.fsync(self._file.fileno())
        finally:
            with storage_errors(self.path):
                self._file.close()

    @property
    def record(self) -> FileRecord:
        """Hash and size of what was written so far."""
        return FileRecord(self._hash.hexdigest(), self._bytes)


def write_durably(path: Path, data: Any, mode: int = 0o666) -> FileRecord:
    """Write a new file and fsync it. Raises StorageError."""
    with DurableFile(path, mode) as file:
        file.write(data)
    return file.record


def write_array(path: Path, array: NDArray[Any]) -> FileRecord:
    """Write ``array`` as ``.npy`` and fsync it. Raises StorageError."""
    with DurableFile(path) as file:
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(array))
        file.write(np.ascontiguousarray(array))
    return file.record


def read_array(path: Path) -> NDArray[Any]:
    """The array of a ``.npy`` file, memory-mapped and read-only."""
    small = path.stat().st_size <= CHUNK  # an empty array cannot be mapped
    array: NDArray[Any] = np.load(path, mmap_mode=None if small else "r", allow_pickle=False)
    array.flags.writeable = False
    return array


def replace_durably(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Put ``data`` at ``path`` so that readers and restarts find the old file or the new one; one writer at a time.

    Raises StorageError; the old file is then as it was.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        write_durably(fresh, data, mode)
        rename_durably(fresh, path)
    except StorageError:
        fresh.unlink(missing_ok=True)
        raise


def rename_durably(source: Path, target: Path) -> None:
    """Rename within one folder's file system, and fsync the folder that now holds it. Raises StorageError."""
    with storage_errors(target):
        checkpoint(f"rename {target.name}")
        source.replace(target)
    fsync_dir(target.parent)


def fsync_file(path: Path) -> None:
    """Make a file that another program wrote durable. Raises StorageError."""
    with storage_errors(path), path.open("rb") as file:
        checkpoint(f"fsync {path.name}")
        os.fsync(file.fileno())


def fsync_dir(path: Path) -> None:
    """Make the names in a folder durable. Raises StorageError."""
    with storage_errors(path):
        checkpoint(f"fsync {path.name}")
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def verify(path: Path, record: FileRecord) -> None:
    """Raises IndexDamagedError unless the file is, byte for byte, what ``record`` says."""
    try:
        size = path.stat().st_size
        found = FileRecord(sha256_of(path), size) if size == record.bytes else FileRecord("", size)
    except OSError as error:
        raise IndexDamagedError(f"{path} cannot be read: {error.strerror}.") from error
    if found != record:
        detail = "its hash is wrong" if found.sha256 else f"it has {size} bytes, wanted {record.bytes}"
        raise IndexDamagedError(f"{path} is damaged: {detail}.")


def sha256_of(path: Path) -> str:
    """SHA-256 (hex) of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def quarantine(path: Path, folder: Path) -> None:
    """Move a damaged file or folder into ``folder``, under a name of its own. Raises StorageError."""
    with storage_errors(folder):
        folder.mkdir(exist_ok=True)
        taken = {item.name for item in folder.iterdir()}
        number = next(n for n in range(1, len(taken) + 2) if f"{path.name}.{n}" not in taken)
        path.rename(folder / f"{path.name}.{number}")


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """An empty folder for the length of the block; what a killed program left in it goes too. Raises StorageError."""
    with storage_errors(folder):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def require_space(folder: Path, wanted: int) -> None:
    """Raises StorageError when ``folder``'s disk has fewer than ``wanted`` bytes free."""
    with storage_errors(folder):
        checkpoint("space")
        free = shutil.disk_usage(folder).free
    if free < wanted:
        message = f"{folder} has {free / 1e6:.0f} MB free and the new index needs about {wanted / 1e6:.0f} MB."
        raise StorageError(message, f"Free some disk space and run the same command again. {KEPT}")


def lock_file(path: Path, *, create: bool = False, shared: bool = False, wait: bool = True) -> int | None:
    """A descriptor of the file, locked until it is closed; the system closes it when its holder ends, however it ends.

    create: the file where there is none; it must stay behind, because removing a locked file would let two holders in.
    shared: with others who lock it so. None where another holds it and ``wait`` is unset. Raises OSError.
    """
    flags = (os.O_RDWR | os.O_CREAT if create else os.O_RDONLY) | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o644)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def locked(path: Path, *, create: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold the file's lock for the length of the block; false where it was not had. Otherwise as :func:`lock_file`."""
    descriptor = lock_file(path, create=create, wait=wait)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn an OSError met inside into a StorageError that names ``path`` and the cure."""
    try:
        yield
    except OSError as error:
        raise StorageError.of(error, f"Cannot write {path}: {error.strerror or error}.", KEPT) from error
