"""Which words of a quote are marked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.answering.highlighting import highlights, matches, merge
from rag.documents import Span
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, TEXT, over, ranked


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE)


def test_whole_words_that_say_something_are_marked(retriever: Retriever) -> None:
    query, _, (best, *_) = ranked(retriever, "Where in the desert does the joint staff sit?")
    marked = highlights(query, best)
    assert [TEXT[start:end] for start, end in marked] == ["joint", "staff"]
    assert all(not TEXT[start - 1].isalnum() and not TEXT[end].isalnum() for start, end in marked)


def test_words_of_the_kind_asked_for_are_marked_too(retriever: Retriever) -> None:
    query, _, (best, *_) = ranked(retriever, "Which countries have a headquarters?")
    assert [TEXT[start:end] for start, end in highlights(query, best)] == ["Algeria", "Mali", "Niger"]


def test_what_only_resembles_a_word_of_the_question_is_not_marked(retriever: Retriever) -> None:
    query, _, (best, *_) = ranked(retriever, "Who plays violins?")
    assert highlights(query, best) == ()


def test_each_marked_word_names_the_word_of_the_question_that_it_meets(retriever: Retriever) -> None:
    query, _, (best, *_) = ranked(retriever, "Where in the desert does the joint STAFF sit?")
    met = [(match.word, TEXT[match.start : match.end]) for match in matches(query, best)]
    assert met == [("joint", "joint"), ("STAFF", "staff")]
    query, _, (best, *_) = ranked(retriever, "Who plays violins?")
    assert matches(query, best) == ()


@pytest.mark.parametrize(
    ("spans", "merged"),
    [
        ([], ()),
        ([(5, 8), (1, 3)], ((1, 3), (5, 8))),
        ([(1, 4), (3, 6)], ((1, 6),)),
        ([(1, 4), (4, 6)], ((1, 6),)),
        ([(1, 9), (2, 3)], ((1, 9),)),
    ],
)
def test_merging_spans(spans: list[tuple[int, int]], merged: tuple[tuple[int, int], ...]) -> None:
    assert merge(Span(*span) for span in spans) == merged
