"""From the store to a new generation: read the live rows, centre the vectors, build the indexes, publish.

Nothing is encoded or analysed again: the store holds what both indexes are built from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from rag import files
from rag.centring import Centring
from rag.centring_files import write_centring
from rag.columns import Columns
from rag.documents import Float32
from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from rag.files import FileRecord
from rag.generations import Generations
from rag.keyword_index import KeywordIndex
from rag.manifest import REBUILD_COMMAND, Manifest, Profile
from rag.schema import damaged
from rag.store import Store
from rag.store_view import PassageRow, StoreView, pooled_matrix
from rag.vector_index import TRAINING_VECTORS, VectorIndex

ROWS_AT_A_TIME = 4096
BYTES_PER_PASSAGE = 1500  # of keywords and columns, generously; vectors come on top

T = TypeVar("T")


class _Live(NamedTuple):
    """What is published: the live rows of one profile."""

    view: StoreView
    number: int
    profile: Profile
    columns: Columns
    keywords: KeywordIndex
    centring: Centring


def next_generation(index_dir: Path, store: Store) -> int:
    """The generation that rows written now will first appear in: above every one that was ever published or begun."""
    generations = Generations(index_dir)
    try:
        current = generations.current().generation
    except (FileNotFoundError, IndexDamagedError):
        current = 0
    return 1 + max([current, int(store.get("allotted")), *generations.numbers()])


def published(index_dir: Path, store: Store) -> Manifest | None:
    """The published manifest, if it shows all that the store holds."""
    try:
        manifest = Generations(index_dir).current()
    except (FileNotFoundError, IndexDamagedError):
        return None
    return manifest if manifest.revision == int(store.get("revision")) else None


def require_one_profile(store: Store) -> None:
    """Raises IndexMismatchError after a rebuild that was cut short: what it has done is not the whole corpus."""
    if store.stale():
        raise IndexMismatchError("The index was being made again and that has not ended.", f"Run: {REBUILD_COMMAND}")


def publish(index_dir: Path, store: Store) -> Manifest:
    """Publish what the store holds now, then drop what no generation needs. Call under the writer's lock.

    Raises IndexDamagedError for a damaged store; StorageError, and then the old generation stays current.
    """
    profile = store.profile
    if profile is None:
        raise IndexMissingError(f"The index in {index_dir} was never filled.", "Fill it: python -m rag index FOLDER")
    require_one_profile(store)
    generation = next_generation(index_dir, store)
    generations = Generations(index_dir)
    live = _read(StoreView(index_dir), int(store.get("profile")), profile)
    files.require_space(index_dir, len(live.columns.keys) * (4 * profile.fingerprint.dimension + BYTES_PER_PASSAGE))
    describe = partial(
        Manifest,
        generation=generation,
        store_id=store.get("store_id"),
        revision=int(store.get("revision")),
        profile=profile,
        articles=len(live.columns.versions),
        passages=len(live.columns.keys),
    )
    try:
        manifest = generations.write(generation, partial(_write, live), describe)
    finally:
        live.view.close()
    oldest = generations.retire()
    with store.transaction():
        store.allot(generation)
        store.purge(oldest)
    return manifest


def _read(view: StoreView, number: int, profile: Profile) -> _Live:
    articles = view.article_rows(number)
    keys, versions, counts = [], [], []
    for row in view.scan("terms", number):
        keys.append(row.key)
        versions.append(row.version)
        counts.append(row.data)
    sums = view.language_sums(number)
    expected = {sum(s.passages for s in sums.values()), sum(row.passages for row in articles)}
    if {len(keys)} != expected:  # a damaged page can hide rows without an error
        raise damaged(view.path, f"it yields {len(keys)} passages and counts {sorted(expected)}")
    columns = Columns.build(articles, np.array(keys, dtype=np.int64), np.array(versions, dtype=np.int64))
    centring = Centring.estimate(Centring.prior(profile.fingerprint), sums)
    return _Live(view, number, profile, columns, KeywordIndex.build(counts), centring)


def _write(live: _Live, folder: Path) -> dict[str, FileRecord]:
    count = len(live.columns.keys)
    dimension = live.profile.fingerprint.dimension
    step = max(1, count // TRAINING_VECTORS)
    sample = _centred(live, islice(live.view.scan("vectors", live.number), 0, None, step), dimension)
    chunks = (
        _centred(live, rows, dimension) for rows in _chunks(live.view.scan("vectors", live.number), ROWS_AT_A_TIME)
    )
    try:
        vectors = VectorIndex.write(folder, chunks, sample, count)
    except ValueError as error:
        raise damaged(live.view.path, str(error)) from error
    return {
        **vectors,
        **live.keywords.write(folder),
        **live.columns.write(folder),
        **write_centring(live.centring, folder),
    }


def _centred(live: _Live, rows: Iterable[PassageRow], dimension: int) -> Float32:
    rows = list(rows)
    if not rows:
        return np.zeros((0, dimension), dtype=np.float32)
    return live.centring.centre_pooled(pooled_matrix(rows), [row.language for row in rows])


def _chunks(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while chunk := list(islice(items, size)):
        yield chunk
