"""One reader's conversation with the articles: questions, filters, the answers as they grow, and what went wrong.

Nothing here knows of a page. A conversation is a tuple of frozen exchanges that the caller holds, so that nothing
of one reader can reach another.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.asking import Answering, Cited, Delta, Ended, Event, Quoted
from rag.chat.dates_in_words import day_meant
from rag.chat.interface_texts import Problem, Texts
from rag.chat.surroundings import Around, surroundings
from rag.documents import Answer, Citation, Filters, Question, Turn
from rag.errors import IsnadError

logger = logging.getLogger(__name__)

# A page redrawn for every word would spend its time drawing; 15 times a second still reads as typing.
SECONDS_BETWEEN_DRAWS = 0.07  # about fourteen a second: text flows, and the server is not kept busy drawing
EXCHANGES_KEPT = 40  # a bound on what a tab sends with each question, not tuned
_DAYS = {"week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it: text so far, then an answer or a problem. ``key`` counts from 1.

    quoted: the answer in the articles' own words, shown while a model writes its own. around: what stands around the
    quotes of the answer. near: the articles it quotes or was made beside. reason: why its thumb is down. any_time:
    asked whatever period its own words name.
    """

    key: int
    question: str
    filters: Filters = Filters()
    any_time: bool = False
    text: str = ""
    citations: tuple[Citation, ...] = ()
    around: tuple[Around, ...] = ()
    near: tuple[str, ...] = ()
    quoted: Answer | None = None
    answer: Answer | None = None
    problem: Problem | None = None
    stopped: bool = False
    vote: str = ""
    reason: str = ""

    @property
    def running(self) -> bool:
        """True while the answer may still grow."""
        return self.answer is None and self.problem is None and not self.stopped


Conversation = tuple[Exchange, ...]


class BadRequest(Exception):
    """The reader's own input cannot be used; carries the words that say so."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def question_of(question: str, limit: int, texts: Texts) -> str:
    """The question without the white space around it. Raises BadRequest where it is empty or too long."""
    question = question.strip()
    if not question:
        raise BadRequest(texts.problem("error_empty"))
    if len(question) > limit:
        raise BadRequest(texts.problem("error_long", length=len(question), limit=limit))
    return question


def filters_from(
    languages: Sequence[str],
    sources: Sequence[str],
    period: str,
    since: str,
    until: str,
    today: date,
    texts: Texts,
) -> Filters:
    """The filters chosen. ``period`` is ``any``, ``week``, ``month``, ``year`` (back from ``today``) or ``dates``,
    which may be words (``last week``, ``2011``): of a month or year ``since`` is its first day and ``until`` its last.

    Raises BadRequest for a date that is none, or two in the wrong order.
    """
    if period in _DAYS:
        since, until = (today - timedelta(days=_DAYS[period])).isoformat(), today.isoformat()
    elif period != "dates":
        since = until = ""
    since, until = _day_within(since, today, texts), _day_within(until, today, texts, last=True)
    if since and until and since > until:
        raise BadRequest(texts.problem("error_order"))
    return Filters(tuple(languages), tuple(sources), since, until)


def history(conversation: Conversation) -> tuple[Turn, ...]:
    """The answered exchanges as turns, oldest first; what is only related, refusals and failures teach nothing."""
    return tuple(turn for exchange in conversation if exchange.answer is not None for turn in exchange.answer.turns)


def begin(conversation: Conversation, question: str, filters: Filters = Filters(), any_time: bool = False) -> Exchange:
    """The next exchange, with its question only, and which articles may answer it."""
    return Exchange(conversation[-1].key + 1 if conversation else 1, question, filters, any_time)


def finish(conversation: Conversation, exchange: Exchange) -> Conversation:
    """The conversation with ``exchange`` at its end; the oldest are let go, which bounds what one reader holds."""
    earlier = tuple(e for e in conversation if e.key != exchange.key)
    return (*earlier, exchange)[-EXCHANGES_KEPT:]


def converse(
    assistant: Answering,
    exchange: Exchange,
    conversation: Conversation,
    texts: Texts,
    clock: Callable[[], float] = time.monotonic,
) -> Generator[Exchange, None, None]:
    """The exchange as it grows, the last one complete. Every failure becomes a problem in it, none escapes.

    Closing this iterator closes the assistant's stream, which stops its work.
    """
    drawn = clock()
    question = Question(exchange.question, history(conversation), exchange.filters, any_time=exchange.any_time)
    try:
        with closing(assistant.stream(question)) as events:
            for event in events:
                exchange = _grown(exchange, event)
                if isinstance(event, Ended):
                    exchange = _settled(exchange, event.answer, assistant)
                waits = exchange.running and not isinstance(
                    event, Cited | Quoted
                )  # evidence is shown as soon as it is there
                if waits and clock() - drawn < SECONDS_BETWEEN_DRAWS:
                    continue
                drawn = clock()
                yield exchange
    except IsnadError as error:
        yield replace(exchange, problem=texts.problem_of(error))
    except Exception:  # the edge: a reader gets a sentence, the log gets the traceback
        logger.exception("answering failed")
        yield replace(exchange, problem=texts.problem("error_other"))
    else:
        if exchange.running:
            yield replace(exchange, stopped=True)


def _settled(exchange: Exchange, answer: Answer, assistant: Answering) -> Exchange:
    """With what the page shows around the answer."""
    near = [*(cited.article_id for cited in answer.citations), *(found.article_id for found in answer.passages)]
    return replace(exchange, around=surroundings(assistant, answer.citations), near=tuple(dict.fromkeys(near)))


def _grown(exchange: Exchange, event: Event) -> Exchange:
    if isinstance(event, Delta):
        return replace(exchange, text=exchange.text + event.text)
    if isinstance(event, Quoted):
        return replace(exchange, quoted=event.answer, citations=event.answer.citations)
    if isinstance(event, Cited):
        earlier = [each for each in exchange.citations if each.number < event.citation.number]  # or they begin anew
        return replace(exchange, citations=(*earlier, event.citation))
    if isinstance(event, Ended):
        return replace(exchange, answer=event.answer, quoted=None, citations=event.answer.citations)
    return exchange


def _day_within(value: str, today: date, texts: Texts, last: bool = False) -> str:
    if not (value := value.strip()):
        return ""
    day = day_meant(value, today, last)
    if day is None:
        raise BadRequest(texts.problem("error_dates", value=value))
    return day.isoformat()
