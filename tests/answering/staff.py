"""Two small articles to be asked about, in an index of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.answering.outcome import OutcomeRule, OutcomeRules
from rag.answering.sentence_choice import ScoredSentence, SentenceChoice
from rag.documents import Article, Filters
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.retrieval.candidates import Candidate, Query
from rag.retrieval.fusion import Fusion
from rag.retrieval.retriever import Retriever
from tests.fakes import HashEncoder

ENCODER = HashEncoder(dimension=64)
ALWAYS = OutcomeRule({}, 0.0, 0.0, 0.0)
# Everything is answered, and words are shown from a margin of 0 and sure from 10.
LENIENT = OutcomeRules(ALWAYS, ALWAYS, OutcomeRule({"best_margin": 1.0}, 0.0, 0.0, 0.0), sure=10.0)
TEXT = (
    "Joint staff of the Sahel\n\n"
    "Algeria, Mali and Niger formed a joint staff in May. The joint staff sits in Tamanrasset. Rain fell on the desert."
)
STAFF = Article("staff", TEXT, title="Staff", language="en", date="2011-05-02", source="Wire")
COFFEE = Article("coffee", "Coffee is a sign of welcome. It is drunk with dates.", language="en")


def over(folder: Path, *articles: Article) -> Iterator[Retriever]:
    """A retriever over the articles, closed when it is let go."""
    index_given(articles, index_dir=folder, encoder=ENCODER)
    index = Index.open(folder, ENCODER.fingerprint)
    yield Retriever(index, ENCODER, Fusion.load())
    index.close()


def ranked(
    retriever: Retriever, question: str, choice: SentenceChoice | None = None
) -> tuple[Query, Sequence[Candidate], list[ScoredSentence]]:
    """The question made ready, what is found for it, and the sentences in that, best first."""
    query = retriever.query(question, "en")
    candidates = retriever.search(query, Filters(), 5).candidates
    return query, candidates, (choice or SentenceChoice.load()).rank(query, candidates)
