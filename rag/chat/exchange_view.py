"""A question and its answer, what is only related, refusal, problem or text so far, as HTML.

Pure functions of documents and texts. Markup comes from :mod:`rag.rendering` only; ``data-action`` is handled in
the page (``assets/chat.js``), ``data-event`` goes to the server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from rag.chat.conversation import Exchange
from rag.chat.evidence_panel import byline
from rag.chat.exchange_tools import about, retries, show_evidence
from rag.chat.filter_chips import limits
from rag.chat.interface_texts import Texts, texts_in
from rag.chat.page import problem_view
from rag.chat.thumbs import Votes
from rag.chat.why import asked_words, lightable
from rag.chat.written_text import Said, draw
from rag.documents import GUIDE, Answer, AnswerSentence, Citation, ShortAnswer
from rag.rendering import EMPTY, Html, Value, button, element, join, marked_text, text_in

_MARKER = re.compile(r"\s*\[(\d{1,3})\]")
_MARKED = re.compile(r"((?:\s*\[\d{1,3}\])+)")


class _Quoted(NamedTuple):
    citation: Citation
    start: int
    end: int


def exchange_view(exchange: Exchange, texts: Texts, votes: Votes = "") -> Html:
    """A question and its answer, refusal, problem or the text so far. ``votes``: offer the thumbs."""
    asked = element("span", {"class": "heard-only"}, texts.say("you"))
    question = element("h2", {"class": "question", "tabindex": -1}, asked, asked_words(exchange))
    return element(
        "article",
        {"class": "exchange", "data-key": exchange.key},
        question,
        _whole_question(texts),
        limits(exchange, texts),
        element(
            "div",
            {"class": "reply", "aria-busy": "true" if exchange.running else "false"},
            _reply(exchange, texts, votes),
        ),
    )


def _whole_question(texts: Texts) -> Html:
    """The button that opens a question of many lines; the page shows it where there is more to be seen."""
    words, less = texts.say("whole_question"), texts.say("less_question")
    marks: dict[str, Value] = {"data_action": "whole-question", "data_more": words, "data_less": less}
    return button(words, "tool whole-question", aria_expanded="false", hidden=True, **marks)


def _reply(exchange: Exchange, texts: Texts, votes: Votes) -> Html:
    if exchange.problem is not None:
        return join([problem_view(exchange.problem), _retries(exchange, texts)])
    if exchange.answer is not None:
        if exchange.answer.status == "not_found":
            return join([_refusal(exchange, exchange.answer), _retries(exchange, texts)])
        drawn = _related if exchange.answer.status == "related" else _answer
        return drawn(exchange, exchange.answer, texts, votes)
    return _growing(exchange, texts)


def _growing(exchange: Exchange, texts: Texts) -> Html:
    """The text so far; where a model writes it, the articles' own words below."""
    if exchange.quoted:
        pieces = _MARKED.split(exchange.text)  # text, and the markers after it, by turns
        said = [
            Said(t, "", join(_with_markers(m, exchange, texts)))
            for t, m in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
        ]
        text = element("div", {"class": "sentences growing"}, *draw(said))
    else:
        text = text_in("und", "p", {"class": "sentences growing"}, *_with_markers(exchange.text, exchange, texts))
    working = element("p", {"class": "working"}, texts.say("writing") if exchange.quoted else texts.say("working"))
    shown = [text] if exchange.text or exchange.stopped else [working]
    if exchange.stopped:
        shown += [element("p", {"class": "note"}, texts.say("stopped")), _retries(exchange, texts)]
    if exchange.quoted:
        label = element("p", {"class": "short-label"}, texts.say("own_words"))
        shown.append(
            element(
                "div",
                {"class": "meanwhile"},
                label,
                *_near(exchange.quoted.quoted, exchange, texts, exchange.quoted.language),
            )
        )
    return join(shown)


def _retries(exchange: Exchange, texts: Texts) -> Html:
    return element("div", {"class": "tools"}, *retries(exchange, texts))


def _near(quotes: Iterable[Citation], exchange: Exchange, texts: Texts, language: str) -> list[Html]:
    """Quotes, each with its marker and where it is from; glosses in the answer's language."""
    return [
        element(
            "div",
            {"class": "near"},
            text_in(
                cited.language,
                "blockquote",
                {},
                lightable(
                    cited.number,
                    cited.start,
                    marked_text(cited.quote, cited.start, cited.highlights, cited.glosses, language),
                    _marker(cited.number, exchange, texts),
                ),
            ),
            byline(cited, texts),
        )
        for cited in quotes
    ]


def _refusal(exchange: Exchange, answer: Answer) -> Html:
    """A refusal speaks the question's language throughout, whatever the interface's."""
    texts = texts_in(answer.language)
    count = len(answer.passages)
    shown = show_evidence(exchange, texts.say("show_nearest", count=count)) if count else EMPTY
    marks = {"class": "refusal", "lang": texts.language, "dir": texts.direction}
    title = EMPTY if answer.answerer == GUIDE else element("p", {"class": "refusal-title"}, texts.say("not_found"))
    said = [text_in(answer.language, "p", {}, each) for each in answer.plain_answer.split("\n\n")]
    return element("div", marks, title, *said, *_notes(answer, texts), shown)


def _related(exchange: Exchange, answer: Answer, texts: Texts, votes: Votes) -> Html:
    """What is near and may not answer: as a refusal in the question's language, each quote with where it is from."""
    own = texts_in(answer.language)
    block = element(
        "div",
        {"class": "related", "lang": own.language, "dir": own.direction},
        element("p", {"class": "related-title"}, own.say("related")),
        text_in(answer.language, "p", {}, answer.lead),
        *_near(answer.quoted, exchange, own, own.language),
    )
    return join([block, *_notes(answer, texts), about(exchange, answer, texts, votes)])


