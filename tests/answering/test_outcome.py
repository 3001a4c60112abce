"""The outcome of a question: the rules, their thresholds, and what bare words are taken for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pytest

from rag.answering.judge import asks_nothing, is_bare
from rag.answering.outcome import OutcomeRule, OutcomeRules, Ruling
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, over

RULES = OutcomeRules(
    answered=OutcomeRule({"relevance": 2.0, "absent": -1.0}, -1.0, 0.0, 0.5),
    found=OutcomeRule({"relevance": 2.0}, 0.0, 0.4, 0.4),
    short=OutcomeRule({"best_margin": 1.0}, 0.0, 1.0, 1.0),
    sure=2.0,
)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE)


def figures(
    relevance: float, other_language: float = 0.0, best_margin: float = 0.0, absent: float = 0.0
) -> dict[str, float]:
    return {
        "relevance": relevance, "other_language": other_language, "best_margin": best_margin, "absent": absent,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (figures(0.5), "answered"),
        (figures(0.49), "related"),
        (figures(0.2), "related"),
        (figures(0.19), "not_found"),
        (figures(0.5, other_language=1.0), "related"),
        (figures(0.75, other_language=1.0), "answered"),
        (figures(0.9, absent=1.0), "related"),
    ],
)
def test_three_outcomes_and_a_threshold_for_each_kind_of_language(given: Mapping[str, float], status: str) -> None:
    assert RULES.judge(given, marked=True).status == status


@pytest.mark.parametrize(
    ("given", "marked", "label"),
    [
        (figures(0.9, best_margin=2.0), True, "sure"),
        (figures(0.9, best_margin=1.0), True, "likely"),
        (figures(0.9, best_margin=0.9), True, ""),
        (figures(0.9, best_margin=9.0), False, ""),
        (figures(0.3, best_margin=9.0), True, ""),
    ],
)
def test_a_label_only_over_words_of_what_is_answered(given: Mapping[str, float], marked: bool, label: str) -> None:
    assert RULES.judge(given, marked).label == label


def test_a_rule_is_a_logistic_one_of_figures_and_their_products() -> None:
    rule = OutcomeRule({"a": 2.0, "a*b": 1.0, "b*b": 0.5}, -1.0, 0.0, 0.0)
    assert rule.log_odds({"a": 3.0, "b": 2.0}) == -1 + 6 + 6 + 2
    assert RULES.judge(figures(0.75), marked=False) == Ruling("answered", round(1 / (1 + math.exp(-0.5)), 4), 0.0, "")
    assert RULES.judge(figures(1e9), marked=False).confidence <= 1


@pytest.mark.parametrize("with_reader", [True, False])
def test_the_learnt_rules_load_and_tell_near_from_far(with_reader: bool) -> None:
    rules = OutcomeRules.load(with_reader=with_reader)
    names = {
        part for rule in (rules.answered, rules.found, rules.short) for name in rule.weights for part in name.split("*")
    }
    near, far = ({**dict.fromkeys(names, 0.0), "relevance": value, "other_language": 0.0} for value in (0.9, 0.0))
    assert rules.judge(near, marked=False).status == "answered"
    assert rules.judge(far, marked=False).status == "not_found"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("thanks", True),
        ("joint staff", True),
        ("شكرا", True),
        ("谢谢", True),
        ("staff?", False),
        ("القهوة؟", False),
        ("thank you very much", False),
        ("who sits there", False),
        ("joint staff Tamanrasset", False),
        ("👍", True),
        ("cafe\u0301", True),  # an accent by itself is no word
    ],
)
def test_a_word_or_two_without_a_mark_ask_nothing(retriever: Retriever, text: str, bare: bool) -> None:
    assert is_bare(retriever.query(text)) is bare


@pytest.mark.parametrize(
    ("text", "relevance", "nothing"),
    [("staff", 0.6, False), ("staff", 0.3, True), ("staff?", 0.3, False), ("And who is that?", 0.9, True)],
)
def test_bare_words_are_answered_only_by_what_is_about_them(
    retriever: Retriever, text: str, relevance: float, nothing: bool
) -> None:
    assert asks_nothing(retriever.query(text, "en"), relevance) is nothing
