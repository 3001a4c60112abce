"""How much of an answer one source may take, and how many sources bear the words of a short answer out.

Whoever can add an article can have it found for a question. It shall not fill the answer alone, and where others tell
of the same without its words, that is said and the words are called sure no more. Who copied from whom is not known:
a source that reprints a story counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rag.answering.evidence import EvidenceText
from rag.answering.expectation import expectation_of, find_expected
from rag.answering.verification import verify
from rag.documents import Article
from rag.retrieval.candidates import Candidate, Query
from rag.text.analyser import analyse

T = TypeVar("T")
SHARE = 2 / 3  # of the passages given to a model that one source has where others wait
# Relevance from which a passage tells of what is asked. Over the sample corpus that of another language about the same
# subject has .28 or more, and one about another subject .21 or less.
TELLS = 0.25
LOOKED_AT = 10  # passages of other sources in which words are looked for: a bound on the wait


@dataclass(frozen=True, slots=True)
class Standing:
    """How many sources tell the words, their own among them, and how many others tell of the subject without them."""

    sources: int
    others: int

    @property
    def alone(self) -> bool:
        """Whether only one of several says so."""
        return self.sources == 1 and self.others > 0


def source_of(article: Article) -> str:
    """Who speaks in it; an article without a source speaks for itself."""
    return article.source or article.id


def shared_out(ranked: Iterable[T], most: int, source: Callable[[T], Hashable]) -> list[T]:
    """The first ``most``, of no source more than its share as long as others are to be had, in their order."""
    ranked = list(ranked)
    taken: dict[Hashable, int] = {}
    within: list[int] = []
    beyond: list[int] = []
    for place, each in enumerate(ranked):
        count = taken[source(each)] = taken.get(source(each), 0) + 1
        (within if count <= SHARE * most else beyond).append(place)
    return [ranked[place] for place in sorted([*within, *beyond][:most])]


def standing(query: Query, words: str, own: Candidate, candidates: Sequence[Candidate]) -> Standing:
    """How the words of a short answer stand among the passages that tell of what is asked.

    own: the passage that they were taken from. A passage tells of it where it holds a thing of the kind asked for, if
    the question names a kind.
    """
    said = {source_of(own.article), *own.also_in}
    told: set[str] = set()
    others = (each for each in candidates if each.signals.relevance >= TELLS and source_of(each.article) not in said)
    for each in list(others)[:LOOKED_AT]:
        if _holds(each, words, own.passage.language):
            said |= {source_of(each.article), *each.also_in}
        elif _tells(query, each):
            told.add(source_of(each.article))
    return Standing(len(said), len(told - said))


def _tells(query: Query, candidate: Candidate) -> bool:
    asked, passage = expectation_of(query.text, query.language), candidate.passage
    return asked is None or bool(find_expected(asked.kind, passage.text, passage.language))


def _holds(candidate: Candidate, words: str, language: str) -> bool:
    """Whether a passage has the words; in another language, the names and numbers among them."""
    passage = candidate.passage
    if passage.language == language:
        return _terms(words, language) <= _terms(passage.text, language)
    return verify(words, language, [EvidenceText(passage.text, passage.language)]).supported


def _terms(text: str, language: str) -> set[str]:
    return {term.text for term in analyse(text, language)}
