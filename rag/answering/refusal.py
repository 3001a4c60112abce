"""Answer or refuse: how likely it is that the best passage answers, learnt on answerable and unanswerable questions.

A logistic rule over figures that mean the same in every pool. NoMIRACL (Thakur et al. 2024) defines what is reported:
the hallucination rate (answered although nothing answers) against the error rate (refused although something does).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answering.expectation import expectation_of
from rag.answering.sentence_choice import ScoredSentence
from rag.answering.window_reader import MOST_MARGIN
from rag.entities.mentions import find_names
from rag.entities.numerals import find_numbers
from rag.resources import calibration
from rag.retrieval.candidates import Candidate, Query

_WEIGHTS = calibration("refusal.json")
LOOKED_AT = 3  # passages in which the question's names are looked for: a guess
BARE = 2  # a guess: words up to which a text without a question's words or mark may be thanks as well as a subject
SUBJECT = 0.42  # relevance from which such words are what a passage is about; thanks and greetings reach .36
_MARK = re.compile(r"[?؟？;]")  # the last is Greek
_WORD = re.compile(r"\w+")


def is_bare(query: Query) -> bool:
    """Whether it asks nothing: only a word or two, such as "thanks" or "coffee"."""
    words = len(_WORD.findall(query.text))
    return len(query.terms) <= BARE and words <= len(query.terms) and not _MARK.search(query.text)


def features(query: Query, candidates: Sequence[Candidate], ranked: Sequence[ScoredSentence]) -> dict[str, float]:
    """What the judgement looks at; ``candidates`` and ``ranked`` are best first and not empty.

    relevance, other_language: of the best passage. absent: the question names a country or a year that no passage
    found mentions. found: the best sentence holds what the question asks for (a time, a country, several of them), the
    more telling the fewer other sentences do; numbers are too common to tell. reading: how likely a reader takes what
    it marked in the best sentence to answer.
    """
    best = candidates[0]
    expectation = expectation_of(query.text, query.language)
    found = 0.0
    if expectation and expectation.kind != "number":
        held = [expectation.met(len(sentence.expected)) for sentence in ranked]
        found = held[0] * (1 - sum(held[1:]) / max(len(held) - 1, 1))
    return {
        "relevance": best.signals.relevance,
        "other_language": float(not best.signals.same_language),
        "absent": float(not _subjects(query.text, query.language) <= _mentioned(candidates)),
        "found": found,
        "reading": _reading(ranked),
    }


def _reading(ranked: Sequence[ScoredSentence]) -> float:
    margin = max((sentence.found.margin for sentence in ranked if sentence.found), default=0.0)
    return max(-MOST_MARGIN, min(MOST_MARGIN, margin))


def _mentioned(candidates: Sequence[Candidate]) -> set[str]:
    texts = (
        (f"{c.article.title} {c.passage.text} {c.article.date}", c.passage.language) for c in candidates[:LOOKED_AT]
    )
    return set().union(*(_subjects(text, language) for text, language in texts))


def _subjects(text: str, language: str) -> set[str]:
    """Countries (their peoples too) by code, and years: what CLDR renders alike in every language."""
    countries = {m.name.code for m in find_names(text, language) if m.name.kind in ("territory", "people")}
    years = {str(n.value) for n in find_numbers(text, language) if n.in_digits and 1000 <= n.value <= 2100}
    return countries | years


@dataclass(frozen=True, slots=True)
class RefusalRule:
    """The learnt rule: ``confidence`` is a probability, ``threshold`` where refusing starts."""

    weights: dict[str, float]
    offset: float
    threshold: float

    @classmethod
    def load(cls, path: Path = _WEIGHTS, *, with_reader: bool = False) -> RefusalRule:
        """What ``bench/calibrate.py`` learnt, with a reader's judgement or without; the file says on which sets."""
        learnt = json.loads(path.read_text("utf-8"))
        learnt = learnt["with_reader"] if with_reader else learnt
        return cls(learnt["weights"], learnt["offset"], learnt["threshold"])

    def confidence(self, figures: dict[str, float]) -> float:
        """Probability that the question is answered by what was found."""
        total = self.offset + sum(weight * figures[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def judge(self, query: Query, figures: dict[str, float]) -> float:
        """The confidence for a question that stands alone: none for one without a term, or bare words of no passage."""
        is_about_nothing = not query.terms or (is_bare(query) and figures["relevance"] < SUBJECT)
        return 0.0 if is_about_nothing else self.confidence(figures)

    def refuses(self, confidence: float) -> bool:
        """True where the confidence is too low to answer."""
        return confidence < self.threshold
