"""What tells sentences that answer from sentences that are only near, beside how close they come to the question.

A story's own subject comes close where it answers nothing, so closeness alone does not tell. What does, by what was
measured (:mod:`rag.learning`): how far the best sentence leads; whether the best passage meets the question by itself
or only several together; names and numbers of the question that it does not hold; and how much a reader's margin is
worth, which is less where any number would do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from rag.answering.contraries import tells_contrary
from rag.answering.evidence import EvidenceText
from rag.answering.expectation import asks_for_city, expectation_of, find_expected, names_only_a_country
from rag.answering.measures import measures_other
from rag.answering.reranking import MOST_LOGIT
from rag.answering.sentence_choice import ScoredSentence
from rag.answering.subjects import is_absent, is_elsewhere
from rag.answering.verification import verify
from rag.answering.window_reader import MOST_MARGIN
from rag.entities.numerals import find_numbers
from rag.languages.registry import of
from rag.retrieval.candidates import Candidate, Query
from rag.text.folding import normalise
from rag.text.stop_words import is_stop_word

TOGETHER = 3  # passages taken together
NAMED = 3  # passages in which the question's countries and years are looked for
MOST_LEAD = 0.3  # of a sentence's score; also where there is no other sentence
MOST_UNHEARD = 2
NAMING = ("ar", "en", "es", "fr")  # languages whose names are told by capitals, or are known: no German, no Russian
RIVAL_WITHIN, CLEARLY = 0.08, 1.0  # score, and logits of margin, by which the second sentence's words are preferred
_WORD = re.compile(r"[^\W_]+")


def signals(query: Query, candidates: Sequence[Candidate], ranked: Sequence[ScoredSentence]) -> dict[str, float]:
    """Of the best passages and sentences, best first and not empty, against the same question.

    relevance, other_language: of the best passage. absent: the question names a country, a place or a year that no
    passage found mentions. reading: how likely a reader takes what it marked in any sentence to answer. together:
    relevance of the best passages as if they were one. words: logarithm of the telling words asked after. worst: how
    far above chance the worst met of them is met, in the passage with the marked words. lead: score of the best
    sentence over the next. unheard: names and numbers of the question that its passage does not hold. fits: the marked
    words are of the kind asked for; misfits: they are of something else, another place say. agreement: how far other
    likely words of their window are the same. several: the best sentence holds them, where several things are asked
    for. best_margin, rival_margin: of the marked words and of the best marked elsewhere, in logits. sentence_length,
    marked_length: logarithms of the tokens of the sentence they stand in and of their words. reranked: of the best
    passage, in logits; 0 without a reranker.
    """
    best, marked = ranked[0], marked_sentence(ranked)
    margins = sorted((margin_of(each) for each in ranked if each is not marked), reverse=True)
    return {
        **closeness(query, candidates[0], candidates[:NAMED], _reading(ranked)),
        "together": together(query, candidates),
        "words": math.log1p(len(telling_words(query))),
        "worst": worst_word(query, marked.candidate),
        "lead": min(best.score - ranked[1].score, MOST_LEAD) if len(ranked) > 1 else MOST_LEAD,
        "unheard": float(unheard(query, best.candidate)),
        "fits": float(fits(query, best)),
        "misfits": float(misfits(query, marked)),
        "several": several(query, ranked),
        "best_margin": margin_of(marked),
        "rival_margin": margins[0] if margins else -MOST_MARGIN,
        "sentence_length": math.log1p(len(marked.similarity)),
        "agreement": marked.found.agreement if marked.found else 0.0,
        "marked_length": math.log1p(len(_words_of(marked).split())),
    }


def closeness(query: Query, best: Candidate, named_in: Sequence[Candidate], reading: float) -> dict[str, float]:
    """How near a passage is: the figures that tell whether it is worth showing at all."""
    return {
        "relevance": best.signals.relevance,
        "other_language": float(not best.signals.same_language),
        "absent": float(is_absent(query.text, query.language, map(told, named_in))),
        "reading": reading,
        "reranked": max(-MOST_LOGIT, min(MOST_LOGIT, best.signals.reranked or 0.0)),
    }


def marked_sentence(ranked: Sequence[ScoredSentence]) -> ScoredSentence:
    """Whose marked words are the short answer: the best sentence's, unless those of the next are clearly likelier.

    Of seven sets the first's alone had a mean F1 of .489, the likeliest of three quoted ones .498, these .508.
    """
    return ranked[marked_place([each.score for each in ranked], [margin_of(each) for each in ranked])]


def marked_place(scores: Sequence[float], margins: Sequence[float]) -> int:
    """Which of the sentences that is, by their scores and margins, best first."""
    is_likelier = len(scores) > 1 and scores[1] >= scores[0] - RIVAL_WITHIN and margins[1] > margins[0] + CLEARLY
    return int(is_likelier)


def telling_words(query: Query) -> list[str]:
    """The words of the question that say something: neither stop words nor those that hold sentences together."""
    return [each.group() for each in _telling(query)]


def worst_word(query: Query, candidate: Candidate) -> float:
    """Of the telling words, the least met: the mean of its tokens in :attr:`Candidate.above`; 0 without such words.

    One word that nothing meets is lost in a mean of many, and it may be the one that matters.
    """
    starts, ends = query.spans.T
    met = [candidate.above[(starts < word.end()) & (ends > word.start())] for word in _telling(query)]
    return min((float(each.mean()) for each in met if len(each)), default=0.0)


def together(query: Query, candidates: Sequence[Candidate]) -> float:
    """Relevance of the best passages taken for one: each token of the question where it is met best.

    Where it is much above the best passage's own, the question's words stand in different passages.
    """
    return float(query.tokens.mean(np.max([each.above for each in candidates[:TOGETHER]], axis=0)))


def unheard(query: Query, candidate: Candidate) -> int:
    """How many numbers and names of the question a passage, its title and its date do not hold, at most MOST_UNHEARD.

    Across scripts, by value, by CLDR and by sound (:mod:`rag.answering.verification`).
    """
    if query.language not in NAMING:
        return 0
    return min(len(verify(query.text, query.language, [told(candidate)]).faults), MOST_UNHEARD)


def fits(query: Query, sentence: ScoredSentence) -> bool:
    """Whether the marked words hold what is asked for, where that is a number, a time, a country or a language.

    Such words are found nearly everywhere and marked with ease, so that it tells against the margin, not for it.
    """
    expectation = expectation_of(query.text, query.language)
    if expectation is None or sentence.found is None:
        return False
    words, language = _words_of(sentence), sentence.candidate.passage.language
    if find_expected(expectation.kind, words, language):
        return True
    return expectation.kind in ("number", "time") and bool(find_numbers(words, language))


def misfits(query: Query, sentence: ScoredSentence) -> bool:
    """Whether the marked words are of something else than is asked about: a country where a city is, another measure,
    the contrary event, another place."""
    words = _words_of(sentence)
    if not words:
        return False
    passage, said = sentence.candidate.passage, sentence.span.of(sentence.article.text)
    asked, where = (query.text, query.language), (words, said, passage.text, passage.language)
    return (
        (asks_for_city(*asked) and names_only_a_country(words, passage.language))
        or measures_other(*asked, *where)
        or tells_contrary(*asked, said, passage.language)
        or is_elsewhere(*asked, *where)
    )


def several(query: Query, ranked: Sequence[ScoredSentence]) -> float:
    """Whether several things of a kind are asked for and the best sentence holds them, less the share of rivals so.

    Of the sentences of news 1.4 % name three countries, so that such a one is seldom the best by chance.
    """
    expectation = expectation_of(query.text, query.language)
    if expectation is None or expectation.wanted == 1:
        return 0.0
    held = [len(each.expected) >= expectation.wanted for each in ranked]
    return held[0] * (1 - sum(held[1:]) / max(len(held) - 1, 1))


def margin_of(sentence: ScoredSentence) -> float:
    """Of the words marked in a sentence, in logits within MOST_MARGIN; the least where a reader read none."""
    return max(-MOST_MARGIN, min(MOST_MARGIN, sentence.found.margin)) if sentence.found else -MOST_MARGIN


def _reading(ranked: Sequence[ScoredSentence]) -> float:
    return max((margin_of(each) for each in ranked if each.found), default=0.0)


def _words_of(sentence: ScoredSentence) -> str:
    return sentence.found.span.of(sentence.article.text) if sentence.found else ""


def told(candidate: Candidate) -> EvidenceText:
    """What a passage says, with its article's title and date."""
    text = f"{candidate.article.title} {candidate.passage.text} {candidate.article.date}"
    return EvidenceText(text, candidate.passage.language)


def _telling(query: Query) -> list[re.Match[str]]:
    held = {normalise(word) for word in of(query.language).function_words.split()}
    folded = ((each, normalise(each.group())) for each in _WORD.finditer(query.text))
    return [each for each, word in folded if not is_stop_word(word, query.language) and word not in held]
