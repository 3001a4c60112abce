"""What retrieval works with: a question made ready, the passages scored for it, and the words found in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rag.documents import Article, Float32, Hit, Int32, Passage, Span
from rag.retrieval.fusion import Signals
from rag.retrieval.late_interaction import Interaction, QueryTokens

# A margin is surer than it is right: what was learnt of short answers by their margin alone had a slope of about a
# fifth. Of 1 to 8, dividing by 5 gave the choice of sentences most hits for the fewest sentences quoted.
SURER = 5.0

SentencePlace = tuple[str, int]  # an article's id and where a sentence starts in it


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready: its language and script, its centred vectors, its keyword terms with their idf sum.

    pooled: (d,) centred unit vector. spans: (m, 2) of the token vectors in ``text``. names: keyword terms for what its
    names are called in the languages of the articles. wanted: the language to reply in, where it is another.
    """

    text: str
    language: str
    script: str
    pooled: Float32
    tokens: QueryTokens
    spans: Int32
    terms: tuple[str, ...]
    names: tuple[str, ...]
    wanted: str = ""

    @property
    def reply_in(self) -> str:
        """The language that whoever asks reads."""
        return self.wanted or self.language


class FoundWords(NamedTuple):
    """Words that may answer, as a span of the article, and by how much they beat "not here" (logits).

    ``agreement``: how far other likely words are the same, 0 to 1.
    """

    span: Span
    margin: float
    agreement: float = 1.0

    @property
    def likelihood(self) -> float:
        """The margin as a share, 0 to 1."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.margin / SURER))))


Findings = Mapping[SentencePlace, FoundWords]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was scored: what came of it and the similarities that made it so.

    spans: (n, 2) of its tokens. above: (m,) how far above chance it meets each token of the question
    (:mod:`rag.retrieval.chance`). also_in: the sources of other articles that tell the same story and were left out for
    it. found: the words a reader marked in its sentences; empty where it was not read.
    """

    passage: Passage
    article: Article
    spans: Int32
    interaction: Interaction
    signals: Signals
    score: float
    above: Float32
    also_in: tuple[str, ...] = ()
    found: Findings = field(default_factory=dict)

    @property
    def hit(self) -> Hit:
        """The part that later stages and callers need."""
        return Hit(self.passage, self.article, self.score, self.signals.to_dict(), self.also_in)


class Retrieved(NamedTuple):
    """A question made ready and what was found for it, best first."""

    query: Query
    candidates: Sequence[Candidate]

    def best(self, top_k: int) -> Retrieved:
        """The same with the ``top_k`` best passages."""
        return Retrieved(self.query, self.candidates[:top_k])
