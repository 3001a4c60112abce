"""The curves against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.documents import ShortAnswer
from rag.evaluation.report.curves import (
    FEWEST,
    Bin,
    histogram,
    interval,
    recall_by_rank,
    refusal_curve,
    round_up,
    selective_curve,
    short_answer_curve,
    stage_times,
)
from tests.evaluation.test_measurement import GOLD, QUESTION, answer, citation, outcome

UNANSWERABLE = replace(QUESTION, answers=(), answerable=False)


def sure(confidence, gold=QUESTION, given=None):
    return outcome(gold, given=replace(given or answer(citation()), confidence=confidence))


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    [  # Wilson (1927), as in Newcombe (1998), table I
        (81 / 263, 263, 0.2553, 0.3662),
        (15 / 148, 148, 0.0624, 0.1605),
        (0 / 20, 20, 0.0, 0.1611),
        (1 / 29, 29, 0.0061, 0.1718),
        (1.0, 20, 0.8389, 1.0),
    ],
)
def test_the_interval_is_wilsons(share, count, low, high):
    assert interval(share, count) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_no_cases_have_no_interval():
    with pytest.raises(ValueError, match="no cases"):
        interval(0.0, 0)


def test_recall_by_rank_and_the_most_that_is_possible():
    both = replace(QUESTION, answers=(GOLD, replace(GOLD, article_id="c")))
    made = [outcome(ranking=("b", "a")), outcome(both, ("a", "b", "c")), outcome(UNANSWERABLE)]
    assert recall_by_rank(made, 3) == [(1, 0.25, 0.75), (2, 0.75, 1.0), (3, 1.0, 1.0)]
    assert recall_by_rank([outcome(UNANSWERABLE)], 3) == []


def test_the_refusal_curve_runs_from_refusing_nothing_to_refusing_all():
    made = [sure(0.9), sure(0.5), sure(0.5, UNANSWERABLE), sure(0.2, UNANSWERABLE)]
    rates = [(round(t, 6), error, hallucination) for t, error, hallucination in refusal_curve(made)]
    assert rates == [(0.2, 0.0, 1.0), (0.5, 0.0, 0.5), (0.9, 0.5, 0.0), (0.9, 1.0, 0.0)]


@pytest.mark.parametrize("kind", [QUESTION, UNANSWERABLE])
def test_there_is_no_refusal_curve_for_one_kind_of_question(kind):
    assert refusal_curve([sure(0.5, kind)]) == []


def test_the_refusal_curve_agrees_with_counting():
    random = np.random.default_rng(7)
    made = [sure(round(float(c), 2), QUESTION if c % 2 < 1 else UNANSWERABLE) for c in random.uniform(0, 2, 60)]
    for threshold, error, hallucination in refusal_curve(made):
        answerable = [o.answer.confidence for o in made if o.gold.answerable]
        others = [o.answer.confidence for o in made if not o.gold.answerable]
        assert error == pytest.approx(np.mean(np.array(answerable) < threshold))
        assert hallucination == pytest.approx(np.mean(np.array(others) >= threshold))


def test_the_surest_are_answered_first_and_the_curve_ends_at_what_was_answered():
    wrong = answer(citation(article_id="b"))
    surest = [sure(0.9)] * FEWEST
    made = [sure(0.3, given=wrong), *surest, sure(0.6, given=wrong), sure(0.6), sure(0.1, given=answer())]
    assert selective_curve(made) == [
        (10 / 14, 1.0),
        (12 / 14, 11 / 12),  # two of one confidence come in together
        (13 / 14, 11 / 13),
    ]
    assert selective_curve([*surest[1:], sure(0.8)]) == [(1.0, 1.0)], "a share of nine says nothing"
    assert selective_curve(surest[1:]) == []
    assert selective_curve([sure(0.5, UNANSWERABLE)] * FEWEST) == []


def test_short_answers_have_a_curve_of_their_own_by_their_certainty():
    def short(confidence, text=GOLD.text):
        words = ShortAnswer(text, 1, GOLD.start, GOLD.end, confidence=confidence)
        return outcome(given=replace(answer(citation()), confidence=0.1, short_answer=words))

    made = [short(0.6, "elsewhere"), *[short(0.9)] * FEWEST, sure(0.99), short(0.6)]
    assert short_answer_curve(made) == [(10 / 13, 1.0), (12 / 13, 11 / 12)]
    assert short_answer_curve([sure(0.9)] * FEWEST) == []


def test_the_last_bin_holds_what_is_beyond():
    values = [*[0.0] * 60, *[9.99] * 30, *[10.0] * 9, 5000.0]
    bins = histogram(values, most=4)
    assert sum(part.held for part in bins) == 100
    assert bins[0].low == 0
    assert len(bins) <= 4
    assert bins[-1].held >= 1


@pytest.mark.parametrize(
    ("values", "bins"),
    [
        ([1.0, 2.0, 2.5, 4.0], [Bin(0, 1, 0), Bin(1, 2, 1), Bin(2, 3, 2), Bin(3, 4, 1)]),
        ([0.0, 0.0], [Bin(0, 1, 2)]),
    ],
)
def test_bins_have_one_round_width(values, bins):
    assert histogram(values, most=4) == bins


@pytest.mark.parametrize(
    ("value", "rounded"), [(0, 1), (1, 1), (1.1, 2), (2.2, 5), (7, 10), (0.03, 0.05), (200, 200), (201, 500)]
)
def test_round_numbers(value, rounded):
    assert round_up(value) == pytest.approx(rounded)


def test_stages_are_medians_and_the_untimed_are_left_out():
    timed = [
        replace(outcome(), answer=replace(answer(), timings_ms={"rerank": ms, "encode": 1.0, "total": 99.0}))
        for ms in (3.0, 5.0, 40.0)
    ]
    assert list(stage_times(timed).items()) == [("encode", 1.0), ("rerank", 5.0)]
    assert stage_times([outcome()]) == {}
