"""The evidence panel and the article opened at a quote, as HTML.

Pure functions of documents and texts; markup comes from :mod:`rag.rendering` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from rag.chat.conversation import Conversation, Exchange
from rag.chat.interface_texts import Texts, texts_in
from rag.chat.page import copy_button
from rag.chat.why import lightable, why
from rag.documents import Article, Citation, Evidence, Translation
from rag.rendering import EMPTY, Html, Value, button, direction_of, element, join, link, marked_text, safe_url, text_in

Spans = Sequence[tuple[int, int]]
HEADING_CHARS = 90  # a longer line is a paragraph whose full stop is missing; not tuned


def evidence_view(conversation: Conversation, texts: Texts, translates: bool = False) -> Html:
    """The evidence of every exchange; the page shows one at a time, the latest first.

    translates: whether quotes in other languages are offered to be translated.
    """
    told = [exchange for exchange in conversation if exchange.citations or exchange.answer]
    sections = [_evidence_of(exchange, texts, translates) for exchange in told]
    close = button(texts.say("close"), "close-evidence icon-close", data_action="close-evidence")
    head = element("div", {"class": "evidence-head"}, element("h2", {}, texts.say("evidence")), close)
    empty = element("p", {"class": "evidence-empty"}, texts.say("evidence_empty"))
    return join([head, *(sections or [empty])])


def article_view(
    article: Article,
    quote: Citation | Evidence,
    place: str,
    texts: Texts,
    answers: Spans = (),
    translates: bool = False,
) -> Html:
    """The whole article with the quoted span marked, as a dialog that the page opens when it asked for ``place``.

    answers: the spans of the quote that answer. translates: whether its paragraphs are offered to be translated.
    """
    foreign = translates and article.language not in (texts.language, "und")
    language = article.language
    close = button(texts.say("close"), "icon-close", data_action="close-reader")
    title = text_in(language, "h2", {"id": "reader-title"}, article.heading)
    away = "#" + urlencode({"article": article.id, "at": f"{quote.start}-{quote.end}"})
    marks: dict[str, Value] = {"data_action": "copy-link", "data_link": away, "data_done": texts.say("copied")}
    copy = button(texts.say("copy_link"), "tool icon-evidence", **marks)
    original = link(article.url, {"class": "tool icon-away"}, texts.say("original")) if safe_url(article.url) else EMPTY
    tools = element("div", {"class": "tools"}, copy, original)
    return element(
        "dialog",
        {"class": "reader", "aria-labelledby": "reader-title", "data-opened": place},
        element("header", {}, element("div", {}, title, byline(article, texts), tools), close),
        element(
            "div",
            {"class": "reader-text", "tabindex": 0},
            *_paragraphs(article, quote, texts, answers, place if foreign else ""),
        ),
    )


def reference(citation: Citation) -> str:
    """Where a quote is from, in plain text."""
    return ", ".join(
        part for part in (citation.title, citation.source, citation.date, citation.at, citation.url) if part
    )


def translation_view(translation: Translation, texts: Texts) -> Html:
    """A translation, named as the model's words, and whether its numbers and names are those of the quote."""
    model = translation.model.partition(":")[2] or translation.model
    label = element("p", {"class": "short-label"}, texts.say("translated", model=model))
    flag = EMPTY if translation.verified else element("p", {"class": "flag"}, texts.say("translation_unsure"))
    said = text_in(translation.language, "p", {}, translation.text)
    return element("div", {"class": "translation"}, label, said, flag)


def arrived(slot: str, shown: Html) -> Html:
    """What the page puts into the ``slot`` of an opened article."""
    return element("div", {"class": "arrived", "data-arrived": slot, "hidden": True}, shown)


