"""How a quote meets the question: the words of the question that can be pointed at, and why a passage was chosen.

Pure functions of documents and texts; markup comes from :mod:`rag.rendering` only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from rag.answering.highlighting import telling_words
from rag.chat.conversation import Exchange
from rag.chat.filter_chips import limited_words
from rag.chat.interface_texts import Texts
from rag.documents import Citation
from rag.rendering import EMPTY, Html, Value, element, join, text_in


def asked_words(exchange: Exchange) -> Html:
    """The question; a word that quotes meet can be pointed at (``data-meets``: the number, start and end of each)."""
    meets: dict[str, list[tuple[int, int, int]]] = {}
    for cited in exchange.citations:
        for match in cited.matches:
            meets.setdefault(match.word, []).append((cited.number, match.start, match.end))
    question, at = exchange.question, 0
    pieces: list[str] = []
    for span in telling_words(question, "und"):
        if places := meets.get(span.of(question)):
            marks: dict[str, Value] = {"class": "asked", "tabindex": 0, "data-meets": json.dumps(places)}
            pieces += [question[at : span.start], element("span", marks, span.of(question))]
            at = span.end
    return text_in("und", "span", {}, *pieces, question[at:])


def lightable(number: int, start: int, words: Html, marker: Html = EMPTY) -> Html:
    """Words of the quote of that number, which begin at ``start`` of its article, for the page to light; the marker
    that may not part from them after."""
    return element("span", {"data-quote": f"{number} {start}"}, words, marker)


def why(cited: Citation, exchange: Exchange, texts: Texts) -> Html:
    """In words, what the bar of a card is made of: the words it has and lacks, its sense, its date, the filters."""
    language = exchange.answer.language if exchange.answer else "und"
    asked = [span.of(exchange.question) for span in telling_words(exchange.question, language)]
    met = [word for word in dict.fromkeys(asked) if any(match.word in word for match in cited.matches)]
    lines = [_listed(texts.say("why_has"), met)] if met else []
    if lacking := [word for word in dict.fromkeys(asked) if word not in met]:
        lines.append(_listed(texts.say("why_lacks"), lacking))
    lines.append(join([texts.say("why_match", score=round(100 * min(1.0, max(0.0, cited.score))))]))
    if cited.date:
        lines.append(join([texts.say("why_date", date=texts.date(cited.date))]))
    if limited := limited_words(exchange, texts):
        lines.append(_listed(texts.say("why_limits"), limited))
    summary = element("summary", {}, texts.say("why"))
    said = element("ul", {}, *(element("li", {}, line) for line in lines))
    return element("details", {"class": "why"}, summary, said)


def _listed(said: str, words: Iterable[str]) -> Html:
    return join([said, " ", join((text_in("und", "bdi", {}, word) for word in words), " · ")])
