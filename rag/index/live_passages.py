"""What is published: the live rows of one profile, and where their vectors, tokens and terms are read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.documents import Float32, Int64
from rag.encoding.centring import Centring
from rag.index.columns import Columns
from rag.store.profile import Profile
from rag.store.rows import ArticleRow
from rag.store.schema import damaged
from rag.store.view import StoreView


@dataclass(frozen=True)
class LivePassages:
    """Rows (passages) and articles in the order of ``columns``; ``languages`` are the passages'."""

    view: StoreView
    store_id: str
    profile: Profile
    articles: Sequence[ArticleRow]
    columns: Columns
    centring: Centring
    languages: Sequence[str]

    @classmethod
    def read(cls, view: StoreView, store_id: str, number: int, profile: Profile) -> LivePassages:
        """All live rows of the profile, which is the store's of that number. Raises IndexDamagedError."""
        articles, passages = view.article_rows(number), list(view.passage_rows(number))
        sums = view.language_sums(number)
        expected = {sum(s.passages for s in sums.values()), sum(row.passages for row in articles)}
        if {len(passages)} != expected:  # a damaged page can hide rows without an error
            raise damaged(view.path, f"it yields {len(passages)} passages and counts {sorted(expected)}")
        keys = np.array([row.key for row in passages], dtype=np.int64)
        versions = np.array([row.version for row in passages], dtype=np.int64)
        columns = Columns.build(articles, keys, versions, view.other_publishers())
        centring = Centring.estimate(Centring.prior(profile.fingerprint), sums)
        return cls(view, store_id, profile, articles, columns, centring, [row.language for row in passages])

    @property
    def dimension(self) -> int:
        """Of each vector."""
        return self.profile.fingerprint.dimension

    def __len__(self) -> int:
        return len(self.columns.keys)

    def centred(self, rows: Int64, centring: Centring) -> Float32:
        """(len(rows), dimension): the unit vectors of some rows, centred."""
        pooled = b"".join(self.view.blobs("vectors", self.columns.keys[rows]))
        vectors = np.frombuffer(pooled, dtype="<f4").reshape(len(rows), self.dimension)
        return centring.centre_pooled(vectors, [self.languages[row] for row in rows.tolist()])
