"""What is offered to be asked next: the articles' own questions, and none that was asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.chat.conversation import Conversation, begin, converse, finish
from rag.chat.interface_texts import texts_in
from rag.chat.next_questions import next_questions, next_view
from rag.documents import GUIDE
from tests.fake_assistant import SAHEL, SAHEL_FR, SOLAR, FakeAssistant


def talk(*questions: str) -> Conversation:
    conversation = Conversation()
    for question in questions:
        *_, last = converse(FakeAssistant(), begin(conversation, question), conversation, texts_in("en"))
        conversation = finish(conversation, last)
    return conversation


@pytest.mark.parametrize(
    ("asked", "page", "offered"),
    [
        (["the countries"], "fr", list(SOLAR.questions)),  # in the question's language, whatever the page's
        (["the countries", SOLAR.questions[1]], "en", [SOLAR.questions[0]]),
        ([SAHEL.questions[0]], "en", [SAHEL.questions[1]]),
        (["Combien de missiles ?"], "ar", list(SAHEL_FR.questions)),
        (["pays"], "ar", list(SAHEL.questions)),  # none in French: in the page's
        (["pays"], "fr", []),
        (["Who won the 2010 World Cup?"], "en", list(SOLAR.questions)),  # of a refusal's nearest passages
        ([], "en", []),
    ],
)
def test_questions_of_the_articles_at_hand(asked: list[str], page: str, offered: list[str]) -> None:
    assert next_questions(FakeAssistant(), talk(*asked), texts_in(page)) == offered


def test_a_greeting_leads_to_none() -> None:
    (exchange,) = talk("countries")
    assert exchange.answer is not None
    guided = replace(exchange, answer=replace(exchange.answer, answerer=GUIDE))
    assert next_questions(FakeAssistant(), (guided,), texts_in("en")) == []


def test_they_are_buttons_whose_text_stays_text() -> None:
    markup = next_view(["<b>Who?</b>"], texts_in("fr"))
    assert 'data-question="&lt;b&gt;Who?&lt;/b&gt;"' in markup
    assert "À demander aussi" in markup
    assert next_view([], texts_in("fr")) == ""
