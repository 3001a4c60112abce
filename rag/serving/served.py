"""What the server is built around: somebody who can be asked, and the index behind the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.asking import Answering
from rag.documents import Article, Filters, Float32, ListOrder
from rag.encoding.encoder import Encoder


class Served(Answering, Protocol):
    """An :class:`Answering` that lists its articles, encodes, and looks for what was published since."""

    @property
    def encoder(self) -> Encoder:
        """What uploads are encoded with."""
        ...

    def articles(
        self, filters: Filters = ..., offset: int = ..., limit: int = ..., words: str = ..., order: ListOrder = ...
    ) -> tuple[list[Article], int]:
        """A page of the articles that pass the filters and whose names hold the words, and how many do."""
        ...

    def encode(self, texts: Sequence[str], passage: bool) -> list[Float32]:
        """Pooled unit vectors, one a text, as passages or as queries."""
        ...

    def refresh(self) -> bool:
        """Serve a newer generation if one was published; True when it changed."""
        ...
