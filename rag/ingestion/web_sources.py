"""Feeds, sitemaps and pages of the web as sources, for the operator alone: nothing that is served comes here.

What an address last said of itself is noted in the store with its articles, in one transaction: so a killed run fetches
again what was not stored, and a restored index what it lacks. A source that is away loses nothing.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from rag.documents import Article
from rag.errors import ArticleError, FetchError
from rag.formats.articles import article_from, read_bytes
from rag.formats.content_types import as_utf8, charset_of_type, suffix_of_type
from rag.formats.drafts import ArticleDraft, NotRead
from rag.formats.listings import listing_kind
from rag.formats.registry import is_readable, suffix_of
from rag.formats.sandbox import Sandbox, shared_sandbox
from rag.formats.streams import unpacked
from rag.ingestion.source_reading import SourceArticle, SourceEnd, SourceEvent
from rag.ingestion.web_addresses import host_of, joined
from rag.ingestion.web_fetching import Fetched, Fetcher

MOST_PAGES: Final = 500  # of one source in one run: the rest is fetched by the next ones
_MOST_SITEMAPS: Final = 50
_MOST_LISTING_BYTES: Final = 50_000_000  # as sitemaps may have, unpacked
_GZIP: Final = b"\x1f\x8b"
_PAGE_SUFFIX: Final = ".html"

Known = Callable[[str], str]


@dataclass(slots=True)
class WebSourceReport:
    """What became of one address that was named; ``left`` are pages for the next runs."""

    url: str
    kind: str = "page"
    read: int = 0
    unchanged: int = 0
    failed: int = 0
    left: int = 0
    note: str = ""


class WebSources:
    """The named addresses, read one after another."""

    def __init__(
        self, urls: Sequence[str], fetcher: Fetcher, sandbox: Sandbox | None = None, most: int = MOST_PAGES
    ) -> None:
        self.reports: list[WebSourceReport] = []
        self._urls = urls
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._most = most

    def events(self, known: Known) -> Iterator[SourceEvent]:
        """Everything new, with what failed. known: what was noted of an address when its articles were stored."""
        self.reports = [WebSourceReport(url) for url in self._urls]
        for report in self.reports:
            self._fetcher.trust(report.url)
            yield from self._source(report, known)

    def _source(self, report: WebSourceReport, known: Known) -> Iterator[SourceEvent]:
        try:
            found = self._fetcher.fetch(report.url, _validators(known(report.url)))
            if found.unchanged:
                report.note = "nothing new"
                report.unchanged += 1
                yield SourceEnd(report.url, "unchanged")
                return
            data = _unpacked(found.data)
            kind = listing_kind(data)
            if not kind:
                yield from self._page(ArticleDraft("", url=report.url), found, report, _noted(found))
                return
            report.kind = kind
            entries = self._entries(data, kind, found.url, report)
        except (FetchError, ArticleError) as error:
            report.note = error.message
            report.failed += 1
            yield from _failure(report.url, error)
            return
        yield from self._pages(entries, report, known)
        done = not report.left and not report.failed  # else what is left would hide behind "nothing new"
        yield SourceEnd(report.url, "read", sha256=_noted(found) if done else "")

    def _entries(self, data: bytes, kind: str, url: str, report: WebSourceReport) -> list[ArticleDraft]:
        """What a listing lists, each address once; a sitemap's lists no pages of other hosts. Raises ArticleError."""
        reader = "feed links" if kind == "feed" else "sitemap"
        drafts = (
            find for find in (self._sandbox or shared_sandbox()).parse(reader, data) if isinstance(find, ArticleDraft)
        )
        entries: dict[str, ArticleDraft] = {}
        for draft in drafts:
            with suppress(FetchError):  # what is no address cannot be fetched
                draft = replace(draft, url=joined(url, draft.url))
                if kind == "feed" or host_of(draft.url) == host_of(url):
                    entries.setdefault(draft.url, draft)
        if kind != "sitemaps":
            return list(entries.values())
        pages: list[ArticleDraft] = []
        for number, inner in enumerate(entries.values()):
            if number == _MOST_SITEMAPS or len(pages) > 10 * self._most:
                report.left += len(entries) - number
                break
            try:
                found = self._fetcher.fetch(inner.url)
                pages += self._entries(_unpacked(found.data), "sitemap", found.url, report)
            except (FetchError, ArticleError) as error:
                report.failed += 1
                report.note = f"{inner.url}: {error.message}"
        return pages

    def _pages(self, entries: Sequence[ArticleDraft], report: WebSourceReport, known: Known) -> Iterator[SourceEvent]:
        fetched = 0
        for entry in entries:
            noted = _stamp(entry)
            if known(entry.url) == noted:
                report.unchanged += 1
                yield SourceEnd(entry.url, "unchanged")
                continue
            if fetched == self._most or (self._fetcher.leaves_alone(entry.url) and not entry.text.strip()):
                report.left += 1
                continue
            fetched += 1
            try:
                found = self._fetcher.fetch(entry.url)
            except FetchError as error:
                yield from self._without_page(entry, error, report, noted)
                continue
            yield from self._page(entry, found, report, noted)

    def _page(self, entry: ArticleDraft, found: Fetched, report: WebSourceReport, noted: str) -> Iterator[SourceEvent]:
        """The articles of what was fetched, completed by what the listing tells."""
        suffix = suffix_of_type(found.content_type) or suffix_of(urlsplit(found.url).path)
        data = found.data
        if not is_readable(suffix):
            suffix = _PAGE_SUFFIX
        if suffix == _PAGE_SUFFIX:
            data = as_utf8(data, charset_of_type(found.content_type))
        finds = list(read_bytes(data, entry.url, self._sandbox, suffix=suffix))
        articles = [_completed(find, entry, found.url) for find in finds if isinstance(find, Article)]
        failures = [find for find in finds if isinstance(find, NotRead)]
        if not articles and failures:
            yield from self._without_page(entry, ArticleError(failures[0].reason, failures[0].hint), report, noted)
            return
        yield from failures
        report.failed += sum(not failure.skipped for failure in failures)
        report.read += 1
        for article in articles:
            yield SourceArticle(article, entry.url)
        yield SourceEnd(entry.url, "read", sha256=noted)

    def _without_page(
        self, entry: ArticleDraft, error: FetchError | ArticleError, report: WebSourceReport, noted: str
    ) -> Iterator[SourceEvent]:
        """The entry's own text, where it has one; the page is asked for again unless it will not come."""
        passing = isinstance(error, FetchError) and error.passing
        if not entry.text.strip():
            report.failed += 1
            yield from _failure(entry.url, error)
            return
        report.read += 1
        report.left += passing
        try:
            article = article_from(replace(entry, id=""), entry.url, "")
        except ArticleError as inner:
            yield from _failure(entry.url, inner)
            return
        warning = f"only what the feed tells: {error.message}"
        yield SourceArticle(replace(article, warnings=(*article.warnings, warning)), entry.url)
        yield SourceEnd(entry.url, "read", sha256="" if passing else noted)