def _evidence_of(exchange: Exchange, texts: Texts, translates: bool) -> Html:
    answer = exchange.answer
    if answer is not None and answer.status == "not_found":
        own = texts_in(answer.language)
        cards = [_card(p, n, exchange, texts, own.language, EMPTY) for n, p in enumerate(answer.passages, 1)]
        marks = {"lang": own.language, "dir": own.direction}
        head = element("div", marks, element("h3", {}, own.say("nearest")), element("p", {}, own.say("nearest_hint")))
        return element(
            "section",
            {"class": "evidence nearest", "data-key": exchange.key},
            head if cards else EMPTY,
            element("ol", {}, *cards),
        )
    language = answer.language if answer else texts.language
    cards = [
        _card(
            c,
            c.number,
            exchange,
            texts,
            language,
            element("span", {"class": "number"}, str(c.number)),
            translates and answer is not None and c.language not in (language, "und"),
        )
        for c in exchange.citations
    ]
    parts = [_turning(exchange, texts), element("ol", {}, *cards)]
    if answer is not None and answer.status == "related":
        own = texts_in(answer.language)
        head = element("h3", {"lang": own.language, "dir": own.direction}, own.say("related_evidence"))
        parts.insert(0, element("div", {"class": "evidence-about"}, head))
    if answer is not None and answer.short_answer:
        parts.append(_legend(texts))
    return element("section", {"class": "evidence", "data-key": exchange.key}, *parts)


def _turning(exchange: Exchange, texts: Texts) -> Html:
    """Which quote is in hand: one at a time is shown, within its article."""
    if len(exchange.citations) < 2:
        return EMPTY
    marks: dict[str, Value] = {"data_action": "marker", "data_key": exchange.key}
    numbers = [
        button(
            str(c.number),
            "marker",
            data_number=c.number,
            aria_label=texts.say("marker", number=c.number, title=c.title),
            **marks,
        )
        for c in exchange.citations
    ]
    return element("nav", {"class": "turning", "aria-label": texts.say("quotes")}, *numbers)


def _legend(texts: Texts) -> Html:
    """What the two kinds of marks mean, each marked so."""
    answers = element("mark", {"class": "answers"}, texts.say("answers"))
    return element("p", {"class": "legend"}, answers, " ", element("mark", {}, texts.say("matches")))


def _card(
    found: Citation | Evidence,
    number: int,
    exchange: Exchange,
    texts: Texts,
    language: str,
    badge: Html,
    foreign: bool = False,
) -> Html:
    title_glosses = found.title_glosses if isinstance(found, Citation) else ()
    title = text_in(found.language, "h3", {}, marked_text(found.title, 0, (), title_glosses, language))
    translation = found.translation if isinstance(found, Citation) else None
    around = next((each for each in exchange.around if each.number == number and isinstance(found, Citation)), None)
    where: dict[str, Value] = {"data_key": exchange.key, "data_number": number}
    if isinstance(found, Citation):
        answers = exchange.answer.answering(number) if exchange.answer else ()
        marks = found.highlights, found.glosses, language, answers, texts.say("answers")
        quote = marked_text(found.quote, found.start, *marks)
        score, copy = _score(found.score, texts), _copy(found, texts)
    else:  # a score beside what is no answer would only mislead
        quote, score, copy = join([found.text]), EMPTY, EMPTY
    tools = [
        button(texts.say("open_article"), "tool icon-open", data_event="open", **where),
        button(texts.say("translate"), "tool", data_event="translate", **where)
        if foreign and not translation
        else EMPTY,
        link(found.url, {"class": "tool icon-away"}, texts.say("original")) if link(found.url, {}) else EMPTY,
        copy,
    ]
    return element(
        "li",
        {"class": "card", "data-number": number, "tabindex": -1},
        element("div", {"class": "card-head", "dir": direction_of(found.language)}, badge, title),
        byline(found, texts),
        _also(found, texts),
        _around(found, around.before if around else ""),
        text_in(found.language, "blockquote", {}, lightable(number, found.start, quote)),
        _around(found, around.after if around else ""),
        translation_view(translation, texts) if translation else EMPTY,
        element("div", {"class": "card-foot"}, score, element("div", {"class": "tools"}, *tools)),
        why(found, exchange, texts) if isinstance(found, Citation) else EMPTY,
    )


