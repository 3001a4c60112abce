"""Chooses, by the settings, what searches the index."""

from __future__ import annotations

import atexit
import importlib.util
from functools import lru_cache

from rag.errors import SettingsError
from rag.index.faiss_engine import FAISS
from rag.index.search_engine import SearchEngine
from rag.settings import Settings


def load_engine(settings: Settings) -> SearchEngine:
    """FAISS, or Qdrant where ``ISNAD_QDRANT_URL`` names a server; nothing is sent to it yet.

    Raises SettingsError for an unusable address or where Qdrant's client is not installed.
    """
    return _qdrant(settings.qdrant_url, settings.qdrant_api_key) if settings.qdrant_url else FAISS


@lru_cache(maxsize=1)
def _qdrant(url: str, api_key: str) -> SearchEngine:
    if importlib.util.find_spec("qdrant_client") is None:
        raise SettingsError(
            "ISNAD_QDRANT_URL is set, but the package qdrant-client is not installed.",
            "Install it: pip install 'qdrant-client>=1.16,<2'",
        )
    from rag.index.qdrant.engine import QdrantEngine
    from rag.index.qdrant.server import QdrantServer

    atexit.register(_qdrant.cache_clear)  # the client complains when it goes after the modules that it needs
    return QdrantEngine(QdrantServer.connect(url, api_key))
