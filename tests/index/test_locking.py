from __future__ import annotations

import gc
import multiprocessing
import os
import re
from pathlib import Path

import pytest

from rag.errors import IndexLockedError
from rag.index.locking import LOCK_NAME, Lease, WriterLock, unleased


def test_a_second_writer_is_told_who_is_first(tmp_path: Path) -> None:
    with WriterLock(tmp_path), pytest.raises(IndexLockedError) as caught, WriterLock(tmp_path):
        pass
    assert re.search(rf"process {os.getpid()} since 20\d\d-", caught.value.message)
    assert caught.value.hint
    with WriterLock(tmp_path):  # free again
        pass


def test_the_lock_makes_the_folder(tmp_path: Path) -> None:
    with WriterLock(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b" / LOCK_NAME).exists()


def _hold_and_die(folder: Path, ready) -> None:
    WriterLock(folder).__enter__()
    ready.set()
    os.kill(os.getpid(), 9)


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_hold_and_die, args=(tmp_path, ready))
    process.start()
    process.join(60)
    assert process.exitcode == -9
    with WriterLock(tmp_path):
        pass


def test_a_lease_is_seen_until_it_is_released(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(b"{}")
    first, second = Lease(path), Lease(path)
    for lease in (first, second):
        with unleased(path) as free:
            assert not free
        lease.release()
    with unleased(path) as free:
        assert free


def test_a_forgotten_lease_is_released(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(b"{}")
    lease = Lease(path)
    del lease
    gc.collect()
    with unleased(path) as free:
        assert free


def test_a_lease_on_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Lease(tmp_path / "manifest.json")
