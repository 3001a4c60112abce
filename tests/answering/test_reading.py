"""What a reader is shown, and what comes of the words it marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.extractive import Extractive
from rag.answering.reading import CLOSE, read
from rag.answering.refusal import Refusal
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.documents import Article, Filters, Span
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.retrieval import reranking as passage_reading
from rag.retrieval.fusion import Fusion
from rag.retrieval.reranking import Found
from rag.retrieval.retriever import Query, Retriever
from tests.fakes import HashEncoder, ScriptedReader

ENCODER = HashEncoder(dimension=64)
TEXT = (
    "Algeria, Mali and Niger formed a joint staff in May. The joint staff sits in “Tamanrasset (south)”. "
    "Rain fell on the desert. The joint staff met twice."
)
OTHER = "Coffee is a sign of welcome. It is drunk with dates."

FIRST = replace(SentenceChoice.load(with_reader=True), margin=0.0, reading=0.0)  # quotes the best sentence alone


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder: Path = tmp_path_factory.mktemp("index")
    articles = [Article("staff", TEXT, language="en"), Article("coffee", OTHER, language="en")]
    index_given(articles, index_dir=folder, encoder=ENCODER)
    index = Index.open(folder, ENCODER.fingerprint)
    yield Retriever(index, ENCODER, Fusion.load())
    index.close()


def ranked(retriever: Retriever, question: str) -> tuple[Query, list[ScoredSentence]]:
    query = retriever.read(question, "en")
    return query, SentenceChoice.load().rank(query, retriever.search(query, Filters(), 5))


def test_the_best_sentence_is_read_with_its_neighbours(retriever: Retriever) -> None:
    reader = ScriptedReader(Tamanrasset=-3.0)
    query, sentences = ranked(retriever, "Where does the joint staff sit?")
    found = read(reader, query.text, sentences, FIRST)
    assert reader.read_texts == [TEXT]
    assert set(found) == {sentence.place for sentence in sentences if sentence.article.id == "staff"}
    mark = found["staff", TEXT.index("The joint staff sits")]
    assert mark.span.of(TEXT) == "Tamanrasset"
    assert mark.margin == -3.0


@pytest.mark.parametrize(("before", "texts"), [("sits", []), ("Rain", [TEXT])])
def test_the_best_sentence_is_read_now_only_if_it_was_not_before(
    retriever: Retriever, before: str, texts: list[str]
) -> None:
    query, sentences = ranked(retriever, "Where does the joint staff sit?")
    place, mark = next(each.place for each in sentences if before in each.text), Found(Span(0, 1), 7.0)
    known = [replace(each, candidate=replace(each.candidate, found={place: mark})) for each in sentences]
    apart = [replace(each, score=-float(row)) for row, each in enumerate(known)]
    reader = ScriptedReader()
    found = read(reader, query.text, apart, FIRST)
    assert reader.read_texts == texts
    assert found[place] == mark


@pytest.mark.parametrize(
    ("margin", "behind", "is_read"),
    [(0.0, 0.4 * CLOSE, True), (0.0, 0.6 * CLOSE, False), (-100.0, 0.9 * CLOSE, True), (100.0, 0.1 * CLOSE, False)],
)
def test_a_sentence_that_comes_close_to_a_doubtful_one_is_read_too(
    retriever: Retriever, margin: float, behind: float, is_read: bool
) -> None:
    query, (best, rival, third, *_) = ranked(retriever, "Where does the joint staff sit?")
    known = replace(best.candidate, found={best.place: Found(Span(0, 1), margin)})
    scores = [(best, 0.0), (rival, -behind), (third, -behind)]
    reader = ScriptedReader()
    read(reader, query.text, [replace(each, candidate=known, score=score) for each, score in scores], FIRST)
    assert len(reader.read_texts) == is_read


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (8, "The joint staff sits in “Tamanrasset (south)”."),
        (18, TEXT[: TEXT.index(" Rain")]),
        (23, TEXT[: TEXT.index(" The joint staff met")]),
        (500, TEXT),
    ],
)
def test_a_window_grows_while_there_is_room(retriever: Retriever, tokens: int, text: str, monkeypatch) -> None:
    monkeypatch.setattr(passage_reading, "WINDOW_TOKENS", tokens)
    reader = ScriptedReader()
    query, sentences = ranked(retriever, "Where does the joint staff of Tamanrasset sit?")
    assert sentences[0].text.startswith("The joint staff sits")
    read(reader, query.text, sentences, FIRST)
    assert reader.read_texts == [text]


@pytest.mark.parametrize(
    ("marked", "kept"),
    [
        ("“Tamanrasset (south)”.", "Tamanrasset (south)"),
        ("“Tamanrasset (south", "Tamanrasset (south"),
        ("Tamanrasset (", "Tamanrasset"),
        ("in", "in"),
        (".", "."),
    ],
)
def test_marks_lose_what_hangs_at_their_edges(retriever: Retriever, marked: str, kept: str) -> None:
    query, sentences = ranked(retriever, "Where does the joint staff sit?")
    found = read(ScriptedReader(**{marked: 1.0}), query.text, sentences, FIRST)
    assert kept in {mark.span.of(TEXT) for (article, _), mark in found.items() if article == "staff"}


def test_nothing_to_read_is_nothing_found() -> None:
    assert read(ScriptedReader(), "why?", [], FIRST) == {}


def test_a_sure_mark_lifts_its_sentence_and_a_doubtful_one_does_not(retriever: Retriever) -> None:
    choice = replace(SentenceChoice.load(with_reader=True), reading=10.0)
    _, sentences = ranked(retriever, "Where does the joint staff sit?")
    place = sentences[-1].place
    for margin, first in ((20.0, place), (-20.0, sentences[0].place)):
        read_again = choice.with_reading(sentences, {place: Found(Span(0, 1), margin)})
        assert read_again[0].place == first
        assert {sentence.place for sentence in read_again} == {sentence.place for sentence in sentences}


def test_an_unread_sentence_stands_before_one_read_in_vain_and_behind_one_that_may_answer(retriever: Retriever) -> None:
    choice = replace(SentenceChoice.load(with_reader=True), reading=10.0)
    _, (vain, unread, likely, *_) = ranked(retriever, "Where does the joint staff sit?")
    found = {vain.place: Found(Span(0, 1), -20.0), likely.place: Found(Span(0, 1), 0.0)}
    order = [each.place for each in choice.with_reading((vain, unread, likely), found)]
    assert order == [likely.place, unread.place, vain.place]


@pytest.mark.parametrize(("margin", "share"), [(0.0, 0.5), (1000.0, 1.0), (-1000.0, 0.0)])
def test_a_margin_as_a_share(margin: float, share: float) -> None:
    assert Found(Span(0, 1), margin).likelihood == pytest.approx(share)


def extractive(reader: ScriptedReader | None) -> Extractive:
    choice, refusal = SentenceChoice.load(with_reader=True), Refusal.load(with_reader=True)
    return Extractive(replace(choice, reading=1.0), replace(refusal, threshold=0.0), reader)


def test_the_short_answer_lies_in_the_first_quote(retriever: Retriever) -> None:
    query = retriever.read("Where does the joint staff sit?", "en")
    judge = extractive(ScriptedReader(Tamanrasset=6.0))
    draft = judge.write(judge.judge(query, retriever.search(query, Filters(), 5)))
    short = draft.short
    assert short is not None
    citation = draft.citations[short.citation - 1]
    assert short.text == TEXT[short.start : short.end] == "Tamanrasset"
    assert citation.start <= short.start < short.end <= citation.end
    assert 0 < short.confidence <= 1


def test_without_a_reader_there_is_no_short_answer(retriever: Retriever) -> None:
    query = retriever.read("Where does the joint staff sit?", "en")
    judge = extractive(None)
    assert judge.write(judge.judge(query, retriever.search(query, Filters(), 5))).short is None


def test_what_the_reader_thinks_moves_the_confidence(retriever: Retriever) -> None:
    query = retriever.read("Where does the joint staff sit?", "en")
    candidates = retriever.search(query, Filters(), 5)
    weighed = replace(Refusal.load(with_reader=True), weights={"relevance": 1.0, "reading": 2.0})
    sure, unsure = (
        replace(extractive(ScriptedReader(Tamanrasset=margin)), refusal=weighed).judge(query, candidates).confidence
        for margin in (9.0, -9.0)
    )
    assert sure > unsure


def test_of_the_quoted_sentences_the_surest_gives_the_short_answer(retriever: Retriever) -> None:
    query = retriever.read("Where does the joint staff sit?", "en")
    judge = extractive(ScriptedReader(Tamanrasset=6.0, May=7.0))
    judge = replace(judge, choice=replace(judge.choice, reading=0.0, margin=10.0))
    draft = judge.write(judge.judge(query, retriever.search(query, Filters(), 5)))
    assert draft.short is not None
    assert draft.short.text == "May"


@pytest.mark.parametrize(
    ("question", "may", "short"),
    [
        ("When did the joint staff form?", 6.0, "May"),
        ("When did the joint staff form?", -9.0, "Tamanrasset"),
        ("Where does the joint staff sit?", 6.0, "Tamanrasset"),
    ],
)
def test_words_of_the_kind_asked_for_come_before_surer_ones(
    retriever: Retriever, question: str, may: float, short: str
) -> None:
    query = retriever.read(question, "en")
    judge = extractive(ScriptedReader(Tamanrasset=8.0, May=may))
    judge = replace(judge, choice=replace(judge.choice, reading=0.0, margin=10.0))
    draft = judge.write(judge.judge(query, retriever.search(query, Filters(), 5)))
    assert draft.short is not None
    assert draft.short.text == short


def test_words_that_are_most_likely_wrong_are_not_shown(retriever: Retriever) -> None:
    query = retriever.read("Where does the joint staff sit?", "en")
    judge = extractive(ScriptedReader(Tamanrasset=-9.0))
    assert judge.write(judge.judge(query, retriever.search(query, Filters(), 5))).short is None
