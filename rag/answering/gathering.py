"""What is found for a wish that is no lookup: a list of articles, a summary, a comparison.

Each is told in quotes as every answer is. A list quotes of each article the sentence nearest to the subject; a summary
the sentences that an article opens with, where news says what it is about; a comparison one sentence for each side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answering.judge import Judge, Judgement
from rag.answering.outcome import Ruling
from rag.answering.sentence_choice import ScoredSentence
from rag.answering.signals import signals
from rag.answering.wishes import Wish
from rag.retrieval.candidates import Candidate, Retrieved

LISTED = 5  # articles: what fits on a screen
OPENING = 3  # sentences of a summary, likewise

FindIn = Callable[[str, tuple[str, ...]], Retrieved]
"""What is found for a text in the articles of these ids, in all where there are none."""


def gathered(wish: Wish, question: str, judge: Judge, find: FindIn) -> Judgement | None:
    """The quotes for a wish, as a judgement; None where nothing near it is found, or it is a lookup."""
    if wish.kind == "list":
        return _listed(find(wish.subjects[0], ()), judge)
    if wish.kind == "summary":
        return _opening(wish.subjects[0], judge, find)
    if wish.kind == "comparison":
        return _sides(wish.subjects, question, judge, find)
    return None


def _listed(found: Retrieved, judge: Judge) -> Judgement | None:
    passages = judge.passages(found)
    best: dict[str, ScoredSentence] = {}
    for sentence in judge.choice.rank(found.query, passages):
        if judge.is_near(found.query, sentence):
            best.setdefault(sentence.article.id, sentence)
    return _judgement(found, passages, list(best.values())[:LISTED], judge)


def _opening(subject: str, judge: Judge, find: FindIn) -> Judgement | None:
    article = _best_article(subject, judge, find)
    if article is None:
        return None
    found = find(subject, (article,))
    sentences = sorted(judge.choice.rank(found.query, found.candidates), key=lambda each: each.span.start)
    return _judgement(found, found.candidates, sentences[:OPENING], judge)


def _sides(subjects: Sequence[str], question: str, judge: Judge, find: FindIn) -> Judgement | None:
    chosen: list[ScoredSentence] = []
    passages: list[Candidate] = []
    found = None
    for subject in subjects:
        article = _best_article(subject, judge, find)
        if article is None:
            return None
        found = find(question, (article,))
        taken = [each.place for each in chosen]
        own = next((each for each in judge.choice.rank(found.query, found.candidates) if each.place not in taken), None)
        chosen += [own] if own else []
        passages += found.candidates
    return _judgement(found, passages, chosen, judge) if found else None


def _best_article(subject: str, judge: Judge, find: FindIn) -> str | None:
    """The id of the article nearest to a subject, where it is near at all."""
    found = find(subject, ())
    ranked = judge.choice.rank(found.query, judge.passages(found))
    near = next((each for each in ranked if judge.is_near(found.query, each)), None)
    return near.article.id if near else None


def _judgement(
    found: Retrieved, passages: Sequence[Candidate], chosen: Sequence[ScoredSentence], judge: Judge
) -> Judgement | None:
    if not chosen:
        return None
    confidence = judge.rules.judge(signals(found.query, passages, chosen), marked=False).confidence
    return Judgement(found.query, passages, chosen, Ruling("answered", confidence), chosen, quotes=len(chosen))
