"""Passages that a reader ranks anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.documents import Article, Filters
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.retrieval.fusion import Fusion
from rag.retrieval.reranking import MOST_MARGIN, WORTH, AnswerReader, read_best
from rag.retrieval.retriever import Candidate, Query, Retriever
from tests.fakes import HashEncoder, ScriptedReader

ENCODER = HashEncoder(dimension=64)
TEXTS = {
    "staff": "Four countries formed a joint staff. It fights smuggling.",
    "seat": "The joint staff sits in Tamanrasset. Rain fell.",
    "coffee": "Coffee is a sign of welcome. It is drunk with dates.",
}
QUESTION = "Which countries formed the joint staff?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("index")
    articles = [Article(name, text, language="en") for name, text in TEXTS.items()]
    index_given(articles, index_dir=folder, encoder=ENCODER)
    opened = Index.open(folder, ENCODER.fingerprint)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Far enough for every passage: these scores lie further apart than the real encoder's."""
    monkeypatch.setattr("rag.retrieval.reranking.REACH", 10.0)


def ranked(index: Index, reader: AnswerReader | None = None) -> tuple[Query, list[Candidate]]:
    retriever = Retriever(index, ENCODER, Fusion.load(), reader)
    query = retriever.read(QUESTION, "en")
    return query, retriever.search(query, Filters(), 5)


def names(candidates: list[Candidate]) -> list[str]:
    return [candidate.article.id for candidate in candidates]


def test_a_passage_whose_words_answer_comes_before_those_whose_words_do_not(index: Index) -> None:
    _, before = ranked(index)
    _, after = ranked(index, ScriptedReader(Tamanrasset=1000.0))
    assert names(before)[0] == "staff"
    lost = WORTH * (-10.0 - MOST_MARGIN)
    scores = {candidate.article.id: candidate.score for candidate in before}
    assert {c.article.id: c.score for c in after} == pytest.approx(
        {"staff": scores["staff"] + lost, "seat": scores["seat"], "coffee": scores["coffee"] + lost}
    )
    assert [c.score for c in after] == sorted((c.score for c in after), reverse=True)


def test_each_passage_keeps_what_was_found_in_it(index: Index) -> None:
    _, read = ranked(index, ScriptedReader(Tamanrasset=3.0))
    seat = next(candidate for candidate in read if candidate.article.id == "seat")
    assert [mark.span.of(TEXTS["seat"]) for mark in seat.found.values()] == ["Tamanrasset", "Rain"]
    assert set(seat.found) == {("seat", sentence.start) for sentence in seat.passage.sentences}


def test_where_the_best_passage_answers_no_other_is_read(index: Index) -> None:
    reader = ScriptedReader(countries=0.0, Tamanrasset=9.0)
    _, read = ranked(index, reader)
    assert reader.read_texts == [TEXTS["staff"]]
    assert names(read) == names(ranked(index)[1])
    assert [candidate.score for candidate in read] == [candidate.score for candidate in ranked(index)[1]]
    assert not any(candidate.found for candidate in read[1:])


def test_passages_left_unread_lose_as_much_as_the_worst_read(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.retrieval.reranking.PASSAGES", 2)
    query, before = ranked(index)
    after = {c.article.id: c for c in read_best(ScriptedReader(**{"joint staff": -1.0}), query.text, before)}
    assert after[before[2].article.id].score == pytest.approx(before[2].score)
    worse = ScriptedReader(Tamanrasset=-1.0)
    after = {c.article.id: c for c in read_best(worse, query.text, before)}
    assert after[before[2].article.id].score == pytest.approx(before[2].score - 9 * WORTH)


def test_passages_far_below_the_best_are_not_read(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    query, before = ranked(index)
    monkeypatch.setattr("rag.retrieval.reranking.REACH", before[0].score - before[1].score)
    reader = ScriptedReader()
    read_best(reader, query.text, before)
    assert reader.read_texts == [TEXTS[before[0].article.id], TEXTS[before[1].article.id]]


def test_nothing_found_is_nothing_to_read(index: Index) -> None:
    assert read_best(ScriptedReader(), QUESTION, []) == []
