from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.documents import Article
from rag.encoding.encoder import Fingerprint
from rag.encoding.token_codes import ScalarCode
from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, StorageError
from rag.store.database import Store
from rag.store.profile import Profile
from rag.store.rows import text_hash
from rag.store.schema import STORE_NAME
from rag.store.tables import LanguageSumsTable
from rag.store.view import StoreView
from tests.storage import CORPUS, ENCODER, encoded, new_store

MALI, RAIN, JAYSH, PLUIE = CORPUS


@pytest.fixture
def store(tmp_path: Path):
    with new_store(tmp_path, CORPUS) as store:
        yield store


def stored(store: Store) -> list[Article]:
    """CORPUS as the store has it now."""
    rows = [store.live(given.id) for given in CORPUS]
    return [store.article(row.version) for row in rows if row is not None]


def test_there_is_no_store_until_one_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no index") as caught:
        Store.open(tmp_path)
    assert "python -m rag index" in caught.value.hint


def test_settings_of_the_connection(store: Store) -> None:
    pragmas = ["journal_mode", "synchronous", "foreign_keys"]
    assert [store.connection.execute(f"PRAGMA {p}").fetchone()[0] for p in pragmas] == ["wal", 2, 1]


def test_articles_come_back_whole(store: Store) -> None:
    assert stored(store) == CORPUS


def test_passages_come_back_as_they_were_encoded(store: Store) -> None:
    row = store.live("mali")
    assert row is not None
    back, given = store.encoded_passages(row.version), encoded(MALI)
    assert len(back) == len(given) > 0
    for ours, theirs in zip(back, given, strict=True):
        assert replace(ours.passage, key=0) == theirs.passage
        assert ours.codes == theirs.codes
        np.testing.assert_array_equal(ours.pooled, theirs.pooled)
        np.testing.assert_array_equal(ours.spans, theirs.spans)
        np.testing.assert_array_equal(ours.counts, theirs.counts)


def test_what_is_not_committed_is_not_there(store: Store) -> None:
    def interrupted() -> None:
        with store.transaction():
            store.remove("mali", 2)
            store.put(replace(RAIN, text="It rained."), [], 2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert stored(store) == CORPUS
    assert store.get("revision") == "1"


def test_the_revision_counts_changes_of_content_only(store: Store) -> None:
    with store.transaction():
        store.allot(5)
    assert store.get("revision") == "1"
    with store.transaction():
        store.remove("mali", 2)
    assert store.get("revision") == "2"


def test_a_replaced_article_stays_for_older_generations(store: Store) -> None:
    old = store.live("mali")
    assert old is not None
    new = replace(MALI, text="The chiefs met again.")
    with store.transaction():
        store.put(new, encoded(new), 2)
    assert stored(store)[0] == new
    view = StoreView(store.path.parent)
    assert view.articles([old.version])[old.version] == MALI
    with store.transaction():
        store.purge(1)
    assert view.articles([old.version])[old.version] == MALI
    with store.transaction():
        store.purge(2)
    with pytest.raises(IndexDamagedError, match="is missing"):
        view.articles([old.version])
    view.close()


def test_keys_are_never_used_twice(store: Store) -> None:
    keys = [store.connection.execute("SELECT max(key) FROM passages").fetchone()[0]]
    for generation in (2, 3):
        with store.transaction():
            store.remove("pluie", generation)
            store.purge(generation)
            store.put(PLUIE, encoded(PLUIE), generation)
        keys.append(store.connection.execute("SELECT max(key) FROM passages").fetchone()[0])
    assert keys == sorted(set(keys))


def test_purging_takes_the_passages_and_all_of_theirs(store: Store) -> None:
    with store.transaction():
        for given in CORPUS:
            store.remove(given.id, 2)
        store.purge(2)
    for table in ("article_versions", "passages", "vectors", "tokens", "terms", "language_sums"):
        assert store.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_removing_what_is_not_there(store: Store) -> None:
    with store.transaction():
        assert store.remove("nobody", 2) is False


def test_twins_are_found_among_live_articles(store: Store) -> None:
    assert store.twin_of(text_hash(RAIN.text)) == "rain"
    assert store.twin_of(text_hash("other")) == ""
    with store.transaction():
        store.remove("rain", 2)
    assert store.twin_of(text_hash(RAIN.text)) == ""


@pytest.mark.parametrize(
    ("changed", "holds", "reusable"),
    [
        ({}, True, True),
        ({"date": "2020-01-01"}, False, True),
        ({"warnings": ("cleaned",)}, False, True),
        ({"title": "Other"}, False, False),
        ({"language": "fr"}, False, False),
        ({"text": "Other."}, False, False),
        ({"id": "other"}, False, False),
    ],
)
def test_what_counts_as_the_same(store: Store, changed: dict[str, Any], holds: bool, reusable: bool) -> None:
    given = replace(MALI, **changed)
    assert store.holds(given) is holds
    assert bool(store.reusable(given)) is reusable


def test_another_profile_makes_everything_stale(store: Store) -> None:
    assert store.stale() == []
    with store.transaction():
        store.adopt(Profile(Fingerprint("new", "", "", "", "", 8), 1, 1))
    assert store.stale() == [1, 2, 3, 4]
    assert store.holds(MALI) is False
    assert store.reusable(MALI) == 0
    assert store.profile is not None
    assert store.profile.fingerprint.name == "new"


def test_a_passage_that_is_not_the_articles_is_refused(store: Store) -> None:
    wrong = replace(encoded(MALI)[0], passage=replace(encoded(MALI)[0].passage, text="invented"))
    with pytest.raises(ValueError, match="not what the article says"), store.transaction():
        store.put(MALI, [wrong], 2)
    assert stored(store)[0] == MALI


def _sums_by_hand(articles: list[Article]) -> dict[str, tuple[Any, ...]]:
    sums: dict[str, list[Any]] = {}
    for passage in (e for given in articles for e in encoded(given)):
        tokens = ScalarCode(ENCODER.dimension).unpack(passage.codes)
        total = sums.setdefault(passage.passage.language, [0, 0.0, 0, 0.0])
        for i, part in enumerate((1, passage.pooled, len(tokens), tokens.sum(axis=0))):
            total[i] = total[i] + part
    return {language: tuple(total) for language, total in sums.items()}


def test_language_sums_follow_the_rows(store: Store) -> None:
    def check(articles: list[Article]) -> None:
        sums, expected = LanguageSumsTable(store.connection).of(1), _sums_by_hand(articles)
        assert sums.keys() == expected.keys()
        for language, (passages, pooled, tokens, token_sum) in expected.items():
            assert (sums[language].passages, sums[language].tokens) == (passages, tokens)
            np.testing.assert_allclose(sums[language].pooled, pooled, atol=1e-4)
            np.testing.assert_allclose(sums[language].token_sum, token_sum, atol=1e-3)

    check(CORPUS)
    new = replace(MALI, text="Something quite different happened. It was quiet.")
    with store.transaction():
        store.put(new, encoded(new), 2)
        store.remove("jaysh", 2)
    check([new, RAIN, PLUIE])


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE article_versions SET title = 'Chiefs meat' WHERE article_id = 'mali'",
        "UPDATE article_versions SET date = '2011-10-13' WHERE article_id = 'mali'",
        "UPDATE article_versions SET text = replace(text, 'Algeria', 'Nigeria') WHERE article_id = 'mali'",
        "UPDATE passages SET start = start + 1",
        "UPDATE passages SET language = 'fr'",
        "UPDATE passages SET sentences = zeroblob(length(sentences))",
        "UPDATE vectors SET pooled = zeroblob(length(pooled))",
        "UPDATE tokens SET codes = zeroblob(length(codes))",
        "UPDATE tokens SET spans = zeroblob(length(spans))",
        "UPDATE terms SET counts = zeroblob(length(counts))",
        "DELETE FROM terms WHERE key = 1",
    ],
)
def test_every_changed_value_is_found(store: Store, spoil: str) -> None:
    live = store.live("mali")
    assert live is not None
    store.connection.execute(spoil)
    with pytest.raises(IndexDamagedError, match="is damaged") as caught:
        _ = store.encoded_passages(live.version), store.live("mali")
    assert "doctor --repair" in caught.value.hint


