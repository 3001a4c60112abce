"""Whether what was found answers, with a reader and without."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rag.answering.judge import Case, Judge
from rag.answering.outcome import NOTHING
from rag.documents import Filters
from rag.errors import SettingsError
from rag.retrieval.candidates import Retrieved
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, over, ranked
from tests.fakes import ScriptedReader

SITS = "Where does the joint staff sit?"


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE)


def found(retriever: Retriever, question: str) -> Retrieved:
    return retriever.search(retriever.query(question, "en"), Filters(), 5)


def test_without_a_passage_there_is_nothing_to_answer(retriever: Retriever) -> None:
    judge = Judge.load(ScriptedReader())
    judgement = judge.judge(judge.case(Retrieved(retriever.query("staff", "en"), []), 5))
    assert judgement.outcome == NOTHING
    assert judgement.chosen == ()


def test_without_a_reader_passages_and_sentences_stay_as_they_were_ranked(retriever: Retriever) -> None:
    query, candidates, sentences = ranked(retriever, SITS)
    case = Judge.load().case(Retrieved(query, candidates), 1)
    judgement = Judge.load().judge(case)
    assert list(judgement.candidates) == list(candidates[:1])
    assert [each.place for each in judgement.sentences] == [
        each.place for each in sentences if each.article.id == "staff"
    ]
    assert not any(each.found for each in judgement.sentences)


def test_every_sentence_of_a_window_says_what_was_found_in_it(retriever: Retriever) -> None:
    reader = ScriptedReader(Tamanrasset=6.0)
    judge = Judge.load(reader)
    judgement = judge.judge(judge.case(found(retriever, SITS), 5))
    words = {each.text: each.found.span.of(each.article.text) for each in judgement.sentences if each.found}
    assert words["The joint staff sits in Tamanrasset."] == "Tamanrasset"
    assert all(any(text in window for window in reader.read_texts) for text in words)


def test_what_the_reader_thinks_moves_the_confidence(retriever: Retriever) -> None:
    def confidence(margin: float) -> float:
        judge = Judge.load(ScriptedReader(Tamanrasset=margin))
        answered = replace(judge.rules.answered, weights={"relevance": 1.0, "reading": 0.2})
        judge = replace(judge, rules=replace(judge.rules, answered=answered))
        return judge.judge(judge.case(found(retriever, SITS), 5)).outcome.confidence

    assert confidence(9.0) > confidence(-9.0)


def test_a_question_that_leans_is_judged_by_the_relevance_it_comes_with(retriever: Retriever) -> None:
    judge = Judge.load()
    query, candidates = found(retriever, SITS)
    high, low = (judge.judge(Case(query, candidates, candidates, relevance)).outcome for relevance in (0.9, 0.1))
    assert high.confidence > low.confidence


def test_the_least_confidence_of_the_settings_is_needed_besides(retriever: Retriever) -> None:
    usual, strict = Judge.load(), Judge.load(min_confidence=0.9999)
    case = usual.case(found(retriever, SITS), 5)
    assert usual.judge(case).outcome.status == "answered"
    assert strict.judge(case).outcome == usual.judge(case).outcome._replace(status="related", certainty=0.0, label="")


@pytest.mark.parametrize("given", [-0.1, 1.1, math.nan])
def test_a_least_confidence_that_is_no_share_is_refused(given: float) -> None:
    with pytest.raises(SettingsError, match="ISNAD_MIN_CONFIDENCE"):
        Judge.load(min_confidence=given)
