from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import IndexDamagedError, IndexMissingError
from rag.index.generations import Generations
from rag.index.manifest import MANIFEST_NAME
from rag.index.repair import check_index, repair_index
from rag.ingestion.indexing import index_articles
from rag.store.database import Store
from rag.store.schema import NEXT_NAME, STORE_NAME
from tests.storage import CORPUS, ENCODER, article, everything, give, opened


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    give(tmp_path, CORPUS)
    give(tmp_path, [replace(CORPUS[0], text="It was all different. Nobody met.")])
    return tmp_path


def spoil(index_dir: Path, statement: str) -> None:
    with Store.open(index_dir) as store:
        store.connection.execute(statement)


def test_a_sound_index_has_no_faults_and_needs_no_repair(index_dir: Path) -> None:
    assert check_index(index_dir) == []
    repair = repair_index(index_dir)
    assert (repair.faults, repair.saved, repair.manifest.generation) == ([], None, 2)


@pytest.mark.parametrize(
    ("statement", "said", "lost"),
    [
        ("UPDATE article_versions SET title = 'x' WHERE article_id = 'rain'", "article version 2", 1),
        ("UPDATE article_versions SET text = 'x' WHERE article_id = 'rain'", "article version 2 fails its hash", 1),
        ("UPDATE vectors SET pooled = zeroblob(128) WHERE key = 3", "passage 3", 1),
        ("DELETE FROM tokens WHERE key = 3", "passage 3 has no row in tokens", 1),
        ("UPDATE terms SET checksum = 0 WHERE key = 3", "passage 3", 1),
        ("UPDATE passages SET language = 'xx' WHERE key = 3", "passage 3", 1),
        ("DELETE FROM passages WHERE key = 3", "of language 'ar' count 1 passages of 0", 1),
        ("UPDATE language_sums SET passages = 9 WHERE language = 'ar'", "'ar' fail their checksum", 0),
        ("DELETE FROM language_sums WHERE language = 'ar'", "'ar' count 0 passages of 1", 0),
        ("UPDATE meta SET checksum = 1 WHERE name = 'revision'", "'revision'", 0),
        ("PRAGMA ignore_check_constraints = 1", "", 0),
    ],
)
def test_what_can_be_saved_is_saved(index_dir: Path, statement: str, said: str, lost: int) -> None:
    before = everything(opened(index_dir))
    spoil(index_dir, statement)
    faults = check_index(index_dir)
    assert any(said in fault for fault in faults) == bool(said)
    repair = repair_index(index_dir)
    assert repair.faults == faults
    if said:
        assert repair.saved == (len(before) - lost, lost)
        assert (index_dir / "quarantine" / f"{STORE_NAME}.1").exists()
    after = everything(opened(index_dir))
    assert len(after) == len(before) - lost
    assert all(after[name] == before[name] for name in after)
    assert check_index(index_dir) == []


def test_what_was_lost_is_read_again(tmp_path: Path) -> None:
    corpus, index_dir = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for name in ("a", "b", "c"):
        (corpus / f"{name}.txt").write_text(f"The story of {name}.")
    index_articles([corpus], index_dir=index_dir, encoder=ENCODER)
    expected = everything(opened(index_dir))
    spoil(index_dir, "UPDATE article_versions SET title = 'x' WHERE version = 2")
    repair_index(index_dir)
    report = index_articles([corpus], index_dir=index_dir, encoder=ENCODER)
    assert (report.counts["indexed"], report.counts["unchanged"]) == (1, 2)
    assert everything(opened(index_dir)) == expected


def test_a_reader_of_the_old_store_is_never_given_rows_of_the_new(index_dir: Path) -> None:
    snapshot = opened(index_dir)
    expected = everything(snapshot)
    idle = list(snapshot._view._idle)
    spoil(index_dir, "UPDATE article_versions SET title = 'x' WHERE version = 2")
    repair_index(index_dir)
    snapshot._cache.clear()
    snapshot._view._idle.clear()
    with pytest.raises(IndexDamagedError, match="another store"):
        snapshot.article(next(iter(expected)))
    for connection in idle:
        connection.close()


@pytest.mark.parametrize("moved", [[], ["-wal"], ["-wal", "-shm"], ["-wal", "-shm", ""]], ids=len)
def test_a_replacement_cut_short_is_ended(index_dir: Path, tmp_path_factory, moved: list[str]) -> None:
    other = tmp_path_factory.mktemp("other")
    give(other, [article("other", "Something else altogether.")])
    (other / STORE_NAME).rename(index_dir / NEXT_NAME)
    for part in ("-wal", "-shm"):
        (index_dir / f"{STORE_NAME}{part}").write_bytes(b"left behind")
    for part in moved:
        (index_dir / f"{STORE_NAME}{part}").unlink()
    repair_index(index_dir)
    assert everything(opened(index_dir)).keys() == {"other"}
    assert check_index(index_dir) == []


@pytest.mark.parametrize("content", [b"", b"rubbish" * 1000])
def test_a_store_beyond_saving_says_so_and_stays(index_dir: Path, content: bytes) -> None:
    (index_dir / STORE_NAME).write_bytes(content)
    with pytest.raises(IndexDamagedError):
        repair_index(index_dir)
    assert (index_dir / STORE_NAME).read_bytes() == content


def test_there_is_nothing_to_repair(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        repair_index(tmp_path)


def test_damage_of_a_generation_is_told_and_mended(index_dir: Path) -> None:
    path = Generations(index_dir).folder(2) / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-1])
    assert any("vectors.faiss" in fault for fault in check_index(index_dir))
    assert repair_index(index_dir).manifest.generation == 3
    assert check_index(index_dir) == []
    (index_dir / MANIFEST_NAME).unlink()
    assert any("manifest.json is missing" in fault for fault in check_index(index_dir))
    repair_index(index_dir)
    assert check_index(index_dir) == []
