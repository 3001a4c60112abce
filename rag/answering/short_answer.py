"""The short answer: the words a reader marked, tied to the citation whose quote holds them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from rag.answering.sentence_choice import ScoredSentence
from rag.documents import Citation, ShortAnswer, Span
from rag.entities.glossary import find_renderings
from rag.entities.numerals import find_numbers
from rag.resources import calibration
from rag.retrieval.candidates import FoundWords
from rag.text.folding import script_of

LEAST = 0.2  # certainty below which words are not shown: four of five would be wrong
SURE = 0.5  # certainty from which the reader objects to what a language model says: likelier right than wrong
_CERTAINTY = calibration("short_answers.json")
# What may stand between names and numbers that are glossed: digits, signs, and the words for "and".
_BETWEEN = re.compile(r"(?:[\W\d_]|\b(?:and|et|y|und|e|the|l[ae]?|les)\b|\bو)*", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|la|le|les)\s+|\bl['’]", re.IGNORECASE)
_LISTED = re.compile(  # what stands between the members of a list, with the next one's article
    r"\s*(?:[,،;؛]\s*|\b(?:and|et|or|ou|y|und)\s+|(?<=\s)و\s*)+(?:the\s+|la\s+|le\s+|les\s+|l['’])?", re.IGNORECASE
)
_COMMA = re.compile(r"\s*[,،](?!\d)\s*")
_AND = re.compile(r"\s*(?:\b(?:and|et|y|und|e)\b|\bو\s*)\s*$")


def surest(chosen: Sequence[ScoredSentence]) -> ScoredSentence | None:
    """Of the sentences quoted the one whose marked words are the likeliest; None where a reader read none of them.

    Words that hold the kind of thing asked for come before others, unless they are most likely wrong.
    """

    def likelihood(each: ScoredSentence) -> tuple[bool, float]:
        margin = each.found.margin if each.found else -math.inf
        return _holds_expected(each) and certainty(margin) >= LEAST, margin

    return max((each for each in chosen if each.found), key=likelihood, default=None)


def short_answer(sentence: ScoredSentence | None, citations: Sequence[Citation], language: str) -> ShortAnswer | None:
    """What was marked in the sentence, glossed in ``language``; None where that is nothing, or most likely wrong.

    A citation must hold the whole of it, or there is no short answer either.
    """
    found = sentence.found if sentence else None
    if sentence is None or found is None or certainty(found.margin) < LEAST:
        return None
    held = next((each for each in citations if _holds(each, sentence, found)), None)
    if held is None:
        return None
    span = whole_list(found.span, sentence.expected, sentence.article.text)
    text = span.of(sentence.article.text)
    gloss = gloss_of(text, held.language, language)
    return ShortAnswer(text, held.number, span.start, span.end, gloss, certainty(found.margin))


def whole_list(span: Span, expected: Sequence[Span], text: str) -> Span:
    """``span`` grown over the list it is part of: the neighbours of the kind asked for, one joint away from it.

    A reader marks one stretch of words and often stops at a comma. expected: names of the kind, in the sentence.
    """
    for each in sorted(expected, key=lambda one: one.start):
        if each.start <= span.end < each.end or _LISTED.fullmatch(text, span.end, each.start):
            span = Span(span.start, each.end)
    for each in sorted(expected, key=lambda one: -one.start):
        if each.start < span.start and (span.start <= each.end or _LISTED.fullmatch(text, each.end, span.start)):
            span = Span(each.start, span.end)
    return span


def objection(sentence: ScoredSentence | None, draft_text: str, citations: Sequence[Citation], language: str) -> str:
    """What to warn of where a model's text and the reader disagree; "" where they do not or the reader is unsure.

    They disagree when no quote of the text holds the reader's words, or when those are numbers the text does not give.
    """
    found = sentence.found if sentence else None
    if sentence is None or found is None or certainty(found.margin) < SURE:
        return ""
    words, language_of_words = found.span.of(sentence.article.text), sentence.candidate.passage.language
    numbers = _numbers(words, language_of_words)
    if any(_holds(each, sentence, found) for each in citations) and numbers <= _numbers(draft_text, language):
        return ""
    return f"The articles' own words may say otherwise: “{words}” ({sentence.article.heading})."


def certainty(margin: float) -> float:
    """How often words of such a margin (logits) were the right ones, 0 to 1: logistic, learnt on held-out questions."""
    slope, offset = _certainty()
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, slope * margin + offset)))), 4)


def gloss_of(text: str, text_language: str, language: str) -> str:
    """The text in ``language`` where it is nothing but countries, languages, dates and numbers; else ""."""
    glosses = find_renderings(text, text_language, language)
    if all(each.gloss.casefold() == each.text.casefold() for each in glosses):
        return ""
    bounds = [0, *(place for gloss in glosses for place in (gloss.start, gloss.end)), len(text)]
    between = [text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    if not all(_BETWEEN.fullmatch(part) for part in between):
        return ""
    comma = "، " if script_of(glosses[0].gloss) == "arab" else ", "
    parts = [_COMMA.sub(comma, _AND.sub(", ", _ARTICLE.sub("", part))) for part in between]
    return "".join(part for pair in zip(parts, [*(g.gloss for g in glosses), ""], strict=True) for part in pair).strip()


def _holds_expected(sentence: ScoredSentence) -> bool:
    span = sentence.found.span if sentence.found else Span(0, 0)
    return any(each.start < span.end and span.start < each.end for each in sentence.expected)


def _holds(citation: Citation, sentence: ScoredSentence, found: FoundWords) -> bool:
    same = citation.article_id == sentence.article.id
    return same and citation.start <= found.span.start and found.span.end <= citation.end


def _numbers(text: str, language: str) -> set[Decimal]:
    return {number.value for number in find_numbers(text, language) if not number.vague}


@lru_cache(maxsize=1)
def _certainty() -> tuple[float, float]:
    learnt = json.loads(_CERTAINTY.read_text("utf-8"))
    return learnt["slope"], learnt["offset"]
