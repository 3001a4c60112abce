"""Reranking: the passage a cross-encoder puts first keeps its score, the others lose what they lack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.answering.judge import Judge
from rag.answering.reranking import MOST_LOGIT, Reranking
from rag.answering.signals import signals
from rag.documents import Article, Filters
from rag.retrieval.candidates import Candidate, Retrieved
from rag.retrieval.retriever import Retriever
from tests.answering.staff import COFFEE, STAFF, over
from tests.fakes import FixedScorer

RAIN = Article("rain", "Rain fell on the desert. It was a long rain.", language="en")
SITS = "Where does the joint staff sit?"
WORTH = 0.02


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    yield from over(tmp_path_factory.mktemp("index"), STAFF, COFFEE, RAIN)


@pytest.fixture
def found(retriever: Retriever) -> Retrieved:
    return retriever.search(retriever.query(SITS, "en"), Filters(), 5)


def order(candidates: list[Candidate]) -> list[str]:
    return [each.article.id for each in candidates]


def test_a_logit_is_worth_its_weight_and_the_best_keeps_its_score(found: Retrieved) -> None:
    before = {each.article.id: each.score for each in found.candidates}
    scorer = FixedScorer({"staff": -3.0, "Coffee": 5.0, "Rain": 1.0})
    after = Reranking(scorer, 20, WORTH).rank(SITS, found.candidates)
    assert {each.article.id: each.score for each in after} == pytest.approx(
        {"staff": before["staff"] - 8 * WORTH, "coffee": before["coffee"], "rain": before["rain"] - 4 * WORTH}
    )
    assert {each.article.id: each.signals.reranked for each in after} == {"staff": -3, "coffee": 5, "rain": 1}
    assert [each.score for each in after] == sorted((each.score for each in after), reverse=True)


def test_a_passage_is_read_under_its_title(found: Retrieved) -> None:
    scorer = FixedScorer({})
    Reranking(scorer, 1, WORTH).rank(SITS, found.candidates)
    assert scorer.read_texts[0].startswith("Staff\nJoint staff of the Sahel")


def test_what_is_not_scored_loses_as_much_as_the_worst_that_was(found: Retrieved) -> None:
    first, second, third = found.candidates
    after = Reranking(FixedScorer({second.passage.text: 4.0}), 2, WORTH).rank(SITS, found.candidates)
    kept = {each.article.id: each for each in after}
    assert kept[second.article.id].score == pytest.approx(second.score)
    assert kept[first.article.id].score == pytest.approx(first.score - 4 * WORTH)
    assert kept[third.article.id].score == pytest.approx(third.score - 4 * WORTH)
    assert kept[third.article.id].signals.reranked is None
    assert "reranked" not in kept[third.article.id].signals.to_dict()


def test_nothing_found_is_nothing_to_score() -> None:
    assert Reranking(FixedScorer({}), 5, WORTH).rank(SITS, []) == []


def test_the_judge_ranks_by_it_and_tells_the_outcome_by_it(found: Retrieved) -> None:
    judge = Judge.load(reranking=Reranking(FixedScorer({"Coffee": 40.0}), 20, 1.0))
    assert order(judge.passages(found))[0] == "coffee"
    case = judge.case(found, 5)
    figures = signals(case.query, case.candidates, judge.sentences(case.query, case.scored))
    assert figures["reranked"] == MOST_LOGIT
    assert signals(case.query, found.candidates, judge.choice.rank(case.query, found.candidates))["reranked"] == 0.0
