from __future__ import annotations

import gc
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.documents import Article, Filters, ListOrder
from rag.errors import IndexDamagedError, IndexLockedError, IndexMismatchError, IndexMissingError, NotFoundError
from rag.index.generations import Generations
from rag.index.locking import WriterLock
from rag.index.manifest import MANIFEST_NAME
from rag.index.repair import repair_generations
from rag.index.snapshot import Index
from rag.ingestion.indexing import delete_article
from rag.store.database import Store
from rag.store.schema import STORE_NAME
from rag.text import chunking
from rag.text.analyser import analyse
from tests.fakes import HashEncoder
from tests.storage import (
    CORPUS,
    ENCODER,
    article,
    by_keyword,
    by_vector,
    encoded,
    everything,
    give,
    new_store,
    opened,
    query,
)

MALI, RAIN, JAYSH, PLUIE = CORPUS


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    give(tmp_path, CORPUS)
    return tmp_path


@pytest.fixture
def index(index_dir: Path) -> Index:
    return opened(index_dir)


def stored(given: Article) -> Article:
    return replace(given, origin=given.id)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_everything_given_can_be_found(index: Index) -> None:
    found = everything(index)
    assert {name: owner for name, (owner, _) in found.items()} == {a.id: stored(a) for a in CORPUS}
    for owner, texts in found.values():
        assert "".join(sorted("".join(texts).split())) == "".join(sorted(owner.text.split()))


def test_the_nearest_are_those_of_the_encoder_centred(index: Index) -> None:
    keys = by_vector(index, query(index, "rain"), 10)
    hits = index.hits(keys)
    pooled = np.stack([ENCODER._encode(owner.title, passage.text).pooled for passage, owner in hits])
    scores = index.centring.centre_pooled(pooled, [passage.language for passage, _ in hits]) @ query(index, "rain")
    assert len(keys) == index.counts["passages"]
    assert (np.diff(scores) <= 1e-6).all()


def test_keywords_find_titles_and_texts(index: Index) -> None:
    def found(text: str, language: str) -> set[str]:
        keys = by_keyword(index, [t.text for t in analyse(text, language)], 10)
        return {owner.id for _, owner in index.hits(keys)}

    assert found("farmers", "en") == {"rain"}
    assert found("at last", "en") | found("rains", "en") == {"rain"}
    assert found("الأركان", "ar") == {"jaysh"}
    assert found("zebra", "en") == set()


def test_keywords_rank_as_they_score(index: Index) -> None:
    terms = [t.text for t in analyse("chiefs border rain", "en")]
    keys = by_keyword(index, terms, 10)
    assert (np.diff(index.keyword_scores(terms, keys)) <= 0).all()
    assert (index.idf(["zebra"]) > index.idf(terms)).all()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {"mali", "rain", "jaysh", "pluie"}),
        (Filters(languages=("ar", "fr")), {"jaysh", "pluie"}),
        (Filters(sources=("Wire",)), {"mali", "jaysh"}),
        (Filters(since="2011-10-13"), {"rain", "jaysh"}),
        (Filters(until="2011-10-12"), {"mali"}),
        (Filters(article_ids=("rain", "nobody")), {"rain"}),
        (Filters(article_ids=("rain",), languages=("ar",)), set()),
    ],
)
def test_filters_hold_in_every_search(index: Index, filters: Filters, expected: set[str]) -> None:
    keys = by_vector(index, query(index, "rain"), 10, filters)
    assert {owner.id for _, owner in index.hits(keys)} == expected
    listed, total = index.articles(filters)
    assert {a.id for a in listed} == expected
    assert total == len(expected)
    terms = [t.text for a in CORPUS for t in analyse(a.text, a.language)]
    keys = by_keyword(index, terms, 10, filters)
    assert {owner.id for _, owner in index.hits(keys)} == expected


def test_articles_are_listed_newest_first_in_pages(index: Index) -> None:
    pages = [index.articles(offset=offset, limit=3) for offset in (0, 3, 6)]
    assert [[a.id for a in page] for page, _ in pages] == [["rain", "jaysh", "mali"], ["pluie"], []]
    assert {total for _, total in pages} == {4}


def test_one_article(index: Index) -> None:
    assert index.article("mali") == stored(MALI)
    with pytest.raises(NotFoundError, match="'nobody'"):
        index.article("nobody")


def test_token_codes_belong_to_their_passages(index: Index) -> None:
    keys = by_vector(index, query(index, "rain"), 10)
    by_text = {e.passage.text: e for a in CORPUS for e in encoded(a)}
    for (passage, _), (codes, spans) in zip(index.hits(keys), index.token_codes(keys), strict=True):
        assert codes == by_text[passage.text].codes
        np.testing.assert_array_equal(spans, by_text[passage.text].spans)


