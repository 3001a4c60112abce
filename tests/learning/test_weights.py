"""The weights of ranking and of sentences: learnt where they bring something, else left as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.answering.sentence_choice import SentenceChoice
from rag.documents import Article, Span
from rag.encoding.token_codes import ScalarCode
from rag.learning import ranking_weights, sentence_weights
from rag.learning.cases import OutcomeCase, RatedSentence
from rag.learning.chance_sample import draw_sample
from rag.learning.ranking_weights import RankedQuestion
from rag.reader.remembering import RememberingReader
from rag.reader.windows import Window
from rag.retrieval.fusion import Fusion
from tests.fakes import HashEncoder, ScriptedReader

FUSION = Fusion(late=1.0, sentence=1.0, keyword=0.7, other_language=0.35)
CHOICE = SentenceChoice(late=1.0, passage=0.25, expected=0.06, margin=0.1, reading=0.0)


def ranked(n: int, signals: list[list[float]], relevant: list[bool]) -> RankedQuestion:
    return RankedQuestion(f"set {n % 2}", n % 5, np.array(signals), np.arange(len(signals)), np.array(relevant))


def test_an_article_ranks_where_its_best_passage_does() -> None:
    one = RankedQuestion(
        "a",
        0,
        np.array([[0.1, 0, 0, 0, 0], [0.9, 0, 0, 0, 0], [0.5, 0, 0, 0, 0]]),
        np.array([0, 2]),
        np.array([0, 1]) > 0,
    )
    assert one.reciprocal_rank(np.array([1.0, 0, 0, 0, 0])) == 0.5
    assert one.reciprocal_rank(np.array([-1.0, 0, 0, 0, 0])) == 0.5  # of the other article the passage of .1 counts
    assert replace_relevant(one, False).reciprocal_rank(np.ones(5)) == 0.0


def replace_relevant(one: RankedQuestion, value: bool) -> RankedQuestion:
    return one._replace(relevant=np.full(len(one.relevant), value))


def test_a_signal_that_tells_is_given_a_weight() -> None:
    asked = [ranked(n, [[0.5, 0, 0, 0, -4.0], [0.48, 0, 0, 0, 2.0]], [False, True]) for n in range(20)]
    learnt, reached, (line,) = ranking_weights.learn_ranking(asked, replace(FUSION, reranked=0.0))
    assert learnt.reranked > 0
    assert line.endswith("mrr@10 0.500 became 1.000")
    assert reached == 1.0


@pytest.mark.parametrize(
    ("logits", "gap", "weight"),
    [
        ((4.0, -2.0), 0.02, 0.0),  # it puts the wrong one first
        ((1.0, 1.0), 0.02, 0.0),  # it tells nothing
        ((-2.0, 4.0), -0.02, 0.0),  # it is right, and so is the search
        ((-2.0, 4.0), 0.02, 0.02),  # it is right where the search is wrong
    ],
)
@pytest.mark.parametrize("begun", [0.02, 0.12])
def test_a_reranker_that_brings_nothing_gets_no_weight(logits, gap, weight, begun) -> None:
    wrong, right = logits
    asked = [ranked(n, [[0.5 + gap, 0, 0, 0, wrong], [0.5, 0, 0, 0, right]], [False, True]) for n in range(20)]
    learnt, _, lines = ranking_weights.learn_ranking(asked, replace(FUSION, reranked=begun))
    assert learnt.reranked == (begun if weight else 0.0)
    assert any("begins at no weight" in line for line in lines) == (weight == 0)
    assert ranking_weights.figure(asked, learnt) == ranking_weights.figure(asked, replace(learnt, reranked=weight))


@pytest.mark.parametrize("count", [0, 20])
def test_weights_stay_where_nothing_is_gained(count: int) -> None:
    asked = [ranked(n, [[0.5, 0, 0, 0, 0], [0.9, 0, 0, 0, 0]], [False, True]) for n in range(count)]
    learnt, _, (line,) = ranking_weights.learn_ranking(asked, FUSION)
    assert learnt == FUSION
    assert "stays as it was" in line


@pytest.mark.parametrize(
    ("by_token", "by_sentence", "kept"), [(0.9, 0.8, True), (0.8, 0.8, False), (0.801, 0.8, False), (0.7, 0.8, False)]
)
def test_late_interaction_is_kept_where_it_brings_something(by_token: float, by_sentence: float, kept: bool) -> None:
    words, sentences = (
        ranking_weights.LearntRanking(replace(FUSION, by_token=each), reached, ["ranking: so"])
        for each, reached in ((True, by_token), (False, by_sentence))
    )
    learnt = ranking_weights.learn_interaction(words, sentences)
    assert (learnt.fusion.by_token, learnt.reached) == (kept, by_token if kept else by_sentence)
    assert learnt.lines[0] == "ranking: so"
    told = f"mrr@10 {by_token:.3f} with it, {by_sentence:.3f} by sentences as a whole"
    assert ("kept" if kept else "left out") in learnt.lines[1]
    assert told in learnt.lines[1]


def case(n: int, *sentences: RatedSentence) -> OutcomeCase:
    return OutcomeCase("set", "+", f"q{n}", f"set {n}", {}, list(sentences))


def test_a_reader_that_is_right_is_listened_to() -> None:
    wrong, right = RatedSentence(0.9, -9.0, False, 0.0), RatedSentence(0.82, 9.0, True, 1.0)
    learnt, (line,) = sentence_weights.learn_choice([case(n, wrong, right) for n in range(20)], CHOICE)
    assert learnt.reading > 0
    assert "F1 of short answers 0.000, 2.00 sentences became hit 1.000, F1 of short answers 1.000" in line


@pytest.mark.parametrize("count", [0, 20])
def test_the_choice_stays_where_nothing_is_gained(count: int) -> None:
    best = RatedSentence(0.9, 9.0, True, 1.0)
    learnt, (line,) = sentence_weights.learn_choice([case(n, best) for n in range(count)], CHOICE)
    assert learnt == CHOICE
    assert "stays as it was" in line or "stayed as it was" in line or "so it stays" in line


def test_the_sample_of_chance_holds_languages_of_which_there_is_enough() -> None:
    articles = [Article(f"{n}", " ".join(f"word{n * 60 + k}" for k in range(60)), language="en") for n in range(20)]
    articles.append(Article("few", "peu de mots", language="fr"))
    code = ScalarCode(32)
    sample = draw_sample(articles, HashEncoder(), code)
    assert sample.samples.keys() == {"en"}
    assert len(code.unpack(sample.samples["en"])) == 1200
    assert draw_sample(articles, HashEncoder(), code).samples == sample.samples
    assert draw_sample([], HashEncoder(), code).code is None


def test_a_window_is_read_once() -> None:
    reader = ScriptedReader(five=2.0)
    memory = RememberingReader(reader)
    windows = [Window("It has five rooms.", (Span(0, 18),)), Window("It has none.", (Span(0, 12),))]
    first = memory.read("How many?", windows)
    assert memory.read("How many?", windows[::-1]) == first[::-1]
    assert reader.read_texts == [each.text for each in windows]
