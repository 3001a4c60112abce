"""Where each question ended, over outcomes made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evaluation.report.fates import Fate, count_fates, fate_of, rank_of_relevant, worst
from tests.evaluation.test_measurement import GOLD, QUESTION, answer, citation, outcome

SPANLESS = replace(QUESTION, answers=())
UNANSWERABLE = replace(SPANLESS, answerable=False)
ELSEWHERE = answer(citation(article_id="b"))
RELATED = replace(answer(citation()), status="related")
OTHERS = tuple(f"other-{number}" for number in range(10))


@pytest.mark.parametrize(
    ("made", "fate"),
    [
        (outcome(), Fate.QUOTED),
        (outcome(given=answer(citation(23, 37))), Fate.OTHER_SENTENCE),
        (outcome(given=answer(citation(article_id="b"), citation(23, 37))), Fate.OTHER_SENTENCE),
        (outcome(given=ELSEWHERE), Fate.OTHER_ARTICLE),
        (outcome(given=ELSEWHERE, ranking=(*OTHERS[:9], "a")), Fate.OTHER_ARTICLE),
        (outcome(given=ELSEWHERE, ranking=(*OTHERS, "a")), Fate.NOT_FOUND),
        (outcome(given=ELSEWHERE, ranking=()), Fate.NOT_FOUND),
        (outcome(given=answer()), Fate.REFUSED_WRONGLY),
        (outcome(given=RELATED), Fate.RELATED_WRONGLY),
        (outcome(SPANLESS), Fate.ANSWERED),
        (outcome(SPANLESS, given=answer()), Fate.REFUSED_WRONGLY),
        (outcome(UNANSWERABLE), Fate.HALLUCINATED),
        (outcome(UNANSWERABLE, given=RELATED), Fate.RELATED_RIGHTLY),
        (outcome(UNANSWERABLE, given=answer()), Fate.REFUSED_RIGHTLY),
    ],
)
def test_every_question_ends_one_way(made, fate):
    assert fate_of(made) is fate


def test_only_four_ways_to_end_are_right():
    right = [Fate.QUOTED, Fate.ANSWERED, Fate.REFUSED_RIGHTLY, Fate.RELATED_RIGHTLY]
    assert [fate for fate in Fate if fate.right] == right


def test_fates_are_counted_in_their_order_and_the_empty_ones_left_out():
    made = [outcome(UNANSWERABLE), outcome(), outcome(given=answer()), outcome()]
    assert list(count_fates(made).items()) == [(Fate.QUOTED, 2), (Fate.REFUSED_WRONGLY, 1), (Fate.HALLUCINATED, 1)]


@pytest.mark.parametrize(("ranking", "rank"), [(("a", "b"), 1), (("b", "c", "a"), 2), (("b",), None), ((), None)])
def test_the_first_article_that_answers_gives_the_rank(ranking, rank):
    gold = replace(QUESTION, answers=(GOLD, replace(GOLD, article_id="c")))
    assert rank_of_relevant(outcome(gold, ranking)) == rank


def test_the_surest_wrong_answers_and_the_least_sure_refusals_come_first():
    def made(name, confidence, given):
        return outcome(replace(QUESTION, id=name), given=replace(given, confidence=confidence))

    wrong = [made("unsure", 0.4, ELSEWHERE), made("sure", 0.9, ELSEWHERE), made("middling", 0.6, ELSEWHERE)]
    refused = [made("nearly", 0.24, answer()), made("far", 0.01, answer())]
    found = worst([outcome(), *wrong, *refused], most=2)
    assert {fate: [o.gold.id for o in outcomes] for fate, outcomes in found.items()} == {
        Fate.OTHER_ARTICLE: ["sure", "middling"],
        Fate.REFUSED_WRONGLY: ["far", "nearly"],
    }