def test_what_the_status_needs(index: Index) -> None:
    assert index.generation == 1
    assert index.fingerprint == ENCODER.fingerprint
    assert dict(index.counts) == {"articles": 4, "passages": index.manifest.passages}
    assert dict(index.languages) == {"ar": 1, "en": 2, "fr": 1}
    assert dict(index.sources) == {"": 1, "Weather": 1, "Wire": 2}
    assert index.questions() == [("en", MALI.questions[0]), ("ar", JAYSH.questions[0])]


# -- generations -----------------------------------------------------------------------------------------------------


def test_a_snapshot_stays_whole_while_the_index_goes_on(index_dir: Path) -> None:
    snapshots = [opened(index_dir)]
    expected = [everything(snapshots[0])]
    for turn in range(4):
        delete_article(CORPUS[turn].id, index_dir=index_dir)
        give(index_dir, [article(f"new {turn}", f"Turn {turn} came.")])
        snapshots.append(opened(index_dir))
        expected.append(everything(snapshots[-1]))
    for snapshot in snapshots:
        snapshot._cache.clear()
    assert [everything(snapshot) for snapshot in snapshots] == expected
    assert Generations(index_dir).current() == snapshots[-1].manifest


def test_what_no_reader_needs_is_dropped(index_dir: Path) -> None:
    held = opened(index_dir)
    for turn in range(4):
        give(index_dir, [replace(MALI, text=f"Turn {turn} came.")])
    assert Generations(index_dir).numbers() == [5, 4, 1]
    held.close()
    give(index_dir, [replace(MALI, text="The last turn came.")])
    assert Generations(index_dir).numbers() == [6, 5]
    with Store.open(index_dir) as store:
        versions = store.connection.execute("SELECT count(*) FROM article_versions WHERE article_id = 'mali'")
        assert versions.fetchone() == (2,)


def test_rows_of_a_generation_set_aside_in_use_are_kept(index_dir: Path) -> None:
    snapshot = opened(index_dir)
    expected = everything(snapshot)
    flip(Generations(index_dir).folder(1) / "rows.npy")
    opened(index_dir)
    assert (index_dir / "quarantine" / "000001.1").is_dir()
    for turn in range(4):
        give(index_dir, [replace(a, text=f"Turn {turn} of {a.id}.") for a in CORPUS])
    snapshot._cache.clear()
    assert everything(snapshot) == expected


def test_a_snapshot_that_is_forgotten_lets_go(index_dir: Path) -> None:
    snapshot = opened(index_dir)
    del snapshot
    gc.collect()
    for turn in range(2):
        give(index_dir, [replace(MALI, text=f"Turn {turn} came.")])
    assert Generations(index_dir).numbers() == [3, 2]


@pytest.mark.parametrize("turns", [8, pytest.param(51, marks=pytest.mark.slow)])
def test_questions_during_reindexing_see_one_generation(index_dir: Path, turns: int) -> None:
    """Each generation gives every article the same turn: a reader that ever sees two turns saw half a change."""
    stop, errors, asked = threading.Event(), [], []

    def turn(number: int) -> list[Article]:
        return [replace(a, text=f"{a.text} Turn {number}.") for a in CORPUS]

    give(index_dir, turn(0))

    def ask() -> None:
        try:
            while not stop.is_set():
                index = opened(index_dir)
                for _ in range(5):
                    found = everything(index)
                    asked.append(index.generation)
                    seen = {owner.text.rsplit("Turn ")[-1] for owner, _ in found.values()}
                    assert len(seen) == 1
                    assert len(found) == len(CORPUS)
                index.close()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, turns):
        give(index_dir, turn(number))
        while len(asked) < 20 * number and not errors:
            time.sleep(0.01)
    stop.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert len(asked) >= 20 * (turns - 1)


