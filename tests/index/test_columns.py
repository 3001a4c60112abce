from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents import Article, Filters
from rag.index.columns import Columns
from rag.store.rows import ArticleRow
from tests.fakes import accepts

ARTICLES = [
    Article("a", "…", language="ar", source="Sahel", date="2011-10-12", questions=("a?",)),
    Article("b", "…", language="en", source="Wire", date="2011-10-13", questions=("b?",)),
    Article("c", "…", language="fr", source="Wire", date=""),
    Article("d", "…", language="ar", source="", date="2024-01-01"),
    Article("e", "…", language="und", source="Sahel", date="2011-10-12"),
]
PLACES = [0, 0, 1, 3, 4, 4, 4]  # the article of each row: c has none
KEYS = [2, 3, 5, 8, 13, 21, 34]


def build() -> Columns:
    heads = [ArticleRow.of(10 * i, 1, a, 1) for i, a in enumerate(ARTICLES, 1)]
    versions = np.array([10 * (place + 1) for place in PLACES], dtype=np.int64)
    return Columns.build(heads, np.array(KEYS, dtype=np.int64), versions)


words = st.lists(st.sampled_from(["ar", "en", "fr", "Wire", "Sahel", "", "a", "c", "e", "zz"]), max_size=3).map(tuple)
dates = st.sampled_from(["", "2011-10-12", "2011-10-13", "2011", "2012-01-01", "1999-01-01", "2024-01-01", "9"])
filters = st.builds(Filters, languages=words, sources=words, since=dates, until=dates, article_ids=words)


@given(filters)
def test_masks_accept_what_the_filters_accept(given_filters: Filters) -> None:
    columns = build()
    accepted = [accepts(given_filters, article) for article in ARTICLES]
    assert columns.article_mask(given_filters).tolist() == accepted
    rows = columns.row_mask(given_filters)
    if given_filters:
        assert rows is not None
        assert rows.tolist() == [accepted[place] for place in PLACES]
    else:
        assert rows is None


def test_written_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    built = build()
    built.write(tmp_path)
    loaded = Columns.load(tmp_path)
    for name in ("versions", "ids", "languages", "sources", "dates", "stories", "others", "keys", "articles"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(built, name))
        assert getattr(loaded, name).dtype == getattr(built, name).dtype
    assert loaded.questions == built.questions == [("ar", "a?"), ("en", "b?")]
    assert (loaded.language_names, loaded.source_names) == (built.language_names, built.source_names)


STORY = " ".join(f"word{n} of{n % 7}" for n in range(60))
TOLD = [
    Article("a", STORY, source="Wire"),
    Article("b", "Another story altogether.", source="Sahel"),
    Article("c", STORY.replace("word30", "term"), source="Sahel"),
    Article("d", STORY.replace("word31", "term"), source=""),
    Article("e", "A third.", source="Wire"),
]


def test_stories_know_who_published_them(tmp_path: Path) -> None:
    heads = [ArticleRow.of(10 * i, 1, a, 1) for i, a in enumerate(TOLD, 1)]
    keys, versions = np.array([1, 2, 3, 4, 5, 6]), np.array([10, 20, 30, 30, 40, 50])
    Columns.build(heads, keys, versions, [("e", "Agency"), ("a", "Radio"), ("c", "Wire")]).write(tmp_path)
    columns = Columns.load(tmp_path)
    assert columns.stories_of(np.array([1, 2, 3, 4, 6])).tolist() == [0, 1, 0, 0, 4]
    assert columns.stories_of(np.array([5])).tolist() in ([0], [3])  # no source told: only the very same text counts
    assert columns.publishers == {0: ["Wire", "Sahel", "Radio"], 4: ["Wire", "Agency"]}
    assert columns.counts(columns.source_names, columns.sources) == {"": 1, "Sahel": 2, "Wire": 2}
    assert build().publishers == {}


def test_an_empty_index_has_columns_too(tmp_path: Path) -> None:
    nothing = np.zeros(0, dtype=np.int64)
    Columns.build([], nothing, nothing).write(tmp_path)
    columns = Columns.load(tmp_path)
    assert columns.row_mask(Filters(languages=("ar",), since="2011-01-01")) is not None
    assert columns.version_of("a") is None


def test_rows_of_keys() -> None:
    columns = build()
    assert columns.rows_of(np.array([34, 2, 5, 2])).tolist() == [6, 0, 2, 0]
    assert columns.rows_of(np.zeros(0, dtype=np.int64)).tolist() == []


@pytest.mark.parametrize("key", [0, 4, 35])
def test_a_key_of_no_row_is_an_error(key: int) -> None:
    with pytest.raises(KeyError, match=str(key)):
        build().rows_of(np.array([2, key]))


def test_newest_first() -> None:
    columns = build()
    everything = np.ones(len(ARTICLES), dtype=bool)
    assert columns.newest_first(everything).tolist() == [40, 20, 50, 10, 30]


@pytest.mark.parametrize(("article_id", "version"), [("a", 10), ("e", 50), ("nobody", None)])
def test_version_of_an_article(article_id: str, version: int | None) -> None:
    assert build().version_of(article_id) == version


def test_counts_by_name() -> None:
    columns = build()
    assert columns.counts(columns.language_names, columns.languages) == {"ar": 2, "en": 1, "fr": 1, "und": 1}
    assert columns.counts(columns.source_names, columns.sources) == {"": 1, "Sahel": 2, "Wire": 2}
