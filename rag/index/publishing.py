"""From the store to a new generation: read the live rows, centre the vectors, build the indexes, publish.

Nothing is encoded or analysed again: the store holds what both indexes are built from.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag import files
from rag.documents import Float32
from rag.encoding.centring import Centring
from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from rag.files import FileRecord
from rag.index.centring_files import write_centring
from rag.index.columns import Columns
from rag.index.generations import Generations
from rag.index.keyword_index import KeywordIndex
from rag.index.manifest import Manifest
from rag.index.vector_index import TRAINING_VECTORS, VectorIndex
from rag.store.profile import REBUILD_COMMAND, Profile
from rag.store.schema import damaged
from rag.store.store import Store
from rag.store.view import StoreView

ROWS_AT_A_TIME = 4096
BYTES_PER_PASSAGE = 1500  # of keywords and columns, generously; vectors come on top

Int64 = NDArray[np.int64]


class _Live(NamedTuple):
    """What is published: the live rows of one profile, and where the vectors are read from."""

    view: StoreView
    dimension: int
    columns: Columns
    keywords: KeywordIndex
    centring: Centring
    languages: list[str]

    def centred(self, rows: Int64) -> Float32:
        """(len(rows), dimension): the centred unit vectors of some rows."""
        pooled = b"".join(self.view.blobs("vectors", self.columns.keys[rows]))
        vectors = np.frombuffer(pooled, dtype="<f4").reshape(len(rows), self.dimension)
        return self.centring.centre_pooled(vectors, [self.languages[row] for row in rows.tolist()])


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
    articles, passages = view.article_rows(number), list(view.passage_rows(number))
    sums = view.language_sums(number)
    expected = {sum(s.passages for s in sums.values()), sum(row.passages for row in articles)}
    if {len(passages)} != expected:  # a damaged page can hide rows without an error
        raise damaged(view.path, f"it yields {len(passages)} passages and counts {sorted(expected)}")
    keys = np.array([row.key for row in passages], dtype=np.int64)
    versions = np.array([row.version for row in passages], dtype=np.int64)
    columns = Columns.build(articles, keys, versions, view.other_publishers())
    keywords = KeywordIndex.build(view.blobs("terms", keys))
    centring = Centring.estimate(Centring.prior(profile.fingerprint), sums)
    return _Live(view, profile.fingerprint.dimension, columns, keywords, centring, [row.language for row in passages])


def _write(live: _Live, folder: Path) -> dict[str, FileRecord]:
    count = len(live.languages)
    sample = live.centred(np.linspace(0, count - 1, min(count, TRAINING_VECTORS)).astype(np.int64))
    chunks = (
        live.centred(np.arange(start, min(start + ROWS_AT_A_TIME, count))) for start in range(0, count, ROWS_AT_A_TIME)
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
