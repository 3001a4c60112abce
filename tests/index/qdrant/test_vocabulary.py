"""The vocabulary against the keyword index, which counts the same passages all at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.index.keyword_index import KeywordIndex, count_terms
from rag.index.qdrant.vocabulary import Vocabulary

PASSAGES = [["staff", "army", "staff"], ["rain"], ["army", "rain", "valley", "north"], [], ["valley"] * 7 + ["staff"]]
TERMS = ["staff", "rain", "valley", "staff", "zebra"]


def counted(passages: list[list[str]]) -> list[bytes]:
    return [count_terms(terms).tobytes() for terms in passages]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.empty().changed(counted(PASSAGES), 1)


def test_scores_and_rarity_are_those_of_the_keyword_index(vocabulary: Vocabulary) -> None:
    index = KeywordIndex.build(counted(PASSAGES))
    np.testing.assert_allclose(vocabulary.idf(TERMS), index.idf(TERMS), rtol=1e-6)
    scores = vocabulary.scores(TERMS, counted(PASSAGES))
    np.testing.assert_allclose(scores, index.scores(TERMS, np.arange(len(PASSAGES))), rtol=1e-5)
    assert (scores > 0).tolist() == [True, True, True, False, True]


def test_passages_that_came_and_went_leave_no_trace(vocabulary: Vocabulary) -> None:
    others = counted([["storm", "staff"], ["rain", "gold"], ["gold"]])
    same = vocabulary.changed(others, 1, at_a_time=2).changed(others, -1, at_a_time=2)
    assert (same.passages, same.length) == (vocabulary.passages, vocabulary.length)
    np.testing.assert_array_equal(same.terms, vocabulary.terms)
    np.testing.assert_array_equal(same.frequencies, vocabulary.frequencies)


def test_what_is_written_is_read(vocabulary: Vocabulary, tmp_path: Path) -> None:
    assert list(vocabulary.write(tmp_path)) == ["vocabulary.npy"]
    loaded = Vocabulary.load(tmp_path)
    np.testing.assert_array_equal(loaded.idf(TERMS), vocabulary.idf(TERMS))
    assert loaded.mean_length == vocabulary.mean_length == 16 / 5


@pytest.mark.parametrize("terms", [[], ["staff"]])
def test_of_no_passage(terms: list[str], tmp_path: Path) -> None:
    Vocabulary.empty().write(tmp_path)
    loaded = Vocabulary.load(tmp_path)
    assert loaded.mean_length == 0
    assert loaded.idf(terms).shape == (len(terms),)
    assert loaded.scores(terms, []).shape == (0,)
