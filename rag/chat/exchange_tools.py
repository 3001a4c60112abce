"""What can be done with an answer: its evidence shown, its words copied, the question asked again, a thumb given.

Pure functions of documents and texts; markup comes from :mod:`rag.rendering` only.
"""

from __future__ import annotations

from rag.chat.conversation import Exchange
from rag.chat.evidence_panel import reference
from rag.chat.filter_chips import link_to
from rag.chat.interface_texts import Texts
from rag.chat.page import copy_button
from rag.chat.thumbs import Votes, reasons, thumbs
from rag.documents import Answer
from rag.rendering import Html, Value, button, element, text_in


def copy_text(answer: Answer) -> str:
    """The answer with its sources below, as plain text for the clipboard; what is only related is said to be."""
    lines = [answer.answer if answer.status == "answered" else answer.lead]
    lines += [f"[{each.number}] {reference(each)}\n“{each.quote}”" for each in answer.quoted]
    return "\n\n".join(lines)


def about(exchange: Exchange, answer: Answer, texts: Texts, votes: Votes) -> Html:
    """Who wrote it, and what can be done with it. ``votes``: offer the thumbs."""
    kind, _, model = answer.answerer.partition(":")
    written = texts.say("llm", model=model) if kind == "llm" else texts.say("extractive")
    count = len(answer.citations)
    tools = [
        show_evidence(exchange, texts.say("show_evidence", count=count)),
        copy_button(texts.say("copy"), copy_text(answer), texts),
        *retries(exchange, texts),
        _more(exchange, texts),
    ]
    tools += thumbs(exchange, texts) if votes else []
    said = element("p", {"class": "facts"}, text_in("und", "bdi", {}, written))
    why = reasons(exchange, texts, votes)
    return element("footer", {"class": "about"}, said, element("div", {"class": "tools"}, *tools), why)


def _more(exchange: Exchange, texts: Texts) -> Html:
    """The other ways out of the page: Markdown, formatted, a link; the whole conversation on paper or as a file."""
    marks: dict[str, Value] = {
        "data_key": exchange.key,
        "data_link": link_to(exchange),
        "data_done": texts.say("copied"),
    }
    words = {
        "copy-markdown": texts.say("copy_markdown"),
        "copy-formatted": texts.say("copy_formatted"),
        "copy-link": texts.say("copy_link"),
        "print": texts.say("print"),
        "save": texts.say("save"),
    }
    ways = [button(said, "tool", data_action=action, **marks) for action, said in words.items()]
    summary = element("summary", {"class": "tool icon-more", "title": texts.say("more")}, texts.say("more"))
    return element("details", {"class": "menu"}, summary, element("div", {"class": "menu-ways"}, *ways))


def show_evidence(exchange: Exchange, words: str) -> Html:
    """The button that brings the evidence up where the page has no room for it."""
    return button(words, "tool show-evidence icon-evidence", data_action="show-evidence", data_key=exchange.key)


def retries(exchange: Exchange, texts: Texts) -> list[Html]:
    """The buttons that ask its question once more, with its own filters, or bring it back to be edited."""
    return [
        button(texts.say("again"), "tool icon-again", data_event="again", data_key=exchange.key),
        button(texts.say("edit"), "tool icon-edit", data_action="edit", data_text=exchange.question),
    ]
