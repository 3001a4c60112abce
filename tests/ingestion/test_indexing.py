from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.documents import Int32
from rag.encoding.encoder import Encoding, PassageText
from rag.errors import (
    CorpusError,
    EncoderError,
    IndexLockedError,
    IndexMismatchError,
    NotFoundError,
    StorageError,
)
from rag.formats.drafts import NotRead
from rag.index.generations import Generations
from rag.index.locking import WriterLock
from rag.ingestion.indexing import delete_article, index_articles, index_given
from rag.ingestion.report import IngestionProgress, IngestionReport
from rag.store.database import Store
from rag.store.origins import Origins
from tests.fakes import HashEncoder
from tests.storage import CORPUS, ENCODER, InBatches, article, by_vector, everything, give, opened


class CountingEncoder(HashEncoder):
    """Remembers what it was asked to encode."""

    def __init__(self, name: str = "hash") -> None:
        super().__init__(name=name)
        self.texts: list[str] = []
        self.calls: list[int] = []

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        self.texts += [text for _, text in passages]
        self.calls.append(len(passages))
        return super().encode_passages(passages)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write(folder, "mali.txt", "The army chiefs met in Bamako on Monday. They spoke of the border.")
    write(folder, "rain.txt", "Rain fell on the north for three days. Farmers were glad of it.")
    return folder


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def index(folder: Path, index_dir: Path, encoder: HashEncoder | None = None, **options: Any) -> IngestionReport:
    return index_articles([folder], index_dir=index_dir, encoder=encoder or ENCODER, **options)


def counts(report: IngestionReport) -> dict[str, int]:
    """Those that are not zero."""
    return {name: count for name, count in report.counts.items() if count}


def texts(index_dir: Path) -> set[str]:
    return {owner.text for owner, _ in everything(opened(index_dir)).values()}


def origins(index_dir: Path) -> dict[str, list[str]]:
    """Every live article's text with the places it was read from."""
    with Store.open(index_dir) as store:
        rows = store.connection.execute("SELECT article_id, text FROM article_versions WHERE removed_in IS NULL")
        return {text: Origins(store).of_article(article_id) for article_id, text in rows.fetchall()}


# -- incremental -----------------------------------------------------------------------------------------------------


def test_a_first_run_indexes_everything(folder: Path, index_dir: Path) -> None:
    report = index(folder, index_dir)
    assert counts(report) == {"indexed": 2}
    assert sorted(report.indexed) == ["corpus/mali.txt", "corpus/rain.txt"]
    assert (report.generation, report.articles) == (1, 2)
    assert report.passages == report.encoded_passages > 0
    assert len(everything(opened(index_dir))) == 2


