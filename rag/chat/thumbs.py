"""The thumbs below an answer, and what a thumb down is for, as HTML. Pure functions of an exchange and texts."""

from __future__ import annotations

from typing import Literal

from rag.chat.conversation import Exchange
from rag.chat.interface_texts import Texts
from rag.evaluation.voted import REASONS
from rag.rendering import EMPTY, Html, Value, button, element

Votes = Literal["", "alone", "asked"]  # none are offered; kept without the question; with it


def thumbs(exchange: Exchange, texts: Texts) -> list[Html]:
    """The two buttons; the one that is pressed takes its vote back."""
    return [
        _button("vote", vote, f"tool icon-{key}", texts.say(key), exchange, exchange.vote == vote)
        for key, vote in (("helpful", "up"), ("unhelpful", "down"))
    ]


def reasons(exchange: Exchange, texts: Texts, votes: Votes) -> Html:
    """Why the thumb is down, to be chosen; who reads that the question is kept too, where it is."""
    if exchange.vote != "down":
        return EMPTY
    chosen = [
        _button("reason", reason, "chip reason", texts.say(f"reason_{reason}"), exchange, exchange.reason == reason)
        for reason in REASONS
    ]
    kept = element("p", {}, texts.say("vote_kept")) if votes == "asked" else EMPTY
    asked = element("span", {}, texts.say("reasons"))
    return element(
        "div", {"class": "reasons", "role": "group", "aria-label": texts.say("reasons")}, asked, *chosen, kept
    )


def _button(kind: str, value: str, style: str, words: str, exchange: Exchange, pressed: bool) -> Html:
    marks: dict[str, Value] = {"data_event": "vote", "data_key": exchange.key}
    marks |= {"data_vote": "down", f"data_{kind}": value}
    return button(words, style, aria_pressed="true" if pressed else "false", **marks)