def test_one_snapshot_serves_many_threads(index: Index) -> None:
    expected, results = everything(index), []
    index._cache.clear()
    threads = [threading.Thread(target=lambda: results.append(everything(index))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


# -- what is wrong with an index -------------------------------------------------------------------------------------


def test_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no index"):
        opened(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_was_never_filled_is_no_index(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    with pytest.raises(IndexMissingError, match="never filled"):
        opened(tmp_path)


def test_another_encoder_is_refused(index_dir: Path) -> None:
    with pytest.raises(IndexMismatchError, match="encoder name 'hash'") as caught:
        opened(index_dir, HashEncoder(name="other"))
    assert "python -m rag index --rebuild" in caught.value.hint


def test_another_chunker_is_refused(index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunking, "CHUNKER_VERSION", 999)
    with pytest.raises(IndexMismatchError, match="chunker version"):
        opened(index_dir)


@pytest.mark.parametrize("name", ["vectors.faiss", "rows.npy", "columns.json", "manifest.json", "keyword_rows.npy"])
@pytest.mark.parametrize("harm", [flip, Path.unlink, lambda path: path.write_bytes(b"")], ids=["flip", "gone", "empty"])
def test_a_damaged_generation_is_set_aside_and_rebuilt(index_dir: Path, name: str, harm) -> None:
    expected = everything(opened(index_dir))
    harm(Generations(index_dir).folder(1) / name)
    index = opened(index_dir)
    assert everything(index) == expected
    assert index.generation == 2
    assert [path.name for path in (index_dir / "quarantine").iterdir()] == ["000001.1"]


@pytest.mark.parametrize("harm", [flip, Path.unlink], ids=["flip", "gone"])
def test_a_damaged_manifest_is_replaced(index_dir: Path, harm) -> None:
    expected = everything(opened(index_dir))
    harm(index_dir / MANIFEST_NAME)
    assert everything(opened(index_dir)) == expected


def test_a_lost_folder_of_generations_is_rebuilt(index_dir: Path) -> None:
    expected = everything(opened(index_dir))
    (index_dir / "generations").rename(index_dir / "elsewhere")
    assert everything(opened(index_dir)) == expected


def test_while_another_writes_the_generation_before_serves(index_dir: Path) -> None:
    expected = everything(opened(index_dir))
    give(index_dir, [article("late", "Late news came.")])
    flip(Generations(index_dir).folder(2) / "vectors.faiss")
    with WriterLock(index_dir):
        index = opened(index_dir)
    assert index.generation == 1
    assert everything(index) == expected


def test_with_nothing_to_serve_the_writer_is_named(index_dir: Path) -> None:
    flip(Generations(index_dir).folder(1) / "vectors.faiss")
    with WriterLock(index_dir), pytest.raises(IndexLockedError, match="process"):
        opened(index_dir)


def test_a_damaged_store_that_cannot_rebuild_says_so(index_dir: Path) -> None:
    flip(Generations(index_dir).folder(1) / "vectors.faiss")
    with Store.open(index_dir) as store:
        store.connection.execute("UPDATE vectors SET pooled = zeroblob(length(pooled))")
    with pytest.raises(IndexDamagedError, match="fails its checksum") as caught:
        opened(index_dir)
    assert "doctor --repair" in caught.value.hint


def test_a_changed_text_is_never_quoted(index_dir: Path) -> None:
    index = opened(index_dir)
    with Store.open(index_dir) as store:
        store.connection.execute("UPDATE article_versions SET text = replace(text, 'Algeria', 'Nigeria')")
    with pytest.raises(IndexDamagedError, match="fails its hash"):
        everything(index)


def test_a_store_put_in_place_of_another_is_noticed(index_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    give(other, [article("other", "Something else altogether.")])
    (other / STORE_NAME).replace(index_dir / STORE_NAME)
    assert everything(opened(index_dir)).keys() == {"other"}


def test_a_store_that_lost_changes_is_noticed(index_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = (index_dir / STORE_NAME).read_bytes()
    expected = everything(opened(index_dir))
    give(index_dir, [article("late", "Late news came."), replace(MALI, text="Changed.")])
    gc.collect()
    (index_dir / STORE_NAME).write_bytes(before)
    assert everything(opened(index_dir)) == expected


def test_repairing_what_is_whole_changes_nothing(index_dir: Path) -> None:
    assert repair_generations(index_dir) == Generations(index_dir).current()
    assert Generations(index_dir).numbers() == [1]


def test_an_unpublished_change_is_published_by_repair(tmp_path: Path) -> None:
    new_store(tmp_path, CORPUS).close()
    assert repair_generations(tmp_path).articles == 4


def test_an_index_emptied_is_still_an_index(index_dir: Path) -> None:
    for given in CORPUS:
        delete_article(given.id, index_dir=index_dir)
    index = opened(index_dir)
    assert everything(index) == {}
    assert by_keyword(index, ["rain"], 5).tolist() == []


@pytest.mark.parametrize(
    ("words", "order", "wanted"),
    [
        ("", "oldest", ["mali", "jaysh", "rain", "pluie"]),
        ("2011-10", "oldest", ["mali", "jaysh"]),
        ("", "added", ["pluie", "jaysh", "rain", "mali"]),
        ("", "title", ["mali", "pluie", "rain", "jaysh"]),
        ("WIRE chiefs", "newest", ["mali"]),  # title and source, every word
        ("إجتماع", "newest", ["jaysh"]),  # folded as questions are
        ("rai", "title", ["rain"]),
        ("Bamako Monday", "newest", []),  # the text is for questions
    ],
)
def test_the_list_is_searched_and_ordered(index: Index, words: str, order: ListOrder, wanted: list[str]) -> None:
    listed, total = index.articles(words=words, order=order)
    assert [one.id for one in listed] == wanted
    assert total == len(wanted)
    assert index.articles(words=words, order=order, offset=1, limit=1)[0] == listed[1:2]