def _answer(exchange: Exchange, answer: Answer, texts: Texts, votes: Votes) -> Html:
    short = [_short(answer.short_answer, exchange, answer, texts)] if answer.short_answer else []
    said = _sentences(exchange, answer, texts)
    besides = _besides(exchange, answer, texts)
    return join([*short, said, besides, *_notes(answer, texts), about(exchange, answer, texts, votes)])


def _besides(exchange: Exchange, answer: Answer, texts: Texts) -> Html:
    """Further quotes, folded."""
    also = [cited for cited in answer.citations if cited.also_said]
    if not also:
        return EMPTY
    summary = element("summary", {}, texts.say("also_said", count=len(also)))
    return element("details", {"class": "also-said"}, summary, *_near(also, exchange, texts, answer.language))


def _notes(answer: Answer, texts: Texts) -> list[Html]:
    """The warnings."""
    heading = element("strong", {}, texts.say("warning"), ": ")
    return [element("p", {"class": "note"}, heading, text_in("und", "bdi", {}, each)) for each in answer.warnings]


def _short(short: ShortAnswer, exchange: Exchange, answer: Answer, texts: Texts) -> Html:
    cited = next((c for c in answer.citations if c.number == short.citation), None)
    words = text_in(cited.language if cited else "und", "strong", {}, short.text)
    gloss = text_in(answer.language, "span", {"class": "short-gloss"}, short.gloss) if short.gloss else EMPTY
    sure = element("span", {"class": short.label}, texts.say(f"label_{short.label}")) if short.label else EMPTY
    label = element("div", {"class": "short-label"}, texts.say("short_answer"), " ", sure)
    note = text_in(answer.language, "p", {"class": "short-note"}, short.note) if short.note else EMPTY
    said = element("p", {}, words, _marker(short.citation, exchange, texts))
    return element("div", {"class": "short"}, label, said, gloss, note)


def _sentences(exchange: Exchange, answer: Answer, texts: Texts) -> Html:
    """Quoted sentences stand by quote, each in its own direction; a written answer as it was written."""
    quoted = [found for sentence in answer.sentences if (found := _find_quoted(sentence, answer))]
    if quoted and len(quoted) == len(answer.sentences):
        groups = [list(group) for _, group in groupby(quoted, key=lambda found: found.citation.number)]
        blocks = [_quoted(group, exchange, answer, texts) for group in groups]
        return element("div", {"class": "sentences quoted"}, *blocks)
    if not answer.sentences:
        return text_in(answer.language, "p", {"class": "sentences"}, *_with_markers(answer.answer, exchange, texts))
    said = [_written(sentence, exchange, texts) for sentence in answer.sentences]
    return text_in(answer.language, "div", {"class": "sentences"}, *draw(said))


def _quoted(group: list[_Quoted], exchange: Exchange, answer: Answer, texts: Texts) -> Html:
    """Sentences of one quote in the quote's language, with its marker at the end, and where they are from."""
    citation = group[0].citation
    marks = citation.highlights, citation.glosses, answer.language
    answers = answer.answering(citation.number), texts.say("answers")
    marker = _marker(citation.number, exchange, texts)
    shown = [
        lightable(
            citation.number,
            citation.start + start,
            marked_text(citation.quote[start:end], citation.start + start, *marks, *answers),
            marker if number == len(group) else EMPTY,
        )
        for number, (_, start, end) in enumerate(group, 1)
    ]
    said = text_in(citation.language, "p", {}, join(shown, " "))
    return join([said, byline(citation, texts)])


def _find_quoted(sentence: AnswerSentence, answer: Answer) -> _Quoted | None:
    """Where a quote of the answer holds the sentence word for word, white space aside."""
    words = r"\s+".join(map(re.escape, _said(sentence).split()))
    for citation in answer.citations:
        if words and citation.number in sentence.citations and (found := re.search(words, citation.quote)):
            return _Quoted(citation, found.start(), found.end())
    return None


def _said(sentence: AnswerSentence) -> str:
    return _MARKER.sub("", sentence.text).strip()


def _written(sentence: AnswerSentence, exchange: Exchange, texts: Texts) -> Said:
    flag = element("bdi", {"class": "flag"}, texts.say("unsupported")) if sentence.unsupported else EMPTY
    return Said(_said(sentence), sentence.lead, _markers(sentence, exchange, texts), flag)


def _markers(sentence: AnswerSentence, exchange: Exchange, texts: Texts) -> Html:
    return join(_marker(number, exchange, texts) for number in sentence.citations)


def _marker(number: int, exchange: Exchange, texts: Texts) -> Html:
    cited = next((c for c in exchange.citations if c.number == number), None)
    if cited is None:
        return EMPTY
    label = texts.say("marker", number=number, title=cited.title)
    marks: dict[str, Value] = {"data_action": "marker", "data_key": exchange.key, "data_number": number}
    shown = button(str(number), "marker", aria_label=label, title=label, **marks)
    return element("span", {"class": "cited"}, element("bdi", {}, shown))


def _with_markers(text: str, exchange: Exchange, texts: Texts) -> list[Html]:
    """Running text with its ``[1]`` turned into buttons where that citation is known."""
    parts: list[Html] = []
    for at, part in enumerate(_MARKER.split(text)):
        parts.append(_marker(int(part), exchange, texts) if at % 2 else join([part]))
    return parts
