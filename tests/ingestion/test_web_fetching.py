"""Pages fetched from a site with every fault: each ends in what it is, or in an error that says so, in time."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence

import pytest

from rag.errors import FetchError
from rag.ingestion.web_addresses import addresses, is_url, joined, plain_url
from rag.ingestion.web_fetching import AGENT, Fetcher, Politeness
from tests.web_site import Reply, WebSite, drip, drip_head, gibberish, hang_up, silence, web_site

QUICK = Politeness(most_bytes=10_000, total_s=0.4, connect_s=0.3, between_s=0, put_off_s=100)


@pytest.fixture(scope="module")
def server() -> Iterator[WebSite]:
    with web_site() as site:
        yield site


@pytest.fixture
def site(server: WebSite) -> WebSite:
    server.pages.clear()
    server.asked.clear()
    return server


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def fetcher(site: WebSite, limits: Politeness = QUICK, clock: Clock | None = None) -> Fetcher:
    clock = clock or Clock()
    made = Fetcher(limits, clock=clock, sleep=clock.sleep)
    made.trust(site.url)
    return made


def test_a_page_comes_with_what_to_ask_by_next_time(site: WebSite) -> None:
    site.pages["/a"] = Reply("<p>سد", headers={"ETag": '"1"', "Last-Modified": "Wed, 12 Oct 2011 08:00:00 GMT"})
    fetching = fetcher(site)
    found = fetching.fetch(f"{site.url}/a#part")
    assert (found.data.decode(), found.content_type) == ("<p>سد", "text/html; charset=utf-8")
    assert found.validators == {"If-None-Match": '"1"', "If-Modified-Since": "Wed, 12 Oct 2011 08:00:00 GMT"}
    assert fetching.fetch(f"{site.url}/a", found.validators).unchanged
    path, headers = site.asked[-1]
    assert (path, headers["user-agent"], headers["host"]) == ("/a", AGENT, site.url.removeprefix("http://"))


@pytest.mark.parametrize(
    ("reply", "says", "passing"),
    [
        (Reply(status=404), "answers 404", False),
        (Reply(status=403), "answers 403", False),
        (Reply(status=204), "answers 204", False),
        (Reply(status=500), "answers 500", True),
        (Reply(status=503, headers={"Retry-After": "7"}), "answers 503", True),
        (Reply(status=302, headers={"Location": "/page"}), "leads on more than 5 times", False),
        (Reply(status=302, headers={"Location": "http://localhost:1/"}), "not on the public internet", False),
        (Reply(status=302, headers={"Location": "http://169.254.169.254/latest"}), "not on the public", False),
        (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "no address of the web", False),
        (Reply(status=302, headers={"Location": "http://[::1/"}), "Invalid URL in location", True),
        (Reply(b"x" * 10_001), "larger than 0.01 MB", False),
        (Reply(gzip.compress(b"x" * 50_000_000), headers={"Content-Encoding": "gzip"}), "larger than", False),
        (Reply(gzip.compress(b"x" * 500)[:-9], headers={"Content-Encoding": "gzip"}), "cut off", True),
        (Reply(b"plain", headers={"Content-Encoding": "gzip"}), "damaged", True),
        (Reply(zlib.compress(b"x"), headers={"Content-Encoding": "br"}), "packed in a way", False),
        (Reply(does=drip), "longer than 0.4 s", True),
        (Reply(does=drip_head), "longer than 0.4 s", True),
        (Reply(does=silence), "cannot be fetched", True),
        (Reply(does=hang_up), "cannot be fetched", True),
        (Reply(does=gibberish), "cannot be fetched", True),
    ],
)
def test_every_fault_is_an_error_that_says_so(site: WebSite, reply: Reply, says: str, passing: bool) -> None:
    site.pages["/page"] = reply
    with pytest.raises(FetchError, match=says) as told:
        fetcher(site).fetch(f"{site.url}/page")
    assert told.value.passing is passing
    assert told.value.hint


def test_a_redirect_is_followed_and_told(site: WebSite) -> None:
    site.pages |= {"/old": Reply(status=301, headers={"Location": "new?a=1#b"}), "/new?a=1": Reply("here")}
    assert fetcher(site).fetch(f"{site.url}/old").url == f"{site.url}/new?a=1"


def test_what_gzip_packed_is_unpacked(site: WebSite) -> None:
    site.pages["/a"] = Reply(gzip.compress(b"text"), headers={"Content-Encoding": "gzip"})
    assert fetcher(site).fetch(f"{site.url}/a").data == b"text"


def test_robots_are_obeyed_and_asked_once(site: WebSite) -> None:
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /private/*.html$\nCrawl-delay: 5", kind="text/plain")
    site.pages |= {"/a": Reply("a"), "/private/a": Reply("b")}
    clock = Clock()
    fetching = fetcher(site, clock=clock)
    assert fetching.fetch(f"{site.url}/a").data == b"a"
    assert fetching.fetch(f"{site.url}/private/a").data == b"b"
    with pytest.raises(FetchError, match=r"robots\.txt"):
        fetching.fetch(f"{site.url}/private/a.html")
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a", "/private/a"]
    assert clock.slept == [5.0, 5.0]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (401, True), (500, False)])
def test_robots_that_cannot_be_had(site: WebSite, status: int, allowed: bool) -> None:
    site.pages |= {"/robots.txt": Reply("Disallow: /", status=status), "/a": Reply("a")}
    if allowed:
        assert fetcher(site).fetch(f"{site.url}/a").data == b"a"
    else:
        with pytest.raises(FetchError, match="answers 500"):
            fetcher(site).fetch(f"{site.url}/a")
        assert site.paths == []


def test_a_redirect_obeys_the_robots_too(site: WebSite) -> None:
    site.pages |= {
        "/robots.txt": Reply("User-agent: *\nDisallow: /no"),
        "/a": Reply(status=302, headers={"Location": "/no"}),
    }
    with pytest.raises(FetchError, match=r"robots\.txt"):
        fetcher(site).fetch(f"{site.url}/a")
    assert site.paths == ["/a"]


def test_requests_to_one_host_wait_for_their_turn(site: WebSite) -> None:
    site.pages |= {"/a": Reply("a"), "/b": Reply("b")}
    clock = Clock()
    fetching = fetcher(site, Politeness(between_s=2), clock)
    fetching.fetch(f"{site.url}/a")
    fetching.fetch(f"{site.url}/b")
    assert clock.slept == [2.0, 2.0]  # before /a, after robots.txt, and before /b


def test_a_host_that_asks_for_a_pause_is_left_alone_for_as_long(site: WebSite) -> None:
    site.pages |= {"/a": Reply(status=429, headers={"Retry-After": "300"}), "/b": Reply("b")}
    clock = Clock()
    fetching = fetcher(site, clock=clock)
    for path in ("/a", "/b"):
        with pytest.raises(FetchError) as told:
            fetching.fetch(f"{site.url}{path}")
        assert told.value.passing
    assert site.paths == ["/a"]
    assert fetching.leaves_alone(f"{site.url}/b")
    clock.now += 301
    assert fetching.fetch(f"{site.url}/b").data == b"b"


def test_a_host_that_stays_away_is_asked_ever_more_rarely(site: WebSite) -> None:
    clock = Clock()
    fetching = fetcher(site, Politeness(between_s=0, put_off_s=100, longest_off_s=250, total_s=0.4), clock)
    site.pages["/a"] = Reply(status=500)
    off = []
    for _ in range(4):
        with pytest.raises(FetchError, match="500"):
            fetching.fetch(f"{site.url}/a")
        start = clock.now
        while fetching.leaves_alone(site.url):
            clock.now += 50
        off.append(clock.now - start)
    assert off == [0, 200, 250, 250]


@pytest.mark.parametrize(
    ("found", "public"),
    [
        (["93.184.216.34"], True),
        (["2606:2800:220:1:248:1893:25c8:1946"], True),
        (["93.184.216.34", "10.0.0.1"], False),
        (["127.0.0.1"], False),
        (["192.168.1.1"], False),
        (["100.64.0.1"], False),
        (["169.254.169.254"], False),
        (["224.0.0.1"], False),
        (["0.0.0.0"], False),
        (["::1"], False),
        (["fe80::1%eth0"], False),
        (["fd00::1"], False),
        (["::ffff:10.0.0.1"], False),
        (["64:ff9b::a00:1"], False),
        (["2002:a00:1::"], False),
    ],
)
def test_only_public_addresses_are_asked(found: Sequence[str], public: bool) -> None:
    def ask(private: bool) -> Sequence[str]:
        return addresses("https://example.org/", lambda host, port: found, private)

    assert ask(private=True) == found
    if public:
        assert ask(private=False) == found
    else:
        with pytest.raises(FetchError, match="--allow-private"):
            ask(private=False)


def test_a_host_that_is_not_known() -> None:
    def nobody(host: str, port: int) -> Sequence[str]:
        raise OSError

    with pytest.raises(FetchError, match="not known") as told:
        addresses("https://example.org", nobody, private=False)
    assert told.value.passing


@pytest.mark.parametrize(
    "url", ["ftp://a/", "http://", "https:///x", "http://a:99999/", "http://a b/", "a", "http://[::1/"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(FetchError, match="no address"):
        plain_url(url)


def test_an_address_loses_the_place_inside_the_page() -> None:
    assert plain_url(" HTTPS://example.org/a#b \n") == "https://example.org/a"
    assert joined("http://a/b", " c?d ") == "http://a/c?d"
    assert is_url("HTTPS://example.org")
    assert not is_url("https/file")
