"""Every engine that searches, for the suites that hold for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.index.faiss_engine import FAISS
from rag.index.search_engine import SearchEngine

if TYPE_CHECKING:
    from rag.index.qdrant.engine import QdrantEngine

ENGINES = ("faiss", "qdrant")


def new_engine(name: str) -> SearchEngine:
    """FAISS, or Qdrant's local mode with nothing in it."""
    return FAISS if name == "faiss" else qdrant_engine()


def qdrant_engine(folder: Path | None = None) -> QdrantEngine:
    """Qdrant's local mode in memory, or in a folder that outlives it."""
    qdrant_client = pytest.importorskip("qdrant_client", reason="needs the package qdrant-client")
    from rag.index.qdrant.engine import QdrantEngine
    from rag.index.qdrant.server import QdrantServer

    client = qdrant_client.QdrantClient(path=str(folder)) if folder else qdrant_client.QdrantClient(":memory:")
    return QdrantEngine(QdrantServer(client, "a test"))
