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
LEANING = 0.6


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
        if not self.in_context.candidates or not self.alone.query.terms:  # "and when was that?" is about nothing itself
            return bool(self.in_context.candidates)
        article = self.in_context.candidates[0].article.id
        scores = [(candidate.score, candidate.article.id) for candidate in (*self.alone.candidates, *self.own)]
        lost = max(scores)[0] - max(score for score, of in scores if of == article)
        return lost <= LEANING / len(self.alone.query.terms)

    def judge(self, extractive: Extractive) -> Judgement:
        """The passages of the reading in context, and the sentences in them that the question's own words choose.

        A question without a keyword of its own leaves that to the words it is read after, and says what kind of thing
        it asks for.
        """
        query, (context, candidates) = self.alone.query, self.in_context
        asking = replace(context, text=query.text)
        passage_scores = {candidate.passage.key: candidate.score for candidate in candidates}
        own = [replace(each, score=passage_scores[each.passage.key]) for each in self.own]
        sentences = extractive.rank(query, own) if query.terms else extractive.rank(asking, candidates)
        if not sentences:
            return Judgement(query, candidates, (), 0.0, refused=True)
        confidence = extractive.refusal.confidence(features(asking, candidates, sentences))
        return Judgement(query, candidates, sentences, confidence, extractive.refusal.refuses(confidence))


def after_predecessor(question: str, history: Sequence[Turn]) -> str:
    """The question after the reader's last one, or that one alone where the question adds no term; "" for a first.

    A last question that says little stands after the one before it.
    """
    asked: list[str] = []
    for turn in reversed(history):
        if turn.role == "user":
            asked.insert(0, turn.content)
            if len(asked) == FARTHEST or _terms(turn.content) > SAYS_LITTLE:
                break
    return " ".join([*asked, question] if asked and _terms(question) else asked)


def _terms(question: str) -> int:
    return len(analyse(question, detect_language(question)))
