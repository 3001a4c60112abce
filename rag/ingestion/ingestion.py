"""One run of ingestion: what becomes of each article that is read, and what was done so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from rag.documents import Article
from rag.encoding.encoder import Encoder
from rag.errors import ArticleError
from rag.formats.articles import set_apart
from rag.formats.drafts import FieldNames, NotRead
from rag.formats.sources import Source
from rag.index.publishing import Publisher
from rag.ingestion.batch import Batch
from rag.ingestion.passage_encoding import PassageEncoding
from rag.ingestion.report import IngestionProgress, IngestionReport, Phase, ProgressCallback
from rag.ingestion.source_reading import SourceArticle, SourceEnd, SourceEvent, read_ahead, read_sources
from rag.store.origins import Origins
from rag.store.profile import Profile
from rag.store.rows import text_hash
from rag.store.view import StoreView
from rag.text.language import detect_language

AHEAD_CHARS = 2_000_000  # of what is read and waits for the encoder: a bound on memory, minutes of its work


class Ingestion:
    """One run under the writer's lock: what becomes of each article, and what was done so far."""

    def __init__(
        self,
        publisher: Publisher,
        encoder: Encoder,
        progress: ProgressCallback,
        elsewhere: PassageEncoding | None = None,
    ) -> None:
        self.report = IngestionReport()
        self._publisher = publisher
        self._store = publisher.store
        self._origins = Origins(self._store)
        self._encoder = encoder
        self._progress = progress
        self._batch = Batch(self._store, encoder, publisher.next_generation(), self.report, elsewhere)
        self._started = time.monotonic()
        self._read_as: dict[str, str] = {}  # article id -> where this run read it
        self._of_files = True  # the articles: ids that they give themselves may meet
        self._sources = self._sources_done = 0
        self._places: set[str] = set()  # of the source being read
        self._failed_before = 0

    def adopt(self, rebuild: bool) -> None:
        """Settle what rows are made with. Raises IndexMismatchError when that has changed and this is no rebuild."""
        wanted, found = Profile.current(self._encoder.fingerprint), self._store.profile
        if found == wanted and (not rebuild or self._store.stale()):  # the same, or a rebuild that was cut short
            return
        if found is not None and not rebuild:
            found.require(wanted)
        with self._store.transaction():
            self._store.adopt(wanted)

    # -- reading -----------------------------------------------------------------------------------------------

    def read(self, sources: Sequence[Source | NotRead], names: FieldNames, *, again: bool) -> None:
        """Take every source; ``again``: even those whose bytes are unchanged."""
        self._sources = len(sources)
        self.read_events(lambda known: read_sources(sources, (lambda origin: "") if again else known, names))

    def read_events(self, events: Callable[[Callable[[str], str]], Iterable[SourceEvent]]) -> None:
        """Take what ``events`` yields, given what is noted of a source by its origin."""
        with (
            closing(StoreView(self._publisher.index_dir)) as view,
            closing(read_ahead(events(view.source_hash), AHEAD_CHARS, _weight)) as read,
        ):
            for event in read:
                self._take_event(event)

    def read_given(self, articles: Iterable[Article | NotRead], ahead_chars: int) -> None:
        """Take articles in memory, each as a source of its own."""
        self._of_files = False
        with closing(read_ahead(map(_given, articles), ahead_chars, _weight)) as events:
            for event in events:
                self._take_event(event)
                self._sources_done += 1
                self._tell("reading")

    def _take_event(self, event: SourceEvent) -> None:
        if isinstance(event, SourceEnd):
            self._end_source(event)
        elif isinstance(event, NotRead):
            self._fail(event)
        else:
            self._places.add(event.article.origin)
            self._take(event.article, event.source)

    def prune(self, paths: Sequence[Path], found: Sequence[Source | NotRead]) -> None:
        """Drop the sources that were once read under ``paths`` and are not among those found there now."""
        known = self._origins.under([Path(path).absolute() for path in paths])
        closed = tuple(f"{source.origin}/" for source in found if isinstance(source, NotRead))  # folders not opened
        for origin in sorted(known - {source.origin for source in found}):
            if not origin.startswith(closed):
                self._batch.forget_source(origin)

    def _end_source(self, end: SourceEnd) -> None:
        """Note what was read to its end; a source in which anything failed is read again next time."""
        whole = len(self.report.failed) == self._failed_before
        if end.state == "unchanged":
            self.report.unchanged.append(end.origin)
        elif end.state == "read":
            noted = (end.sha256, self._places) if whole else ("", None)
            self._batch.end_source(end.origin, end.path, *noted)
        self._places, self._failed_before = set(), len(self.report.failed)
        self._sources_done += 1
        self._flush_when_full()
        self._tell("reading")

    def _take(self, article: Article, source: str) -> None:
        """Decide what becomes of one article that was read."""
        try:
            article = self._usable(self._apart(article) if self._of_files else article)
        except ArticleError as error:
            self._fail(NotRead.of(error, article.origin))
            return
        self.report.warnings += [(article.origin, warning) for warning in article.warnings]
        if twin := self._batch.twin_of(article):
            self.report.duplicate.append(article.origin)
            self._batch.join(article, source, twin)
        elif self._store.holds(article):
            self.report.unchanged.append(article.origin)
            self._batch.keep(article, source)
        else:
            self._batch.add(article, source)
        self._flush_when_full()

    def _apart(self, article: Article) -> Article:
        """Under an id of its place, where its own is that of another story in another place, which is still there."""
        other = self._read_as.get(article.id, "")
        if not other and (row := self._store.live(article.id)) and row.text_sha256 != text_hash(article.text):
            path = self._origins.path_at(row.origin)
            other = row.origin if path and Path(path).exists() else ""
        return article if other in ("", article.origin) else set_apart(article, other)

    def _usable(self, article: Article) -> Article:
        try:
            "".join((article.id, article.text, article.title, article.origin, article.source)).encode()
        except UnicodeEncodeError:
            raise ArticleError("It holds half a character (a lone surrogate).", "Save it again as UTF-8.") from None
        if not article.id or not article.text.strip():
            raise ArticleError("It has no text." if article.id else "It has no id.", "Give it one, or leave it out.")
        other = self._read_as.setdefault(article.id, article.origin)
        if other != article.origin:
            raise ArticleError(f"Its id {article.id!r} is also that of {other}.", "Give one of them another id.")
        if article.language in ("", "und"):
            return replace(article, language=detect_language(article.text))
        return article

    def _fail(self, failure: NotRead) -> None:
        (self.report.skipped if failure.skipped else self.report.failed).append(failure)

    # -- writing -----------------------------------------------------------------------------------------------

    def finish(self) -> IngestionReport:
        """Write what waits, encode again what an older profile left, publish, and report."""
        self._batch.settle()
        for version in self._store.stale():
            self._batch.add(self._store.article(version), source="")
            self._flush_when_full()
        self._batch.settle()
        self.report.removed = [gone for gone in self.report.removed if self._store.live(gone) is None]
        self._tell("publishing")
        self._publisher.generations.sweep()  # what a killed run left, also when there is nothing to publish
        manifest = self._publisher.published() or self._publisher.publish()
        self.report.generation = manifest.generation
        self.report.articles, self.report.passages = manifest.articles, manifest.passages
        self.report.seconds = round(time.monotonic() - self._started, 3)
        self._tell("done")
        return self.report

    def _flush_when_full(self) -> None:
        if self._batch.full:
            self._batch.flush()
            self._tell("reading")

    def _tell(self, phase: Phase) -> None:
        seconds = time.monotonic() - self._started
        done = self.report.counts
        articles = done["indexed"] + done["replaced"] + done["unchanged"] + done["duplicate"]
        encoded = self.report.encoded_passages
        rate = encoded / seconds if seconds else 0.0
        self._progress(IngestionProgress(phase, self._sources_done, self._sources, articles, encoded, rate, seconds))


def _given(article: Article | NotRead) -> SourceEvent:
    if isinstance(article, NotRead):
        return article
    article = article if article.origin else replace(article, origin=article.id)
    return SourceArticle(article, article.origin)


def _weight(event: SourceEvent) -> int:
    return 100 + (len(event.article.text) if isinstance(event, SourceArticle) else 0)
