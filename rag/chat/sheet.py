"""A conversation as a clean page to print, to save and to copy from: each question, its answer, and every quote with
its source. Nothing of it can be clicked but the addresses of the articles.

Pure functions of documents and texts; markup comes from :mod:`rag.rendering` only.
"""

from __future__ import annotations

from rag.chat.conversation import Conversation, Exchange
from rag.chat.filter_chips import limited_words
from rag.chat.interface_texts import Texts
from rag.documents import Answer, Citation
from rag.rendering import EMPTY, Html, element, join, link, marked_text, text_in


def sheet(conversation: Conversation, texts: Texts) -> Html:
    """The answered exchanges, oldest first; the page shows it on paper only."""
    parts = [_part(exchange, exchange.answer, texts) for exchange in conversation if exchange.answer]
    title = element("h1", {}, f"{texts.say('name')} · {texts.say('tagline')}")
    return element("div", {"class": "sheet", "lang": texts.language, "dir": texts.direction}, title, *parts)


def _part(exchange: Exchange, answer: Answer, texts: Texts) -> Html:
    limited = limited_words(exchange, texts)
    within = element("p", {}, f"{texts.say('limited_to')} {' · '.join(limited)}") if limited else EMPTY
    quotes = [element("li", {}, _quote(cited, answer, texts)) for cited in answer.quoted]
    return element(
        "section",
        {"data-key": exchange.key},
        text_in("und", "h2", {}, exchange.question),
        within,
        _short(answer, texts),
        *(text_in(answer.language, "p", {}, line) for line in _said(answer)),
        element("ol", {}, *quotes) if quotes else EMPTY,
    )


def _short(answer: Answer, texts: Texts) -> Html:
    short = answer.short_answer
    if not short:
        return EMPTY
    gloss = f" ({short.gloss})" if short.gloss else ""
    words = element("strong", {"dir": "auto"}, short.text)
    note = text_in(answer.language, "bdi", {}, f" · {short.note}") if short.note else EMPTY
    return element("p", {}, f"{texts.say('short_answer')}: ", words, gloss, f" [{short.citation}]", note)


def _said(answer: Answer) -> list[str]:
    """The lines that are no quotes, or the same would stand twice."""
    if answer.status == "related":
        return [answer.lead]
    quoted = answer.status == "answered" and answer.answerer == "extractive"
    return [] if quoted else [line for line in answer.answer.split("\n") if line.strip()]


def _quote(cited: Citation, answer: Answer, texts: Texts) -> Html:
    words = marked_text(cited.quote, cited.start, (), cited.glosses, answer.language)
    source = f"{cited.source} ({cited.source_gloss})" if cited.source_gloss else cited.source
    where = [cited.title, source, texts.date(cited.date), cited.at, link(cited.url, {}, cited.url)]
    named = join((text_in("und", "bdi", {}, part) for part in where if part), " · ")
    number = element("bdi", {}, f"[{cited.number}]")
    return join([text_in(cited.language, "blockquote", {}, words), element("p", {}, number, " ", named)])
