"""Feeds, sitemaps and pages from a site on loopback, into an index: what is new, what stays, what is away."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.commands.web_index import rounds, seconds_of
from rag.documents import Article
from rag.errors import CorpusError
from rag.formats.sandbox import Sandbox
from rag.ingestion.indexing import index_events
from rag.ingestion.report import IngestionReport
from rag.ingestion.web_fetching import Fetcher, Politeness
from rag.ingestion.web_sources import WebSources
from tests.fakes import HashEncoder
from tests.storage import everything, opened
from tests.web_site import Reply, WebSite, web_site

STORY = "The dam on the upper river was opened on Monday, and six hundred workers came to see it. {}"


def page(number: int | str, head: str = "") -> Reply:
    body = f"<article><h1>Dam {number}</h1><p>{STORY.format(f'It is number {number}.')}</p></article>"
    return Reply(f"<html><head>{head}</head><body>{body}</body></html>")


def feed(*entries: str, title: str = "The Paper") -> Reply:
    return Reply(
        f"<rss><channel><title>{title}</title>{''.join(entries)}</channel></rss>", kind="application/rss+xml",
        headers={"ETag": f'"{hash(entries)}"'},
    )  # fmt: skip


def entry(link: str, date: str = "Wed, 12 Oct 2011 08:00:00 +0000", text: str = "") -> str:
    told = f"<description>{text}</description>" if text else ""
    return f"<item><title>Listed</title><link>{link}</link><pubDate>{date}</pubDate>{told}</item>"


def sitemap(*urls: str, kind: str = "urlset", date: str = "2011-10-12") -> Reply:
    inner = "".join(f"<e><loc>{url}</loc><lastmod>{date}</lastmod></e>" for url in urls)
    return Reply(f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{kind}>', kind="text/xml")


@pytest.fixture(scope="module")
def server() -> Iterator[WebSite]:
    with web_site() as site:
        yield site


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def site(server: WebSite) -> WebSite:
    server.pages.clear()
    server.asked.clear()
    return server


Run = Callable[..., tuple[WebSources, IngestionReport]]


@pytest.fixture
def run(site: WebSite, sandbox: Sandbox, tmp_path: Path) -> Run:
    def go(*paths: str, most: int = 500) -> tuple[WebSources, IngestionReport]:
        site.asked.clear()
        sources = WebSources(
            [f"{site.url}{path}" for path in paths], Fetcher(Politeness(between_s=0, total_s=1)), sandbox, most
        )
        report = index_events(sources.events, index_dir=tmp_path / "index", encoder=HashEncoder(dimension=32))
        return sources, report

    return go


def held(tmp_path: Path) -> dict[str, Article]:
    return {owner.origin: owner for owner, _ in everything(opened(tmp_path / "index")).values()}


def counts(report: IngestionReport) -> dict[str, int]:
    return {name: count for name, count in report.counts.items() if count}


def test_a_page_is_an_article_that_keeps_its_place(site: WebSite, run: Run, tmp_path: Path) -> None:
    site.pages["/dam"] = page(1)
    sources, report = run("/dam")
    (article,) = held(tmp_path).values()
    assert (article.origin, article.url, article.title) == (f"{site.url}/dam", f"{site.url}/dam", "Dam 1")
    assert (sources.reports[0].kind, sources.reports[0].read) == ("page", 1)
    assert counts(report) == {"indexed": 1}
    site.pages["/dam"] = page(2)
    assert counts(run("/dam")[1]) == {"replaced": 1}
    assert counts(run("/dam")[1]) == {"unchanged": 1}
    assert [one.id for one in held(tmp_path).values()] == [article.id]


def test_a_page_that_says_it_is_unchanged_is_not_read(site: WebSite, run: Run) -> None:
    site.pages["/dam"] = Reply(page(1).body, headers={"ETag": '"x"'})
    run("/dam")
    sources, report = run("/dam")
    assert site.asked[-1][1]["if-none-match"] == '"x"'
    assert (sources.reports[0].note, counts(report)) == ("nothing new", {"unchanged": 1})


def test_a_feed_leads_to_its_pages(site: WebSite, run: Run, tmp_path: Path) -> None:
    site.pages |= {"/feed": feed(entry("/1"), entry(f"{site.url}/2#top")), "/1": page(1), "/2": page(2)}
    sources, _ = run("/feed")
    assert site.paths == ["/feed", "/1", "/2"]
    first = held(tmp_path)[f"{site.url}/1"]
    assert (first.date, first.source, first.title) == ("2011-10-12", "The Paper", "Dam 1")
    assert (sources.reports[0].kind, sources.reports[0].read) == ("feed", 2)
    _, again = run("/feed")
    assert (site.paths, counts(again)) == (["/feed"], {"unchanged": 1})


def test_only_what_is_new_or_changed_in_a_feed_is_fetched(site: WebSite, run: Run) -> None:
    site.pages |= {"/feed": feed(entry("/1"), entry("/2")), "/1": page(1), "/2": page(2), "/3": page(3)}
    run("/feed")
    site.pages["/feed"] = feed(entry("/3"), entry("/2", date="Thu, 13 Oct 2011 08:00:00 +0000"), entry("/1"))
    site.pages["/2"] = page("2b")
    sources, report = run("/feed")
    assert site.paths == ["/feed", "/3", "/2"]
    assert counts(report) == {"indexed": 1, "replaced": 1, "unchanged": 1}
    assert sources.reports[0].unchanged == 1


@pytest.mark.parametrize("status", [403, 404, 503])
def test_an_entry_whose_page_does_not_come_is_what_the_feed_tells(
    site: WebSite, run: Run, tmp_path: Path, status: int
) -> None:
    site.pages |= {"/feed": feed(entry("/1", text="&lt;p&gt;In short.&lt;/p&gt;")), "/1": Reply(status=status)}
    _, report = run("/feed")
    (article,) = held(tmp_path).values()
    assert (article.text, article.title, article.date) == ("In short.", "Listed", "2011-10-12")
    assert report.failed == []
    site.pages["/1"] = page(1)
    run("/feed")
    (article,) = held(tmp_path).values()
    assert article.text.startswith("The dam") == (status == 503)  # another time did


def test_a_source_that_is_away_loses_nothing(site: WebSite, run: Run, tmp_path: Path) -> None:
    site.pages |= {"/feed": feed(entry("/1")), "/1": page(1), "/map": sitemap(f"{site.url}/2"), "/2": page(2)}
    run("/feed", "/map")
    site.pages.clear()
    site.pages["/feed"] = Reply(status=500)
    sources, report = run("/feed", "/map", "/1")
    assert len(held(tmp_path)) == 2
    assert report.removed == []
    assert [(failure.origin, failure.reason) for failure in report.failed] == [
        (f"{site.url}/feed", "Its server answers 500."),
        (f"{site.url}/map", "Its server answers 404."),
        (f"{site.url}/1", "Its server answers 404."),
    ]
    assert [each.failed for each in sources.reports] == [1, 1, 1]


def test_pages_that_failed_are_tried_again_though_the_feed_is_unchanged(site: WebSite, run: Run) -> None:
    site.pages |= {"/feed": feed(entry("/1"), entry("/2")), "/1": page(1), "/2": Reply(status=404)}
    run("/feed")
    site.pages["/2"] = page(2)
    _, report = run("/feed")
    assert site.paths == ["/feed", "/2"]
    assert counts(report) == {"indexed": 1, "unchanged": 1}


def test_a_broken_feed_gives_what_can_be_read_of_it(site: WebSite, run: Run) -> None:
    site.pages |= {"/feed": feed(entry("/1"), "<bad & <x>", entry("/2")), "/1": page(1), "/2": page(2)}
    assert counts(run("/feed")[1]) == {"indexed": 2}


def test_sitemaps_lead_to_pages_of_their_own_host(site: WebSite, run: Run) -> None:
    inner = sitemap(f"{site.url}/1", "http://10.0.0.1/x", "http://example.org/y", "mailto:a@b")
    site.pages |= {
        "/maps": sitemap(f"{site.url}/a.xml.gz", f"{site.url}/gone.xml", kind="sitemapindex"),
        "/a.xml.gz": Reply(gzip.compress(str(inner.body).encode()), kind="application/gzip"),
        "/1": page(1),
    }
    sources, report = run("/maps")
    assert counts(report) == {"indexed": 1}
    assert (sources.reports[0].kind, sources.reports[0].read, sources.reports[0].failed) == ("sitemaps", 1, 1)
    assert "gone.xml: Its server answers 404." in sources.reports[0].note


def test_a_long_source_is_read_in_parts(site: WebSite, run: Run, tmp_path: Path) -> None:
    site.pages["/feed"] = feed(*(entry(f"/{number}") for number in range(5)))
    site.pages |= {f"/{number}": page(number) for number in range(5)}
    assert run("/feed", most=2)[0].reports[0].left == 3
    assert run("/feed", most=2)[0].reports[0].left == 1
    assert run("/feed", most=2)[0].reports[0].left == 0
    assert len(held(tmp_path)) == 5


def test_an_entry_never_leads_into_a_private_network(site: WebSite, run: Run) -> None:
    port = site.server_address[1]
    site.pages |= {"/feed": feed(entry(f"http://localhost:{port}/1"), entry("http://127.0.0.1:1/2")), "/1": page(1)}
    _, report = run("/feed")
    assert {failure.reason.partition(" is ")[2] for failure in report.failed} == {"not on the public internet."}
    assert site.paths == ["/feed"]


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply("", kind="text/html"), "empty"),
        (Reply(b"\x89PNG\r\n\x1a\n", kind="image/png"), "PNG"),
        (Reply("<html><script>x</script></html>"), "no text"),
        (Reply("<rss><channel></channel></rss>", kind="text/xml"), ""),
        (Reply("<urlset></urlset>", kind="text/xml"), "lists nothing"),
        (Reply("{", kind="application/json"), "not valid JSON"),
    ],
)
def test_what_is_no_article_is_told(site: WebSite, run: Run, reply: Reply, says: str) -> None:
    site.pages["/x"] = reply
    _, report = run("/x")
    assert [says in failure.reason for failure in report.failed] == [True] * bool(says)


def test_the_encoding_is_that_of_the_answer(site: WebSite, run: Run, tmp_path: Path) -> None:
    text = "افتتح السد على النهر يوم الاثنين بحضور ستمئة عامل من أنحاء البلاد كلها."
    body = f"<html><head><meta charset=utf-8></head><body><article><p>{text}</p></article></body></html>"
    site.pages["/ar"] = Reply(body.encode("cp1256"), kind="text/html; charset=windows-1256")
    run("/ar")
    (article,) = held(tmp_path).values()
    assert article.text == text


def test_a_report_is_for_json(site: WebSite, run: Run) -> None:
    sources, _ = run("/x")
    assert json.loads(json.dumps([each.note for each in sources.reports])) == ["Its server answers 404."]


@pytest.mark.parametrize(("given", "seconds"), [("15m", 900), ("2 H", 7200), ("1d", 86_400), ("30s", 30)])
def test_how_often(given: str, seconds: float) -> None:
    assert seconds_of(given) == seconds


@pytest.mark.parametrize("given", ["", "15", "0m", "m", "1w", "-5m"])
def test_what_is_no_time(given: str) -> None:
    with pytest.raises(CorpusError, match="is no time"):
        seconds_of(given)


def test_turns_come_until_they_are_interrupted() -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    assert len(list(rounds(900, sleep))) == 3
    assert slept == [900, 900, 900]
    assert len(list(rounds(0, sleep))) == 1
