"""What tells sentences that answer from sentences that are only near, beside how close they come to the question.

A story's own subject comes close where it answers nothing, so closeness alone does not tell. What does, by what was
measured (``bench/outcomes.py``): how far the best sentence leads; whether the best passage meets the question by itself
or only several together; names and numbers of the question that it does not hold; and how much a reader's margin is
worth, which is less where any number would do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from rag.answering.expectation import expectation_of, find_expected
from rag.answering.sentence_choice import ScoredSentence
from rag.answering.verification import EvidenceText, verify
from rag.documents import Float32
from rag.entities.numerals import find_numbers
from rag.retrieval.reading import MOST_MARGIN
from rag.retrieval.retrieval import Candidate, Query
from rag.text.folding import normalise
from rag.text.function_words import FUNCTION_WORDS
from rag.text.stop_words import is_stop_word

TOGETHER = 3  # passages taken together
MOST_LEAD = 0.3  # of a sentence's score; also where there is no other sentence
MOST_UNHEARD = 2
NAMING = ("ar", "en", "es", "fr")  # languages whose names are told by capitals, or are known: no German, no Russian
_WORD = re.compile(r"[^\W_]+")


def signals(
    query: Query, candidates: Sequence[Candidate], ranked: Sequence[ScoredSentence], chance: Mapping[str, Float32]
) -> dict[str, float]:
    """Of the best passages and sentences, best first and not empty, against the same question.

    chance: by language (m,) what chance gives each token of the question (:class:`rag.retrieval.chance.Chance`).

    together: relevance of the best passages as if they were one. words: logarithm of the telling words asked after.
    lead: score of the best sentence over the next. unheard: names and numbers of the question that its passage does not
    hold. fits: its marked words are of the kind asked for. best_margin, rival_margin: of its marked words and of the
    best marked elsewhere, in logits. sentence_length, marked_length: logarithms of its tokens and of the words marked.
    """
    best = ranked[0]
    margins = sorted((margin_of(each) for each in ranked[1:]), reverse=True)
    return {
        "together": together(query, candidates, chance),
        "words": math.log1p(len(telling_words(query))),
        "lead": min(best.score - ranked[1].score, MOST_LEAD) if len(ranked) > 1 else MOST_LEAD,
        "unheard": float(unheard(query, best.candidate)),
        "fits": float(fits(query, best)),
        "best_margin": margin_of(best),
        "rival_margin": margins[0] if margins else -MOST_MARGIN,
        "sentence_length": math.log1p(len(best.similarity)),
        "marked_length": math.log1p(len(_marked(best).split())),
    }


def telling_words(query: Query) -> list[str]:
    """The words of the question that say something: neither stop words nor those that hold sentences together."""
    held = {normalise(word) for word in FUNCTION_WORDS.get(query.language, "").split()}
    words = _WORD.findall(query.text)
    return [each for each in words if not is_stop_word(normalise(each), query.language) and normalise(each) not in held]


def together(query: Query, candidates: Sequence[Candidate], chance: Mapping[str, Float32]) -> float:
    """Relevance of the best passages taken for one: each token of the question where it is met best.

    Where it is much above the best passage's own, the question's words stand in different passages.
    """
    above = [relevance_by_token(each, chance[each.passage.language]) for each in candidates[:TOGETHER]]
    return float(query.tokens.weights @ np.max(above, axis=0))


def relevance_by_token(candidate: Candidate, chance: Float32) -> Float32:
    """(m,) how far above chance a passage meets each token of the question (:mod:`rag.retrieval.chance`)."""
    similarity = candidate.interaction.similarity
    if not len(similarity):
        return -np.ones_like(chance)
    above: Float32 = (similarity.max(axis=0) - chance) / (1 - chance)
    return above


def unheard(query: Query, candidate: Candidate) -> int:
    """How many numbers and names of the question a passage, its title and its date do not hold, at most MOST_UNHEARD.

    Across scripts, by value, by CLDR and by sound (:mod:`rag.answering.verification`).
    """
    if query.language not in NAMING:
        return 0
    passage, article = candidate.passage, candidate.article
    evidence = EvidenceText(f"{article.title} {passage.text} {article.date}", passage.language)
    return min(len(verify(query.text, query.language, [evidence]).faults), MOST_UNHEARD)


def fits(query: Query, sentence: ScoredSentence) -> bool:
    """Whether the marked words hold what is asked for, where that is a number, a time, a country or a language.

    Such words are found nearly everywhere and marked with ease, so that it tells against the margin, not for it.
    """
    expectation = expectation_of(query.text, query.language)
    if expectation is None or sentence.found is None:
        return False
    words, language = _marked(sentence), sentence.candidate.passage.language
    if find_expected(expectation.kind, words, language):
        return True
    return expectation.kind in ("number", "time") and bool(find_numbers(words, language))


def margin_of(sentence: ScoredSentence) -> float:
    """Of the words marked in a sentence, in logits within MOST_MARGIN; the least where a reader read none."""
    return max(-MOST_MARGIN, min(MOST_MARGIN, sentence.found.margin)) if sentence.found else -MOST_MARGIN


def _marked(sentence: ScoredSentence) -> str:
    return sentence.found.span.of(sentence.article.text) if sentence.found else ""
