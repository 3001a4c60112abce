"""The short answer: the words a reader marked, tied to the citation whose quote holds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answering.evidence import EvidenceText, read_evidence
from rag.answering.expectation import asks_for_name
from rag.answering.figures import readings_of
from rag.answering.judge import Judgement
from rag.answering.outcome_texts import lone_text
from rag.answering.proper_names import is_heard
from rag.answering.sentence_choice import ScoredSentence
from rag.answering.sources import standing
from rag.answering.verification import verify
from rag.documents import Citation, ShortAnswer, Span
from rag.entities.lexicon import WORD
from rag.entities.numerals import find_numbers
from rag.entities.readable import readable
from rag.entities.relative_times import dated
from rag.languages.registry import LANGUAGES, words_of_all
from rag.retrieval.candidates import FoundWords
from rag.text.folding import normalise
from rag.text.stop_words import is_stop_word

# Certainty from which the reader objects to what a language model says: likelier right than wrong; and to its words, so
# that .03 of right answers are objected to (parallel questions of xquad).
OBJECTS, OBJECTS_TO_WORDS = 0.5, 0.65
_LED = "– "  # before words that should be a name, so that the capital of the first counts too
_ANDS = "|".join(sorted(words_of_all(lambda language: language.names.conjunctions)))
_ARTICLES = "|".join(sorted(words_of_all(lambda language: language.names.articles)))
_WRITTEN_ON = "|".join(sorted({language.and_letter for language in LANGUAGES} - {""}))
_LISTED = re.compile(  # what stands between the members of a list, with the next one's article
    rf"\s*(?:[,،;؛]\s*|\b(?:{_ANDS})\s+|(?<=\s)(?:{_WRITTEN_ON})\s*)+(?:(?:{_ARTICLES})(?:\s+|['’]))?", re.IGNORECASE
)


def short_answer(judgement: Judgement, citations: Sequence[Citation]) -> ShortAnswer | None:
    """What was marked, for who asked; None where that is nothing, or not likely enough to be right.

    A citation must hold the whole of it, or there is no short answer either.
    """
    sentence, outcome = judgement.marked, judgement.outcome
    if sentence is None or sentence.found is None:
        return None
    found = sentence.found
    held = next((each for each in citations if _holds(each, sentence, found)), None)
    if held is None:
        return None
    span = whole_list(found.span, sentence.expected, sentence.article.text)
    text = span.of(sentence.article.text)
    query = judgement.query
    gloss = readable(text, held.language, query.reply_in, asks_for_name(query.text, query.language))
    told = [each.gloss for each in dated(text, held.language, query.reply_in, sentence.article.date)]
    gloss = f"{gloss} ({told[0]})".lstrip() if told else gloss
    stands = standing(query, found.span.of(sentence.article.text), sentence.candidate, judgement.context)
    short = ShortAnswer(
        text, held.number, span.start, span.end, gloss, outcome.certainty, outcome.label, stands.sources
    )
    return _lone(short, query.reply_in) if stands.alone else short


def _lone(short: ShortAnswer, language: str) -> ShortAnswer:
    """What only one of several sources says: never sure, and told so."""
    return replace(short, label="likely" if short.label else "", note=lone_text(language))


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


def objection(judgement: Judgement, draft_text: str, citations: Sequence[Citation]) -> str:
    """What to warn of where a model's text and the reader disagree; "" where they do not or the reader is unsure.

    They disagree when no quote of the text holds the reader's words, or when those are numbers the text does not give;
    or, for a reader that is surer, when they are a name of which the text has no word.
    """
    sentence, language = judgement.marked, judgement.query.reply_in
    if sentence is None or sentence.found is None or judgement.outcome.certainty < OBJECTS:
        return ""
    found = sentence.found
    words, language_of_words = found.span.of(sentence.article.text), sentence.candidate.passage.language
    numbers = {number.value for number in find_numbers(words, language_of_words) if not number.vague}
    said = {each for number in find_numbers(draft_text, language) for each in readings_of(number, draft_text, language)}
    if any(_holds(each, sentence, found) for each in citations) and numbers <= said:
        text = EvidenceText(draft_text, language)
        sure = judgement.outcome.certainty >= OBJECTS_TO_WORDS
        led = _LED if asks_for_name(judgement.query.text, judgement.query.language) else ""
        if numbers or not sure or _says(text, EvidenceText(words, language_of_words), led):
            return ""
    return f"The articles' own words may say otherwise: “{words}” ({sentence.article.heading})."


def _says(text: EvidenceText, words: EvidenceText, led: str) -> bool:
    """Whether a text has any of the words, or they are no name that it lacks: others may be said otherwise."""
    known = read_evidence((text,))
    telling = [each.group() for each in WORD.finditer(words.text)]
    telling = [each for each in telling if not is_stop_word(normalise(each), words.language)]
    if any(is_heard(each, known) for each in telling):
        return True
    named = words.language == text.language and any(each[0].isupper() for each in telling)
    return not named and verify(f"{led}{words.text}", words.language, [text]).supported


def _holds(citation: Citation, sentence: ScoredSentence, found: FoundWords) -> bool:
    same = citation.article_id == sentence.article.id
    return same and citation.start <= found.span.start and found.span.end <= citation.end
