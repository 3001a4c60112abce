"""The encoder's cache: made once, whole or not at all, and made again when it is not what was written."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.encoding import bundled_encoder
from rag.encoding.bundled_encoder import FILES, MODEL, BundledEncoder, conversion_of, open_converted
from rag.encoding.bundled_weights import BundledWeights
from rag.encoding.conversion import HASHES, turn
from rag.errors import EncoderError, StorageError
from tests.bundled import needs_wheel

ROOT = Path(__file__).resolve().parents[2]
TINY = {file: f"the {file}".encode() for file in FILES}


def shrink(patch: Callable[[object, str, object], None]) -> list[str]:
    """Make a conversion take no time; the list gets one entry a conversion."""
    made: list[str] = []

    def build(weights: object, precision: str) -> bytes:
        made.append(precision)
        return TINY[MODEL]

    def write(weights: object, folder: Path) -> None:
        for file in FILES[1:]:
            (folder / file).write_bytes(TINY[file])

    patch(BundledWeights, "read", lambda path: None)
    patch(bundled_encoder, "find_weights", lambda: Path("weights"))
    patch(bundled_encoder, "build_graph", build)
    patch(bundled_encoder, "write_tokenizer", write)
    return made


@pytest.fixture
def tiny(monkeypatch) -> list[str]:
    return shrink(monkeypatch.setattr)


def open_quietly(cache_dir: Path) -> bundled_encoder.ConvertedModel:
    return open_converted(cache_dir, "int8", lambda line: None)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != HASHES}


def test_a_conversion_is_made_once_and_told_once(tiny, tmp_path):
    lines: list[str] = []
    first = open_converted(tmp_path / "new" / "cache", "int8", lines.append)
    second = open_converted(tmp_path / "new" / "cache", "int8", lines.append)
    assert first == second
    assert contents(first.folder) == TINY
    assert first.sha256 == second.sha256
    assert set(json.loads((first.folder / HASHES).read_text())) == set(FILES)
    assert tiny == ["int8"]
    assert len(lines) == 1
    assert str(first.folder) in lines[0]


def test_each_precision_has_its_own_folder(tiny, tmp_path):
    folders = {open_converted(tmp_path, precision, print).folder for precision in ("int8", "float32")}
    assert len(folders) == 2
    assert tiny == ["int8", "float32"]


def _flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [_flip_a_bit, _cut, Path.unlink])
@pytest.mark.parametrize("file", [*FILES, HASHES])
def test_a_damaged_file_is_made_again(tiny, tmp_path, file, harm):
    folder = open_quietly(tmp_path).folder
    harm(folder / file)
    assert contents(open_quietly(tmp_path).folder) == TINY
    assert len(tiny) == 2


@pytest.mark.parametrize("hashes", ["", "[]", "null", "{}", '{"model.onnx": "0"}', "not json", '{"other": "file"}'])
def test_hashes_that_say_something_else_are_no_conversion(tiny, tmp_path, hashes):
    (open_quietly(tmp_path).folder / HASHES).write_text(hashes)
    assert contents(open_quietly(tmp_path).folder) == TINY
    assert len(tiny) == 2


def test_a_folder_left_half_made_is_replaced(tiny, tmp_path):
    folder = open_quietly(tmp_path).folder
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / MODEL).write_bytes(b"half")
    (folder / "stray").touch()
    assert contents(open_quietly(tmp_path).folder) == TINY


def test_a_full_disk_is_a_storage_error_that_leaves_nothing(tiny, tmp_path, monkeypatch):
    def full(weights: object, folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bundled_encoder, "write_tokenizer", full)
    with pytest.raises(StorageError, match="No space left on device") as caught:
        open_quietly(tmp_path)
    assert str(tmp_path) in caught.value.message
    assert "ISNAD_CACHE_DIR" in caught.value.hint
    assert [path for path in tmp_path.iterdir() if path.suffix != ".lock"] == []


def test_a_cache_that_cannot_be_made_is_a_storage_error(tiny, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as caught:
        open_quietly(tmp_path / "file")
    assert "ISNAD_CACHE_DIR" in caught.value.hint


def test_a_whole_cache_needs_neither_the_wheel_nor_a_writable_folder(tiny, tmp_path, monkeypatch):
    made = open_quietly(tmp_path)
    monkeypatch.setattr(bundled_encoder, "find_weights", lambda: pytest.fail("asked for the weights"))
    monkeypatch.setattr(os, "open", lambda *a: pytest.fail("took the lock"))
    assert open_quietly(tmp_path) == made


def test_a_missing_wheel_names_the_setting(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderError) as caught:
        BundledEncoder.load(tmp_path)
    assert "ISNAD_ENCODER" in caught.value.hint


OPEN_WHEN_TOLD = """
import sys
from pathlib import Path
from tests.encoding.test_conversion import TINY, contents, open_quietly, shrink
made = shrink(setattr)
print("ready", flush=True)
sys.stdin.readline()
converted = open_quietly(Path(sys.argv[1]))
print(len(made), converted.sha256, contents(converted.folder) == TINY)
"""


def start_opening(cache_dir: Path) -> subprocess.Popen[str]:
    """A process that is ready to open the cache, and does on a line of input."""
    command = [sys.executable, "-c", OPEN_WHEN_TOLD, str(cache_dir)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def finish(process: subprocess.Popen[str]) -> tuple[str, str, str]:
    """How often it converted, the hash of what it opened, and whether that was whole."""
    out, _ = process.communicate("go\n", timeout=60)
    assert process.returncode == 0
    times, sha256, whole = out.split()
    return times, sha256, whole


@pytest.mark.parametrize("before", ["nothing", "a damaged conversion"])
def test_processes_that_open_at_once_convert_once(tiny, tmp_path, before):
    if before != "nothing":
        _flip_a_bit(open_quietly(tmp_path).folder / MODEL)
    processes = [start_opening(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(finish, processes))
    assert sorted(times for times, _, _ in found) == ["0", "0", "0", "1"]
    assert {(sha256, whole) for _, sha256, whole in found} == {(open_quietly(tmp_path).sha256, "True")}


def test_a_process_waits_for_the_one_that_converts(tiny, tmp_path):
    other = start_opening(tmp_path)
    made = conversion_of(tmp_path, "int8")
    with ThreadPoolExecutor(1) as pool, turn(made.folder):
        waiting = pool.submit(finish, other)
        with pytest.raises(futures.TimeoutError):
            waiting.result(timeout=0.5)
        made.make()
    assert waiting.result() == ("0", open_quietly(tmp_path).sha256, "True")


def test_the_real_conversion_is_reproducible(bundled_encoder, tmp_path):
    needs_wheel()
    again = open_quietly(tmp_path)
    assert again.sha256 == bundled_encoder.fingerprint.sha256
    assert set(contents(again.folder)) == set(FILES)
    shutil.rmtree(again.folder)
