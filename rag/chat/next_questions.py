"""What may be asked next: questions that the articles at hand carry, never ones made up.

Worked out once the answer is shown, so that no answer waits for it.
"""

# Annotations are evaluated here (no `from __future__`): Gradio reads them.

from collections.abc import Iterable
from typing import Any

from rag.asking import Answering
from rag.chat.conversation import Conversation
from rag.chat.interface_texts import DEFAULT_LANGUAGE, Texts, texts_in
from rag.chat.layout import Parts
from rag.documents import GUIDE
from rag.errors import IsnadError
from rag.rendering import EMPTY, Html, button, element

MOST = 3  # more would be a list to read, not a way on


def next_questions(assistant: Answering, conversation: Conversation, texts: Texts) -> list[str]:
    """Questions of the articles last quoted or near, which the program answers and nobody asked yet.

    In the language of the question, or else of the page. Raises IsnadError where they cannot be asked.
    """
    answer = conversation[-1].answer if conversation else None
    if answer is None or answer.answerer == GUIDE:
        return []
    articles = conversation[-1].near
    asked = tuple(exchange.question for exchange in conversation)
    for language in dict.fromkeys((answer.language, texts.language)) if articles else ():
        if found := assistant.suggestions(language, MOST, articles, asked):
            return found
    return []


def next_view(questions: Iterable[str], texts: Texts) -> Html:
    """A few buttons that ask them."""
    asks = [button(question, "suggestion", data_event="suggest", data_question=question) for question in questions]
    if not asks:
        return EMPTY
    title = element("h3", {}, texts.say("next_questions"))
    return element("section", {"class": "next"}, title, element("ul", {}, *(element("li", {}, ask) for ask in asks)))


def connect_next(parts: Parts, assistant: Answering, shown: Iterable[Any]) -> None:
    """Once any of ``shown`` has come to its end; one reader's at a time, since it is nobody's answer."""

    def offer(language: str | None, conversation: Conversation) -> Html:
        texts = texts_in(language or DEFAULT_LANGUAGE)
        try:
            return next_view(next_questions(assistant, conversation, texts), texts)
        except IsnadError:  # the answer stands without them
            return EMPTY

    quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_id": "next"}
    for each in shown:
        each.success(offer, [parts.language, parts.conversation], parts.next, concurrency_limit=1, **quietly)
