from __future__ import annotations

import errno
import itertools
import multiprocessing
import os
import resource
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rag import files
from rag.errors import IsnadError, StorageError
from rag.index.backup import backup_index, restore_index
from rag.index.repair import check_index
from rag.ingestion.indexing import delete_article
from rag.store.check import faults_of
from tests.storage import CORPUS, article, everything, give, opened

Act = Callable[[Path], object]


def change(index_dir: Path) -> None:
    """Add, replace and leave alone."""
    give(index_dir, [article("late", "Late news came."), replace(CORPUS[0], text="It was all different."), CORPUS[1]])


def delete(index_dir: Path) -> None:
    delete_article("rain", index_dir=index_dir)


def back_up(index_dir: Path) -> None:
    backup_index(index_dir, index_dir / "saved")


def restore(index_dir: Path) -> None:
    restore_index(index_dir, index_dir / "saved")


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    give(tmp_path / "index", CORPUS[:3])
    back_up(tmp_path / "index")
    give(tmp_path / "index", CORPUS[3:])
    return tmp_path / "index"


class Failing:
    """A checkpoint that fails at one step: the disk is full, or gives an error."""

    def __init__(self, at: int, code: int) -> None:
        self.left, self.code, self.failed_at = at, code, ""

    def __call__(self, name: str) -> None:
        self.left -= 1
        if self.left:
            return
        self.failed_at = name
        if name == "commit":
            said = {errno.ENOSPC: "database or disk is full", errno.EIO: "disk I/O error"}
            raise sqlite3.OperationalError(said[self.code])
        if name not in ("committed", "published", "copy"):  # not writes
            raise OSError(self.code, os.strerror(self.code))


def failure_of(act: Act, index_dir: Path) -> StorageError | None:
    try:
        act(index_dir)
    except StorageError as error:
        return error
    return None


@pytest.mark.parametrize("act", [change, delete, restore, back_up])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("stride", [6, pytest.param(1, marks=pytest.mark.slow)])
def test_every_write_may_fail(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch, act: Act, code: int, stride: int
) -> None:
    done = index_dir.with_name("done")
    shutil.copytree(index_dir, done)
    act(done)
    before, after = everything(opened(index_dir)), everything(opened(done))
    saved = (index_dir / "saved").read_bytes()
    for step in itertools.count(1, stride):
        work = index_dir.with_name("work")
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(index_dir, work)
        fault = Failing(step, code)
        monkeypatch.setattr(files, "checkpoint", fault)
        error = failure_of(act, work)
        monkeypatch.undo()
        assert (error is None) == (fault.failed_at in ("", "committed", "published", "copy"))
        assert error is None or error.hint
        assert everything(opened(work)) in (before, after), fault.failed_at
        assert faults_of(work) == []
        if act is back_up:
            assert len((work / "saved").read_bytes()) >= len(saved)
        if act is not delete or "rain" in everything(opened(work)):
            act(work)
        assert everything(opened(work)) == after
        assert check_index(work) == []
        if not fault.failed_at:
            break


def _limited(index_dir: Path, limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # what the kernel then does is what a full disk does
    try:
        change(index_dir)
    except StorageError as error:
        os._exit(3 if error.hint else 4)
    except IsnadError:
        os._exit(4)
    os._exit(0)


@pytest.mark.parametrize("limit", [100, 1_000, 5_000, 20_000, 40_000, 70_000, 1_000_000])
def test_files_that_may_not_grow(index_dir: Path, limit: int) -> None:
    before = everything(opened(index_dir))
    done = index_dir.with_name("done")
    shutil.copytree(index_dir, done)
    change(done)
    process = multiprocessing.get_context("forkserver").Process(target=_limited, args=(index_dir, limit))
    process.start()
    process.join(60)
    assert process.exitcode == (0 if limit == 1_000_000 else 3)
    assert everything(opened(index_dir)) in (before, everything(opened(done)))
    assert faults_of(index_dir) == []
    change(index_dir)
    assert everything(opened(index_dir)) == everything(opened(done))
    assert check_index(index_dir) == []
