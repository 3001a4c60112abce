"""Which sentences answer: their order, what a reader's words do to it, and how many are quoted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.sentence_choice import MOST, SentenceChoice
from rag.documents import Article, Span
from rag.retrieval.candidates import FoundWords
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, TEXT, over, ranked


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE)


def test_the_sentence_with_the_words_comes_first_and_headings_never(retriever: Retriever) -> None:
    _, _, sentences = ranked(retriever, "Where does the joint staff of the Sahel sit?")
    assert sentences[0].text == "The joint staff sits in Tamanrasset."
    assert "Joint staff of the Sahel" not in {sentence.text for sentence in sentences}


def test_what_is_asked_for_lifts_a_sentence(retriever: Retriever) -> None:
    _, _, with_kind = ranked(retriever, "which countries formed the joint staff?")
    _, _, without = ranked(
        retriever, "which countries formed the joint staff?", replace(SentenceChoice.load(), expected=0.0)
    )
    assert with_kind[0].text.startswith("Algeria, Mali and Niger")
    assert with_kind[0].score - without[0].score == pytest.approx(SentenceChoice.load().expected)
    assert [span.of(TEXT) for span in with_kind[0].expected] == ["Algeria", "Mali", "Niger"]


def test_a_sentence_that_tells_of_the_contrary_stands_behind(tmp_path: Path) -> None:
    told = Article("law", "The water law was signed in May 2015. It entered into force in June 2019.", language="en")
    for retriever in over(tmp_path, told):
        _, _, (force, signing) = ranked(retriever, "When did the water law enter into force?")
        assert (force.text, signing.text) == (
            "It entered into force in June 2019.",
            "The water law was signed in May 2015.",
        )
        _, _, alike = ranked(retriever, "When was the water law?")
        assert alike[0].text == signing.text


@pytest.mark.parametrize(("margin", "count"), [(0.0, 1), (10.0, MOST)])
def test_how_many_sentences_the_margin_lets_in(retriever: Retriever, margin: float, count: int) -> None:
    choice = replace(SentenceChoice.load(), margin=margin)
    query, _, sentences = ranked(retriever, "joint staff", choice)
    assert len(choice.choose(query, sentences)) == count


def test_a_question_for_several_things_is_quoted_more_widely(retriever: Retriever) -> None:
    one, _, (first, second, *_) = ranked(retriever, "Which country formed the joint staff?")
    several, *_ = ranked(retriever, "Which countries formed the joint staff?")
    close = [replace(first, score=1.0), replace(second, score=0.85)]
    choice = replace(SentenceChoice.load(), margin=0.1)
    assert choice.choose(one, close) == close[:1]
    assert choice.choose(several, close) == close


def test_a_reprinted_sentence_is_quoted_once(tmp_path: Path) -> None:
    reprint = replace(STAFF, id="reprint", title="Staff again", source="Other", text="It rained.\n\n" + TEXT)
    choice = replace(SentenceChoice.load(), margin=10.0)
    for retriever in over(tmp_path, replace(STAFF, text=TEXT + " It met."), reprint):
        query, _, sentences = ranked(retriever, "where does the joint staff sit", choice)
        texts = [sentence.text for sentence in choice.choose(query, sentences)]
        assert len(texts) == len(set(texts)) == MOST


APART = " Rain fell in between, said one. "


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("The staff met. {0}The staff sat. {0}The staff ate.", ["staff", "staff", "other"]),
        ("The staff met. The staff sat. {0}The staff ate.", ["staff", "staff", "staff"]),  # two are one quote
    ],
)
def test_no_source_gives_all_quotes_where_another_comes_as_close(tmp_path: Path, text: str, taken: list[str]) -> None:
    choice = replace(SentenceChoice.load(), margin=10.0)
    other = Article("other", "The staff slept.", language="en", source="Other")
    for retriever in over(tmp_path, replace(STAFF, text=text.format(APART)), other):
        query, _, sentences = ranked(retriever, "what did the staff do", choice)
        own = [each for each in sentences if "Rain" not in each.text and each.article.id == "staff"]
        left = [each for each in sentences if each.article.id == "other"]
        assert [each.article.id for each in choice.choose(query, [*own, *left])] == taken
        assert [each.article.id for each in choice.choose(query, own)] == ["staff"] * MOST


@pytest.mark.parametrize(
    ("french", "quoted"),
    [
        ("L'Algérie, le Mali et le Niger ont formé un état-major en mai.", 1),
        ("L'Algérie et le Mali ont formé un état-major en 2011.", 2),
    ],
)
@pytest.mark.parametrize("asked_in", ["en", "fr"])
def test_what_two_languages_tell_is_quoted_once_in_the_language_of_the_question(
    tmp_path: Path, french: str, quoted: int, asked_in: str
) -> None:
    choice = replace(SentenceChoice.load(), margin=10.0)
    for retriever in over(tmp_path, STAFF, Article("fr", french, language="fr")):
        query, _, sentences = ranked(retriever, "which countries formed the joint staff in May?")
        told = [each for each in sentences if "formed" in each.text or "formé" in each.text]
        chosen = choice.choose(replace(query, language=asked_in), told)
        assert len(told) == 2
        assert len(chosen) == quoted
        assert quoted > 1 or chosen[0].language == asked_in


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        ("which countries formed the joint staff?", False),
        ("which country formed the joint staff?", False),
        ("which languages does the joint staff speak?", True),
    ],
)
def test_a_sentence_lacks_some_of_several_things(retriever: Retriever, question: str, lacks: bool) -> None:
    query, _, sentences = ranked(retriever, question)
    assert SentenceChoice.load().lacks(query, sentences[:1]) is lacks


def test_a_sure_mark_lifts_its_sentence_and_a_doubtful_one_does_not(retriever: Retriever) -> None:
    choice = replace(SentenceChoice.load(with_reader=True), reading=10.0)
    _, _, sentences = ranked(retriever, "Where does the joint staff sit?")
    place = sentences[-1].place
    for margin, first in ((20.0, place), (-20.0, sentences[0].place)):
        weighed = choice.with_found(sentences, {place: FoundWords(Span(0, 1), margin)})
        assert weighed[0].place == first
        assert {sentence.place for sentence in weighed} == {sentence.place for sentence in sentences}


def test_an_unread_sentence_stands_before_one_read_in_vain_and_behind_one_that_may_answer(retriever: Retriever) -> None:
    choice = replace(SentenceChoice.load(with_reader=True), reading=10.0)
    _, _, (vain, unread, likely, *_) = ranked(retriever, "Where does the joint staff sit?")
    found = {vain.place: FoundWords(Span(0, 1), -20.0), likely.place: FoundWords(Span(0, 1), 0.0)}
    order = [each.place for each in choice.with_found((vain, unread, likely), found)]
    assert order == [likely.place, unread.place, vain.place]
