"""Looking for damage in an index, and mending what can be mended: what `doctor` runs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from rag.errors import IndexDamagedError
from rag.index.faiss_engine import FAISS
from rag.index.generations import Generations
from rag.index.locking import WriterLock
from rag.index.manifest import Manifest
from rag.index.salvage import Salvage, salvage_store
from rag.index.search_engine import SearchEngine
from rag.index.snapshot import repair_generations
from rag.store.check import faults_of
from rag.store.store_file import finish_replacing, require_store_file


class Repair(NamedTuple):
    """What a repair found and did. ``saved``: None where the store was sound."""

    manifest: Manifest
    faults: list[str]
    saved: Salvage | None


def check_index(index_dir: Path) -> list[str]:
    """Everything that is wrong with the index on the disk, one sentence each; reads every byte and changes nothing."""
    faults = faults_of(index_dir)
    generations = Generations(index_dir)
    try:
        manifest = generations.current()
        if generations.manifest(manifest.generation) != manifest:
            faults.append(f"generation {manifest.generation} is not the one that was published")
        manifest.verify(generations.folder(manifest.generation))
    except FileNotFoundError as error:
        faults.append(f"{error.filename} is missing")
    except IndexDamagedError as error:
        faults.append(error.message)
    return faults


def repair_index(index_dir: Path, engine: SearchEngine = FAISS) -> Repair:
    """Save what a damaged store still holds, set damaged generations aside, publish anew; nothing is encoded.

    What could not be saved is read again by the next `python -m rag index`. Raises IndexMissingError,
    IndexDamagedError when nothing can be saved, IndexLockedError, StorageError.
    """
    saved = None
    with WriterLock(index_dir):
        finish_replacing(index_dir)
        require_store_file(index_dir)
        if faults := faults_of(index_dir):
            saved = salvage_store(index_dir)
    return Repair(repair_generations(index_dir, engine), faults, saved)
