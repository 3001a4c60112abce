"""Articles on their way into the store: cut, then encoded together, then committed in one transaction.

While one batch is encoded, the one before it is written and the next one is cut. What becomes of an article is decided
before its batch is encoded, and looked up again when it is written, so that every run decides alike.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from rag.documents import Article, Passage
from rag.encoding.encoder import Encoder
from rag.ingestion.passage_encoding import PassageEncoding, encode_passages
from rag.ingestion.report import IngestionReport
from rag.store.database import Store
from rag.store.origins import ArticlePlace, Origins
from rag.store.rows import EncodedPassage, text_hash
from rag.text.chunking import split_article

BATCH_PASSAGES = 64  # encoded and committed together: some seconds of work, which is what a kill can cost
BATCH_STEPS = 1024  # and no more notes than this, or eight a passage, when hardly anything needs encoding


@dataclass(frozen=True, slots=True)
class _Cut:
    """An article with its passages, waiting for the encoder."""

    article: Article
    passages: list[Passage]
    source: str


def _nothing() -> Future[list[list[EncodedPassage]]]:
    done: Future[list[list[EncodedPassage]]] = Future()
    done.set_result([])
    return done


@dataclass(slots=True)
class _Waiting:
    """What is not yet written, in order; ``passages`` still to be encoded; the texts and ids that are to be stored."""

    steps: list[_Cut | Callable[[], None]] = field(default_factory=list)
    passages: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    encoded: Future[list[list[EncodedPassage]]] = field(default_factory=_nothing)


class Batch:
    """What is read and not yet written. All changes of the store by an ingestion go through here."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        generation: int,
        report: IngestionReport,
        elsewhere: PassageEncoding | None = None,
    ) -> None:
        """elsewhere: encodes instead of this process, in batches of its own size."""
        self._store = store
        self._origins = Origins(store)
        self._encoder = encoder
        self._encode = elsewhere.encode if elsewhere else partial(encode_passages, encoder)
        self._most_passages = elsewhere.batch_passages if elsewhere else BATCH_PASSAGES
        self._most_steps = max(BATCH_STEPS, 8 * self._most_passages)
        self._generation = generation
        self._report = report
        self._given = _Waiting()
        self._under_way = _Waiting()

    @property
    def full(self) -> bool:
        """Whether it is time to :meth:`flush`."""
        return self._given.passages >= self._most_passages or len(self._given.steps) >= self._most_steps

    def twin_of(self, article: Article) -> str:
        """The id under which the article's text is stored or about to be, if not its own; else empty."""
        sha256 = text_hash(article.text)
        for waiting in (self._given, self._under_way):
            if twin := waiting.texts.get(sha256):
                return "" if twin == article.id else twin
        twin = self._store.twin_of(sha256)
        return "" if twin == article.id or twin in self._given.ids | self._under_way.ids else twin

    def add(self, article: Article, source: str) -> None:
        """An article that is new or changed. An empty ``source`` leaves the notes on places as they are."""
        self._given.ids.add(article.id)
        self._given.texts[text_hash(article.text)] = article.id
        if version := self._store.reusable(article):
            self._given.steps.append(lambda: self._copy(article, source, version))
            return
        passages = split_article(article, self._encoder.token_spans)
        self._given.passages += len(passages)
        self._given.steps.append(_Cut(article, passages, source))

    def join(self, article: Article, source: str, twin: str) -> None:
        """An article whose text is stored under the id ``twin``: its place is noted."""
        self._given.steps.append(lambda: self._join(article, source, twin))

    def keep(self, article: Article, source: str) -> None:
        """An article that is stored just so: its place is noted, in case the run before was cut short."""
        self._given.steps.append(lambda: self._join(article, source, article.id))

    def end_source(self, source: str, path: str, sha256: str, places: set[str] | None) -> None:
        """A source was read; written after its articles, so that a kill in between makes the next run read it again.

        places: the origins that hold an article now; None when some could not be read and nothing is to be dropped.
        """
        self._given.steps.append(lambda: self._end_source(source, path, sha256, places))

    def forget_source(self, source: str) -> None:
        """A source is gone."""
        self._given.steps.append(
            lambda: self._report.removed.extend(self._origins.forget_source(source, self._generation))
        )

    def flush(self) -> None:
        """Begin to encode what was given; meanwhile commit what was encoded before, in the order it was given."""
        before, self._under_way, self._given = self._under_way, self._given, _Waiting()
        encoded = before.encoded.result()
        pool = ThreadPoolExecutor(1, thread_name_prefix="encoding")
        self._under_way.encoded = pool.submit(self._encoded, self._under_way)
        pool.shutdown(wait=False)  # the thread ends with its work
        self._write(before, encoded)

    def settle(self) -> None:
        """Encode and commit everything."""
        self.flush()
        self.flush()

    def _encoded(self, waiting: _Waiting) -> list[list[EncodedPassage]]:
        cut = [(step.article, step.passages) for step in waiting.steps if isinstance(step, _Cut)]
        return list(self._encode(cut))  # packed as it comes: memory holds codes, not floats

    def _write(self, waiting: _Waiting, passages: list[list[EncodedPassage]]) -> None:
        if not waiting.steps:
            return
        encoded = iter(passages)
        with self._store.transaction():
            for step in waiting.steps:
                if isinstance(step, _Cut):
                    self._put(step, next(encoded))
                else:
                    step()

    def _copy(self, article: Article, source: str, version: int) -> None:
        self._store.copy(article, version, self._generation)
        self._note(article, source, article.id)
        self._report.replaced.append(article.origin)

    def _put(self, step: _Cut, passages: list[EncodedPassage]) -> None:
        article = step.article
        twin = self._store.twin_of(text_hash(article.text)) if step.source else ""
        if twin not in ("", article.id):  # it came in this very batch
            self._report.duplicate.append(article.origin)
            self._join(article, step.source, twin)
            return
        known = self._store.live(article.id) is not None
        self._origins.split_from(article, self._generation)
        former = self._origins.article_at(article.origin)
        if former not in ("", article.id):  # the place held another story
            self._leave(article.origin)
        self._store.put(article, passages, self._generation)
        self._note(article, step.source, article.id)
        self._report.encoded_passages += len(passages)
        (self._report.replaced if known else self._report.indexed).append(article.origin)

    def _join(self, article: Article, source: str, twin: str) -> None:
        row, sha256 = self._store.live(twin), text_hash(article.text)
        if row is None or row.text_sha256 != sha256:  # it went in this very batch, as when two files are swapped
            cut = _Cut(article, split_article(article, self._encoder.token_spans), source)
            self._put(cut, next(encode_passages(self._encoder, [(article, cut.passages)])))
            return
        self._origins.split_from(article, self._generation)
        if self._origins.article_at(article.origin) != twin:
            self._leave(article.origin)
        if article.id != twin and not self._origins.of_article(article.id):
            self._store.remove(article.id, self._generation)  # it was named so after a place that had moved on
        self._note(article, source, twin)
        self._complete(twin, article)

    def _complete(self, twin: str, article: Article) -> None:
        """Give the stored article the date and the questions that only another place of it tells."""
        row = self._store.live(twin)
        if row is None or not ((article.date and not row.date) or (article.questions and row.questions == "[]")):
            return
        stored = self._store.article(row.version)
        told = replace(stored, date=stored.date or article.date, questions=stored.questions or article.questions)
        self._store.copy(told, row.version, self._generation)

    def _note(self, article: Article, source: str, article_id: str) -> None:
        if source:
            if not self._origins.knows(source):
                self._origins.record_source(source, "", "")
            self._origins.record(ArticlePlace(article.origin, source, article_id, article.id, article.source))

    def _end_source(self, source: str, path: str, sha256: str, places: set[str] | None) -> None:
        self._origins.record_source(source, path, sha256)
        for origin in sorted(self._origins.of_source(source) - places) if places is not None else ():
            self._leave(origin)

    def _leave(self, origin: str) -> None:
        if gone := self._origins.leave(origin, self._generation):
            self._report.removed.append(gone)
