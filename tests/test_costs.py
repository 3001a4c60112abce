"""What a question costs: no text of the length allowed much more than an ordinary one, nor what was said before it."""

from __future__ import annotations

import time

import pytest

from rag.assistant import Assistant
from rag.documents import Question, Turn
from rag.encoding.bundled_encoder import WINDOW, BundledEncoder
from rag.ingestion.indexing import index_articles
from rag.settings import Settings
from tests.conftest import ROOT
from tests.fakes import HashEncoder

ORDINARY = ("Which countries formed the joint staff in the Sahel after the meeting in Tamanrasset? " * 25)[:2000]
ODD = {
    "a character that is four words": "\ufdfa",
    "one that is one word": "ﷲ",
    "squared words": "㍿",
    "numbers": "1 ",
    "acronyms": "a.",
    "joiners": "a\u200d",
    "accents": "a\u0301\u0301\u0301",
    "faces": "👩\u200d👩\u200d👧",
    "brackets": "(",
    "quotation marks": '"«',
    "lines": "a\n",
    "codes": "x1y2-",
    "capitals": "Aa Bb ",
    "shares": "5% 6$ ",
    "Thai": "ประเทศ",
    "Chinese": "国家在哪里成立了联合参谋部",
    "a comparison": "compare a and b versus ",
    "days": "in 2011 on 3 May ",
    "one word": "a",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("index")
    index_articles([ROOT / "corpus"], index_dir=folder, encoder=HashEncoder())
    return Assistant.load(Settings(index_dir=folder, reading=False), encoder=HashEncoder())


def cost(assistant: Assistant, question: Question) -> float:
    """Seconds of the processor, the better of two."""

    def once() -> float:
        begun = time.thread_time()
        assistant.ask(question)
        return time.thread_time() - begun

    return min(once(), once())


@pytest.fixture(scope="module")
def ordinary(assistant: Assistant) -> float:
    return cost(assistant, Question(ORDINARY))


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_text_costs_more_than_five_ordinary_ones(assistant: Assistant, ordinary: float, odd: str) -> None:
    assert cost(assistant, Question((odd * 2000)[:2000])) < 5 * ordinary


@pytest.mark.parametrize("turns", [4, 50])
@pytest.mark.parametrize("said", [ORDINARY, ODD["a character that is four words"], "x"], ids=["text", "odd", "word"])
@pytest.mark.parametrize("asked", ["And when was it formed?", "In Arabic, please"])
def test_a_long_history_costs_no_more_than_five_questions(
    assistant: Assistant, ordinary: float, asked: str, said: str, turns: int
) -> None:
    history = tuple(
        Turn("user" if place % 2 == 0 else "assistant", said * (20_000 // len(said))) for place in range(turns)
    )
    assert cost(assistant, Question(asked, history=history)) < 5 * ordinary


@pytest.mark.parametrize("odd", [ODD["a character that is four words"], ODD["acronyms"], ORDINARY])
def test_a_question_is_encoded_in_one_window(bundled_encoder: BundledEncoder, odd: str) -> None:
    encoding = bundled_encoder.encode_query((odd * 2000)[:2000])
    assert 300 < len(encoding.tokens) == len(encoding.spans) == len(encoding.weights) < WINDOW
