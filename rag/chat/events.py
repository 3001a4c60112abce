"""What the chat page does when something happens in it: from a reader's input to what is shown.

Knows nothing of Gradio, which :mod:`rag.chat.mounting` wires to it. What belongs to one reader comes in and goes out
as a value; the object holds only what all readers share.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rag.asking import Answering, may_translate
from rag.chat import evidence_panel, page
from rag.chat.conversation import (
    BadRequest,
    Conversation,
    Exchange,
    begin,
    converse,
    filters_from,
    finish,
    question_of,
)
from rag.chat.exchange_view import exchange_view
from rag.chat.interface_texts import Texts
from rag.chat.thumbs import Votes
from rag.documents import Citation, Evidence, Filters
from rag.errors import IsnadError, NotFoundError
from rag.evaluation.voted import REASONS
from rag.rendering import EMPTY, Html, element, join
from rag.settings import Settings

logger = logging.getLogger(__name__)

Feedback = Callable[[str, str, str], None]  # the answer's id, the thumb or none, the reason
WhoSignedIn = Callable[[Mapping[str, str]], str]


def nobody(cookies: Mapping[str, str]) -> str:
    """Where nobody signs in."""
    return ""


@dataclass(frozen=True)
class ChatEvents:
    """What the page does when something happens in it: from inputs to what is shown. Knows nothing of Gradio.

    ``feedback`` receives each vote, taken back or not; without it the thumbs are not offered.
    ``reader`` tells from a request's cookies who signed in, and so may sign out; nobody where it is empty.
    """

    assistant: Answering
    settings: Settings
    feedback: Feedback | None = None
    reader: WhoSignedIn = nobody
    today: Callable[[], date] = date.today

    def earlier(self, conversation: Conversation, texts: Texts) -> Html:
        """All exchanges but the last; the welcome where there are none."""
        if not conversation:
            return page.welcome(self.assistant.suggestions(texts.language), texts)
        return join(self._exchange(exchange, texts) for exchange in conversation[:-1])

    def current(self, conversation: Conversation, texts: Texts) -> Html:
        """The last exchange, in the region that a screen reader announces; the region is there before any answer."""
        shown = self._exchange(conversation[-1], texts) if conversation else EMPTY
        region = {"class": "live", "role": "log", "aria-live": "polite", "aria-label": texts.say("conversation")}
        return element("div", region, shown)

    def ask(
        self, question: str, conversation: Conversation, filters: Filters, texts: Texts, any_time: bool = False
    ) -> Iterator[Conversation]:
        """The conversation as the answer grows. Raises BadRequest before anything is drawn."""
        question = question_of(question, self.settings.max_question_chars, texts)
        exchange = begin(conversation, question, filters, any_time)
        yield finish(conversation, exchange)
        for grown in converse(self.assistant, exchange, conversation, texts):
            yield finish(conversation, grown)

    def again(self, conversation: Conversation, place: Mapping[str, Any], texts: Texts) -> Iterator[Conversation]:
        """A question asked once more, with its own filters; in place of the last exchange where it is that one.

        ``any`` of the place: whatever period its words name. Raises BadRequest for an exchange that is not there.
        """
        exchange, _ = _quote_at(conversation, place)
        if exchange is None:
            raise BadRequest(texts.problem("error_empty"))
        before = conversation[:-1] if exchange is conversation[-1] else conversation
        any_time = exchange.any_time or bool(place.get("any"))
        return self.ask(exchange.question, before, exchange.filters, texts, any_time)

    def opened(self, conversation: Conversation, place: Mapping[str, Any], texts: Texts) -> Html:
        """The article that a card stands for, or a problem. ``place`` names the exchange and the card's number."""
        where = f"{place.get('key')} {place.get('number')}"
        exchange, quote = _quote_at(conversation, place)
        quote = _linked(place) if place.get("key") == "link" else quote
        if quote is None:
            return page.problem_dialog(texts.problem("error_code_not_found"), where, texts)
        try:
            article = self.assistant.article(quote.article_id)
        except IsnadError as error:
            return page.problem_dialog(texts.problem_of(error), where, texts)
        answer = exchange.answer if exchange else None
        answers = answer.answering(quote.number) if answer and isinstance(quote, Citation) else ()
        return evidence_panel.article_view(article, quote, where, texts, answers, self.translates)

    @property
    def translates(self) -> bool:
        """Whether there is a model, which translates too."""
        return may_translate(self.assistant)

    def translated(self, conversation: Conversation, place: Mapping[str, Any]) -> Conversation:
        """The conversation with a translation of one quote, in the language of its answer. Raises IsnadError."""
        exchange, quote = _quote_at(conversation, place)
        if exchange is None or exchange.answer is None or not isinstance(quote, Citation):
            return conversation
        answer = exchange.answer
        made = self.assistant.translate(quote.article_id, quote.start, quote.end, answer.language)
        quotes = tuple(replace(c, translation=made) if c is quote else c for c in exchange.citations)
        grown = replace(exchange, citations=quotes, answer=replace(answer, citations=quotes))
        return tuple(grown if e is exchange else e for e in conversation)

    def translated_part(self, conversation: Conversation, place: Mapping[str, Any], texts: Texts) -> Html:
        """A paragraph of the opened article in the page's language, for the page to put in its place."""
        _, quote = _quote_at(conversation, place)
        slot = f"{place.get('key')} {place.get('number')} {place.get('start')}"
        try:
            if quote is None:
                raise NotFoundError("There is no such quote.", "")
            start, end = int(place.get("start", "")), int(place.get("end", ""))
            made = self.assistant.translate(quote.article_id, start, end, texts.language)
        except (IsnadError, ValueError) as error:
            problem = texts.problem_of(error) if isinstance(error, IsnadError) else texts.problem("error_other")
            return evidence_panel.arrived(slot, page.problem_view(problem))
        return evidence_panel.arrived(slot, evidence_panel.translation_view(made, texts))

    def voted(self, conversation: Conversation, place: Mapping[str, Any]) -> Conversation:
        """The conversation with the thumb in it, handed to the callback too; a vote on no answer changes nothing.

        A thumb given once more is taken back, and so is the reason for one.
        """
        exchange, _ = _quote_at(conversation, place)
        given, reason = str(place.get("vote")), str(place.get("reason", ""))
        known = given in ("up", "down") and reason in ("", *REASONS)
        if not (self.feedback and exchange and exchange.answer and known):
            return conversation
        if reason:
            reason = "" if reason == exchange.reason else reason
        elif given == exchange.vote:
            given = "none"
        try:
            self.feedback(exchange.answer.id, given, reason)
        except IsnadError as error:
            logger.warning("a vote was not kept: %s", error)
            return conversation
        voted = replace(exchange, vote="" if given == "none" else given, reason=reason)
        return tuple(voted if e is exchange else e for e in conversation)

    def filters(self, chosen: Sequence[Any], texts: Texts) -> Filters:
        """Filters from the five controls' values. Raises BadRequest."""
        languages, sources, period, since, until = chosen
        return filters_from(languages or (), sources or (), period, since or "", until or "", self.today(), texts)

    def stopped(self, conversation: Conversation) -> Conversation:
        """The conversation with its last exchange marked as stopped, where that was still running."""
        if not conversation or not conversation[-1].running:
            return conversation
        return finish(conversation, replace(conversation[-1], stopped=True))

    def _exchange(self, exchange: Exchange, texts: Texts) -> Html:
        kept: Votes = "asked" if self.settings.log_questions else "alone"
        return exchange_view(exchange, texts, kept if self.feedback else "")


def _quote_at(
    conversation: Conversation, place: Mapping[str, Any]
) -> tuple[Exchange | None, Citation | Evidence | None]:
    """The exchange that ``place`` names, and what its card shows; None for what is not there."""
    exchange = next((e for e in conversation if str(e.key) == str(place.get("key"))), None)
    return exchange, _found(exchange, place) if exchange else None


def _linked(place: Mapping[str, Any]) -> Evidence:
    """The part of an article that a link names; of no part, where it names none, the article alone."""
    start, end = (
        int(at) if re.fullmatch(r"\d{1,9}", at := str(place.get(name, ""))) else 0 for name in ("start", "end")
    )
    return Evidence(str(place.get("number", "")), start, end, "", 0.0)


def _found(exchange: Exchange, place: Mapping[str, Any]) -> Citation | Evidence | None:
    """The citation, or the nearest passage of a refusal, that a card shows. ``place`` comes from the browser."""
    if exchange.answer is not None and exchange.answer.status == "not_found":
        shown = {str(number): passage for number, passage in enumerate(exchange.answer.passages, 1)}
        return shown.get(str(place.get("number")))
    return next((c for c in exchange.citations if str(c.number) == str(place.get("number"))), None)
