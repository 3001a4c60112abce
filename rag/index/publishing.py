"""From the store to a new generation: read the live rows, have the engine build what it searches, publish.

Nothing is encoded or analysed again: the store holds all that an engine builds from.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from rag.files import FileRecord
from rag.index.faiss_engine import FAISS
from rag.index.generations import Generations
from rag.index.live_passages import LivePassages
from rag.index.manifest import Manifest
from rag.index.search_engine import SearchEngine
from rag.store.database import Store
from rag.store.profile import REBUILD_COMMAND
from rag.store.view import StoreView


def next_generation(index_dir: Path, store: Store) -> int:
    """The generation that rows written now will first appear in: above every one that was ever published or begun."""
    generations = Generations(index_dir)
    try:
        current = generations.current().generation
    except (FileNotFoundError, IndexDamagedError):
        current = 0
    return 1 + max([current, int(store.get("allotted")), *generations.numbers()])


def published(index_dir: Path, store: Store, engine: SearchEngine) -> Manifest | None:
    """The published manifest, if it shows all that the store holds and the engine can search it."""
    generations = Generations(index_dir)
    try:
        manifest = generations.current()
    except (FileNotFoundError, IndexDamagedError):
        return None
    shown = manifest.revision == int(store.get("revision"))
    return manifest if shown and engine.serves(generations.folder(manifest.generation), manifest) else None


def require_one_profile(store: Store) -> None:
    """Raises IndexMismatchError after a rebuild that was cut short: what it has done is not the whole corpus."""
    if store.stale():
        raise IndexMismatchError("The index was being made again and that has not ended.", f"Run: {REBUILD_COMMAND}")


def publish(index_dir: Path, store: Store, engine: SearchEngine = FAISS) -> Manifest:
    """Publish what the store holds now, then drop what no generation needs. Call under the writer's lock.

    Raises IndexDamagedError for a damaged store; StorageError, and then the old generation stays current.
    """
    profile = store.profile
    if profile is None:
        raise IndexMissingError(f"The index in {index_dir} was never filled.", "Fill it: python -m rag index FOLDER")
    require_one_profile(store)
    generation = next_generation(index_dir, store)
    generations = Generations(index_dir)
    live = LivePassages.read(StoreView(index_dir), store.get("store_id"), int(store.get("profile")), profile)
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
        manifest = generations.write(generation, partial(_write, live, generation, engine), describe)
    finally:
        live.view.close()
    oldest = generations.retire()
    with store.transaction():
        store.allot(generation)
        store.purge(oldest)
    engine.retire(live.store_id, oldest)
    return manifest


def _write(live: LivePassages, generation: int, engine: SearchEngine, folder: Path) -> dict[str, FileRecord]:
    return {
        **engine.write(live, generation, folder),
        **live.columns.write(folder),
        **live.centring.write(folder),
    }
