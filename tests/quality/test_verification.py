"""Floors of what the code sees of what a model may get wrong, on sentences written by hand.

``python -m bench.verification`` measures the same with the source sentence found as in the program, and on news.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from bench.verification import Example, Share, changed_country, changed_number, examples, table
from rag.answering.evidence import EvidenceText
from rag.answering.verification import verify

GIVEN = examples()


@pytest.fixture(scope="module")
def shares() -> dict[tuple[str, str], Share]:
    """(part, kind) -> how many were flagged."""
    flagged = Counter((each.part, each.kind) for each in GIVEN if _flagged(each))
    return {key: Share(flagged[key], count) for key, count in Counter((e.part, e.kind) for e in GIVEN).items()}


def _flagged(example: Example) -> bool:
    evidence = EvidenceText(example.evidence, example.evidence_language)
    return not verify(example.sentence, example.language, [evidence]).supported


@pytest.mark.parametrize("part", ["first", "second"])
def test_each_part_is_large_enough(part: str) -> None:
    kinds = Counter(each.kind for each in GIVEN if each.part == part)
    assert kinds["true"] >= 60
    assert kinds.total() - kinds["true"] >= 60
    assert {(each.language, each.evidence_language) for each in GIVEN} >= {("en", "ar"), ("fr", "ar"), ("ar", "ar")}
    assert len({(each.sentence, each.evidence) for each in GIVEN}) == len(GIVEN)


@pytest.mark.parametrize("part", ["first", "second"])
def test_changed_numbers_and_names_are_caught_and_true_sentences_left_alone(
    shares: dict[tuple[str, str], Share], part: str
) -> None:
    assert shares[part, "number"].value >= 0.9
    assert shares[part, "name"].value >= 0.9
    assert shares[part, "true"].value <= 0.1
    # What code of this kind can only partly see; a floor, so that a loss is noticed.
    assert shares[part, "negation"].value >= 0.45


def test_a_changed_sentence_differs_in_one_number_or_one_country() -> None:
    chance = random.Random(1)
    (number,) = changed_number("In 2011, 40 men left Mali.", "en", chance)
    assert number.endswith(", 40 men left Mali.")
    assert 2012 <= int(number[3:7]) <= 2020
    (country,) = changed_country("40 men left Mali for Niger.", "en", chance)
    assert country.startswith("40 men left ")
    assert "Mali" not in country
    assert list(changed_number("Two men", "en", chance)) == list(changed_country("Two men", "en", chance)) == []


def test_the_table_gives_counts_and_shares() -> None:
    lines = table({("first", "true"): Share(1, 4)}, ["first"]).splitlines()
    assert lines == ["| flagged | first |", "|---|---|", "| true | 1 of 4 (0.25) |"]
