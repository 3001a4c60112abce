"""The rules of the outcomes: learnt on cases made by hand, and held against plain counting."""

from __future__ import annotations

import numpy as np
import pytest

from bench import outcome_tables
from bench.calibrate import ANALYST, SHOWN
from rag.documents import Span
from rag.evaluation.evaluation_set import GoldAnswer, GoldQuestion
from rag.learning import cases as gathered
from rag.learning import gathering, outcome_rules, outcomes
from rag.learning.cases import OutcomeCase, OutcomeCases, RatedSentence

NAMES = {part for names in (outcomes.ANSWERED, outcomes.FOUND, outcomes.SHORT) for n in names for part in n.split("*")}


def case(group: str, kind: str, number: int, good: float, *, abroad: bool = False, right: float = 1.0) -> OutcomeCase:
    figures = dict.fromkeys(NAMES, 0.0) | {"relevance": good, "best_margin": good, "other_language": float(abroad)}
    best = [RatedSentence(1.0, good, holds=right > 0, right=right), RatedSentence(0.93, None, holds=False, right=0.0)]
    return OutcomeCase(group, kind, f"q{number}", f"{group} {number // 2}", figures, best)


@pytest.fixture(scope="module")
def cases() -> OutcomeCases:
    noise = np.random.default_rng(0)
    made = []
    for group, abroad in (("xquad-ar-ar", False), ("nomiracl", False), ("xquad-en-ar", True), (ANALYST, True)):
        for n in range(40):
            good = float(noise.normal(1.0))
            made.append(case(group, "+", n, good, abroad=abroad, right=float(good > 0)))
            made.append(case(group, "un" if group == "nomiracl" else "near", n, float(noise.normal(-1)), abroad=abroad))
    made += [case("arcd > xquad-ar-ar", "stranger", n, float(noise.normal(-3))) for n in range(40)]
    return OutcomeCases(made, frozenset({ANALYST}))


def test_a_case_is_read_as_it_was_written() -> None:
    one = case("xquad-en-ar", "+", 3, 0.25, abroad=True)
    assert OutcomeCase.read(one.written()) == one


@pytest.mark.parametrize(
    ("span", "expected"),
    [((0, 10), True), ((3, 5), True), ((4, 5), True), ((0, 4), False), ((4, 9), False), ((6, 9), False)],
)
def test_an_answer_is_held_where_one_of_the_two_lies_in_the_other(span: tuple[int, int], expected: bool) -> None:
    assert gathering.nested(Span(*span), GoldAnswer("a", 3, 5, "x")) is expected


@pytest.mark.parametrize(
    ("group", "article", "expected"),
    [
        ("xquad-en-ar", "ar-7-2", "xquad 7"),
        ("xquad-en-en", "en-7-4", "xquad 7"),
        ("arcd", "arcd-7-2", "arcd 7"),
        ("nomiracl", "", "nomiracl q"),
    ],
)
def test_a_topic_is_an_article_with_its_paragraphs_in_every_language(group: str, article: str, expected: str) -> None:
    answers = (GoldAnswer(article, 0, 1, "x"),) if article else ()
    assert gathered.topic_of(group, GoldQuestion("q", "?", "en", True, answers)) == expected


def test_a_signal_may_be_a_product() -> None:
    assert gathered.value_of("a*b*b", {"a": 2, "b": 3}) == 18


def test_a_rule_tells_what_it_was_learnt_from_and_never_sees_the_analyst(cases: OutcomeCases) -> None:
    rule = outcome_rules.outcome_rule(cases, ["relevance"], ["near", "un"])
    assert rule.weights["relevance"] > 0
    assert outcome_tables.area(cases, rule.scores, "xquad-ar-ar") > 0.85
    known = OutcomeCases([each for each in cases.cases if each.group != ANALYST], frozenset({ANALYST}))
    assert outcome_rules.outcome_rule(known, ["relevance"], ["near", "un"]).weights == rule.weights


def test_each_case_is_scored_by_the_folds_that_it_is_not_in(cases: OutcomeCases) -> None:
    used = np.ones(len(cases.cases), dtype=bool)
    first = cases.folds == 0
    right = cases.kinds == "+"
    weight = np.ones(len(used))
    usual = outcome_rules.learn(cases, ["relevance"], right, used, weight)
    turned = outcome_rules.learn(cases, ["relevance"], np.where(first, ~right, right), used, weight)
    assert usual.scores[first] == pytest.approx(turned.scores[first])


