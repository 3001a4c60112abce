"""The passages that a model is given: those that tell something, and what stands beside those that are quoted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rag.answering.judge import CONTEXT, Judgement
from rag.answering.sources import shared_out, source_of
from rag.documents import Filters, Hit, Passage
from rag.retrieval.candidates import Candidate
from rag.retrieval.retriever import Retriever


def context_of(judgement: Judgement, retriever: Retriever, room: int, cost: Callable[[Hit], int]) -> list[Candidate]:
    """As many of the judgement's passages as ``room`` has tokens for, and where all fit, neighbours of the quoted ones.

    The first always is in it, and no source has more than its share. A neighbour stands beside its passage, in the
    order of reading.
    """
    context: list[Candidate] = []
    for each in _given(judgement):
        room -= cost(each.hit)
        if context and room < 0:
            return context
        context.append(each)
    for passage, neighbour in _neighbours(judgement, retriever):
        keys = [each.passage.key for each in context]
        room -= cost(neighbour.hit)
        if room < 0 or len(context) == CONTEXT:
            break
        if neighbour.passage.key not in keys:
            after = neighbour.passage.start > passage.start
            context.insert(keys.index(passage.key) + after, neighbour)
    return context


def _neighbours(judgement: Judgement, retriever: Retriever) -> Iterator[tuple[Passage, Candidate]]:
    """Each quoted passage with those right before and after it in its article."""
    given = {each.passage.key for each in _given(judgement)}
    quoted = {each.candidate.passage.key: each.candidate.passage for each in judgement.chosen}
    passages = [passage for key, passage in quoted.items() if key in given]
    articles = tuple(dict.fromkeys(passage.article_id for passage in passages))
    found = retriever.search(judgement.query, Filters(article_ids=articles), CONTEXT).candidates if articles else ()
    for passage in passages:
        same = (each for each in found if each.article.id == passage.article_id)
        yield from ((passage, each) for each in same if _touch(passage, each.passage, each.article.text))


def _given(judgement: Judgement) -> list[Candidate]:
    return shared_out(judgement.context, CONTEXT, lambda each: source_of(each.article))


def _touch(one: Passage, other: Passage, text: str) -> bool:
    """Whether nothing but white space stands between two passages of a text."""
    first, second = sorted((one, other), key=lambda passage: passage.start)
    return first.key != second.key and not text[first.end : second.start].strip()
