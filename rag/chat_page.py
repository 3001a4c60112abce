"""The conversation's part of the chat page as HTML: the welcome, and each question with its answer.

Pure functions of documents and texts. Markup comes from :mod:`rag.rendering` only; ``data-action`` is handled in
the page (``assets/chat.js``), ``data-event`` goes to the server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.conversation import Exchange
from rag.documents import Answer, AnswerSentence, ShortAnswer
from rag.evidence_panel import quote_view
from rag.interface_texts import Problem, Texts, texts_in
from rag.rendering import EMPTY, Html, Value, button, element, join, text_in

_MARKER = re.compile(r"\s*\[(\d{1,3})\]")
_CODE = re.compile(r"`([^`]+)`")
# Where an answer counts as sure, and as fair; shown as words, since the figure is finer than what it can mean.
HIGH_CONFIDENCE, FAIR_CONFIDENCE = 0.7, 0.4


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


def exchange_view(exchange: Exchange, texts: Texts, votes: bool = False) -> Html:
    """A question and its answer, refusal, problem or the text so far. ``votes``: offer the thumbs."""
    asked = element("span", {"class": "heard-only"}, texts.say("you"))
    question = element("h2", {"class": "question"}, asked, text_in("und", "span", {}, exchange.question))
    return element(
        "article",
        {"class": "exchange", "data-key": exchange.key},
        question,
        element(
            "div",
            {"class": "reply", "aria-busy": "true" if exchange.running else "false"},
            _reply(exchange, texts, votes),
        ),
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
    """The button between light and dark."""
    return button("", "icon-theme", data_action="theme", aria_label=texts.say("theme"), title=texts.say("theme"))


def standby(limit: int, texts: Texts) -> Html:
    """What the page itself brings out: the count of a question near the limit, and that the server took none."""
    marks: dict[str, Value] = {"class": "counter", "data-limit": limit, "data-words": texts.lines["counter"]}
    lost = element("div", {"class": "lost", "hidden": True}, problem_view(texts.problem("error_lost")))
    return join([lost, element("p", {**marks, "hidden": True})])


def _reply(exchange: Exchange, texts: Texts, votes: bool) -> Html:
    if exchange.problem is not None:
        return problem_view(exchange.problem)
    if exchange.answer is not None:
        refused = exchange.answer.status == "not_found"
        return _refusal(exchange, exchange.answer) if refused else _answer(exchange, exchange.answer, texts, votes)
    text = text_in("und", "p", {"class": "sentences growing"}, *_with_markers(exchange.text, exchange, texts))
    if exchange.stopped:
        return join([text, element("p", {"class": "note"}, texts.say("stopped"))])
    working = element("p", {"class": "working"}, texts.say("working"))
    return text if exchange.text else working


def _refusal(exchange: Exchange, answer: Answer) -> Html:
    """A refusal speaks the question's language throughout, whatever the interface's."""
    texts = texts_in(answer.language)
    count = len(answer.passages)
    shown = _show_evidence(exchange, texts.say("show_nearest", count=count)) if count else EMPTY
    marks = {"class": "refusal", "lang": texts.language, "dir": texts.direction}
    return element(
        "div",
        marks,
        element("p", {"class": "refusal-title"}, texts.say("not_found")),
        text_in(answer.language, "p", {}, answer.plain_answer),
        shown,
    )


def _answer(exchange: Exchange, answer: Answer, texts: Texts, votes: bool) -> Html:
    short = [_short(answer.short_answer, exchange, answer, texts)] if answer.short_answer else []
    warnings = [
        element(
            "p",
            {"class": "note"},
            element("strong", {}, texts.say("warning"), ": "),
            text_in("und", "bdi", {}, warning),
        )
        for warning in answer.warnings
    ]
    return join([*short, _sentences(exchange, answer, texts), *warnings, _about(exchange, answer, texts, votes)])


def _short(short: ShortAnswer, exchange: Exchange, answer: Answer, texts: Texts) -> Html:
    cited = next((c for c in answer.citations if c.number == short.citation), None)
    words = text_in(cited.language if cited else "und", "strong", {}, short.text)
    gloss = text_in(answer.language, "span", {"class": "short-gloss"}, short.gloss) if short.gloss else EMPTY
    label = element("span", {"class": "short-label"}, texts.say("short_answer"))
    return element(
        "div", {"class": "short"}, label, element("p", {}, words, _marker(short.citation, exchange, texts)), gloss
    )


def _sentences(exchange: Exchange, answer: Answer, texts: Texts) -> Html:
    """Quotes stand each by itself in their own direction; a written answer runs on as one paragraph."""
    quotes = {citation.quote: citation for citation in answer.citations}
    verbatim = [quotes.get(_MARKER.sub("", sentence.text).strip()) for sentence in answer.sentences]
    if answer.sentences and all(verbatim):
        paired = zip(answer.sentences, verbatim, strict=True)
        blocks = [
            text_in(c.language, "p", {}, quote_view(c, answer.language), _markers(s, exchange, texts))
            for s, c in paired
            if c
        ]
        return element("div", {"class": "sentences quoted"}, *blocks)
    if not answer.sentences:
        return text_in(answer.language, "p", {"class": "sentences"}, *_with_markers(answer.answer, exchange, texts))
    run = [_sentence(sentence, exchange, texts) for sentence in answer.sentences]
    return text_in(answer.language, "p", {"class": "sentences"}, join(run, " "))


def _sentence(sentence: AnswerSentence, exchange: Exchange, texts: Texts) -> Html:
    said = element("bdi", {}, _MARKER.sub("", sentence.text), _markers(sentence, exchange, texts))
    if not sentence.unsupported:
        return said
    flag = element("span", {"class": "flag"}, texts.say("unsupported"))
    return element("span", {"class": "unsupported"}, said, " ", flag)


def _markers(sentence: AnswerSentence, exchange: Exchange, texts: Texts) -> Html:
    return join(_marker(number, exchange, texts) for number in sentence.citations)


def _marker(number: int, exchange: Exchange, texts: Texts) -> Html:
    cited = next((c for c in exchange.citations if c.number == number), None)
    if cited is None:
        return EMPTY
    label = texts.say("marker", number=number, title=cited.title or texts.say("untitled"))
    marks: dict[str, Value] = {"data_action": "marker", "data_key": exchange.key, "data_number": number}
    return element("bdi", {}, button(str(number), "marker", aria_label=label, title=label, **marks))


def _with_markers(text: str, exchange: Exchange, texts: Texts) -> list[Html]:
    """Running text with its ``[1]`` turned into buttons where that citation is known."""
    parts: list[Html] = []
    for at, part in enumerate(_MARKER.split(text)):
        parts.append(_marker(int(part), exchange, texts) if at % 2 else join([part]))
    return parts


def _about(exchange: Exchange, answer: Answer, texts: Texts, votes: bool) -> Html:
    kind, _, model = answer.answerer.partition(":")
    written = texts.say("llm", model=model) if kind == "llm" else texts.say("extractive")
    facts = [written, _confidence(answer.confidence, texts)]
    count = len(answer.citations)
    tools = [
        _show_evidence(exchange, texts.say("show_evidence", count=count)),
        button(
            texts.say("copy"),
            "tool icon-copy",
            data_action="copy",
            data_copy=copy_text(answer),
            data_done=texts.say("copied"),
        ),
    ]
    if votes:
        tools += [
            button(
                texts.say(key),
                f"tool icon-{key}",
                data_event="vote",
                data_key=exchange.key,
                data_vote=vote,
                aria_pressed="true" if exchange.vote == vote else "false",
            )
            for key, vote in (("helpful", "up"), ("unhelpful", "down"))
        ]
    said = element("p", {"class": "facts"}, join((text_in("und", "bdi", {}, fact) for fact in facts), " · "))
    return element("footer", {"class": "about"}, said, element("div", {"class": "tools"}, *tools))


def copy_text(answer: Answer) -> str:
    """The answer with its sources below, as plain text for the clipboard."""
    lines = [answer.answer]
    for citation in answer.citations:
        named = ", ".join(part for part in (citation.title, citation.source, citation.date, citation.url) if part)
        lines.append(f"[{citation.number}] {named}\n“{citation.quote}”")
    return "\n\n".join(lines)


def _confidence(value: float, texts: Texts) -> str:
    word = "high" if value >= HIGH_CONFIDENCE else "fair" if value >= FAIR_CONFIDENCE else "low"
    return texts.say(f"confidence_{word}")


def _show_evidence(exchange: Exchange, words: str) -> Html:
    return button(words, "tool show-evidence icon-evidence", data_action="show-evidence", data_key=exchange.key)


def _with_code(text: str) -> Html:
    """Text whose `back-quoted` words are commands."""
    parts = _CODE.split(text)
    return join(element("code", {"dir": "ltr"}, part) if at % 2 else part for at, part in enumerate(parts))
