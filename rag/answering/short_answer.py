"""The short answer: the words a reader marked, tied to the citation whose quote holds them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from rag.answering.expectation import asks_for_name
from rag.answering.sentence_choice import ScoredSentence
from rag.documents import Citation, ShortAnswer, Span
from rag.entities.numerals import find_numbers
from rag.entities.readable import readable
from rag.languages.registry import LANGUAGES, words_of_all
from rag.resources import calibration
from rag.retrieval.candidates import FoundWords, Query

LEAST = 0.2  # certainty below which words are not shown: four of five would be wrong
SURE = 0.5  # certainty from which the reader objects to what a language model says: likelier right than wrong
_CERTAINTY = calibration("short_answers.json")
_ANDS = "|".join(sorted(words_of_all(lambda language: language.names.conjunctions)))
_ARTICLES = "|".join(sorted(words_of_all(lambda language: language.names.articles)))
_WRITTEN_ON = "|".join(sorted({language.and_letter for language in LANGUAGES} - {""}))
_LISTED = re.compile(  # what stands between the members of a list, with the next one's article
    rf"\s*(?:[,،;؛]\s*|\b(?:{_ANDS})\s+|(?<=\s)(?:{_WRITTEN_ON})\s*)+(?:(?:{_ARTICLES})(?:\s+|['’]))?", re.IGNORECASE
)


def surest(chosen: Sequence[ScoredSentence]) -> ScoredSentence | None:
    """Of the sentences quoted the one whose marked words are the likeliest; None where a reader read none of them.

    Words that hold the kind of thing asked for come before others, unless they are most likely wrong.
    """

    def likelihood(each: ScoredSentence) -> tuple[bool, float]:
        margin = each.found.margin if each.found else -math.inf
        return _holds_expected(each) and certainty(margin) >= LEAST, margin

    return max((each for each in chosen if each.found), key=likelihood, default=None)


def short_answer(sentence: ScoredSentence | None, citations: Sequence[Citation], query: Query) -> ShortAnswer | None:
    """What was marked in the sentence, for who asked; None where that is nothing, or most likely wrong.

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
    gloss = readable(text, held.language, query.language, asks_for_name(query.text, query.language))
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
