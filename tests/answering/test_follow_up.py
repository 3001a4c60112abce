"""What a question in a conversation leans on, and when it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.answering.extractive import Extractive
from rag.answering.follow_up import FollowUp, Wording, after_predecessors, is_whole, refers_back, wordings
from rag.answering.judge import Judge, Judgement
from rag.answering.sentence_choice import SentenceChoice
from rag.documents import Article, Filters, Turn
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from tests.fakes import HashEncoder

ENCODER = HashEncoder(dimension=64)
BRIDGE = "The bridge over the Senegal river is five hundred metres long. Four states paid for it in 2019."
COFFEE = "Coffee came to Yemen from Ethiopia. Monks drank it at night."


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder: Path = tmp_path_factory.mktemp("index")
    articles = [Article("bridge", BRIDGE, language="en"), Article("coffee", COFFEE, language="en")]
    index_given(articles, index_dir=folder, encoder=ENCODER)
    index = Index.open(folder, ENCODER.fingerprint)
    yield Retriever(index, ENCODER, Fusion.load())
    index.close()


def follow_up(retriever: Retriever, first: str, second: str, filters: Filters = Filters()) -> FollowUp:
    alone, together = (retriever.query(text, "en") for text in (second, f"{first} {second}"))
    last, both = (retriever.search(query, filters, 5) for query in (alone, together))
    return FollowUp.of(retriever, last, both, words=second if alone.terms else first)


def judged(retriever: Retriever, first: str, second: str) -> Judgement:
    return Judge.load().judge(follow_up(retriever, first, second).case)


def asked(*questions: str) -> list[Turn]:
    return [turn for question in questions for turn in (Turn("user", question), Turn("assistant", "An answer. [1]"))]


@pytest.mark.parametrize(
    ("second", "leans"),
    [
        ("And when was that?", True),
        ("How many states paid for it?", True),
        ("Which monks drank coffee at night in Yemen?", False),
        ("Coffee?", False),
    ],
)
def test_a_question_leans_unless_its_own_words_lead_elsewhere(retriever: Retriever, second: str, leans: bool) -> None:
    assert follow_up(retriever, "How long is the bridge over the Senegal river?", second).leans is leans


def test_the_questions_own_words_choose_the_sentence(retriever: Retriever) -> None:
    judgement = judged(retriever, "How long is the bridge over the Senegal river?", "Which states paid?")
    assert judgement.query.text == "Which states paid?"
    assert judgement.candidates[0].article.id == "bridge"
    assert judgement.sentences[0].text == "Four states paid for it in 2019."


def test_where_nothing_is_found_a_question_leans_on_nothing(retriever: Retriever) -> None:
    nothing = follow_up(retriever, "How long is the bridge?", "And when was that?", Filters(languages=("fr",)))
    assert not nothing.worded.candidates
    assert not nothing.leans


def confidence(retriever: Retriever, first: str, second: str) -> float:
    return judged(retriever, first, second).outcome.confidence


def test_what_its_predecessor_met_vouches_for_a_question_the_less_the_more_it_says(retriever: Retriever) -> None:
    first = "How long is the bridge over the Senegal river?"
    whole = confidence(retriever, first, first)
    assert confidence(retriever, first, "Violins?") < whole
    assert confidence(retriever, first, "Who plays violins, trumpets, harps, flutes?") < whole / 3


def test_the_words_that_choose_the_sentences_are_those_whose_tokens_are_marked(retriever: Retriever) -> None:
    asked_at_length = "And when was that, and where was it, and who was it, and why, and how was it then?"
    judgement = judged(retriever, "Coffee?", asked_at_length)
    assert judgement.query.text == asked_at_length
    assert len(judgement.query.tokens.weights) == judgement.sentences[0].similarity.shape[1]
    assert Extractive(SentenceChoice.load()).quote(judgement).citations[0].highlights


PENICILLIN, SHARED = "Who discovered penicillin?", "Who shared the prize with him?"


@pytest.mark.parametrize(
    ("history", "question", "texts", "words"),
    [
        ([], "Who paid?", [], ""),
        ([Turn("assistant", "Ask me.")], "Who paid?", [], ""),
        (asked(PENICILLIN), "How old was he?", [f"{PENICILLIN} How old was he?"], "How old was he?"),
        (
            asked("Who met there?", PENICILLIN),
            "How old?",
            [f"{PENICILLIN} How old?", f"Who met there? {PENICILLIN} How old?"],
            "How old?",
        ),
        (asked(PENICILLIN), "And when was that?", [PENICILLIN], PENICILLIN),
        (asked(PENICILLIN, "And when was that?"), "Where?", [f"{PENICILLIN} And when was that?"], PENICILLIN),
        (asked(PENICILLIN, SHARED), "And when?", [SHARED, f"{PENICILLIN} {SHARED}"], SHARED),
        (asked("Who met in Oslo?", PENICILLIN, SHARED), "And when?", [SHARED, f"{PENICILLIN} {SHARED}"], SHARED),
        (asked("من اكتشف البنسلين؟"), "ومتى كان ذلك؟", ["من اكتشف البنسلين؟"], "من اكتشف البنسلين؟"),
        (
            asked("A bridge?", "When?", "Where?", "Why?"),
            "Its length?",
            ["When? Where? Why? Its length?"],
            "Its length?",
        ),
    ],
)
def test_what_a_question_is_worded_with(history: list[Turn], question: str, texts: list[str], words: str) -> None:
    assert after_predecessors(question, history) == [Wording(text, words) for text in texts]


def test_a_question_without_a_term_of_its_own_always_leans(retriever: Retriever) -> None:
    found = follow_up(retriever, "Which monks drank coffee?", "And when was that?")
    assert found.alone.query.terms == ()
    assert found.leans


@pytest.mark.parametrize(
    ("question", "condensed", "last"),
    [
        (
            "How old was he?",
            "How old was Alexander Fleming?",
            Wording("How old was Alexander Fleming?", "How old was he?"),
        ),
        ("And when?", "When was penicillin discovered?", Wording(*["When was penicillin discovered?"] * 2)),
        ("How old was he?", "How old was he?", None),
    ],
)
def test_a_writer_may_word_a_follow_up_its_own_way(question: str, condensed: str, last: Wording | None) -> None:
    history = asked(PENICILLIN)
    ways = after_predecessors(question, history)
    assert wordings(question, history, condensed) == [*ways, *([last] if last else [])]


def test_a_first_question_is_not_worded_anew() -> None:
    assert wordings("Who paid?", [], "Who paid for the bridge?") == []


@pytest.mark.parametrize(
    ("question", "language", "back"),
    [
        ("And when was that?", "en", True),
        ("How deep is it?", "en", True),
        ("Which countries formed the joint staff?", "en", False),
        ("Et qui a dirigé les travaux ?", "fr", True),
        ("Combien de personnes en vivent ?", "fr", True),
        ("Quand le canal a-t-il été ouvert ?", "fr", False),
        ("ومتى كان ذلك؟", "ar", True),
        ("كم يبلغ قطر مرآته؟", "ar", True),
        ("ما سعة خزان سد النهضة؟", "ar", False),
        ("Wann war das?", "de", True),  # nothing is known of it, so that it may
    ],
)
def test_a_word_of_the_question_tells_that_it_refers_back(question: str, language: str, back: bool) -> None:
    assert refers_back(question, language) is back


@pytest.mark.parametrize(
    ("condensed", "whole"),
    [
        ("How old was Alexander Fleming?", True),
        ("How old was he?", False),  # says no more
        ("How old was Marie Curie?", False),  # of whom nobody spoke
        ("Alexander Fleming", False),  # no longer asks it
        ("", False),
    ],
)
def test_a_question_reworded_is_whole_where_it_adds_what_was_spoken_of(condensed: str, whole: bool) -> None:
    history = [Turn("user", "Who discovered penicillin?"), Turn("assistant", "Alexander Fleming discovered it.")]
    assert is_whole(condensed, "How old was he?", history) is whole
