from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from rag import files
from rag.errors import IndexDamagedError, StorageError
from rag.files import CHUNK, FileRecord, replace_durably, verify, write_array, write_durably


def test_the_record_is_the_files_hash_and_size(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    record = write_durably(tmp_path / "f", data)
    assert (tmp_path / "f").read_bytes() == data
    assert record == FileRecord(hashlib.sha256(data).hexdigest(), len(data))
    verify(tmp_path / "f", record)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12, dtype=np.int32).reshape(3, 4),
        np.zeros((0, 5), dtype=np.float32),
        np.arange(20).reshape(4, 5)[:, ::2],
        np.arange(CHUNK // 4, dtype=np.int64),
    ],
    ids=["small", "empty", "strided", "mapped"],
)
def test_arrays_come_back_read_only(tmp_path: Path, array: np.ndarray) -> None:
    record = write_array(tmp_path / "a.npy", array)
    verify(tmp_path / "a.npy", record)
    back = files.read_array(tmp_path / "a.npy")
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype
    assert not back.flags.writeable


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"evil": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="pickle"):
        files.read_array(tmp_path / "a.npy")


@pytest.mark.parametrize("position", [0, 1, 77, 4999])
def test_a_flipped_bit_is_damage(tmp_path: Path, position: int) -> None:
    record = write_durably(tmp_path / "f", bytes(5000))
    data = bytearray(5000)
    data[position] ^= 16
    (tmp_path / "f").write_bytes(data)
    with pytest.raises(IndexDamagedError, match="hash is wrong"):
        verify(tmp_path / "f", record)


@pytest.mark.parametrize("size", [0, 1, 4999, 5001])
def test_another_size_is_damage(tmp_path: Path, size: int) -> None:
    record = write_durably(tmp_path / "f", bytes(5000))
    (tmp_path / "f").write_bytes(bytes(size))
    with pytest.raises(IndexDamagedError, match="wanted 5000"):
        verify(tmp_path / "f", record)


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        verify(tmp_path / "f", FileRecord("0" * 64, 1))


def test_replacing_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "manifest.json"
    replace_durably(path, b"old")
    for step in ("write", "fsync", "rename"):

        def fail(name: str, step: str = step) -> None:
            if name.startswith(step):
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(files, "checkpoint", fail)
        with pytest.raises(StorageError, match="No space left") as caught:
            replace_durably(path, b"new")
        assert "Free some disk space" in caught.value.hint
        assert path.read_bytes() == b"old"
    monkeypatch.undo()
    replace_durably(path, b"new")
    assert path.read_bytes() == b"new"


def test_too_little_space_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="needs about"):
        files.require_space(tmp_path, 1 << 60)
    files.require_space(tmp_path, 1)


def test_a_folder_that_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="file/inside"):
        write_durably(tmp_path / "file" / "inside", b"x")


def test_a_replaced_file_has_the_mode_asked_for(tmp_path: Path) -> None:
    files.replace_durably(tmp_path / "a", b"secret", mode=0o600)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("shared", "other_shared", "had"), [(False, False, False), (True, False, False), (True, True, True)]
)
def test_a_lock_is_for_one_holder_or_for_those_who_share(
    tmp_path: Path, shared: bool, other_shared: bool, had: bool
) -> None:
    path = tmp_path / "a.lock"
    held = files.lock_file(path, create=True, shared=shared)
    other = files.lock_file(path, shared=other_shared, wait=False)
    assert held is not None
    assert (other is not None) is had
    for descriptor in (held, other):
        if descriptor is not None:
            os.close(descriptor)
    with files.locked(path, wait=False) as free, files.locked(path, wait=False) as again:
        assert (free, again) == (True, False)


def test_a_lock_on_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.lock_file(tmp_path / "none")
