"""The engine for more than one machine: a Qdrant collection beside the store, kept in step one publication at a time.

Publishing sends what came and marks what went. Readers see neither until the manifest names the new generation, whose
number is part of every query; what a killed publication left is undone by the next.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from qdrant_client import models

from rag import files
from rag.documents import Filters, Int64
from rag.errors import IndexDamagedError, IndexMismatchError, QdrantError
from rag.files import FileRecord
from rag.index.columns import Columns
from rag.index.generations import Generations
from rag.index.live_passages import LivePassages
from rag.index.manifest import Manifest
from rag.index.qdrant.collection import COLLECTION_NAME, Collection, made_for, name_of
from rag.index.qdrant.points import LIVE, PAYLOAD, batches, layout, removed_by, since, visible
from rag.index.qdrant.searcher import QdrantSearcher
from rag.index.qdrant.server import QdrantServer
from rag.index.qdrant.vocabulary import Vocabulary
from rag.store.profile import Profile
from rag.store.view import StoreView

log = logging.getLogger(__name__)

_KEYS_AT_A_TIME = 10_000  # in one request, 100 kB of JSON


@dataclass(frozen=True)
class _Built:
    """What was published before, or is to be now. keys: (n,) int64, ascending."""

    collection: Collection
    vocabulary: Vocabulary
    keys: Int64

    def write(self, folder: Path) -> dict[str, FileRecord]:
        return {**self.collection.write(folder), **self.vocabulary.write(folder)}


class QdrantEngine:
    """See :class:`rag.index.search_engine.SearchEngine`. Everything that reaches the server raises QdrantError."""

    def __init__(self, server: QdrantServer) -> None:
        self._server = server

    # -- publishing --------------------------------------------------------------------------------------------

    def write(self, live: LivePassages, generation: int, folder: Path) -> Mapping[str, FileRecord]:
        """Bring the collection in step with the live rows, or make one."""
        self._undo(live.store_id, generation)
        before = _published(live)
        built = before and self._extended(before, live, generation)
        return (built or self._made(live, generation)).write(folder)

    def _undo(self, store_id: str, generation: int) -> None:
        """Take back what a publication of this number, or a later one, left when it was cut short."""
        for made, name in self._collections(store_id).items():
            with self._server.client() as client:
                if made >= generation:
                    client.delete_collection(name)
                else:
                    client.delete(name, models.FilterSelector(filter=since("added", generation)))
                    client.set_payload(name, {"removed": LIVE}, points=since("removed", generation))

    def _extended(self, before: _Built, live: LivePassages, generation: int) -> _Built | None:
        """The collection of before with what came and without what went; None where a new one must be made."""
        if not before.collection.fits(len(live)) or not self._holds(before.collection.name, live.profile):
            return None
        keys, terms = live.columns.keys, before.vocabulary
        came = np.setdiff1d(keys, before.keys, assume_unique=True)
        gone = np.setdiff1d(before.keys, keys, assume_unique=True)
        self._add(before.collection, live, live.columns.rows_of(came), generation)
        for start in range(0, len(gone), _KEYS_AT_A_TIME):
            part = gone[start : start + _KEYS_AT_A_TIME].tolist()
            with self._server.client() as client:
                client.set_payload(before.collection.name, {"removed": generation}, points=part)
        if self._count(before.collection.name, generation) != len(keys):
            log.warning("Qdrant does not hold what was published to it: all is sent again.")
            return None
        terms = terms.changed(live.view.blobs("terms", came), 1).changed(live.view.blobs("terms", gone), -1)
        return _Built(before.collection, terms, keys)

    def _made(self, live: LivePassages, generation: int) -> _Built:
        keys, fingerprint = live.columns.keys, live.profile.fingerprint
        vocabulary = Vocabulary.empty().changed(live.view.blobs("terms", keys), 1)
        name = name_of(fingerprint, live.store_id, generation)
        collection = Collection(name, len(keys), vocabulary.mean_length, live.centring)
        with self._server.client() as client:
            client.create_collection(
                name, **layout(live.dimension, fingerprint.has_tokens), metadata=_metadata(live.profile)
            )
            for field, schema in PAYLOAD.items():
                client.create_payload_index(name, field, schema)
        self._add(collection, live, np.arange(len(keys)), generation)
        if (held := self._count(name, generation)) != len(keys):
            raise QdrantError(
                f"Qdrant at {self._server.name} took {held} passages of {len(keys)}.",
                "Look at its log, and run it again.",
            )
        return _Built(collection, vocabulary, keys)

    def _add(self, collection: Collection, live: LivePassages, rows: Int64, generation: int) -> None:
        for points in batches(live, rows, generation, collection.centring, collection.mean_length):
            files.checkpoint("upsert")
            with self._server.client() as client:
                client.upsert(collection.name, points, wait=True)

    def retire(self, store_id: str, oldest: int) -> None:
        """Delete points removed by then and collections that others followed; what fails is left to the next time."""
        try:
            made = self._collections(store_id)
            serving = max((number for number in made if number <= oldest), default=0)
            for number, name in made.items():
                with self._server.client() as client:
                    if number < serving:
                        client.delete_collection(name)
                    else:
                        client.delete(name, models.FilterSelector(filter=removed_by(oldest)))
        except QdrantError as error:
            log.warning("What is no longer needed stays in Qdrant for now: %s", error)

    # -- reading -----------------------------------------------------------------------------------------------

    def open(self, folder: Path, manifest: Manifest, columns: Columns, view: StoreView) -> QdrantSearcher:
        """The searcher; nothing of the collection is read but what it says it is."""
        if COLLECTION_NAME not in manifest.files:
            raise IndexMismatchError(
                f"Generation {manifest.generation} was not published to Qdrant.", "Publish it: python -m rag index"
            )
        collection = Collection.load(folder)
        if not self._holds(collection.name, manifest.profile):
            raise QdrantError(
                f"Qdrant at {self._server.name} holds no collection {collection.name} of this encoder.",
                "Fill it: python -m rag index. Or correct ISNAD_QDRANT_URL.",
            )
        return QdrantSearcher(self._server, collection.name, manifest.generation, Vocabulary.load(folder), view)

    def serves(self, folder: Path, manifest: Manifest) -> bool:
        """Whether the generation's collection is there and holds as many passages as were published."""
        if COLLECTION_NAME not in manifest.files:
            return False
        try:
            manifest.verify(folder)
        except IndexDamagedError:
            return False
        name = Collection.load(folder).name
        return self._holds(name, manifest.profile) and self._count(name, manifest.generation) == manifest.passages

    def describe(self) -> str:
        """With the server's version."""
        with self._server.client() as client:
            return f"Qdrant {client.info().version} at {self._server.name}"

    # -- what the server holds ---------------------------------------------------------------------------------

    def _collections(self, store_id: str) -> dict[int, str]:
        """The store's collections by the generation that each was made for."""
        with self._server.client() as client:
            names = [found.name for found in client.get_collections().collections]
        return {made: name for name in names if (made := made_for(name, store_id))}

    def _holds(self, name: str, profile: Profile) -> bool:
        with self._server.client() as client:
            if not client.collection_exists(name):
                return False
            return bool(client.get_collection(name).config.metadata == _metadata(profile))

    def _count(self, name: str, generation: int) -> int:
        with self._server.client() as client:
            return int(client.count(name, count_filter=visible(generation, Filters()), exact=True).count)


def _metadata(profile: Profile) -> dict[str, object]:
    return {"encoder": profile.fingerprint.to_dict()}


def _published(live: LivePassages) -> _Built | None:
    """What the generation before holds, if it is of the same store and profile and lies in Qdrant."""
    generations = Generations(live.view.path.parent)
    try:
        manifest = generations.current()
        folder = generations.folder(manifest.generation)
        manifest.verify(folder)
    except (FileNotFoundError, IndexDamagedError):
        return None
    same = manifest.store_id == live.store_id and manifest.profile == live.profile
    if not same or COLLECTION_NAME not in manifest.files:
        return None
    return _Built(Collection.load(folder), Vocabulary.load(folder), Columns.load(folder).keys)
