"""A conversation as text that the reader's own tab keeps, so that a reload or a restart of the server loses nothing.

The text comes back from a browser: it is validated like any input, and what it holds is escaped like all that is shown.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter, ValidationError

from rag.chat.conversation import EXCHANGES_KEPT, Conversation, Exchange

MOST_CHARS = 200_000  # the server takes a megabyte, and a browser keeps five


def keep(conversation: Conversation) -> str:
    """The exchanges that came to their end as JSON, as many of the latest as fit."""
    kept: list[str] = []
    for exchange in reversed(conversation):
        if exchange.answer is None and not exchange.stopped:
            continue
        written = _exchange().dump_json(_lightened(exchange)).decode()
        if sum(map(len, kept)) + len(written) > MOST_CHARS:
            break
        kept.insert(0, written)
    return f"[{','.join(kept)}]" if kept else ""


def restore(text: str) -> Conversation:
    """The conversation that was kept; an empty one where the text is none."""
    try:
        return _conversation().validate_json(text)[-EXCHANGES_KEPT:] if text else ()
    except ValidationError:  # of an earlier version, or nobody's
        return ()


def _lightened(exchange: Exchange) -> Exchange:
    """Without what the page does not show: passages behind quotes, and what has become the answer."""
    answer = exchange.answer
    if answer is not None and answer.status != "not_found":
        answer = replace(answer, passages=())
    return exchange if answer is None else replace(exchange, answer=answer, text="", quoted=None)


@cache
def _exchange() -> TypeAdapter[Exchange]:
    return TypeAdapter(Exchange)


@cache
def _conversation() -> TypeAdapter[Conversation]:
    return TypeAdapter(Conversation)
