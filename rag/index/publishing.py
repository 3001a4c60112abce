"""From the store to a new generation: read the live rows, have the engine build what it searches, publish.

Nothing is encoded or analysed again: the store holds all that an engine builds from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from rag.files import FileRecord
from rag.index.faiss_engine import FAISS
from rag.index.generations import Generations
from rag.index.live_passages import LivePassages
from rag.index.locking import WriterLock
from rag.index.manifest import Manifest
from rag.index.search_engine import SearchEngine
from rag.store.database import Store
from rag.store.profile import REBUILD_COMMAND
from rag.store.view import StoreView


class Publisher:
    """Publishes what a store holds; belongs under the writer's lock (:meth:`locked`)."""

    def __init__(self, index_dir: Path, store: Store, engine: SearchEngine = FAISS) -> None:
        self.index_dir = index_dir
        self.generations = Generations(index_dir)
        self.store = store
        self._engine = engine

    @classmethod
    @contextmanager
    def locked(cls, index_dir: Path, engine: SearchEngine = FAISS, *, create: bool = False) -> Iterator[Publisher]:
        """The publisher of an index that nobody else writes meanwhile, its store open.

        Raises IndexLockedError, IndexMissingError unless ``create`` is set, IndexDamagedError, StorageError.
        """
        with WriterLock(index_dir), Store.open(index_dir, create=create) as store:
            yield cls(index_dir, store, engine)

    def next_generation(self) -> int:
        """The generation in which rows written now first appear: above each that was ever published or begun."""
        try:
            current = self.generations.current().generation
        except (FileNotFoundError, IndexDamagedError):
            current = 0
        return 1 + max([current, int(self.store.get("allotted")), *self.generations.numbers()])

    def published(self) -> Manifest | None:
        """The published manifest, if it shows all that the store holds and the engine can search it."""
        try:
            manifest = self.generations.current()
        except (FileNotFoundError, IndexDamagedError):
            return None
        shown = manifest.revision == int(self.store.get("revision"))
        folder = self.generations.folder(manifest.generation)
        return manifest if shown and self._engine.serves(folder, manifest) else None

    def require_one_profile(self) -> None:
        """Raises IndexMismatchError after a rebuild that was cut short: what it has done is not the whole corpus."""
        if self.store.stale():
            message = "The index was being made again and that has not ended."
            raise IndexMismatchError(message, f"Run: {REBUILD_COMMAND}")

    def publish(self) -> Manifest:
        """Publish what the store holds now, then drop what no generation needs.

        Raises IndexDamagedError for a damaged store; StorageError, and then the old generation stays current.
        """
        store, profile = self.store, self.store.profile
        if profile is None:
            message = f"The index in {self.index_dir} was never filled."
            raise IndexMissingError(message, "Fill it: python -m rag index FOLDER")
        self.require_one_profile()
        generation = self.next_generation()
        live = LivePassages.read(StoreView(self.index_dir), store.get("store_id"), int(store.get("profile")), profile)
        describe = partial(
            Manifest,
            generation=generation,
            store_id=live.store_id,
            revision=int(store.get("revision")),
            profile=profile,
            articles=len(live.articles),
            passages=len(live),
        )
        try:
            manifest = self.generations.write(generation, partial(_write, live, generation, self._engine), describe)
        finally:
            live.view.close()
        oldest = self.generations.retire()
        with store.transaction():
            store.allot(generation)
            store.purge(oldest)
        self._engine.retire(live.store_id, oldest)
        return manifest


def _write(live: LivePassages, generation: int, engine: SearchEngine, folder: Path) -> dict[str, FileRecord]:
    return {
        **engine.write(live, generation, folder),
        **live.columns.write(folder),
        **live.centring.write(folder),
    }
