"""What a reader finds in the sentences that may be quoted: what it found when the passages were ranked, or now."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.sentence_choice import ScoredSentence
from rag.retrieval.reading import AnswerReader, Found, Place, Stretch, read_stretches

WINDOWS = 3


def read(reader: AnswerReader, question: str, ranked: Sequence[ScoredSentence]) -> dict[Place, Found]:
    """What is found in the best of the ``ranked`` sentences and their neighbours, by sentence."""
    found = {place: mark for each in ranked for place, mark in each.candidate.found.items()}
    if found:
        return found
    read_now = read_stretches(reader, question, _stretches(ranked))
    return {place: mark for marks in read_now for place, mark in marks.items()}


def _stretches(ranked: Sequence[ScoredSentence]) -> list[Stretch]:
    """Around each sentence, best first, that no earlier stretch holds."""
    stretches: list[Stretch] = []
    held: set[Place] = set()
    for sentence in ranked:
        if len(stretches) == WINDOWS:
            break
        if sentence.place not in held:
            number = sentence.candidate.passage.sentences.index(sentence.span)
            stretches.append(Stretch.around(sentence.candidate, number))
            held.update(stretches[-1].places)
    return stretches
