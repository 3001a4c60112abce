"""A question within a conversation: searched for alone and with what it leans on, and the better evidence wins.

"And when was that?" says too little to be searched for by itself, and a new subject must not be answered from the old
one. So both readings are searched. The conversation wins where the question's own words lose little by staying with
the article that the reading in context finds; then that reading brings the passages, and the question's own words
choose the sentences in them: what answered the last question is seldom what answers this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rag.answering.answering import Extractive, Judgement
from rag.answering.refusal import features
from rag.documents import Turn
from rag.retrieval.retrieval import Candidate, Query, Retriever
from rag.text.analyser import analyse
from rag.text.language import detect_language

# The score that a question may lose by staying, for one keyword term of its own; the more it says, the less it leans.
# Chosen on the tuning half of tests/quality/dialogues.jsonl, alone and among 320 other articles (bench/dialogues.py).
LEANING = 0.65


SAYS_LITTLE = 1  # keyword terms up to which a question is itself read after the one before it
FARTHEST = 3  # questions back


class Reading(NamedTuple):
    """A text to search for and what was found for it, best first."""

    query: Query
    candidates: Sequence[Candidate]

    def best(self, top_k: int) -> Reading:
        """The same with the ``top_k`` best passages."""
        return Reading(self.query, self.candidates[:top_k])


class FollowUp(NamedTuple):
    """A question and its reading in context. ``own``: the passages of that reading against the question's own words."""

    alone: Reading
    in_context: Reading
    own: Sequence[Candidate]

    @classmethod
    def read(cls, retriever: Retriever, alone: Reading, in_context: Reading) -> FollowUp:
        """Both readings; the passages in context are scored for the question alone too."""
        return cls(alone, in_context, retriever.rescore(alone.query, in_context.candidates))

    @property
    def leans(self) -> bool:
        """Whether the question is to be read in context."""
        if not self.in_context.candidates:
            return False
        article = self.in_context.candidates[0].article.id
        scores = [(candidate.score, candidate.article.id) for candidate in (*self.alone.candidates, *self.own)]
        lost = max(scores)[0] - max(score for score, of in scores if of == article)
        return lost <= LEANING / max(len(self.alone.query.terms), 1)

    def judge(self, extractive: Extractive) -> Judgement:
        """The passages of the reading in context, and the sentences in them that the question's own words choose."""
        query, in_context = self.alone.query, self.in_context
        passage_scores = {candidate.passage.key: candidate.score for candidate in in_context.candidates}
        sentences = extractive.rank(query, [replace(each, score=passage_scores[each.passage.key]) for each in self.own])
        if not sentences:
            return Judgement(query, in_context.candidates, (), 0.0, refused=True)
        # what was found for the reading in context, judged by what the question itself asks for
        figures = features(replace(in_context.query, text=query.text), in_context.candidates, sentences)
        confidence = extractive.refusal.confidence(figures)
        return Judgement(query, in_context.candidates, sentences, confidence, extractive.refusal.refuses(confidence))


def predecessor(history: Sequence[Turn]) -> str:
    """The reader's last question, after the one before it where it says little itself; "" where there is none."""
    asked: list[str] = []
    for turn in reversed(history):
        if turn.role == "user":
            asked.insert(0, turn.content)
            if len(asked) == FARTHEST or len(analyse(turn.content, detect_language(turn.content))) > SAYS_LITTLE:
                break
    return " ".join(asked)
