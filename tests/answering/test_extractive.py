"""From judged sentences to quotes and the short answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.extractive import Extractive
from rag.answering.judge import Judge
from rag.answering.outcome import OutcomeRule, OutcomeRules
from rag.answering.writing import AnswerDraft
from rag.documents import Filters
from rag.retrieval.retriever import Retriever
from tests.answering.staff import ALWAYS, COFFEE, LENIENT, STAFF, TEXT, over
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
    rules: OutcomeRules = LENIENT,
) -> AnswerDraft:
    """The quotes for a question. reading: weight of the reader's say; margin: how far below the best is quoted too."""
    judge = Judge.load(reader)
    choice = replace(judge.choice, reading=reading, margin=margin)
    query = retriever.query(question, "en")
    judge = replace(judge, choice=choice, rules=rules)
    return Extractive(choice).quote(judge.judge(judge.case(retriever.search(query, Filters(), 5), passages)))


def test_neighbours_become_one_quote(retriever: Retriever) -> None:
    draft = quoted(retriever, "Algeria formed a joint staff that sits in Tamanrasset", passages=1)
    assert [citation.quote for citation in draft.citations] == [TEXT[TEXT.index("Algeria") :]]
    assert {number for sentence in draft.sentences for number in sentence.citations} == {1}
    assert draft.text.count("[1]") == len(draft.sentences) == 3


def test_one_quote_is_the_text_and_the_others_are_kept_beside_it(retriever: Retriever) -> None:
    draft = quoted(retriever, "Coffee is a sign of welcome, drunk with dates, where rain fell")
    assert [citation.also_said for citation in draft.citations] == [False, True]
    assert {number for sentence in draft.sentences for number in sentence.citations} == {1}
    assert "[2]" not in draft.text


def test_two_quotes_answer_a_question_for_several_things_that_neither_holds_whole(retriever: Retriever) -> None:
    draft = quoted(retriever, "Which languages are spoken by a joint staff that drinks coffee with dates?")
    assert [citation.also_said for citation in draft.citations] == [False, False]
    assert {number for sentence in draft.sentences for number in sentence.citations} == {1, 2}


def test_what_is_only_related_says_so_before_its_quotes(retriever: Retriever) -> None:
    never = replace(LENIENT, answered=replace(ALWAYS, threshold=1.0, threshold_other_language=1.0))
    draft = quoted(retriever, SITS, ScriptedReader(Tamanrasset=6.0), rules=never)
    assert draft.text.startswith("The articles may not answer this question.")
    assert draft.short is None
    assert 1 <= len(draft.citations) <= 2
    assert not any(citation.also_said for citation in draft.citations)


def test_a_rival_whose_passage_is_not_even_near_is_not_quoted(retriever: Retriever) -> None:
    near = replace(LENIENT, found=OutcomeRule({"relevance": 1.0}, 0.0, 0.3, 0.3))
    asked = "Coffee is a sign of welcome, drunk with dates, where rain fell"
    assert {citation.article_id for citation in quoted(retriever, asked).citations} == {"staff", "coffee"}
    assert {citation.article_id for citation in quoted(retriever, asked, rules=near).citations} == {"coffee"}


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


def test_words_that_are_not_likely_enough_are_not_shown(retriever: Retriever) -> None:
    assert quoted(retriever, SITS, ScriptedReader(Tamanrasset=-9.0)).short is None


@pytest.mark.parametrize(("margin", "label"), [(11.0, "sure"), (6.0, "likely")])
def test_the_short_answer_says_how_sure_it_is(retriever: Retriever, margin: float, label: str) -> None:
    short = quoted(retriever, SITS, ScriptedReader(Tamanrasset=margin), reading=1.0, margin=0.05).short
    assert short is not None
    assert short.label == label


@pytest.mark.parametrize("second", [True, False])
def test_the_second_quote_is_shown_where_the_short_answer_stands_in_it(retriever: Retriever, second: bool) -> None:
    judge = replace(Judge.load(ScriptedReader(Tamanrasset=6.0)), rules=LENIENT)
    found = retriever.search(retriever.query("Is coffee drunk where the joint staff sits?", "en"), Filters(), 5)
    judgement = judge.judge(judge.case(found, 5))
    coffee = next(each for each in judgement.sentences if each.article.id == "coffee")
    sits = next(each for each in judgement.sentences if "Tamanrasset" in each.text)
    chosen = [coffee, sits] if second else [sits, coffee]
    draft = Extractive(judge.choice).quote(replace(judgement, chosen=chosen, marked=sits))
    assert [citation.also_said for citation in draft.citations] == [False, not second]
    assert draft.short is not None
    assert (draft.short.text, draft.short.citation) == ("Tamanrasset", 2 if second else 1)


def test_a_quote_tells_the_mark_that_stands_before_it(tmp_path: Path) -> None:
    said = "[0:00:05] A joint staff was formed.\n\n[0:12:30] It sits in Tamanrasset. Four states belong to it."
    asked = "Which states belong to the joint staff, and where does it sit?"
    for found in over(tmp_path, replace(STAFF, text=said)):
        citations = quoted(found, asked, passages=1).citations
        assert citations
        for citation in citations:
            assert citation.at == ("0:00:05" if citation.start < said.index("[0:12") else "0:12:30")
