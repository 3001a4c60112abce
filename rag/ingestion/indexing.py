"""Articles in: read, skip what is unchanged, cut, encode, store in one transaction a batch, publish a generation.

A thread reads ahead and another encodes, while the batch before is written and the next one is cut. A run that is
killed loses these batches at most: the next one skips what was committed and publishes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rag.documents import Article
from rag.encoding.encoder import Encoder
from rag.errors import NotFoundError
from rag.formats.drafts import NO_NAMES, FieldNames, NotRead
from rag.formats.sources import find_sources
from rag.index.faiss_engine import FAISS
from rag.index.manifest import Manifest
from rag.index.publishing import Publisher
from rag.index.search_engine import SearchEngine
from rag.ingestion.ingestion import AHEAD_CHARS, Ingestion
from rag.ingestion.passage_encoding import PassageEncoding
from rag.ingestion.report import IngestionProgress, IngestionReport, ProgressCallback
from rag.ingestion.source_reading import SourceEvent
from rag.store.origins import Origins


def no_progress(event: IngestionProgress) -> None:
    """The default: progress is not reported."""


def index_articles(
    paths: Sequence[Path],
    *,
    index_dir: Path,
    encoder: Encoder,
    engine: SearchEngine = FAISS,
    rebuild: bool = False,
    prune: bool = False,
    names: FieldNames = NO_NAMES,
    progress: ProgressCallback = no_progress,
    elsewhere: PassageEncoding | None = None,
) -> IngestionReport:
    """Bring the index in step with the files at ``paths`` and publish it; one bad file never stops the others.

    rebuild: read and encode everything again, whatever made the index so far. prune: remove the articles of files
    under ``paths`` that are gone, all of them where a folder is empty now. names: of fields, in files of records.
    engine: what is to search the index.
    elsewhere: encodes passages, if this process does not.

    Raises CorpusError, IndexLockedError, IndexMismatchError, IndexDamagedError,
    StorageError, and EncoderError when the encoder fails.
    """
    sources = list(find_sources(paths, may_be_empty=prune))
    with Publisher.locked(index_dir, engine, create=True) as publisher:
        ingestion = Ingestion(publisher, encoder, progress, elsewhere)
        ingestion.adopt(rebuild)
        ingestion.read(sources, names, again=rebuild)
        if prune:
            ingestion.prune(paths, sources)
        return ingestion.finish()


def index_given(
    articles: Iterable[Article | NotRead],
    *,
    index_dir: Path,
    encoder: Encoder,
    engine: SearchEngine = FAISS,
    progress: ProgressCallback = no_progress,
    elsewhere: PassageEncoding | None = None,
    ahead_chars: int = AHEAD_CHARS,
) -> IngestionReport:
    """Store articles that are in memory, by the same path as files, and publish. Raises as :func:`index_articles`.

    ahead_chars: how much is drawn of ``articles`` before the encoder has come to it.
    """
    with Publisher.locked(index_dir, engine, create=True) as publisher:
        ingestion = Ingestion(publisher, encoder, progress, elsewhere)
        ingestion.adopt(rebuild=False)
        ingestion.read_given(articles, ahead_chars)
        return ingestion.finish()


def index_events(
    events: Callable[[Callable[[str], str]], Iterable[SourceEvent]],
    *,
    index_dir: Path,
    encoder: Encoder,
    engine: SearchEngine = FAISS,
    progress: ProgressCallback = no_progress,
    elsewhere: PassageEncoding | None = None,
) -> IngestionReport:
    """Store what sources of another kind than files hold, and publish. Raises as :func:`index_articles`.

    events: given what is noted of a source by its origin, what is read of each, in order, and how it ended.
    """
    with Publisher.locked(index_dir, engine, create=True) as publisher:
        ingestion = Ingestion(publisher, encoder, progress, elsewhere)
        ingestion.adopt(rebuild=False)
        ingestion.read_events(events)
        return ingestion.finish()


def delete_article(article_id: str, *, index_dir: Path, engine: SearchEngine = FAISS) -> Manifest:
    """Remove one article and publish. Its file, if it has one, is read again only once it changes.

    Raises NotFoundError, IndexMissingError, IndexLockedError, IndexDamagedError, StorageError.
    """
    with Publisher.locked(index_dir, engine) as publisher:
        publisher.require_one_profile()
        store, generation = publisher.store, publisher.next_generation()
        if store.live(article_id) is None and publisher.published():  # else: deleted, but not published yet
            raise NotFoundError(f"There is no article {article_id!r}.", "List them: GET /api/v1/articles")
        with store.transaction():
            store.remove(article_id, generation)
            Origins(store).forget_article(article_id)
        return publisher.publish()
