"""What became of each question: right, or which step lost it; and the questions that went wrong worst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum

from rag.documents import Status
from rag.evaluation.measurement import Outcome

FOUND_WITHIN = 10  # ranks: an article further down counts as not found


class Fate(Enum):
    """Where a question ended: a name, and what it means. Every question has exactly one."""

    QUOTED = "quoted", "A quote holds the answer"
    ANSWERED = "answered", "Answered; the set does not say where the answer stands"
    REFUSED_RIGHTLY = "refused-rightly", "Refused, and no article answers"
    RELATED_RIGHTLY = "related-rightly", "Quoted as related only, and no article answers"
    OTHER_SENTENCE = "other-sentence", "The right article quoted, but not the sentence that answers"
    OTHER_ARTICLE = "other-article", f"Another article quoted, though the right one was among the first {FOUND_WITHIN}"
    NOT_FOUND = "not-found", f"Another article quoted; the right one was not among the first {FOUND_WITHIN}"
    RELATED_WRONGLY = "related-wrongly", "Quoted as related only, though an article answers"
    REFUSED_WRONGLY = "refused-wrongly", "Refused, though an article answers"
    HALLUCINATED = "hallucinated", "Answered, though no article answers"

    def __init__(self, slug: str, meaning: str) -> None:
        self.slug = slug
        self.meaning = meaning

    @property
    def right(self) -> bool:
        """Nothing went wrong, as far as the set can tell."""
        return self in (Fate.QUOTED, Fate.ANSWERED, Fate.REFUSED_RIGHTLY, Fate.RELATED_RIGHTLY)


_UNANSWERABLE: Mapping[Status, Fate] = {
    "answered": Fate.HALLUCINATED,
    "related": Fate.RELATED_RIGHTLY,
    "not_found": Fate.REFUSED_RIGHTLY,
}


def fate_of(outcome: Outcome) -> Fate:
    """The first step that lost the question, or that none did."""
    if not outcome.gold.answerable:
        return _UNANSWERABLE[outcome.answer.status]
    if not outcome.answered:
        return Fate.REFUSED_WRONGLY if outcome.refused else Fate.RELATED_WRONGLY
    if not outcome.gold.answers:
        return Fate.ANSWERED
    if outcome.hit:
        return Fate.QUOTED
    if any(quote.article_id in outcome.gold.relevant for quote in outcome.answer.citations):
        return Fate.OTHER_SENTENCE
    rank = rank_of_relevant(outcome)
    return Fate.OTHER_ARTICLE if rank and rank <= FOUND_WITHIN else Fate.NOT_FOUND


def rank_of_relevant(outcome: Outcome) -> int | None:
    """The rank, from 1, of the first article that holds an answer; None where none was ranked."""
    ranked = enumerate(outcome.ranking, start=1)
    return next((rank for rank, article_id in ranked if article_id in outcome.gold.relevant), None)


def count_fates(outcomes: Sequence[Outcome]) -> Mapping[Fate, int]:
    """How many questions ended each way, in the order of :class:`Fate`; ways that none took are left out."""
    counts = Counter(map(fate_of, outcomes))
    return {fate: counts[fate] for fate in Fate if counts[fate]}


def worst(outcomes: Sequence[Outcome], most: int) -> Mapping[Fate, Sequence[Outcome]]:
    """For each way to go wrong, up to ``most`` questions, those furthest on the wrong side first.

    That is the most confident of the wrong answers, and the least confident of those wrongly not answered.
    """
    lost: dict[Fate, list[Outcome]] = {fate: [] for fate in Fate if not fate.right}
    for outcome in outcomes:
        if (fate := fate_of(outcome)) in lost:
            lost[fate].append(outcome)
    for fate, found in lost.items():
        found.sort(
            key=lambda outcome: outcome.answer.confidence,
            reverse=fate not in (Fate.REFUSED_WRONGLY, Fate.RELATED_WRONGLY),
        )
    return {fate: found[:most] for fate, found in lost.items() if found}
