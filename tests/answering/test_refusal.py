"""Whether to answer: the figures the rule looks at, the rule, and the words of a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from rag.answering.refusal import RefusalRule, features, is_bare

from rag.answering.window_reader import MOST_MARGIN
from rag.documents import Span
from rag.retrieval.candidates import FoundWords
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, over, ranked


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE)


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("What did Algeria form?", 0.0),
        ("What did Japan form?", 1.0),
        ("What happened in May 2011?", 0.0),
        ("What happened in 1998?", 1.0),
        ("Who sits there?", 0.0),
    ],
)
def test_a_country_or_year_no_passage_names(retriever: Retriever, question: str, absent: float) -> None:
    assert features(*ranked(retriever, question))["absent"] == absent


@pytest.mark.parametrize(
    ("question", "telling"),
    [
        ("which countries formed the joint staff?", True),
        ("When was the joint staff formed?", True),
        ("Who formed the joint staff?", False),
        ("How many formed the joint staff?", False),
        ("Which languages are spoken in Tamanrasset?", False),
    ],
)
def test_holding_what_was_asked_for_tells_unless_it_is_a_number(
    retriever: Retriever, question: str, telling: bool
) -> None:
    assert (features(*ranked(retriever, question))["found"] > 0.5) is telling


@pytest.mark.parametrize(
    ("margins", "reading"), [((), 0.0), ((-2.0,), -2.0), ((-2.0, 5.0), 5.0), ((1e6,), MOST_MARGIN), ((-1e6,), -12.0)]
)
def test_the_surest_words_of_any_sentence_count(
    retriever: Retriever, margins: tuple[float, ...], reading: float
) -> None:
    query, candidates, sentences = ranked(retriever, "Where does the joint staff sit?")
    read = [
        replace(sentence, found=FoundWords(Span(0, 1), margin))
        for sentence, margin in zip(sentences, margins, strict=False)
    ]
    assert features(query, candidates, [*read, *sentences[len(read) :]])["reading"] == reading


def test_the_rule_is_a_logistic_one() -> None:
    rule = RefusalRule({"relevance": 2.0, "absent": -1.0}, offset=-1.0, threshold=0.5)
    assert rule.confidence({"relevance": 0.5, "absent": 0.0}) == pytest.approx(0.5)
    assert rule.confidence({"relevance": 0.5, "absent": 1.0}) == pytest.approx(0.268941, abs=1e-6)
    assert not rule.refuses(0.5)
    assert rule.refuses(0.4999)
    assert rule.confidence({"relevance": 1e9, "absent": 0.0}) <= 1


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
    ],
)
def test_a_word_or_two_without_a_mark_ask_nothing(retriever: Retriever, text: str, bare: bool) -> None:
    assert is_bare(retriever.query(text)) is bare


def test_bare_words_are_answered_only_by_what_is_about_them(retriever: Retriever) -> None:
    rule = RefusalRule.load()
    bare, question, termless = (retriever.query(text, "en") for text in ("staff", "staff?", "And who is that?"))
    near, far = (
        {"relevance": relevance, "other_language": 0.0, "absent": 0.0, "found": 0.0} for relevance in (0.6, 0.3)
    )
    assert rule.judge(bare, near) == rule.confidence(near)
    assert rule.judge(bare, far) == 0
    assert rule.judge(question, far) == rule.confidence(far)
    assert rule.judge(termless, near) == 0
