"""Metrics against values worked out by hand, and percentiles against numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents import Status
from rag.evaluation import metrics

RANKED = ["d", "a", "c", "b", "e"]


@pytest.mark.parametrize(
    ("relevant", "k", "expected"),
    [
        ({"a"}, 1, 0.0),
        ({"a"}, 2, 1.0),
        ({"a", "b"}, 2, 0.5),
        ({"a", "b"}, 4, 1.0),
        ({"z"}, 5, 0.0),
        ({"a", "z"}, 99, 0.5),
    ],
)
def test_recall_is_the_share_of_relevant_items_found(relevant, k, expected):
    assert metrics.recall_at(RANKED, relevant, k) == expected


@pytest.mark.parametrize(
    ("relevant", "k", "expected"),
    [({"d"}, 10, 1.0), ({"a"}, 10, 0.5), ({"b", "e"}, 10, 0.25), ({"e"}, 4, 0.0), ({"z"}, 10, 0.0)],
)
def test_reciprocal_rank_counts_the_first_relevant_item_within_k(relevant, k, expected):
    assert metrics.reciprocal_rank(RANKED, relevant, k) == expected


def test_ndcg_of_two_relevant_at_ranks_two_and_four():
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    best = 1 / math.log2(2) + 1 / math.log2(3)
    assert metrics.ndcg_at(RANKED, {"a", "b"}) == pytest.approx(gain / best)


@pytest.mark.parametrize(
    ("ranked", "relevant", "k", "expected"),
    [
        (["a", "b"], {"a", "b"}, 10, 1.0),
        (["b", "a"], {"a", "b"}, 10, 1.0),
        (["x", "a"], {"a"}, 1, 0.0),
        (["a", "b", "c"], {"a", "b", "c"}, 2, 1.0),
        ([], {"a"}, 10, 0.0),
    ],
)
def test_ndcg_edges(ranked, relevant, k, expected):
    assert metrics.ndcg_at(ranked, relevant, k) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("relevant", "expected"),
    [
        ({"d"}, 1.0),
        ({"a"}, 1 / 2),
        ({"a", "b"}, (1 / 2 + 2 / 4) / 2),
        ({"d", "c", "z"}, (1 / 1 + 2 / 3 + 0) / 3),
        ({"z"}, 0.0),
    ],
)
def test_average_precision(relevant, expected):
    assert metrics.average_precision(RANKED, relevant) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Quick, brown fox!", "quick brown fox"),
        ("theatre", "theatre"),
        ("الجزائر", "جزائر"),
        ("والجزائر", "جزائر"),
        ("بالجزائر", "جزائر"),
        ("للجزائر", "جزائر"),
        ("ألمانيا", "ألمانيا"),
        ("الى", "الى"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("٣٠٨ نقاط", "308 نقاط"),
        ("۱۹۵۸", "1958"),
        ("ﻻ", "لا"),
        ("«308»", "308"),
        ("24%", "24"),
        ("مالي، والنيجر؟", "مالي نيجر"),
        ("a\u200fb", "ab"),
        ("", ""),
        ("—", ""),
    ],
)
def test_answers_are_normalised(text, expected):
    assert metrics.normalise_answer(text) == expected


@given(st.text())
def test_normalising_never_fails_and_leaves_no_outer_space(text):
    done = metrics.normalise_answer(text)
    assert done == done.strip()


@pytest.mark.parametrize(
    ("answer", "gold", "f1", "exact"),
    [
        ("308", ["308"], 1.0, 1.0),
        ("٣٠٨", ["308"], 1.0, 1.0),
        ("the Panthers", ["Panthers"], 1.0, 1.0),
        ("gave up just 308 points", ["308"], 2 / 6, 0.0),
        ("308 points", ["24", "308"], 2 / 3, 0.0),
        ("في الجزائر", ["الجزائر"], 2 / 3, 0.0),
        ("x y", ["a b"], 0.0, 0.0),
        ("b b", ["b"], 2 / 3, 0.0),
        ("", ["308"], 0.0, 0.0),
        ("308", [], 0.0, 0.0),
    ],
)
def test_squad_figures(answer, gold, f1, exact):
    assert metrics.f1(answer, gold) == pytest.approx(f1)
    assert metrics.exact_match(answer, gold) == exact


def test_outcome_figures_by_hand():
    unanswerable: list[Status] = ["not_found", "not_found", "not_found", "related", "related", "answered"]
    answerable: list[Status] = ["not_found", "related", "answered", "answered", "answered"]
    verdicts = [*((False, status) for status in unanswerable), *((True, status) for status in answerable)]
    assert metrics.outcome_figures(verdicts) == {
        "hallucination_rate": 1 / 6,
        "error_rate": 1 / 5,
        "related_rate_answerable": 1 / 5,
        "related_rate_unanswerable": 2 / 6,
        "precision": 3 / 4,
        "recall": 3 / 6,
    }


def test_outcome_figures_without_a_denominator_are_left_out():
    answered: list[tuple[bool, Status]] = [(True, "answered"), (True, "answered")]
    assert metrics.outcome_figures(answered) == {"error_rate": 0.0, "related_rate_answerable": 0.0}
    assert metrics.outcome_figures([]) == {}


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.95, 0.99, 1.0])
@pytest.mark.parametrize("size", [1, 2, 7, 100])
def test_percentiles_agree_with_numpy(size, share):
    values = list(np.random.default_rng(size).standard_normal(size))
    assert metrics.percentile(values, share) == pytest.approx(np.quantile(values, share))


@pytest.mark.parametrize("figure", [lambda: metrics.mean([]), lambda: metrics.percentile([], 0.5)])
def test_figures_of_nothing_are_refused_rather_than_zero(figure):
    with pytest.raises(ValueError, match="no values"):
        figure()


def test_mean():
    assert metrics.mean([1, 2, 6]) == 3.0
