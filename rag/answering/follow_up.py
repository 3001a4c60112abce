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

from rag.answering.extractive import Extractive, Judgement
from rag.answering.refusal import features, is_bare
from rag.documents import Turn
from rag.retrieval.retriever import Candidate, Query, Retriever
from rag.text.analyser import analyse
from rag.text.language import detect_language

# The score that a question may lose by staying, for one keyword term of its own; the more it says, the less it leans.
# Chosen on the tuning half of tests/quality/dialogues.jsonl, alone and among 320 other articles (bench/dialogues.py).
LEANING = 0.6

SAYS_LITTLE = 1  # keyword terms up to which a question is itself read after the one before it
FARTHEST = 3  # questions back
READINGS = 2  # how many of the questions that say more a question may be read from; each is searched for


class InContext(NamedTuple):
    """What a question may mean: the ``text`` to search for, and the ``words`` that then choose the sentences."""

    text: str
    words: str


class Reading(NamedTuple):
    """A text to search for and what was found for it, best first."""

    query: Query
    candidates: Sequence[Candidate]

    def best(self, top_k: int) -> Reading:
        """The same with the ``top_k`` best passages."""
        return Reading(self.query, self.candidates[:top_k])


class FollowUp(NamedTuple):
    """A question and its reading in context. ``own``: the passages of that reading against the ``words``."""

    alone: Reading
    in_context: Reading
    words: Query
    own: Sequence[Candidate]

    @classmethod
    def read(cls, retriever: Retriever, alone: Reading, in_context: Reading, words: str) -> FollowUp:
        """Both readings; the passages in context are scored for the words that choose among their sentences too."""
        read = next((each.query for each in (alone, in_context) if each.query.text == words), None)
        query = read or retriever.read(words, alone.query.language)
        return cls(alone, in_context, query, retriever.rescore(query, in_context.candidates))

    @property
    def leans(self) -> bool:
        """Whether the question is to be read in context; "thanks" is not, nor is a bare subject."""
        if is_bare(self.alone.query):
            return False
        if not self.in_context.candidates or not self.alone.query.terms:  # "and when was that?" is about nothing itself
            return bool(self.in_context.candidates)
        article = self.in_context.candidates[0].article.id
        scores = [(candidate.score, candidate.article.id) for candidate in (*self.alone.candidates, *self.own)]
        lost = max(scores)[0] - max(score for score, of in scores if of == article)
        return lost <= LEANING / len(self.alone.query.terms)

    def judge(self, extractive: Extractive) -> Judgement:
        """The passages of the reading in context, and the sentences in them that the ``words`` choose.

        A passage counts by both readings. What kind of thing is asked for, the question says itself.
        """
        query, candidates = replace(self.words, text=self.alone.query.text), self.in_context.candidates
        in_context = {candidate.passage.key: candidate.score for candidate in candidates}
        both = [replace(each, score=(each.score + in_context[each.passage.key]) / 2) for each in self.own]
        sentences = extractive.rank(query, both)
        if not sentences:
            return Judgement(query, candidates, (), 0.0, refused=True)
        figures = features(query, candidates, sentences) | self._met()
        confidence = extractive.refusal.confidence(figures)
        return Judgement(query, candidates, sentences, confidence, extractive.refusal.refuses(confidence))

    def _met(self) -> dict[str, float]:
        """How well a passage meets the text and the words: the more terms a question has, the less is vouched for it.

        Else the words of its predecessor, which are met, would have it answered whatever it asks.
        """
        share = 1 / max(len(self.alone.query.terms), 1)
        text, words = self.in_context.candidates[0].signals, self.own[0].signals
        return {"relevance": share * text.relevance + (1 - share) * words.relevance}


def after_predecessors(question: str, history: Sequence[Turn]) -> list[InContext]:
    """The question after the reader's last one, and after the last two; none for a first.

    Two, since the last one may have leaned itself. One that says little never begins a reading, if another is before
    it. A question without a term of its own adds nothing to the text, and the last that has one chooses for it.
    """
    asked = [turn.content for turn in history if turn.role == "user"][-FARTHEST:]
    said = [question] if _terms(question) else []
    words = next((each for each in reversed([*asked, *said]) if _terms(each)), question)
    starts = [place for place, each in enumerate(asked) if not place or _terms(each) > SAYS_LITTLE][-READINGS:]
    return [InContext(" ".join([*asked[start:], *said]), words) for start in reversed(starts)]


def _terms(question: str) -> int:
    return len(analyse(question, detect_language(question)))
