"""From judged sentences to quotes and the short answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rag.answering.extractive import Extractive
from rag.answering.judge import Judge
from rag.answering.writing import AnswerDraft
from rag.documents import Filters
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, TEXT, over
from tests.fakes import ScriptedReader

SITS = "Where does the joint staff sit?"


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE)


def quoted(
    retriever: Retriever,
    question: str,
    reader: ScriptedReader | None = None,
    *,
    reading: float = 0.0,
    margin: float = 10.0,
    passages: int = 5,
) -> AnswerDraft:
    """The quotes for a question that is never refused. The last: weight of the reader's say, how many are quoted."""
    judge = Judge.load(reader)
    choice = replace(judge.choice, reading=reading, margin=margin)
    judge = replace(judge, choice=choice, refusal=replace(judge.refusal, threshold=0.0))
    query = retriever.query(question, "en")
    return Extractive(choice).quote(judge.judge(judge.case(retriever.search(query, Filters(), 5), passages)))


def test_neighbours_become_one_quote_and_others_their_own(retriever: Retriever) -> None:
    draft = quoted(retriever, "Algeria formed a joint staff that sits in Tamanrasset", passages=1)
    assert [citation.quote for citation in draft.citations] == [TEXT[TEXT.index("Algeria") :]]
    assert {number for sentence in draft.sentences for number in sentence.citations} == {1}
    assert draft.text.count("[1]") == len(draft.sentences) == 3


def test_the_short_answer_lies_in_the_first_quote(retriever: Retriever) -> None:
    draft = quoted(retriever, SITS, ScriptedReader(Tamanrasset=6.0), reading=1.0, margin=0.05)
    short = draft.short
    assert short is not None
    citation = draft.citations[short.citation - 1]
    assert short.text == TEXT[short.start : short.end] == "Tamanrasset"
    assert citation.start <= short.start < short.end <= citation.end
    assert 0 < short.confidence <= 1


def test_without_a_reader_there_is_no_short_answer(retriever: Retriever) -> None:
    assert quoted(retriever, SITS).short is None


def test_of_the_quoted_sentences_the_surest_gives_the_short_answer(retriever: Retriever) -> None:
    short = quoted(retriever, SITS, ScriptedReader(Tamanrasset=6.0, May=7.0)).short
    assert short is not None
    assert short.text == "May"


@pytest.mark.parametrize(
    ("question", "may", "text"),
    [
        ("When did the joint staff form?", 6.0, "May"),
        ("When did the joint staff form?", -9.0, "Tamanrasset"),
        (SITS, 6.0, "Tamanrasset"),
    ],
)
def test_words_of_the_kind_asked_for_come_before_surer_ones(
    retriever: Retriever, question: str, may: float, text: str
) -> None:
    short = quoted(retriever, question, ScriptedReader(Tamanrasset=8.0, May=may)).short
    assert short is not None
    assert short.text == text


def test_words_that_are_most_likely_wrong_are_not_shown(retriever: Retriever) -> None:
    assert quoted(retriever, SITS, ScriptedReader(Tamanrasset=-9.0)).short is None