def _failure(url: str, error: FetchError | ArticleError) -> Iterator[SourceEvent]:
    yield NotRead(url, error.message, error.hint)
    yield SourceEnd(url, "failed")


def _completed(article: Article, entry: ArticleDraft, url: str) -> Article:
    """The article with its address, and with what the listing tells where the page does not."""
    dated = article_from(replace(entry, text="x", id=""), entry.url, "").date if entry.date else ""
    return replace(
        article,
        url=article.url or url,
        title=article.title or entry.title,
        source=article.source or entry.source,
        author=article.author or entry.author,
        date=article.date or dated,
    )


def _stamp(entry: ArticleDraft) -> str:
    """What is noted of a page that a listing lists: when it changed, so that it is fetched again once that differs."""
    return f"listed {entry.id}"


def _noted(found: Fetched) -> str:
    return json.dumps(dict(found.validators)) if found.validators else ""


def _validators(noted: str) -> Mapping[str, str]:
    try:
        found: Any = json.loads(noted)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _unpacked(data: bytes) -> bytes:
    """What gzip packed, as sitemaps often are. Raises ArticleError."""
    if not data.startswith(_GZIP):
        return data
    with unpacked(io.BytesIO(data)) as stream:
        data = stream.read(_MOST_LISTING_BYTES + 1)
    if len(data) > _MOST_LISTING_BYTES:
        raise ArticleError(f"It unpacks to more than {_MOST_LISTING_BYTES // 1_000_000} MB.", "Name its parts.")
    return data
