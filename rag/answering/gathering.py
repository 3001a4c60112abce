"""What is found for a wish that is no lookup: what is new, a list of articles, what they tell, a summary, a comparison.

Each is told in quotes as every answer is. A list quotes of each article the sentence nearest to the subject, and of the
newest ones their first; what is told of a subject are the sentences nearest to it; a summary are those that an article
opens with, where news says what it is about; a comparison is one sentence for each side, and only ``related`` where
nothing near one of them is found. Whoever writes in words of
their own is given the whole articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, zip_longest

from rag.answering.judge import SUBJECT, Judge, Judgement, telling
from rag.answering.outcome import Ruling
from rag.answering.sentence_choice import ScoredSentence
from rag.answering.signals import signals, told
from rag.answering.subjects import is_absent
from rag.answering.wishes import Wish
from rag.documents import Status
from rag.retrieval.candidates import Candidate, Retrieved

LISTED = 5  # articles: what fits on a screen
OPENING = 3  # sentences of a summary, likewise
SURELY = Ruling("answered", 1.0)  # what is newest is no matter of likelihood

FindIn = Callable[[str, tuple[str, ...]], Retrieved]
"""What is found for a text in the articles of these ids, in all where there are none."""

NewestOf = Callable[[int], Sequence[str]]
"""The ids of so many articles, the newest first."""


def gathered(wish: Wish, question: str, judge: Judge, find: FindIn, newest: NewestOf) -> Judgement | None:
    """The quotes for a wish, as a judgement; None where nothing near it is found, or it is a lookup."""
    if wish.kind == "newest":
        return _newest(question, judge, find, newest(LISTED))
    if wish.kind == "list":
        return _listed(find(wish.subjects[0], ()), judge)
    if wish.kind == "telling":
        return _told(find(wish.subjects[0], ()), judge)
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


def _newest(question: str, judge: Judge, find: FindIn, articles: Sequence[str]) -> Judgement | None:
    listed = []
    for article in articles:
        found = find(question, (article,))
        sentences = judge.choice.rank(found.query, found.candidates)
        listed += sorted(sentences, key=lambda each: each.span.start)[:1]
    if not listed:
        return None
    candidates = [each.candidate for each in listed]
    return Judgement(found.query, candidates, listed, SURELY, listed, quotes=len(listed), context=candidates)


def _listed(found: Retrieved, judge: Judge) -> Judgement | None:
    passages = judge.passages(found)
    best: dict[str, ScoredSentence] = {}
    for sentence in _near(found, passages, judge):
        best.setdefault(sentence.article.id, sentence)
    listed = list(best.values())[:LISTED]
    return _judgement(found, passages, listed, judge, [each.candidate for each in listed])


def _told(found: Retrieved, judge: Judge) -> Judgement | None:
    passages = judge.passages(found)
    said = list(islice(_near(found, passages, judge), OPENING))
    if not said:
        return None
    status: Status = "answered" if passages[0].signals.relevance >= SUBJECT else "related"
    return _judgement(found, passages, said, judge, telling(passages, said), status)


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
            continue
        found = find(question, (article,))
        taken = [each.place for each in chosen]
        own = next((each for each in judge.choice.rank(found.query, found.candidates) if each.place not in taken), None)
        chosen += [own] if own else []
        sides.append(found.candidates)
    passages = list(chain.from_iterable(sides))
    status: Status = "answered" if len(sides) == len(subjects) else "related"
    return _judgement(found, passages, chosen, judge, _in_turn(sides), status) if found else None


def _best_article(subject: str, judge: Judge, find: FindIn) -> str | None:
    """The id of the article nearest to a subject, where it is near at all."""
    found = find(subject, ())
    near = next(_near(found, judge.passages(found), judge), None)
    return near.article.id if near else None


def _near(found: Retrieved, passages: Sequence[Candidate], judge: Judge) -> Iterator[ScoredSentence]:
    """The sentences near the subject, best first: of passages that speak of every place and year it names."""
    query = found.query
    for sentence in judge.choice.rank(query, passages):
        if judge.is_near(query, sentence) and not is_absent(query.text, query.language, [told(sentence.candidate)]):
            yield sentence


def _judgement(
    found: Retrieved,
    passages: Sequence[Candidate],
    chosen: Sequence[ScoredSentence],
    judge: Judge,
    context: Sequence[Candidate],
    status: Status = "answered",
) -> Judgement | None:
    if not chosen:
        return None
    confidence = judge.rules.judge(signals(found.query, passages, chosen), marked=False).confidence
    outcome = Ruling(status, confidence)
    return Judgement(found.query, passages, chosen, outcome, chosen, quotes=len(chosen), context=context)
