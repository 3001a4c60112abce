"""What a model is given: no weak passages, whole articles in the order of reading, neighbours where they fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rag.answering.gathering import gathered
from rag.answering.judge import CONTEXT, Judge, Judgement, telling
from rag.answering.model_context import context_of
from rag.answering.wishes import wish_of
from rag.documents import Article, Filters
from rag.retrieval.candidates import Candidate, Retrieved
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, LENIENT, STAFF, over

# Long enough to be cut into several passages.
CANAL, BRIDGE = (
    Article(
        name,
        "\n\n".join(
            f"The {name} of part {part} was opened. " + f"Of the {name} more was said then. " * 12 for part in range(4)
        ),
        language="en",
    )
    for name in ("canal", "bridge")
)
JUDGE = replace(Judge.load(), rules=LENIENT)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE, CANAL, BRIDGE)


def search(retriever: Retriever, text: str, articles: tuple[str, ...] = ()) -> Retrieved:
    return retriever.search(retriever.query(text, "en"), Filters(article_ids=articles), 20)


def judged(retriever: Retriever, text: str, top_k: int = 5) -> Judgement:
    return JUDGE.judge(JUDGE.case(search(retriever, text), top_k))


def places(context: list[Candidate]) -> list[tuple[str, int]]:
    return [(each.article.id, each.passage.start) for each in context]


def with_relevance(candidate: Candidate, relevance: float) -> Candidate:
    return replace(candidate, signals=replace(candidate.signals, relevance=relevance))


def test_weak_passages_are_left_out_unless_they_are_quoted(retriever: Retriever) -> None:
    judgement = judged(retriever, "Which part of the canal was opened?")
    first, second, third, fourth = (
        with_relevance(each, relevance)
        for each, relevance in zip(judgement.candidates, (0.6, 0.3, 0.1, 0.1), strict=False)
    )
    quoted = [replace(judgement.sentences[0], candidate=fourth)]
    assert telling([first, second, third, fourth], quoted) == [first, second, fourth]


def test_more_passages_than_are_shown_are_given(retriever: Retriever) -> None:
    judgement = judged(retriever, "Which part of the canal was opened?", top_k=2)
    assert len(judgement.candidates) == 2
    assert len(judgement.context) > 2


def test_one_source_has_no_more_than_its_share_of_what_a_model_is_given(retriever: Retriever) -> None:
    judgement = judged(retriever, "Which part of the canal was opened?", top_k=2)
    canal, bridge = ([each for each in judgement.context if each.article.id == name] for name in ("canal", "bridge"))
    crowd = replace(judgement, chosen=(), context=[*(canal[:1] * CONTEXT), *(bridge[:1] * CONTEXT)])
    given = [each.article.id for each in context_of(crowd, retriever, CONTEXT, lambda hit: 1)]
    assert given == ["canal"] * 13 + ["bridge"] * 7


def test_a_summary_has_the_whole_article_and_a_comparison_both_in_turn(retriever: Retriever) -> None:
    def find(text: str, articles: tuple[str, ...]) -> Retrieved:
        return search(retriever, text, articles)

    made = {}
    for text in ("Summarise the article about the canal", "Compare the canal and the bridge"):
        judgement = gathered(wish_of(text, "en"), text, JUDGE, find, lambda count: ())
        assert judgement is not None
        made[text] = [each.article.id for each in judgement.context]
        starts = [each.passage.start for each in judgement.context if each.article.id == "canal"]
        assert starts == sorted(starts)
        assert starts[0] == 0
    summary, comparison = made.values()
    assert set(summary) == {"canal"}
    assert comparison[:4] == ["canal", "bridge", "canal", "bridge"]


def test_what_does_not_fit_is_left_out_but_never_the_best(retriever: Retriever) -> None:
    judgement = judged(retriever, "Which part of the canal was opened?")
    for room, fitting in ((20, 2), (0, 1)):
        given = context_of(judgement, retriever, room, lambda hit: 10)
        assert places(given) == places(list(judgement.context[:fitting]))


def test_neighbours_of_what_is_quoted_stand_beside_it(retriever: Retriever) -> None:
    judgement = judged(retriever, "Which part of the canal was opened?")
    middle = next(each for each in judgement.sentences if each.candidate.passage.start > 0)
    alone = replace(judgement, context=[middle.candidate], chosen=[middle])
    passage = middle.candidate.passage
    given = context_of(alone, retriever, 1000, lambda hit: 10)
    assert [each.passage.start for each in given] == sorted(each.passage.start for each in given)
    assert any(each.passage.end <= passage.start for each in given)
    assert {each.article.id for each in given} == {middle.article.id}
    assert places(context_of(alone, retriever, 10, lambda hit: 10)) == [(middle.article.id, passage.start)]
