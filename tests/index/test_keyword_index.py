from __future__ import annotations

import math
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.keyword_index import K1, ROWS_AT_A_TIME, B, KeywordIndex, count_terms
from rag.store.rows import COUNTS

WORDS = [f"w{i}" for i in range(30)] + ["صاروخ", "مالي", "اجتماع"]


def bm25(passages: list[list[str]], terms: list[str], row: int) -> float:
    """As written in Robertson and Zaragoza, with Lucene's idf, one passage at a time."""
    average = sum(map(len, passages)) / len(passages)
    counts = Counter(passages[row])
    score = 0.0
    for term in terms:
        df = sum(term in passage for passage in passages)
        idf = math.log(1 + (len(passages) - df + 0.5) / (df + 0.5))
        tf = counts[term]
        score += idf * tf / (tf + K1 * (1 - B + B * len(passages[row]) / max(average, 1)))
    return score


def build(passages: list[list[str]]) -> KeywordIndex:
    return KeywordIndex.build([count_terms(passage).tobytes() for passage in passages])


passages_of_words = st.lists(st.lists(st.sampled_from(WORDS), max_size=25), min_size=1, max_size=25)
questions = st.lists(st.sampled_from([*WORDS, "unknown"]), max_size=6)


@given(passages_of_words, questions)
def test_scores_are_bm25(passages: list[list[str]], terms: list[str]) -> None:
    index = build(passages)
    rows = np.arange(len(passages), dtype=np.int64)
    expected = [bm25(passages, terms, row) for row in range(len(rows))]
    np.testing.assert_allclose(index.scores(terms, rows), expected, rtol=1e-4, atol=1e-6)


@given(passages_of_words, questions, st.integers(1, 30))
def test_search_ranks_as_scoring_every_passage_would(passages: list[list[str]], terms: list[str], k: int) -> None:
    index = build(passages)
    rows, scores = index.search(terms, k)
    everything = index.scores(terms, np.arange(len(passages), dtype=np.int64))
    holding = [row for row, passage in enumerate(passages) if set(passage) & set(terms)]
    assert len(rows) == min(k, len(holding))
    assert set(rows.tolist()) <= set(holding)
    np.testing.assert_allclose(scores, np.sort(everything)[::-1][: len(rows)], rtol=1e-5)
    np.testing.assert_allclose(scores, everything[rows], rtol=1e-5)


@given(passages_of_words, questions, st.randoms(use_true_random=False))
def test_a_mask_removes_rows_and_changes_no_score(passages: list[list[str]], terms: list[str], random) -> None:
    index = build(passages)
    mask = np.array([random.random() < 0.5 for _ in passages])
    rows, scores = index.search(terms, len(passages), mask)
    whole_rows, whole_scores = index.search(terms, len(passages))
    assert rows.tolist() == [row for row in whole_rows.tolist() if mask[row]]
    np.testing.assert_array_equal(scores, [s for r, s in zip(whole_rows, whole_scores, strict=True) if mask[r]])


def test_equals_are_in_order_of_row() -> None:
    index = build([["a"]] * 50)
    assert index.search(["a"], 5)[0].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("passages", "term", "expected"),
    [
        ([["a"], ["b"], ["b"], ["b"]], "a", math.log(1 + 3.5 / 1.5)),
        ([["a"], ["b"], ["b"], ["b"]], "b", math.log(1 + 1.5 / 3.5)),
        ([["a"], ["b"], ["b"], ["b"]], "none", math.log(1 + 4.5 / 0.5)),
    ],
)
def test_idf(passages: list[list[str]], term: str, expected: float) -> None:
    assert build(passages).idf([term]) == pytest.approx([expected], rel=1e-5)


def test_idf_of_nothing_is_empty() -> None:
    assert build([["a"]]).idf([]).shape == (0,)


@pytest.mark.parametrize("passages", [[], [[]], [["a", "b"], []]], ids=["no passages", "no terms", "one empty"])
def test_written_and_loaded_it_is_the_same(tmp_path: Path, passages: list[list[str]]) -> None:
    index = build(passages)
    index.write(tmp_path)
    loaded = KeywordIndex.load(tmp_path, len(passages))
    assert loaded.search(["a"], 5)[0].tolist() == index.search(["a"], 5)[0].tolist()
    assert loaded.idf(["a", "b"]).tolist() == index.idf(["a", "b"]).tolist()


def test_counts_are_sorted_and_capped() -> None:
    counts = count_terms(["b", "a", "b"] + ["c"] * 70_000)
    assert sorted(counts["count"].tolist()) == [1, 2, 65_535]
    assert (np.diff(counts["term"].astype(object)) > 0).all()
    assert counts.itemsize == 10


def test_no_terms_count_as_nothing() -> None:
    assert count_terms([]).tobytes() == b""


def test_building_takes_little_more_memory_than_the_postings() -> None:
    """A million passages have ninety million postings of 14 bytes: what comes on top must be a fraction of that."""
    count, words = 8 * ROWS_AT_A_TIME, 20
    terms = np.arange(1, 20_000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)

    def rows() -> Iterator[bytes]:
        for row in range(count):
            counts = np.ones(words, dtype=COUNTS)
            counts["term"] = np.sort(terms[(row + 211 * np.arange(words)) % len(terms)])
            yield counts.tobytes()

    tracemalloc.start()
    try:
        KeywordIndex.build(rows())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak / (count * words) < 24
