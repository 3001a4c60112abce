"""Small indexes for tests, made with the stand-in encoder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.documents import Article, Filters, Float32, Int64, Passage
from rag.encoding.encoder import Encoder
from rag.index.search_engine import Probe
from rag.index.snapshot import EVERYTHING, Index
from rag.ingestion.indexing import index_given
from rag.ingestion.passage_encoding import encode_passages
from rag.ingestion.report import IngestionReport
from rag.store.database import Store
from rag.store.profile import Profile
from rag.store.rows import EncodedPassage
from rag.text.chunking import split_article
from tests.fakes import HashEncoder

ENCODER = HashEncoder()
# Where an fsync costs nothing; the end of a process, unlike that of the power, is no different there.
MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None

CORPUS = [
    Article(
        "mali",
        "The army chiefs met in Bamako on Monday.\n\nThey spoke of the border with Algeria and of a joint staff.",
        title="Chiefs meet",
        language="en",
        source="Wire",
        date="2011-10-12",
        url="https://example.org/mali",
        questions=("Where did the chiefs meet?",),
    ),
    Article(
        "rain",
        "Rain fell on the north for three days. Farmers in the valley were glad of it.",
        title="Rain at last",
        language="en",
        source="Weather",
        date="2012-05-01",
    ),
    Article(
        "jaysh",
        "اجتمع رؤساء الأركان في باماكو يوم الاثنين. بحثوا أمن الحدود مع الجزائر.",
        title="اجتماع باماكو",
        language="ar",
        source="Wire",
        date="2011-10-13",
        questions=("أين اجتمع رؤساء الأركان؟",),
    ),
    Article("pluie", "La pluie est tombée trois jours sur le nord du pays.", title="La pluie", language="fr"),
]


def article(name: str, words: str, **fields: str) -> Article:
    """An English article with its own origin and hash."""
    text = words or name
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    given: dict[str, Any] = {"language": "en", "origin": f"{name}.txt", "content_hash": digest}
    return Article(id=name, text=text, **{**given, **fields})


class InBatches:
    """Encodes in this process, so many passages at a time."""

    def __init__(self, passages: int, encoder: Encoder = ENCODER) -> None:
        self.batch_passages = passages
        self._encoder = encoder

    def encode(self, articles: Sequence[tuple[Article, Sequence[Passage]]]) -> Iterator[list[EncodedPassage]]:
        return encode_passages(self._encoder, articles)


def give(
    index_dir: Path, articles: Iterable[Article], encoder: Encoder = ENCODER, batch: int | None = None
) -> IngestionReport:
    """batch: how many passages are encoded and committed together, if not as many as usual."""
    elsewhere = InBatches(batch, encoder) if batch else None
    return index_given(articles, index_dir=index_dir, encoder=encoder, elsewhere=elsewhere)


def opened(index_dir: Path, encoder: Encoder = ENCODER) -> Index:
    return Index.open(index_dir, encoder.fingerprint)


def encoded(given: Article, encoder: Encoder = ENCODER) -> list[EncodedPassage]:
    """The article's passages as the store takes them."""
    return next(encode_passages(encoder, [(given, split_article(given, encoder.token_spans))]))


def new_store(index_dir: Path, articles: Sequence[Article] = (), encoder: Encoder = ENCODER) -> Store:
    """A store with the articles, stamped with generation 1."""
    index_dir.mkdir(parents=True, exist_ok=True)
    store = Store.open(index_dir, create=True)
    with store.transaction():
        store.adopt(Profile.current(encoder.fingerprint))
        for given in articles:
            store.put(given, encoded(given, encoder), 1)
    return store


def query(index: Index, text: str, language: str = "en") -> Float32:
    """The centred vector of a question."""
    vector: Float32 = index.centring.centre_pooled(ENCODER.encode_query(text).pooled[None, :], [language])[0]
    return vector


def by_vector(index: Index, vector: Float32, most: int = 1_000_000, filters: Filters = EVERYTHING) -> Int64:
    """Keys of the passages nearest to a vector, best first."""
    return index.propose(Probe(vector, np.zeros((0, len(vector)), dtype=np.float32), (), most, 0), filters)


def by_keyword(index: Index, terms: Sequence[str], most: int = 1_000_000, filters: Filters = EVERYTHING) -> Int64:
    """Keys of the passages that hold any of the terms, best first."""
    nothing = np.zeros(0, dtype=np.float32)
    return index.propose(Probe(nothing, nothing[None, :], terms, 0, most), filters)


def everything(index: Index) -> dict[str, tuple[Article, list[str]]]:
    """All an index can say: each article by id, with the texts of its passages as a search returns them."""
    articles, total = index.articles(limit=1_000_000)
    found: dict[str, tuple[Article, list[str]]] = {a.id: (a, []) for a in articles}
    assert total == len(found) == index.counts["articles"]
    keys = by_vector(index, query(index, "anything at all"))
    assert len(keys) == index.counts["passages"]
    codes = index.token_codes(keys)
    for (passage, owner), (_, spans) in zip(index.hits(keys), codes, strict=True):
        assert owner == found[passage.article_id][0] == index.article(owner.id)
        assert passage.text == owner.text[passage.start : passage.end]
        assert spans.max(initial=0) <= len(passage.text)
        found[owner.id][1].append(passage.text)
    return {name: (owner, sorted(texts)) for name, (owner, texts) in found.items()}
