"""What is found for a wish that is no lookup: a list of articles, a summary, a comparison.

Each is told in quotes as every answer is. A list quotes of each article the sentence nearest to the subject; a summary
the sentences that an article opens with, where news says what it is about; a comparison one sentence for each side.
Whoever writes in words of their own is given the whole articles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, zip_longest

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


def articles_about(subjects: Sequence[str], question: str, find: FindIn) -> list[Candidate]:
    """The whole article that comes nearest to each subject, near or not, as :func:`_in_turn` orders them."""
    nearest = (next(iter(find(subject, ()).candidates), None) for subject in subjects)
    articles = dict.fromkeys(found.article.id for found in nearest if found)
    return _in_turn([find(question, (article,)).candidates for article in articles])


def _in_turn(articles: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """The passages of each article in the order of reading, one of each in turn: what is cut off is the end of all."""
    in_order = [sorted(each, key=lambda candidate: candidate.passage.start) for each in articles]
    passages = chain.from_iterable(zip_longest(*in_order))
    return list({each.passage.key: each for each in passages if each is not None}.values())


def _listed(found: Retrieved, judge: Judge) -> Judgement | None:
    passages = judge.passages(found)
    best: dict[str, ScoredSentence] = {}
    for sentence in judge.choice.rank(found.query, passages):
        if judge.is_near(found.query, sentence):
            best.setdefault(sentence.article.id, sentence)
    listed = list(best.values())[:LISTED]
    return _judgement(found, passages, listed, judge, [each.candidate for each in listed])


def _opening(subject: str, judge: Judge, find: FindIn) -> Judgement | None:
    article = _best_article(subject, judge, find)
    if article is None:
        return None
    found = find(subject, (article,))
    sentences = sorted(judge.choice.rank(found.query, found.candidates), key=lambda each: each.span.start)
    return _judgement(found, found.candidates, sentences[:OPENING], judge, _in_turn([found.candidates]))


def _sides(subjects: Sequence[str], question: str, judge: Judge, find: FindIn) -> Judgement | None:
    chosen: list[ScoredSentence] = []
    sides: list[Sequence[Candidate]] = []
    found = None
    for subject in subjects:
        article = _best_article(subject, judge, find)
        if article is None:
            return None
        found = find(question, (article,))
        taken = [each.place for each in chosen]
        own = next((each for each in judge.choice.rank(found.query, found.candidates) if each.place not in taken), None)
        chosen += [own] if own else []
        sides.append(found.candidates)
    passages = list(chain.from_iterable(sides))
    return _judgement(found, passages, chosen, judge, _in_turn(sides)) if found else None


def _best_article(subject: str, judge: Judge, find: FindIn) -> str | None:
    """The id of the article nearest to a subject, where it is near at all."""
    found = find(subject, ())
    ranked = judge.choice.rank(found.query, judge.passages(found))
    near = next((each for each in ranked if judge.is_near(found.query, each)), None)
    return near.article.id if near else None


def _judgement(
    found: Retrieved,
    passages: Sequence[Candidate],
    chosen: Sequence[ScoredSentence],
    judge: Judge,
    context: Sequence[Candidate],
) -> Judgement | None:
    if not chosen:
        return None
    confidence = judge.rules.judge(signals(found.query, passages, chosen), marked=False).confidence
    outcome = Ruling("answered", confidence)
    return Judgement(found.query, passages, chosen, outcome, chosen, quotes=len(chosen), context=context)
