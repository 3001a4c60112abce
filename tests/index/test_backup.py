from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import IndexDamagedError, IndexMissingError, StorageError
from rag.index.backup import backup_index, restore_index
from rag.index.manifest import CALIBRATION_FOLDER
from rag.ingestion.indexing import delete_article, index_articles
from rag.retrieval.calibration import Calibration, Models
from rag.store.database import Store
from rag.store.schema import STORE_NAME, checksum
from tests.fakes import HashEncoder
from tests.storage import CORPUS, ENCODER, article, everything, give, opened

MALI = CORPUS[0]


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    give(tmp_path / "index", CORPUS)
    return tmp_path / "index"


@pytest.fixture
def backup(index_dir: Path, tmp_path: Path) -> Path:
    target = tmp_path / "saved.sqlite3"
    assert backup_index(index_dir, target) == target.stat().st_size > 0
    return target


def change(index_dir: Path) -> None:
    delete_article("rain", index_dir=index_dir)
    give(index_dir, [article("late", "Late news came."), replace(MALI, text="It was all different. Nobody met.")])


def test_what_was_changed_since_comes_back(index_dir: Path, backup: Path) -> None:
    expected = everything(opened(index_dir))
    change(index_dir)
    snapshot = opened(index_dir)
    changed = everything(snapshot)
    manifest = restore_index(index_dir, backup)
    assert everything(opened(index_dir)) == expected
    assert manifest.articles == len(expected)
    snapshot._cache.clear()
    assert everything(snapshot) == changed  # whoever was reading goes on


def test_it_returns_to_an_empty_folder(index_dir: Path, backup: Path, tmp_path: Path) -> None:
    restore_index(tmp_path / "new", backup)
    assert everything(opened(tmp_path / "new")) == everything(opened(index_dir))


NAMES = ("00112233445566aa.json", "00112233445566aa.npz")


def calibrated(index_dir: Path, *contents: bytes) -> None:
    for name, content in zip(NAMES, contents, strict=False):
        (index_dir / CALIBRATION_FOLDER).mkdir(exist_ok=True)
        (index_dir / CALIBRATION_FOLDER / name).write_bytes(content)


def test_what_was_calibrated_beside_the_index_comes_back(index_dir: Path, tmp_path: Path) -> None:
    calibrated(index_dir, b"{}", b"\0\1")
    (index_dir / CALIBRATION_FOLDER / "notes.txt").write_text("not ours")
    backup_index(index_dir, tmp_path / "saved")
    calibrated(index_dir, b"changed")
    (index_dir / CALIBRATION_FOLDER / "ffffffffffffffff.json").write_bytes(b"of other models, since")
    restore_index(index_dir, tmp_path / "saved")
    restore_index(tmp_path / "new", tmp_path / "saved")
    for folder, count in ((index_dir, 4), (tmp_path / "new", 2)):
        beside = folder / CALIBRATION_FOLDER
        assert [(beside / name).read_bytes() for name in NAMES] == [b"{}", b"\0\1"]
        assert len(list(beside.iterdir())) == count


