"""The index as readers see it: one generation, whole and unchanging, however long a question takes."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np

from rag.documents import Article, Filters, Float32, Int32, Int64, ListOrder, Passage
from rag.encoding.centring import Centring
from rag.encoding.encoder import Fingerprint
from rag.errors import IndexDamagedError, IndexLockedError, NotFoundError, StorageError
from rag.index.columns import Columns
from rag.index.faiss_engine import FAISS
from rag.index.generations import Generations
from rag.index.listing import Listing
from rag.index.locking import Lease
from rag.index.manifest import MANIFEST_NAME, Manifest
from rag.index.repair import repair_generations
from rag.index.search_engine import Probe, SearchEngine
from rag.store.profile import Profile
from rag.store.schema import require_store_file
from rag.store.view import StoreView

log = logging.getLogger(__name__)


CACHED_ARTICLES = 512  # a bound: more than a dozen questions touch, a few MB
EVERYTHING = Filters()
_RACES = 10  # times a generation may vanish between reading the manifest and opening it: a bound, once is rare


class Index:
    """A snapshot of one generation. Safe for many threads; a writer leaves its files and rows alone while it is open.

    Keys are those of passages; scores are higher for better; queries and vectors are centred unit vectors.
    """

    def __init__(self, generations: Generations, manifest: Manifest, lease: Lease, engine: SearchEngine) -> None:
        folder = generations.folder(manifest.generation)
        self.manifest = manifest
        self.engine = engine
        self.centring = Centring.load(folder)
        self.token_code = manifest.profile.load_token_code()
        self._lease = lease
        self._columns = Columns.load(folder)
        self._generations = generations
        self._view = StoreView(generations.index_dir, manifest.store_id)
        meta = self._view.meta()
        manifest.require_store(meta["store_id"], int(meta["revision"]))
        self._searcher = engine.open(folder, manifest, self._columns, self._view)
        self._cache: OrderedDict[int, Article] = OrderedDict()
        self._cache_lock = Lock()

    @classmethod
    def open(cls, index_dir: Path, fingerprint: Fingerprint, engine: SearchEngine = FAISS) -> Index:
        """Open the current generation; one that is damaged is set aside and rebuilt, or the one before it serves.

        Raises IndexMissingError, IndexMismatchError when the index is of another encoder, chunker, analyser or engine,
        and IndexDamagedError (or IndexLockedError, StorageError, where they keep it from being mended) when nothing
        can be served.
        """
        generations = Generations(index_dir)
        for _ in range(_RACES):
            try:
                manifest = generations.current()
                manifest.profile.require(Profile.current(fingerprint))
                return cls._load(generations, manifest, engine)
            except FileNotFoundError:  # no index yet, or retired while we looked
                require_store_file(index_dir)
            except IndexDamagedError as error:
                log.warning("%s", error)
                break
        return cls._recover(generations, fingerprint, engine)

    @classmethod
    def _load(cls, generations: Generations, manifest: Manifest, engine: SearchEngine) -> Index:
        folder = generations.folder(manifest.generation)
        lease = Lease(folder / MANIFEST_NAME)
        try:
            if generations.manifest(manifest.generation) != manifest:
                raise IndexDamagedError(f"{folder} is not the generation that was published.")
            manifest.verify(folder)
            index = cls(generations, manifest, lease, engine)
        except BaseException:
            lease.release()
            raise
        return index

    @classmethod
    def _recover(cls, generations: Generations, fingerprint: Fingerprint, engine: SearchEngine) -> Index:
        try:
            repair_generations(generations.index_dir, engine)
            manifest = generations.current()
            manifest.profile.require(Profile.current(fingerprint))
            return cls._load(generations, manifest, engine)
        except (IndexLockedError, StorageError, IndexDamagedError, FileNotFoundError) as error:
            log.warning("%s", error)
            return cls._fall_back(generations, fingerprint, engine, error)

    @classmethod
    def _fall_back(
        cls, generations: Generations, fingerprint: Fingerprint, engine: SearchEngine, cause: Exception
    ) -> Index:
        for generation in generations.numbers():
            try:
                manifest = generations.manifest(generation)
                manifest.profile.require(Profile.current(fingerprint))
                return cls._load(generations, manifest, engine)
            except (IndexDamagedError, FileNotFoundError) as error:
                log.warning("%s", error)
        if isinstance(cause, IndexLockedError | StorageError):
            raise cause
        raise IndexDamagedError(
            f"No generation of the index in {generations.index_dir} can be used: {cause}",
            "Run: python -m rag doctor --repair",
        ) from cause

    @property
    def generation(self) -> int:
        """The generation this is a snapshot of."""
        return self.manifest.generation

    def is_whole(self) -> bool:
        """Whether the engine still holds what was published to it; with Qdrant, this asks the server."""
        return self.engine.serves(self._generations.folder(self.generation), self.manifest)

    @property
    def fingerprint(self) -> Fingerprint:
        """Of the encoder that made the vectors."""
        return self.manifest.profile.fingerprint

    def close(self) -> None:
        """Let the writer have the generation; the index must not be used any more."""
        self._lease.release()
        self._view.close()

    # -- search: what the engine answers, see rag.index.search_engine.Searcher -------------------------------------

    def propose(self, probe: Probe, filters: Filters = EVERYTHING) -> Int64:
        """Keys of the passages worth ranking, each once."""
        return self._searcher.propose(probe, filters)

    def keyword_scores(self, terms: Sequence[str], keys: Int64) -> Float32:
        """The BM25 score of each of the given passages."""
        return self._searcher.keyword_scores(terms, keys)

    def idf(self, terms: Sequence[str]) -> Float32:
        """The rarity of each term."""
        return self._searcher.idf(terms)

    # -- what was found ----------------------------------------------------------------------------------------

    def hits(self, keys: Sequence[int] | Int64) -> list[tuple[Passage, Article]]:
        """The passages in the order given, each with its article."""
        wanted = np.asarray(keys, dtype=np.int64)
        versions = self._columns.versions[self._columns.articles[self._columns.rows_of(wanted)]]
        return self._view.passages(wanted.tolist(), self._articles(versions.tolist()))

    def stories(self, keys: Sequence[int] | Int64) -> list[int]:
        """Which story each passage is of: articles that reprint one another tell the same."""
        stories: list[int] = self._columns.stories_of(np.asarray(keys, dtype=np.int64)).tolist()
        return stories

    def published_by(self, story: int) -> Sequence[str]:
        """The sources that published a story, as :meth:`stories` numbers it; none where one article alone tells it."""
        return self._columns.publishers.get(story, ())

    def token_codes(self, keys: Sequence[int] | Int64) -> list[tuple[bytes, Int32]]:
        """Packed token vectors and their (n, 2) spans in the passage's text, in the order given."""
        return self._view.tokens(np.asarray(keys, dtype=np.int64).tolist())

    def article(self, article_id: str) -> Article:
        """Raises NotFoundError."""
        version = self._columns.version_of(article_id)
        article = None if version is None else self._articles([version])[version]
        if article is None or article.id != article_id:
            raise NotFoundError(f"There is no article {article_id!r}.", "List them: GET /api/v1/articles")
        return article

    def articles(
        self,
        filters: Filters = EVERYTHING,
        offset: int = 0,
        limit: int = 50,
        words: str = "",
        order: ListOrder = "newest",
    ) -> tuple[list[Article], int]:
        """A page of the articles that pass and whose names hold the words, and how many do."""
        versions = self._columns.newest_first(self._columns.article_mask(filters))
        if words or order != "newest":
            versions = self._listing.arranged(versions, words, order)
        page = versions[max(offset, 0) :][: max(limit, 0)].tolist()
        found = self._articles(page)
        return [found[version] for version in page], len(versions)

    @cached_property
    def _listing(self) -> Listing:
        return Listing.of(self._view.names())

    def _articles(self, versions: Sequence[int]) -> dict[int, Article]:
        wanted = set(versions)
        with self._cache_lock:
            found = {version: self._cache[version] for version in wanted if version in self._cache}
        if missing := sorted(wanted - found.keys()):
            found |= self._view.articles(missing)
        with self._cache_lock:
            for version, article in found.items():
                self._cache[version] = article
                self._cache.move_to_end(version)
            while len(self._cache) > CACHED_ARTICLES:
                self._cache.popitem(last=False)
        return found

    # -- what there is -----------------------------------------------------------------------------------------

    @property
    def counts(self) -> Mapping[str, int]:
        """How many articles and passages."""
        return {"articles": self.manifest.articles, "passages": self.manifest.passages}

    @property
    def languages(self) -> Mapping[str, int]:
        """Articles by language."""
        return self._columns.counts(self._columns.language_names, self._columns.languages)

    @property
    def sources(self) -> Mapping[str, int]:
        """Articles by source."""
        return self._columns.counts(self._columns.source_names, self._columns.sources)

    def questions(self) -> list[tuple[str, str]]:
        """Questions that articles suggest, each with the language of its article."""
        return list(self._columns.questions)