def test_a_second_run_changes_nothing_and_encodes_nothing(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    encoder = CountingEncoder()
    report = index(folder, index_dir, encoder)
    assert counts(report) == {"unchanged": 2}
    assert encoder.texts == []
    assert report.generation == 1


def test_a_changed_file_is_replaced(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    write(folder, "rain.txt", "No rain fell. Farmers were not glad.")
    encoder = CountingEncoder()
    report = index(folder, index_dir, encoder)
    assert counts(report) == {"replaced": 1, "unchanged": 1}
    assert "".join(encoder.texts).startswith("No rain fell.")
    assert any(text.startswith("No rain") for text in texts(index_dir))
    assert len(texts(index_dir)) == 2


def test_a_file_touched_but_not_altered_is_unchanged(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    (folder / "rain.txt").touch()
    assert counts(index(folder, index_dir)) == {"unchanged": 2}


def test_a_vanished_file_stays_until_pruned(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    (folder / "rain.txt").unlink()
    assert counts(index(folder, index_dir)) == {"unchanged": 1}
    assert len(texts(index_dir)) == 2
    assert counts(index(folder, index_dir, prune=True)) == {"unchanged": 1, "removed": 1}
    assert len(texts(index_dir)) == 1


def test_pruning_keeps_to_the_folders_given(folder: Path, index_dir: Path, tmp_path: Path) -> None:
    index(folder, index_dir)
    write(tmp_path / "other", "snow.txt", "Snow fell on the mountains all night.")
    assert counts(index(tmp_path / "other", index_dir, prune=True)) == {"indexed": 1}
    assert len(texts(index_dir)) == 3


def test_a_folder_that_cannot_be_opened_is_not_taken_for_empty(
    folder: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "sub/snow.txt", "Snow fell on the mountains all night.")
    index(folder, index_dir)
    real = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert counts(index(folder, index_dir, prune=True)) == {"unchanged": 2, "failed": 1}
    assert len(texts(index_dir)) == 3


def test_a_moved_file_is_not_encoded_again(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    before = everything(opened(index_dir))
    (folder / "rain.txt").rename(folder / "weather.txt")
    encoder = CountingEncoder()
    report = index(folder, index_dir, encoder, prune=True)
    assert encoder.texts == []
    assert report.duplicate == ["corpus/weather.txt"]
    after = everything(opened(index_dir))
    assert {name: texts for name, (_, texts) in after.items()} == {name: texts for name, (_, texts) in before.items()}
    assert sorted(owner.origin for owner, _ in after.values()) == ["corpus/mali.txt", "corpus/weather.txt"]
    assert counts(index(folder, index_dir, prune=True)) == {"unchanged": 2}


FACTS = '---\ndate: 2011-10-12\nquestions: ["Did it rain?"]\n---\n'


@pytest.mark.parametrize("move", ["file", "folder"])
def test_date_and_questions_survive_moves_and_pruning(folder: Path, index_dir: Path, move: str) -> None:
    write(folder, "north/rain.txt", f"{FACTS}Rain fell on the north for three days.")
    index(folder, index_dir)
    if move == "folder":
        (folder / "north").rename(folder / "south")
    else:
        (folder / "north" / "rain.txt").rename(folder / "moved.txt")
    index(folder, index_dir, prune=True)
    index(folder, index_dir, prune=True)
    (kept,) = [owner for owner, _ in everything(opened(index_dir)).values() if owner.date]
    assert (kept.date, kept.questions) == ("2011-10-12", ("Did it rain?",))


def test_date_and_questions_that_a_second_copy_tells_are_kept(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    text = (folder / "rain.txt").read_text()
    write(folder, "told.txt", FACTS + text)
    assert counts(index(folder, index_dir)) == {"unchanged": 2, "duplicate": 1}
    (folder / "rain.txt").unlink()
    index(folder, index_dir, prune=True)
    (kept,) = [owner for owner, _ in everything(opened(index_dir)).values() if owner.text == text]
    assert (kept.origin, kept.date, kept.questions) == ("corpus/told.txt", "2011-10-12", ("Did it rain?",))


def test_an_emptied_folder_is_pruned(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(CorpusError, match="holds no article"):
        index(folder, index_dir)
    assert counts(index(folder, index_dir, prune=True)) == {"removed": 2}
    assert texts(index_dir) == set()
    folder.rmdir()
    with pytest.raises(CorpusError, match="does not exist"):
        index(folder, index_dir, prune=True)


def test_what_goes_from_inside_a_file_goes_from_the_index(folder: Path, index_dir: Path) -> None:
    lines = [json.dumps({"id": f"n{i}", "text": f"News item number {i} came in."}) for i in range(4)]
    write(folder, "news.jsonl", "\n".join(lines))
    assert counts(index(folder, index_dir)) == {"indexed": 6}
    write(folder, "news.jsonl", "\n".join([*lines[:2], json.dumps({"id": "n9", "text": "News item nine came in."})]))
    report = index(folder, index_dir)
    assert sorted(everything(opened(index_dir)).keys() & {"n0", "n1", "n2", "n3", "n9"}) == ["n0", "n1", "n9"]
    assert sorted(report.removed) == ["n2", "n3"]
    assert report.indexed == ["corpus/news.jsonl#3"]


def test_metadata_alone_is_not_encoded_again(folder: Path, index_dir: Path) -> None:
    write(folder, "a.jsonl", json.dumps({"id": "a", "text": "The news of the day.", "date": "2020-01-01"}))
    index(folder, index_dir)
    write(folder, "a.jsonl", json.dumps({"id": "a", "text": "The news of the day.", "date": "2021-01-01"}))
    encoder = CountingEncoder()
    report = index(folder, index_dir, encoder)
    assert (counts(report), encoder.texts) == ({"replaced": 1, "unchanged": 2}, [])
    assert everything(opened(index_dir))["a"][0].date == "2021-01-01"


# -- duplicates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 64], ids=["apart", "in one batch"])
def test_the_same_text_is_stored_once_with_all_its_places(folder: Path, index_dir: Path, batch: int) -> None:
    for name in ("copy.txt", "wire/rain.txt"):
        write(folder, name, (folder / "rain.txt").read_text())
    report = index(folder, index_dir, elsewhere=InBatches(batch))
    assert counts(report) == {"indexed": 2, "duplicate": 2}
    places = {"corpus/copy.txt", "corpus/rain.txt", "corpus/wire/rain.txt"}
    assert places in [set(found) for found in origins(index_dir).values()]
    assert counts(index(folder, index_dir, elsewhere=InBatches(batch))) == {"unchanged": 4}


@pytest.mark.parametrize("batch", [1, 64], ids=["apart", "in one batch"])
@pytest.mark.parametrize("changed", ["a.txt", "b.txt", "c.txt"])
def test_a_copy_that_changes_leaves_the_others_their_text(
    tmp_path: Path, index_dir: Path, changed: str, batch: int
) -> None:
    folder = tmp_path / "corpus"
    old, new = "The same words in three places.", "New words in one place."
    for name in ("a.txt", "b.txt", "c.txt"):
        write(folder, name, old)
    index(folder, index_dir, elsewhere=InBatches(batch))
    write(folder, changed, new)
    encoder = CountingEncoder()
    index(folder, index_dir, encoder, elsewhere=InBatches(batch, encoder))
    assert [text.strip() for text in encoder.texts] == [new]
    rest = sorted(f"corpus/{name}" for name in {"a.txt", "b.txt", "c.txt"} - {changed})
    assert {text.strip(): places for text, places in origins(index_dir).items()} == {
        old: rest,
        new: [f"corpus/{changed}"],
    }
    assert {text.strip() for text in texts(index_dir)} == {old, new}
    write(folder, changed, old)
    index(folder, index_dir, elsewhere=InBatches(batch))
    assert {text.strip() for text in texts(index_dir)} == {old}


@pytest.mark.parametrize("batch", [1, 64], ids=["apart", "in one batch"])
def test_two_files_that_swap_their_texts(tmp_path: Path, index_dir: Path, batch: int) -> None:
    folder = tmp_path / "corpus"
    one, two = "The first story of all.", "The second story of all."
    for turn in range(3):
        write(folder, "a.txt", two if turn % 2 else one)
        write(folder, "b.txt", one if turn % 2 else two)
        index(folder, index_dir, prune=True, elsewhere=InBatches(batch))
        assert {text.strip() for text in texts(index_dir)} == {one, two}
        assert sorted(place for places in origins(index_dir).values() for place in places) == [
            "corpus/a.txt",
            "corpus/b.txt",
        ]


@pytest.mark.parametrize("removed", ["a.txt", "b.txt"])
def test_pruning_one_copy_keeps_the_other(tmp_path: Path, index_dir: Path, removed: str) -> None:
    folder = tmp_path / "corpus"
    for name in ("a.txt", "b.txt"):
        write(folder, name, "The same words in two places.")
    index(folder, index_dir)
    (folder / removed).unlink()
    assert index(folder, index_dir, prune=True).removed == []
    (owner,) = [owner for owner, _ in everything(opened(index_dir)).values()]
    assert {owner.origin} == {"corpus/a.txt", "corpus/b.txt"} - {f"corpus/{removed}"}


def test_one_id_given_twice_is_a_failure(index_dir: Path) -> None:
    report = give(index_dir, [article("a", "One text."), replace(article("a", "Another text."), origin="b.txt")])
    assert counts(report) == {"indexed": 1, "failed": 1}
    assert "also that of a.txt" in report.failed[0].reason


def test_files_that_give_one_id_are_both_kept_whenever_they_come(folder: Path, index_dir: Path) -> None:
    shutil.rmtree(folder)
    for name in ("a", "b"):
        write(folder, f"{name}.json", json.dumps([{"id": "1", "text": f"The story of {name}."}]))
    report = index(folder, index_dir)
    assert counts(report) == {"indexed": 2}
    (told,) = report.warnings
    assert told == ("corpus/b.json#1", "its id '1' is also that of corpus/a.json#1: it goes by another")
    write(folder, "c.json", json.dumps([{"id": "1", "text": "The story of c."}, {"id": "1", "text": "Another."}]))
    assert counts(index(folder, index_dir)) == {"indexed": 2, "unchanged": 2}
    for name in ("a", "b"):
        write(folder, f"{name}.json", json.dumps([{"id": "1", "text": f"The changed story of {name}."}]))
    assert counts(index(folder, index_dir)) == {"replaced": 2, "unchanged": 1}
    assert sorted(texts(index_dir)) == [
        "Another.", "The changed story of a.", "The changed story of b.", "The story of c.",
    ]  # fmt: skip
    assert counts(index(folder, index_dir)) == {"unchanged": 3}


def test_a_file_that_moved_and_changed_keeps_the_id_it_gives(folder: Path, index_dir: Path) -> None:
    shutil.rmtree(folder)
    write(folder, "one.md", "---\nid: story\n---\nThe chiefs will meet.")
    index(folder, index_dir)
    (folder / "one.md").unlink()
    write(folder, "two.md", "---\nid: story\n---\nThe chiefs have met.")
    report = index(folder, index_dir, prune=True)
    assert report.warnings == []
    with Store.open(index_dir) as store:
        assert store.live_ids() == {"story"}
    assert origins(index_dir) == {"The chiefs have met.": ["corpus/two.md"]}


# -- failures --------------------------------------------------------------------------------------------------------


def test_a_bad_file_is_reported_and_tried_again(folder: Path, index_dir: Path) -> None:
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02binary\x00")
    for _ in range(2):
        report = index(folder, index_dir)
        assert [failed.origin for failed in report.failed] == ["corpus/bad.txt"]
        assert report.failed[0].reason
        assert report.failed[0].hint
    write(folder, "bad.txt", "It was mended in the end.")
    assert counts(index(folder, index_dir)) == {"indexed": 1, "unchanged": 2}


def test_what_a_file_held_stays_while_it_cannot_be_read(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    (folder / "rain.txt").write_bytes(b"\x00\x01\x02binary\x00")
    assert counts(index(folder, index_dir, prune=True)) == {"unchanged": 1, "failed": 1}
    assert len(texts(index_dir)) == 2


def test_one_bad_line_does_not_hide_that_others_went(folder: Path, index_dir: Path) -> None:
    lines = [json.dumps({"id": f"n{i}", "text": f"News item number {i} came in."}) for i in range(3)]
    write(folder, "news.jsonl", "\n".join(lines))
    index(folder, index_dir)
    write(folder, "news.jsonl", "\n".join([lines[0], "{not json", lines[2]]))
    report = index(folder, index_dir)
    assert len(report.failed) == 1
    assert "n1" in everything(opened(index_dir))


def test_kinds_that_are_not_read_are_skipped(folder: Path, index_dir: Path) -> None:
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    assert counts(index(folder, index_dir)) == {"indexed": 2, "skipped": 1}


def test_a_missing_folder_is_an_error(tmp_path: Path, index_dir: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        index(tmp_path / "nowhere", index_dir)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (article("a", "half a \ud83d character"), "surrogate"),
        (article("a", " \n "), "no text"),
        (article("", "words", origin="x"), "no id"),
        (NotRead("upload.pdf", "It is locked.", "Unlock it."), "It is locked."),
    ],
)
def test_unusable_articles_in_memory_are_reported(index_dir: Path, given, said: str) -> None:
    report = index_given([given, CORPUS[0]], index_dir=index_dir, encoder=ENCODER)
    assert counts(report) == {"indexed": 1, "failed": 1}
    assert said in report.failed[0].reason


class BrokenEncoder(HashEncoder):
    def __init__(self, spoil) -> None:
        super().__init__()
        self.spoil = spoil

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        return (self.spoil(encoding) for encoding in super().encode_passages(passages))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda e: replace(e, pooled=e.pooled * np.float32("nan")),
        lambda e: replace(e, pooled=np.zeros_like(e.pooled)),
        lambda e: replace(e, pooled=e.pooled[:-1]),
        lambda e: replace(e, tokens=e.tokens * np.float32("inf")),
        lambda e: replace(e, spans=e.spans[:-1]),
    ],
    ids=["nan", "zero", "short", "infinite token", "spans"],
)
def test_unusable_vectors_never_reach_the_store(index_dir: Path, spoil) -> None:
    give(index_dir, CORPUS[:2])
    with pytest.raises(EncoderError, match="jaysh"):
        give(index_dir, CORPUS[2:], BrokenEncoder(spoil))
    assert everything(opened(index_dir)).keys() == {"mali", "rain"}


def test_a_second_writer_is_refused(folder: Path, index_dir: Path) -> None:
    with WriterLock(index_dir), pytest.raises(IndexLockedError, match="process"):
        index(folder, index_dir)


# -- rebuilding ------------------------------------------------------------------------------------------------------


def test_another_encoder_needs_a_rebuild(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    other = CountingEncoder("other")
    with pytest.raises(IndexMismatchError, match="'other'"):
        index(folder, index_dir, other)
    assert counts(index(folder, index_dir, other, rebuild=True)) == {"replaced": 2}
    assert len(everything(opened(index_dir, other))) == 2


def test_a_rebuild_covers_articles_whose_files_are_gone(folder: Path, index_dir: Path) -> None:
    give(index_dir, CORPUS)
    index(folder, index_dir)
    (folder / "rain.txt").unlink()
    other = CountingEncoder("other")
    index(folder, index_dir, other, rebuild=True)
    assert len(everything(opened(index_dir, other))) == 6
    assert len(other.texts) >= 6
    assert sorted(len(found) for found in origins(index_dir).values()) == [1] * 6


def test_duplicates_survive_a_rebuild(tmp_path: Path, index_dir: Path) -> None:
    folder = tmp_path / "corpus"
    for name in ("a.txt", "b.txt"):
        write(folder, name, "The same words in two places.")
    index(folder, index_dir)
    shutil.rmtree(folder)
    write(folder, "c.txt", "Other words.")
    index(folder, index_dir, CountingEncoder("other"), rebuild=True)
    assert sorted(map(len, origins(index_dir).values())) == [1, 2]


def test_the_old_index_serves_during_a_rebuild_and_the_next_run_ends_it(folder: Path, index_dir: Path) -> None:
    write(folder, "snow.txt", "Snow fell on the mountains all night.")
    index(folder, index_dir)
    expected = everything(opened(index_dir))

    class Stopping(CountingEncoder):
        def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
            if self.calls:
                raise KeyboardInterrupt
            return super().encode_passages(passages)

    stopping = Stopping("other")
    with pytest.raises(KeyboardInterrupt):
        index(folder, index_dir, stopping, rebuild=True, elsewhere=InBatches(1, stopping))
    assert everything(opened(index_dir)) == expected
    with pytest.raises(IndexMismatchError, match="has not ended"):
        delete_article(next(iter(expected)), index_dir=index_dir)
    with pytest.raises(IndexMismatchError, match="--rebuild"):
        opened(index_dir, HashEncoder(name="other"))
    other = CountingEncoder("other")
    report = index(folder, index_dir, other, rebuild=True)
    assert len(other.texts) == report.passages - 1  # one was done before the interruption
    assert len(everything(opened(index_dir, other))) == len(expected)


# -- what is in memory, deletion, progress ---------------------------------------------------------------------------


def test_articles_in_memory_take_the_same_path(index_dir: Path) -> None:
    assert counts(give(index_dir, CORPUS)) == {"indexed": 4}
    assert counts(give(index_dir, CORPUS)) == {"unchanged": 4}
    changed = replace(CORPUS[0], text="It was all different. Nobody met.")
    assert counts(give(index_dir, [changed])) == {"replaced": 1}
    assert everything(opened(index_dir))["mali"][0].text == changed.text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("اجتمع رؤساء الأركان في باماكو يوم الاثنين لبحث أمن الحدود مع الجزائر.", "ar"),
        ("The chiefs of the armies met in the capital on Monday.", "en"),
        ("Les chefs des armées se sont réunis lundi dans la capitale du pays.", "fr"),
    ],
)
def test_a_language_not_told_is_detected(index_dir: Path, text: str, language: str) -> None:
    give(index_dir, [article("a", text, language="und")])
    assert everything(opened(index_dir))["a"][0].language == language


def test_deletion(index_dir: Path) -> None:
    give(index_dir, CORPUS)
    manifest = delete_article("mali", index_dir=index_dir)
    assert (manifest.generation, manifest.articles) == (2, 3)
    assert everything(opened(index_dir)).keys() == {"rain", "jaysh", "pluie"}
    with pytest.raises(NotFoundError):
        delete_article("mali", index_dir=index_dir)


def test_a_deleted_article_stays_deleted_until_its_file_changes(folder: Path, index_dir: Path) -> None:
    index(folder, index_dir)
    victim = next(name for name, (owner, _) in everything(opened(index_dir)).items() if "Rain" in owner.text)
    delete_article(victim, index_dir=index_dir)
    index(folder, index_dir, prune=True)
    assert len(texts(index_dir)) == 1
    write(folder, "rain.txt", "Rain fell after all.")
    index(folder, index_dir)
    assert len(texts(index_dir)) == 2


def test_batches_are_whole_and_bounded(index_dir: Path) -> None:
    encoder = CountingEncoder()
    give(index_dir, [article(f"a{i}", f"Short news number {i} came.") for i in range(30)], encoder, batch=8)
    assert encoder.calls == [8, 8, 8, 6]


def test_the_next_batch_is_cut_while_one_is_encoded(index_dir: Path) -> None:
    next_was_cut = threading.Event()

    class Encoder(CountingEncoder):
        def token_spans(self, text: str) -> Int32:
            if "second" in text and not self.texts:
                next_was_cut.set()
            return super().token_spans(text)

        def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
            assert next_was_cut.wait(timeout=20)
            return super().encode_passages(passages)

    give(index_dir, [article("a", "The first story."), article("b", "The second story.")], Encoder(), batch=1)
    assert len(texts(index_dir)) == 2


def test_progress_rises_to_the_end(folder: Path, index_dir: Path) -> None:
    events: list[IngestionProgress] = []
    index_articles([folder], index_dir=index_dir, encoder=ENCODER, progress=events.append)
    assert [event.phase for event in events][-2:] == ["publishing", "done"]
    for name in ("sources_done", "articles", "passages", "seconds"):
        values = [getattr(event, name) for event in events]
        assert values == sorted(values)
    assert (events[-1].sources_done, events[-1].sources, events[-1].articles) == (2, 2, 2)
    assert events[-1].seconds_left == 0
    assert replace(events[-1], sources_done=0).seconds_left is None


def test_the_report_is_json(folder: Path, index_dir: Path) -> None:
    (folder / "bad.txt").write_bytes(b"\x00\x01")
    report = json.loads(json.dumps(index(folder, index_dir).to_dict()))
    assert report["counts"]["indexed"] == 2
    assert report["failed"][0].keys() == {"origin", "reason", "cure"}
    assert report["passages_per_s"] > 0


# -- a disk that fails -----------------------------------------------------------------------------------------------


def test_no_space_for_a_generation_leaves_the_old_one(index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(index_dir, CORPUS[:2])
    usage = shutil.disk_usage(index_dir)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=100))
    with pytest.raises(StorageError, match="needs about"):
        give(index_dir, CORPUS[2:])
    assert everything(opened(index_dir)).keys() == {"mali", "rain"}
    monkeypatch.undo()
    report = give(index_dir, [])  # nothing to read: it publishes what was committed
    assert (report.articles, Generations(index_dir).numbers()) == (4, [2, 1])


def site(tmp_path: Path, count: int, frame: str = "Home | News") -> Path:
    """A folder of pages with one line in common."""
    folder = tmp_path / "site"
    for n in range(count):
        write(folder, f"{n}.txt", f"{frame}\n\nStory {n} tells at length what happened on day {n} by the river.")
    return folder


def test_what_a_site_repeats_is_left_out(tmp_path: Path, index_dir: Path) -> None:
    report = index(site(tmp_path, 6), index_dir)
    assert all(text.startswith("Story") for text in texts(index_dir))
    said = "left out lines that most files of its folder share: 1"
    assert report.warnings == [(f"site/{n}.txt", said) for n in range(6)]


def test_one_file_given_alone_is_read_as_with_its_folder(tmp_path: Path, index_dir: Path) -> None:
    folder = site(tmp_path, 6)
    index_articles([folder / "3.txt"], index_dir=index_dir, encoder=ENCODER)
    assert texts(index_dir) == {"Story 3 tells at length what happened on day 3 by the river."}
    assert counts(index(folder, index_dir)) == {"indexed": 5, "unchanged": 1}


def test_a_line_that_becomes_the_sites_later_reindexes_nothing(tmp_path: Path, index_dir: Path) -> None:
    folder = site(tmp_path, 4)  # too few to prove anything
    index(folder, index_dir)
    site(tmp_path, 7)
    assert counts(index(folder, index_dir)) == {"indexed": 3, "unchanged": 4}
    assert counts(index(folder, index_dir)) == {"unchanged": 7}
    assert sum(text.startswith("Home") for text in texts(index_dir)) == 4
    (folder / "0.txt").write_text("Home | News\n\nStory 0 was written anew.")
    assert counts(index(folder, index_dir)) == {"replaced": 1, "unchanged": 6}
    assert "Story 0 was written anew." in texts(index_dir)
    index(folder, index_dir, rebuild=True)
    assert not any(text.startswith("Home") for text in texts(index_dir))


def test_a_line_that_is_the_sites_no_more_comes_back_with_its_file(tmp_path: Path, index_dir: Path) -> None:
    folder = site(tmp_path, 5)
    index(folder, index_dir)
    for n in range(1, 5):
        (folder / f"{n}.txt").write_text(f"A new page, number {n}, without the line.")
    assert counts(index(folder, index_dir)) == {"replaced": 4, "unchanged": 1}
    (folder / "0.txt").write_text("Home | News\n\nStory 0 was written anew.")
    index(folder, index_dir)
    assert "Home | News\n\nStory 0 was written anew." in texts(index_dir)


def publishers(index_dir: Path) -> list[list[str]]:
    """Of each story that several published."""
    index = opened(index_dir)
    keys = by_vector(index, ENCODER.encode_query("anything").pooled)
    return sorted(list(index.published_by(story)) for story in set(index.stories(keys)) if index.published_by(story))


def test_a_copy_is_stored_once_with_who_published_it(tmp_path: Path, index_dir: Path) -> None:
    folder = tmp_path / "news"
    for name, source in {"a": "Wire", "b": "Radio", "c": "Wire", "d": ""}.items():
        write(folder, f"{name}.md", f"---\nlanguage: en\nsource: {source}\n---\nThe same story, word for word.\n")
    assert counts(index(folder, index_dir)) == {"indexed": 1, "duplicate": 3}
    assert publishers(index_dir) == [["Wire", "Radio"]]
    (folder / "b.md").unlink()
    index(folder, index_dir, prune=True)
    assert publishers(index_dir) == []


def test_reprints_are_grouped_as_they_come_and_go(tmp_path: Path, index_dir: Path) -> None:
    folder = tmp_path / "news"
    story = " ".join(f"Sentence {n} of the story tells what happened then." for n in range(12))
    write(folder, "a.md", f"---\nlanguage: en\nsource: Wire\n---\n{story}\n")
    index(folder, index_dir)
    assert publishers(index_dir) == []
    write(folder, "b.md", f"---\nlanguage: en\nsource: Radio\n---\nBy our staff. {story}\n")
    assert counts(index(folder, index_dir)) == {"indexed": 1, "unchanged": 1}
    assert publishers(index_dir) == [["Wire", "Radio"]]
    write(folder, "b.md", "---\nlanguage: en\nsource: Radio\n---\nSomething else altogether.\n")
    index(folder, index_dir)
    assert publishers(index_dir) == []
