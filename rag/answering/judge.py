"""Whether the articles answer a question: what was found is read where the answer may stand, ranked by it, and judged.

Everything that a reader reads it reads here. Whoever writes the answer gets the judgement and reads no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.refusal import RefusalRule, features
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.answering.window_reader import WindowReader
from rag.errors import SettingsError
from rag.reader.windows import AnswerReader
from rag.retrieval.candidates import Candidate, Query, Retrieved


@dataclass(frozen=True, slots=True)
class Case:
    """A question to be judged, and the passages found for it, best first.

    scored: the same passages as they count in the choice of sentences. relevance: of the best passage, where the
    question leans on a conversation; None for one that stands alone.
    """

    query: Query
    candidates: Sequence[Candidate]
    scored: Sequence[Candidate]
    relevance: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question with what was found for it, how likely that answers it, and whether to refuse.

    Both passages and sentences are best first; what a reader found in a sentence is in its ``found``.
    """

    query: Query
    candidates: Sequence[Candidate]
    sentences: Sequence[ScoredSentence]
    confidence: float
    refused: bool


@dataclass(frozen=True, slots=True)
class Judge:
    """Ranks passages and sentences and decides whether they answer; without ``windows`` nothing is read for that."""

    choice: SentenceChoice
    refusal: RefusalRule
    windows: WindowReader | None = None

    @classmethod
    def load(cls, reader: AnswerReader | None = None, min_confidence: float = 0.0) -> Judge:
        """With the learnt weights. ``min_confidence``: the threshold of the refusal, 0 for the learnt one.

        Raises SettingsError for one beyond 0 to 1.
        """
        if not 0 <= min_confidence <= 1:
            raise SettingsError(f"ISNAD_MIN_CONFIDENCE is {min_confidence:g}.", "Choose a number from 0 to 1.")
        reads = reader is not None
        rule = RefusalRule.load(with_reader=reads)
        rule = replace(rule, threshold=min_confidence) if min_confidence else rule
        return cls(SentenceChoice.load(with_reader=reads), rule, WindowReader(reader) if reader is not None else None)

    def passages(self, found: Retrieved) -> list[Candidate]:
        """What was found, the best of it read and ranked anew."""
        ranked = found.candidates
        return list(ranked) if self.windows is None else self.windows.rank(found.query.text, ranked)

    def sentences(self, query: Query, candidates: Sequence[Candidate]) -> list[ScoredSentence]:
        """Every sentence of the candidates, best first; the best are read, which may change the order."""
        ranked = self.choice.rank(query, candidates)
        if self.windows is None:
            return ranked
        return self.choice.with_found(ranked, self.windows.find(query.text, ranked, self.choice))

    def case(self, found: Retrieved, top_k: int) -> Case:
        """A question that stands alone, with the ``top_k`` best passages."""
        best = self.passages(found)[:top_k]
        return Case(found.query, best, best)

    def judge(self, case: Case) -> Judgement:
        """Rank the sentences of the passages and decide whether they answer."""
        query, candidates = case.query, case.candidates
        sentences = self.sentences(query, case.scored)
        if not sentences:
            return Judgement(query, candidates, (), 0.0, refused=True)
        figures = features(query, candidates, sentences)
        if case.relevance is None:
            confidence = self.refusal.judge(query, figures)
        else:
            confidence = self.refusal.confidence(figures | {"relevance": case.relevance})
        return Judgement(query, candidates, sentences, confidence, self.refusal.refuses(confidence))
