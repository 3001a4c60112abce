"""A question within a conversation: searched for alone and together with what came before it.

"And when was that?" says too little to be searched for by itself, and a question about something new must not be
answered from the old subject. So the question is searched for as it stands, and again behind the questions before it
(its wordings). It leans on a wording where its own words lose little by staying with the article that the wording
finds best. Then the passages are those of the wording, but the question's own words choose the sentences in them: the
sentence that answered the last question is seldom the one that answers this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rag.answering.judge import Case, is_bare
from rag.documents import Turn
from rag.languages.registry import of
from rag.retrieval.candidates import Candidate, Query, Retrieved
from rag.retrieval.retriever import Retriever
from rag.text.analyser import analyse
from rag.text.language import detect_language

# The score that a question may lose by staying, for one keyword term of its own; the more it says, the less it leans.
# Chosen on the tuning half of tests/quality/dialogues.jsonl, alone and among 320 other articles (bench/dialogues.py).
LEANING = 0.6

# Bounds, not tuned: every wording is one more search.
SAYS_LITTLE = 1  # keyword terms up to which a question needs the one before it, so that no wording begins with it
FARTHEST = 3  # questions back
HEARD = 500  # characters of a turn: a question has a fifth of that, and what is beyond would cost as much as it does
WHOLE = 2  # keyword terms that a question reworded needs to be searched for by itself
WORDINGS = 2  # how many of the questions that say more a wording may begin with; each wording is searched for


class Wording(NamedTuple):
    """A question worded with what it may lean on: the ``text`` to search for; ``words`` then choose the sentences."""

    text: str
    words: str


class FollowUp(NamedTuple):
    """A question alone and in one wording, and what each finds. own: the wording's passages, scored for ``words``."""

    alone: Retrieved
    worded: Retrieved
    words: Query
    own: Sequence[Candidate]

    @classmethod
    def of(cls, retriever: Retriever, alone: Retrieved, worded: Retrieved, words: str) -> FollowUp:
        """Score the passages that the wording finds for the words too that choose among their sentences."""
        known = next((each.query for each in (alone, worded) if each.query.text == words), None)
        query = known or replace(retriever.query(words, alone.query.language), wanted=alone.query.wanted)
        return cls(alone, worded, query, retriever.rescore(query, worded.candidates))

    @property
    def leans(self) -> bool:
        """Whether the question is to be answered in this wording. "Thanks" is not, nor is a subject by itself."""
        if is_bare(self.alone.query):
            return False
        if not self.worded.candidates or not self.alone.query.terms:  # "and when was that?" is about nothing itself
            return bool(self.worded.candidates)
        article = self.worded.candidates[0].article.id
        scores = [(candidate.score, candidate.article.id) for candidate in (*self.alone.candidates, *self.own)]
        lost = max(scores)[0] - max(score for score, of in scores if of == article)
        return lost <= LEANING / len(self.alone.query.terms)

    @property
    def case(self) -> Case:
        """For the judge: the passages of the wording, and the ``words`` that choose sentences in them.

        A passage counts by both, its score for the wording and for the words; a reranker read it with the wording. What
        kind of thing is asked for, the question says itself.
        """
        query, candidates = replace(self.words, text=self.alone.query.text), self.worded.candidates
        worded = {candidate.passage.key: candidate for candidate in candidates}
        both = [_both(each, worded[each.passage.key]) for each in self.own]
        return Case(query, candidates, both, self._relevance())

    def _relevance(self) -> float:
        """How well the best passage meets the wording and the words: the more terms, the less the wording counts.

        Else the words of the questions before, which are met, would have it answered whatever it asks.
        """
        share = 1 / max(len(self.alone.query.terms), 1)
        for_wording, for_words = self.worded.candidates[0].signals, self.own[0].signals
        return share * for_wording.relevance + (1 - share) * for_words.relevance


def _both(own: Candidate, worded: Candidate) -> Candidate:
    signals = replace(own.signals, reranked=worded.signals.reranked)
    return replace(own, score=(own.score + worded.score) / 2, signals=signals)


def wordings(question: str, history: Sequence[Turn], condensed: str) -> list[Wording]:
    """The question with what it may lean on, before it and as it was ``condensed``; none for a first."""
    ways = after_predecessors(question, history)
    if not ways or condensed == question:
        return ways
    own_words_choose = ways[0].words == question
    return [*ways, Wording(condensed, question if own_words_choose else condensed)]


def is_whole(condensed: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether a question as it was reworded can be searched for by itself: it says more, and nothing of its own.

    It holds the question's terms, adds some, and those come from the conversation: a model may invent a subject.
    """
    terms, own = _all_terms(condensed), _all_terms(question)
    said = own.union(*(_all_terms(turn.content[:HEARD]) for turn in history))
    return len(terms) >= WHOLE and own < terms <= said


def after_predecessors(question: str, history: Sequence[Turn]) -> list[Wording]:
    """The question behind the last one asked, and behind the last two; none for a first.

    Two, since the last one may have leaned itself. One that says little never begins a wording, if another is before
    it. A question without a term of its own adds nothing to the text, and the last that has one chooses for it.
    """
    asked = [turn.content[:HEARD] for turn in history if turn.role == "user"][-FARTHEST:]
    said = [question] if _terms(question) else []
    words = next((each for each in reversed([*asked, *said]) if _terms(each)), question)
    starts = [place for place, each in enumerate(asked) if not place or _terms(each) > SAYS_LITTLE][-WORDINGS:]
    return [Wording(" ".join([*asked[start:], *said]), words) for start in reversed(starts)]


def refers_back(question: str, language: str) -> bool:
    """Whether it says by a word of its own that it leans on what was said before; so may any where none are known."""
    refers = of(language).statements.refers
    return refers is None or refers.search(question) is not None


def _terms(question: str) -> int:
    return len(analyse(question, detect_language(question)))


def _all_terms(text: str) -> set[str]:
    return {term.text for term in analyse(text, detect_language(text))}
