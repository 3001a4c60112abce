"""What a question in a conversation leans on, and when it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.answering.answering import Extractive
from rag.answering.follow_up import FollowUp, Reading, after_predecessor
from rag.documents import Article, Filters, Turn
from rag.index.index import Index
from rag.ingestion.ingestion import index_given
from rag.retrieval.fusion import Fusion
from rag.retrieval.retrieval import Retriever
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
    alone, together = (retriever.read(text, "en") for text in (second, f"{first} {second}"))
    readings = [Reading(query, retriever.search(query, filters, 5)) for query in (alone, together)]
    return FollowUp.read(retriever, *readings)


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
    judged = follow_up(retriever, "How long is the bridge over the Senegal river?", "Which states paid?").judge(
        Extractive.load()
    )
    assert judged.query.text == "Which states paid?"
    assert judged.candidates[0].article.id == "bridge"
    assert judged.sentences[0].text == "Four states paid for it in 2019."


def test_where_nothing_is_found_a_question_leans_on_nothing(retriever: Retriever) -> None:
    nothing = follow_up(retriever, "How long is the bridge?", "And when was that?", Filters(languages=("fr",)))
    assert not nothing.in_context.candidates
    assert not nothing.leans


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ([], "Who paid?", ""),
        ([Turn("assistant", "Ask me.")], "Who paid?", ""),
        (asked("Who discovered penicillin?"), "How old was he?", "Who discovered penicillin? How old was he?"),
        (asked("Who met?", "Who discovered penicillin?"), "How old?", "Who discovered penicillin? How old?"),
        (asked("Who discovered penicillin?"), "And when was that?", "Who discovered penicillin?"),
        (
            asked("Who discovered penicillin?", "And when was that?"),
            "Where?",
            "Who discovered penicillin? And when was that?",
        ),
        (asked("من اكتشف البنسلين؟"), "ومتى كان ذلك؟", "من اكتشف البنسلين؟"),
        (asked("A bridge?", "When?", "Where?", "Why?"), "Its length?", "When? Where? Why? Its length?"),
    ],
)
def test_what_a_question_is_read_after(history: list[Turn], question: str, expected: str) -> None:
    assert after_predecessor(question, history) == expected


def test_a_question_without_a_term_of_its_own_always_leans(retriever: Retriever) -> None:
    found = follow_up(retriever, "Which monks drank coffee?", "And when was that?")
    assert found.alone.query.terms == ()
    assert found.leans
