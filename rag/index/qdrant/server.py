"""A Qdrant server as the program reaches it: one client for all threads, whose failures become ours with a cure."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from qdrant_client import QdrantClient
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from rag.errors import QdrantError, SettingsError

PATIENCE_S = 30  # for one request: a guess, generous for a batch of points


class QdrantServer:
    """``with server.client() as client: ...`` wherever it is asked anything. ``name`` is how errors call it."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    @classmethod
    def connect(cls, url: str, api_key: str) -> QdrantServer:
        """Nothing is sent yet. Raises SettingsError for what is no address."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                "ISNAD_QDRANT_URL is no address of a server.", "Write it like http://127.0.0.1:6333 (or https://...)."
            )
        with warnings.catch_warnings():  # a key sent in the clear: `doctor` tells of it, in our words
            warnings.filterwarnings("ignore", message="Api key is used")
            client = QdrantClient(url=url, api_key=api_key or None, timeout=PATIENCE_S, check_compatibility=False)
        return cls(client, f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")

    @contextmanager
    def client(self) -> Iterator[Any]:
        """The client; what fails inside raises QdrantError."""
        try:
            yield self._client
        except UnexpectedResponse as error:
            raise self._refused(error) from error
        except (ApiException, QdrantException, ValueError, AssertionError) as error:
            # the last two: the client trusts that what answers is Qdrant
            cause = type(getattr(error, "source", error)).__name__
            raise QdrantError(
                f"Qdrant at {self.name} does not answer as it should ({cause}).",
                "Start it, or correct ISNAD_QDRANT_URL.",
            ) from error

    def _refused(self, error: UnexpectedResponse) -> QdrantError:
        if error.status_code in (401, 403):
            message = f"Qdrant at {self.name} refuses the key that it was given, or wants one."
            return QdrantError(message, "Correct ISNAD_QDRANT_API_KEY.")
        if error.status_code == 404:
            message = f"Qdrant at {self.name} no longer holds the index."
            return QdrantError(message, "Fill it again: python -m rag index")
        return QdrantError(
            f"Qdrant at {self.name} answered {error.status_code} {error.reason_phrase}.", "Its log tells more."
        )