def test_a_calibration_is_used_by_who_asks_the_restored_index(index_dir: Path, tmp_path: Path) -> None:
    models = Models(ENCODER.fingerprint)
    learnt = Calibration.load(index_dir, models)
    path = replace(learnt, sentences={**learnt.sentences, "margin": 0.5}, sets=("mine",)).save(index_dir, models)
    backup_index(index_dir, tmp_path / "saved")
    restore_index(tmp_path / "new", tmp_path / "saved")
    found = Calibration.load(tmp_path / "new", models)
    assert (found.origin, found.sets, found.sentences["margin"]) == ("learnt", ("mine",), 0.5)
    assert (tmp_path / "new" / CALIBRATION_FOLDER / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(("name", "sum_of"), [(NAMES[0], b"{ }"), ("../../outside.json", None), ("x.json", None)])
def test_a_calibration_that_no_backup_wrote_is_refused(
    index_dir: Path, backup: Path, tmp_path: Path, name: str, sum_of: bytes | None
) -> None:
    expected = everything(opened(index_dir))
    with closing(sqlite3.connect(backup)) as made:
        made.execute("CREATE TABLE beside (name TEXT PRIMARY KEY, content BLOB NOT NULL, checksum INTEGER NOT NULL)")
        made.execute("INSERT INTO beside VALUES (?, ?, ?)", (name, b"{}", checksum(name, sum_of or b"{}")))
        made.commit()
    with pytest.raises(IndexDamagedError, match="calibration"):
        restore_index(index_dir, backup)
    assert everything(opened(index_dir)) == expected
    assert not list(tmp_path.rglob("outside.json"))


def test_nothing_is_read_again_after_a_restore(tmp_path: Path) -> None:
    corpus, index_dir = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for name in ("a", "b", "c"):
        (corpus / f"{name}.txt").write_text("The same story." if name != "a" else "Another story.")
    index_articles([corpus], index_dir=index_dir, encoder=ENCODER)
    backup_index(index_dir, tmp_path / "saved")
    for folder in (index_dir, tmp_path / "new"):
        restore_index(folder, tmp_path / "saved")
        report = index_articles([corpus], index_dir=folder, encoder=ENCODER, prune=True)
        assert report.counts["unchanged"] == 3


def test_a_damaged_store_is_set_aside_for_the_backup(index_dir: Path, backup: Path) -> None:
    expected = everything(opened(index_dir))
    with Store.open(index_dir) as store:
        store.connection.execute("UPDATE article_versions SET title = 'changed'")
    restore_index(index_dir, backup)
    assert everything(opened(index_dir)) == expected
    assert (index_dir / "quarantine" / f"{STORE_NAME}.1").exists()


def test_a_file_that_is_no_store_is_set_aside_too(index_dir: Path, backup: Path) -> None:
    expected = everything(opened(index_dir))
    (index_dir / STORE_NAME).write_bytes(b"rubbish" * 1000)
    restore_index(index_dir, backup)
    assert everything(opened(index_dir)) == expected


def test_a_backup_of_another_encoder_brings_its_profile(index_dir: Path, backup: Path) -> None:
    other = HashEncoder(name="other")
    index_articles([_folder(index_dir)], index_dir=index_dir, encoder=other, rebuild=True)
    restore_index(index_dir, backup)
    assert everything(opened(index_dir)).keys() == {a.id for a in CORPUS}


def _folder(index_dir: Path) -> Path:
    folder = index_dir.parent / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Another story.")
    return folder


def test_a_damaged_backup_is_refused_and_changes_nothing(index_dir: Path, backup: Path) -> None:
    change(index_dir)
    expected = everything(opened(index_dir))
    data = backup.read_bytes()
    for position in range(150, len(data), len(data) // 20):
        flipped = bytearray(data)
        flipped[position] ^= 64
        backup.write_bytes(flipped)
        try:
            restore_index(index_dir, backup)
        except IndexDamagedError:
            assert everything(opened(index_dir)) == expected
        else:  # a byte that nothing uses
            assert everything(opened(index_dir)).keys() == {a.id for a in CORPUS}
            change(index_dir)


def test_a_damaged_store_is_not_backed_up(index_dir: Path, backup: Path) -> None:
    before = backup.read_bytes()
    with Store.open(index_dir) as store:
        store.connection.execute("UPDATE vectors SET pooled = zeroblob(128) WHERE key = 2")
    with pytest.raises(IndexDamagedError, match="passage 2"):
        backup_index(index_dir, backup)
    assert backup.read_bytes() == before
    assert [path.name for path in backup.parent.glob(".saved*")] == []


def test_a_backup_while_another_writes_is_of_one_moment(index_dir: Path, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            give(index_dir, [replace(a, text=f"{a.text} Turn {turn}.") for a in CORPUS])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for i in range(5):
            backup_index(index_dir, tmp_path / f"saved{i}")
    finally:
        done.set()
        writer.join()
    for i in range(5):
        restore_index(tmp_path / f"new{i}", tmp_path / f"saved{i}")
        turns = {a.text.rpartition(" Turn ")[2] for a, _ in everything(opened(tmp_path / f"new{i}")).values()}
        assert len(turns) == len(CORPUS) or len(turns) == 1


@pytest.mark.parametrize("call", [backup_index, restore_index])
def test_nothing_to_copy(tmp_path: Path, call) -> None:
    with pytest.raises(IndexMissingError):
        call(tmp_path / "nowhere", tmp_path / "nothing")


def test_a_target_that_cannot_be_written(index_dir: Path) -> None:
    with pytest.raises(StorageError):
        backup_index(index_dir, index_dir / STORE_NAME / "inside")
