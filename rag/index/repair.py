"""Looking for damage in an index, and mending what can be mended, with nothing encoded again: what `doctor` runs."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from rag import files
from rag.errors import IndexDamagedError, StorageError
from rag.index.faiss_engine import FAISS
from rag.index.generations import Generations
from rag.index.locking import WriterLock
from rag.index.manifest import MANIFEST_NAME, Manifest
from rag.index.publishing import Publisher
from rag.index.search_engine import SearchEngine
from rag.store.check import faults_of
from rag.store.database import Store
from rag.store.origins import Origins
from rag.store.schema import STORE_NAME, finish_replacing, replace_store, require_store_file, store_errors

log = logging.getLogger(__name__)


class Salvage(NamedTuple):
    """How many articles were taken over, and how many could not be read."""

    articles: int
    lost: int


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


def repair_generations(index_dir: Path, engine: SearchEngine = FAISS) -> Manifest:
    """Set damaged generations aside and publish a new one from the store, with nothing encoded again.

    Raises IndexLockedError, IndexDamagedError when the store itself is damaged, StorageError, IndexMissingError.
    """
    with Publisher.locked(index_dir, engine) as publisher:
        store, generations = publisher.store, publisher.generations
        for generation in generations.numbers():
            try:
                manifest = generations.manifest(generation)
                manifest.verify(generations.folder(generation))
                manifest.require_store(store.get("store_id"), int(store.get("revision")))
            except (IndexDamagedError, FileNotFoundError) as error:
                _set_aside(generations, generations.folder(generation), error)
        try:
            generations.current()
        except FileNotFoundError:
            pass
        except IndexDamagedError as error:
            _set_aside(generations, index_dir / MANIFEST_NAME, error)
        current = publisher.published()
        return current if current and current.generation in generations.numbers() else publisher.publish()


def _set_aside(generations: Generations, path: Path, error: Exception) -> None:
    log.warning("%s It is moved to %s.", error, generations.quarantined)
    generations.quarantine(path)


def replace_content(source: Store, target: Store, generation: int, *, trust_hashes: bool) -> Salvage:
    """Make ``target`` hold the live articles of ``source`` and no others, in one transaction.

    What both hold alike is left alone; an article that cannot be read is left out and counted. trust_hashes: whether
    files are to count as read. Raises IndexDamagedError when the settings of the source cannot be read.
    """
    profile = source.profile
    if profile is None:
        raise IndexDamagedError(f"{source.path} holds no articles.")
    kept: set[str] = set()
    lost = 0
    with target.transaction():
        if target.profile != profile:
            target.adopt(profile)
        for version in range(1, source.next_version()):
            try:
                taken = _take(source, target, version, generation)
            except IndexDamagedError:
                lost += 1
                continue
            kept |= taken
        for article_id in target.live_ids() - kept:
            target.remove(article_id, generation)
        _copy_places(source, target, kept, trust_hashes)
    return Salvage(len(kept), lost)


def _take(source: Store, target: Store, version: int, generation: int) -> set[str]:
    """Copy one version if it is live; returns the id of its article. Raises IndexDamagedError."""
    if not source.is_live(version):
        return set()
    article, passages = source.article(version), source.encoded_passages(version)
    if not target.holds(article):
        target.put(article, passages, generation)
    return {article.id}


def _copy_places(source: Store, target: Store, kept: set[str], trust_hashes: bool) -> None:
    origins = Origins(target)
    origins.clear()
    try:
        sources, places = Origins(source).everything()
    except IndexDamagedError:  # only what spares reading: the next run reads the files again and notes them
        return
    for origin, path, sha256 in sources:
        origins.record_source(origin, path, sha256 if trust_hashes else "")
    for place in places:
        if place.article_id in kept:
            origins.record(place)


def salvage_store(index_dir: Path) -> Salvage:
    """Put a sound store in place of a damaged one, which goes to the quarantine. Call under the writer's lock.

    Works on a copy. Raises IndexDamagedError when nothing can be read, and StorageError; the store is then as it was.
    """
    with files.scratch(index_dir / "salvage") as folder, files.scratch(folder / "wreck") as wreck:
        _copy_store(index_dir, wreck)
        with Store.open(wreck) as source, Store.open(folder, create=True) as target:
            with suppress(IndexDamagedError, StorageError), store_errors(source.path):
                source.connection.execute("REINDEX")  # so that no passage hides behind a damaged index
            saved = replace_content(source, target, Publisher(index_dir, source).next_generation(), trust_hashes=False)
        replace_store(index_dir, folder / STORE_NAME)
    return saved


def _copy_store(index_dir: Path, folder: Path) -> None:
    parts = [index_dir / f"{STORE_NAME}{part}" for part in ("", "-wal")]
    present = [path for path in parts if path.exists()]
    files.require_space(index_dir, 2 * sum(path.stat().st_size for path in present))
    with files.storage_errors(folder):
        for path in present:
            shutil.copyfile(path, folder / path.name)