def test_the_thresholds_show_enough_of_every_set(cases: OutcomeCases) -> None:
    scores = cases.figures(["relevance"])[:, 0]
    levels = outcome_rules.thresholds(cases, scores, {"nomiracl": 0.9}, 0.85)
    shown = outcomes.at_least(cases, scores, levels)
    shares = {group: shown[cases.of(group, "+")].mean() for group in cases.sets()}
    assert min(shares["xquad-ar-ar"], shares["xquad-en-ar"]) >= 0.85
    assert shares["nomiracl"] >= 0.9
    assert min(shares.values()) < 0.93


@pytest.mark.parametrize(("least", "expected"), [(1.0, (4.0, 0.25)), (0.6, (2.0, 0.75)), (0.5, (1.0, 1.0))])
def test_coverage_is_what_may_be_shown_while_enough_is_right(least: float, expected: tuple[float, float]) -> None:
    scores, right = np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True])
    assert outcome_rules.coverage(scores, right, least) == expected


def test_nothing_is_covered_where_nothing_is_right() -> None:
    assert outcome_rules.coverage(np.array([1.0]), np.array([False]), 0.9) == (np.inf, 0.0)


def test_sentences_within_the_margin_are_quoted() -> None:
    sentences = [RatedSentence(score, None, False, 0.0) for score in (1.0, 0.95, 0.9, 0.2)]
    assert [each.score for each in outcome_tables.chosen_of(sentences, 3, 0.06)] == [1.0, 0.95]
    assert [each.score for each in outcome_tables.chosen_of(sentences, 2, 0.5)] == [1.0, 0.95]


def noisy(number: int, noise: np.random.Generator) -> OutcomeCase:
    """Whether its marked words are right the margin tells, and no other of its figures."""
    good = float(noise.normal())
    one = case("own", "+", 2 * number, good, right=float(good > 0.3))
    return one._replace(figures={name: float(noise.normal()) for name in NAMES} | {"best_margin": good})


@pytest.mark.parametrize(
    ("weights", "taken"), [({"best_margin": 2.0, "misfits": -1.5}, True), ({"best_margin": -2.0}, False), ({}, False)]
)
def test_a_borrowed_rule_of_short_answers_stays_where_it_shows_more(weights: dict[str, float], taken: bool) -> None:
    noise = np.random.default_rng(3)
    few = OutcomeCases([noisy(n, noise) for n in range(40)] + [case("own", "near", n, -1.0) for n in range(40)])
    borrowed = {"short": {"weights": weights, "offset": -1.0}}
    learnt, alone = outcomes.learn_outcomes(few, {}, borrowed=borrowed), outcomes.learn_outcomes(few, {})
    assert (learnt.short.weights == {"best_margin": 2.0}) is taken
    shown = [few.asked & (each.short.scores >= each.short_from) for each in (learnt, alone)]
    assert few.short_right[shown[0]].mean() >= outcomes.RIGHT_SHOWN
    assert (shown[0].sum() > shown[1].sum()) == taken


def test_the_report_has_a_row_a_group_and_a_row_a_signal(cases: OutcomeCases) -> None:
    learnt = outcomes.learn_outcomes(cases, SHOWN)
    report = outcome_tables.markdown(learnt, SHOWN)
    assert all(f"| {group} + | 40 |" in report for group in ("xquad-ar-ar", "nomiracl", ANALYST))
    assert all(f"| without {name} |" in report for name in outcomes.ANSWERED)
    assert set(outcomes.loaded(learnt)) == {"answered", "found", "short"}


def test_without_a_reader_its_figures_are_left_out(cases: OutcomeCases) -> None:
    learnt = outcomes.learn_outcomes(cases, SHOWN, reads=False)
    assert not set(outcomes.READ) & {*learnt.answered.weights, *learnt.found.weights}
    assert outcomes.loaded(learnt)["short"] == {"weights": {}, "offset": 0.0, "threshold": 1e9, "sure": 1e9}