def test_a_text_that_is_no_utf_8_is_damage_whatever_its_words(store: Store) -> None:
    live = store.live("mali")
    assert live is not None
    spoiled = b"\xffThe disk is full and locked.".hex()
    store.connection.execute(f"UPDATE article_versions SET text = CAST(x'{spoiled}' AS TEXT) WHERE article_id = 'mali'")
    with pytest.raises(IndexDamagedError, match=r"is damaged: Could not decode to UTF-8 column 'text'\. Run"):
        store.article(live.version)


@pytest.mark.parametrize("name", ["store_id", "revision", "profile"])
def test_a_changed_setting_is_found(store: Store, name: str) -> None:
    store.connection.execute("UPDATE meta SET value = '9' WHERE name = ?", (name,))
    with pytest.raises(IndexDamagedError, match=name):
        store.get(name)
    with pytest.raises(IndexDamagedError, match=name):
        StoreView(store.path.parent).meta()


def test_changed_sums_are_found(store: Store) -> None:
    store.connection.execute("UPDATE language_sums SET passages = passages + 1 WHERE language = 'ar'")
    with pytest.raises(IndexDamagedError, match="'ar'"):
        StoreView(store.path.parent).language_sums(1)


def test_a_full_store_is_a_storage_error_and_changes_nothing(store: Store) -> None:
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    big = replace(MALI, id="big", text="word " * 20_000)
    with pytest.raises(StorageError, match="full") as caught, store.transaction():
        store.put(big, [], 2)
    assert "Free some disk space" in caught.value.hint or "free space" in caught.value.hint
    assert stored(store) == CORPUS


@pytest.mark.parametrize("content", [b"not a database, by any measure" * 99, b"SQLite format 3\0" + bytes(4080)])
def test_a_file_that_is_no_store_is_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / STORE_NAME).write_bytes(content)
    with pytest.raises(IndexDamagedError):
        Store.open(tmp_path)


def test_a_store_of_another_layout_is_refused(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / STORE_NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(IndexMismatchError, match="layout is 99"):
        Store.open(tmp_path)
    with pytest.raises(IndexMismatchError, match="layout is 99"):
        StoreView(tmp_path).meta()


def test_a_view_reads_only(store: Store) -> None:
    view = StoreView(store.path.parent)
    with pytest.raises(StorageError, match="readonly"):
        view._rows("DELETE FROM passages", ())
    view.close()


def test_a_view_needs_a_store(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        StoreView(tmp_path)
