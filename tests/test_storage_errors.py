"""What the system refuses is told with what helps: space, a folder's owner, a disk that can be written to."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from rag.errors import StorageError, cure_of


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "Free some disk space"),
        (errno.EROFS, "It lies on a read-only file system"),
        (errno.EIO, "Check the disk"),
        (errno.EACCES, "Check the disk and the folder's permissions"),  # one's own folder
    ],
)
def test_the_cure_fits_what_was_refused(tmp_path: Path, number: int, told: str) -> None:
    assert cure_of(OSError(number, os.strerror(number), str(tmp_path / "index"))).startswith(told)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
@pytest.mark.parametrize("name", ["index", "index/cache/model", b"b\xff"])
def test_a_folder_of_another_owner_is_named_with_both_and_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, name: str | bytes
) -> None:
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: 10001)
    path = os.path.join(os.fsencode(tmp_path), name) if isinstance(name, bytes) else str(tmp_path / name)
    hint = StorageError.of(OSError(number, "Permission denied", path)).hint

    assert f"{tmp_path} belongs to user {owner}, and this runs as user 10001: `chown -R 10001 {tmp_path}`." in hint
