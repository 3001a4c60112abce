"""The frame of the chat page as HTML: header, welcome, problems, and what the page brings out by itself.

Pure functions of texts; markup comes from :mod:`rag.rendering` only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.chat.interface_texts import Problem, Texts, texts_in
from rag.rendering import Html, Value, button, element, join, leads_to, text_in

_CODE = re.compile(r"`([^`]+)`")
SHORTCUTS = (  # what each does, and its keys, as assets/chat_keys.js knows them
    ("keys_question", "/"),
    ("keys_send", "Enter"),
    ("keys_line", "Shift+Enter"),
    ("keys_last", "↑"),
    ("keys_search", "Ctrl+K"),
    ("keys_escape", "Esc"),
    ("keys_help", "?"),
)


def welcome(suggestions: Sequence[str], texts: Texts) -> Html:
    """What an empty conversation shows: what this is, and questions to begin with."""
    chips = [
        element("li", {}, button(question, "suggestion", data_event="suggest", data_question=question))
        for question in suggestions
    ]
    examples = [element("h3", {}, texts.say("examples")), element("ul", {}, *chips)] if chips else []
    return element(
        "section",
        {"class": "welcome"},
        element("h2", {}, texts.say("welcome")),
        element("p", {}, texts.say("welcome_text")),
        *examples,
    )


def problem_view(problem: Problem) -> Html:
    """What went wrong and what to do."""
    return element(
        "div",
        {"class": "problem", "role": "alert"},
        text_in("und", "p", {"class": "problem-message"}, _with_code(problem.message)),
        text_in("und", "p", {}, _with_code(problem.hint)),
    )


def problem_dialog(problem: Problem, place: str, texts: Texts) -> Html:
    """A problem in place of the article that was to be opened."""
    close = button(texts.say("close"), "icon-close", data_action="close-reader")
    title = element("h2", {"id": "reader-title"}, texts.say("error"))
    head = element("header", {}, title, close)
    return element(
        "dialog",
        {"class": "reader", "aria-labelledby": "reader-title", "data-opened": place},
        head,
        problem_view(problem),
    )


def brand(status: Mapping[str, object], texts: Texts) -> Html:
    """The name of the program in both scripts, and how many articles it answers from."""
    other = texts_in("ar" if texts.language != "ar" else "en")
    words = [
        element("span", {"class": "brand-name"}, texts.say("name")),
        element("span", {"class": "brand-other", "lang": other.language, "aria-hidden": "true"}, other.say("name")),
    ]
    about = element("span", {"class": "brand-articles"}, texts.say("articles", count=status.get("articles", 0)))
    tagline = element(
        "p", {"class": "brand-about"}, texts.say("tagline"), element("span", {"class": "dot"}, " · "), about
    )
    marks = {"class": "brand", "data-language": texts.language, "data-direction": texts.direction}
    return element("div", marks, element("h1", {}, *words), tagline)


def theme_switch(texts: Texts) -> Html:
    """The way to the articles, the list of shortcuts, and the button between light and dark."""
    articles = leads_to("articles", "tool icon-open to-articles", texts.say("to_articles"))
    words, keys = texts.say("theme"), texts.say("keys")
    theme = button("", "icon-theme", data_action="theme", aria_label=words, title=words)
    return join([articles, button("", "icon-theme icon-keys", data_action="keys", aria_label=keys, title=keys), theme])


def library_button(texts: Texts) -> Html:
    """The button that lists the conversations kept."""
    words = texts.say("conversations")
    return button("", "icon-theme icon-library", data_action="conversations", aria_label=words, title=words)


def library(texts: Texts) -> Html:
    """The dialog of the conversations kept, which the page itself fills from what its browser has."""
    title = element("h2", {"id": "library-title"}, texts.say("conversations"))
    close = button(texts.say("close"), "icon-close", data_action="close-library")
    words = texts.say("conversations_search")
    search = {"class": "library-search", "type": "search", "placeholder": words, "aria-label": words}
    named: dict[str, Value] = {"data-rename": texts.say("rename"), "data-delete": texts.say("delete")}
    named["data-sure"] = texts.say("delete_sure")
    return element(
        "dialog",
        {"class": "library", "aria-labelledby": "library-title"},
        element("header", {}, element("div", {}, title, element("p", {}, texts.say("conversations_text"))), close),
        element("input", search),
        element("ul", {"class": "library-list", **named}),
        element("p", {"class": "library-empty", "hidden": True}, texts.say("conversations_empty")),
        element("footer", {}, button(texts.say("export"), "tool icon-away", data_action="export-conversations")),
    )


def shortcuts(texts: Texts, keeps: bool) -> Html:
    """The card of the keyboard's shortcuts; ``keeps``: there are conversations to search."""
    title = element("h2", {"id": "keys-title"}, texts.say("keys"))
    close = button(texts.say("close"), "icon-close", data_action="close-keys")
    rows = [
        element("div", {}, element("dt", {}, *_pressed(pressed)), element("dd", {}, texts.say(does)))
        for does, pressed in SHORTCUTS
        if keeps or does != "keys_search"
    ]
    named = {"class": "keys", "aria-labelledby": "keys-title"}
    return element("dialog", named, element("header", {}, title, close), element("dl", {}, *rows))


def _pressed(keys: str) -> list[Html]:
    return [element("kbd", {"dir": "ltr"}, key) for key in keys.split("+")]


def sign_out(reader: str, texts: Texts) -> Html:
    """The button that ends the session of ``reader``."""
    words = texts.say("sign_out")
    return button(words, "tool icon-leave", data_action="sign-out", data_reader=reader, title=words)


def copy_button(words: str, text: str, texts: Texts, style: str = "") -> Html:
    """The button that puts ``text`` on the clipboard, and says that it did."""
    marks = {"data_action": "copy", "data_copy": text, "data_done": texts.say("copied"), "title": words}
    return button(words, f"tool icon-copy {style}".strip(), **marks)


def standby(limit: int, texts: Texts) -> Html:
    """What the page itself brings out: the count of a question near the limit, that the server took none, and what
    the field of sources says while it is empty."""
    marks: dict[str, Value] = {"class": "counter", "data-limit": limit, "data-words": texts.lines["counter"]}
    told = {"refused": texts.problem("error_lost"), "away": texts.problem("error_away")}
    lost = [_notice(kind, problem, texts) for kind, problem in told.items()]
    every = element("span", {"class": "all-sources", "hidden": True}, texts.say("sources_all"))
    return join([*lost, element("p", {**marks, "hidden": True}), every])


def _notice(kind: str, problem: Problem, texts: Texts) -> Html:
    close = button(texts.say("close"), "icon-close wordless", data_action="close-notice", title=texts.say("close"))
    marks: dict[str, Value] = {"class": "lost", "data-kind": kind, "popover": "manual", "hidden": True}
    return element("div", marks, problem_view(problem), close)


def kept(text: str) -> Html:
    """What the page is to keep of the conversation, see :mod:`rag.chat.keeping`."""
    return element("div", {"class": "kept", "hidden": True, "data-kept": text})


def _with_code(text: str) -> Html:
    """Text whose `back-quoted` words are commands."""
    parts = _CODE.split(text)
    return join(element("code", {"dir": "ltr"}, part) if at % 2 else part for at, part in enumerate(parts))