def _around(found: Citation | Evidence, words: str) -> Html:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    shown = [element("strong", {}, line) if _heads(line) else join([line]) for line in lines]
    return text_in(found.language, "p", {"class": "around"}, join(shown, "\n")) if lines else EMPTY


def _copy(citation: Citation, texts: Texts) -> Html:
    return copy_button(texts.say("copy_quote"), f"“{citation.quote}”\n{reference(citation)}", texts, "wordless")


def _score(score: float, texts: Texts) -> Html:
    value = min(1.0, max(0.0, score))
    meter = element(
        "meter", {"min": 0, "max": 1, "value": f"{value:.2f}", "aria-label": texts.say("score")}, f"{value:.2f}"
    )
    return element("span", {"class": "score", "title": f"{texts.say('score')} {score:.2f}"}, texts.say("score"), meter)


def byline(found: Citation | Evidence | Article, texts: Texts) -> Html:
    """Source, date and language, in the direction of what they are of."""
    gloss = f" ({found.source_gloss})" if isinstance(found, Citation) and found.source_gloss else ""
    source = [text_in("und", "bdi", {"class": "source"}, found.source, gloss)] if found.source else []
    when = [text_in("und", "time", {"datetime": found.date}, texts.date(found.date))] if found.date else []
    place = [text_in("und", "bdi", {}, found.at)] if not isinstance(found, Article) and found.at else []
    language = (
        [element("span", {"class": "badge"}, texts.language_name(found.language))] if found.language != "und" else []
    )
    return element("p", {"class": "byline", "dir": direction_of(found.language)}, *source, *when, *place, *language)


def _also(found: Citation | Evidence, texts: Texts) -> Html:
    """The other sources that tell the same story; they were left out for this one."""
    if not found.also_in:
        return EMPTY
    sources = join((text_in("und", "bdi", {}, source) for source in found.also_in), " · ")
    return element("p", {"class": "also"}, texts.say("also_in"), " ", sources)


def _paragraphs(
    article: Article, quote: Citation | Evidence, texts: Texts, answers: Spans, translated_at: str
) -> Iterable[Html]:
    """The article's paragraphs, the quoted span marked in each that it touches; ``translated_at``: in which place."""
    exact = isinstance(quote, Evidence) or article.text[quote.start : quote.end] == quote.quote
    start, end = (quote.start, quote.end) if exact else (0, 0)
    highlights, glosses = (quote.highlights, quote.glosses) if exact and isinstance(quote, Citation) else ((), ())
    for paragraph in re.finditer(r"[^\n]*\S[^\n]*", article.text):
        first, last = (min(max(at, paragraph.start()), paragraph.end()) for at in (start, end))
        marks = highlights, glosses, texts.language, answers if exact else (), texts.say("answers")
        inside = _quoted(marked_text(article.text[first:last], first, *marks), texts) if first < last else EMPTY
        before, after = article.text[paragraph.start() : first], article.text[max(first, last) : paragraph.end()]
        last_of_all = not article.text[paragraph.end() :].strip()
        tag = "h3" if _heads(paragraph[0]) and not last_of_all else "p"
        yield text_in(article.language, tag, {}, before, inside, after)
        if translated_at:
            yield _slot(translated_at, paragraph.start(), paragraph.end(), texts)


def _heads(line: str) -> bool:
    """Whether a line of an article ends as a heading does: soon, and in a letter."""
    return len(line) <= HEADING_CHARS and line.rstrip()[-1:].isalnum()


def _slot(place: str, start: int, end: int, texts: Texts) -> Html:
    """Where the translation of a paragraph goes; until then the button that asks for it."""
    key, _, number = place.partition(" ")
    where: dict[str, Value] = {"data_key": key, "data_number": number, "data_start": start, "data_end": end}
    ask = button(texts.say("translate"), "tool", data_event="translate", **where)
    return element("div", {"class": "slot", "data-slot": f"{place} {start}"}, ask)


def _quoted(words: Html, texts: Texts) -> Html:
    return element("span", {"class": "quoted-span", "title": texts.say("quoted")}, words)
