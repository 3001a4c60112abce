"""gzip and web archives."""

from __future__ import annotations

import gzip
import io
from functools import partial

import brotli
import pytest
import zstandard

from rag.documents import Article
from rag.formats.articles import read_bytes
from rag.formats.drafts import NotRead
from rag.formats.streams import Capture, read_captures
from tests.zoo.archives import warc

packed = partial(gzip.compress, mtime=0)  # the same bytes in every process, since they name tests

STORY = "The dam on the upper river was opened on Monday, and six hundred workers came to see it."
PAGE = f"<html><body><article><p>{STORY}</p></article></body></html>"


RECORDS = (
    ("http://e.org/dam", "200 OK", "text/html; charset=windows-1256", f"{PAGE}سد".encode("cp1256")),
    ("http://e.org/gone", "404 Not Found", "text/html", PAGE.encode()),
    ("http://e.org/logo", "200 OK", "image/png", b"PNG"),
    ("http://e.org/empty", "200 OK", "text/html", b""),
)


def read(data: bytes, name: str) -> list[Article | NotRead]:
    return list(read_bytes(data, name))


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "A.WARC.GZ"])
def test_a_web_archive_is_its_pages(name: str) -> None:
    dam, empty, refused, others = read(warc(RECORDS, name != "a.warc"), name)
    assert isinstance(dam, Article)
    assert (dam.text.split("\n")[0], dam.url) == (STORY, "http://e.org/dam")
    assert dam.origin == f"{name}!http://e.org/dam"
    assert isinstance(empty, NotRead)
    assert (empty.origin, empty.skipped) == (f"{name}!http://e.org/empty", False)
    assert isinstance(refused, NotRead)
    assert refused.reason == "Left out: 1 answers other than pages (redirects, errors)."
    assert isinstance(others, NotRead)
    assert (others.reason, others.skipped) == ("Left out: 1 files of other kinds.", True)


def test_a_page_in_an_archive_is_in_the_encoding_it_came_with() -> None:
    capture = next(read_captures(io.BytesIO(warc(RECORDS)), 10_000))
    assert isinstance(capture, Capture)
    assert capture.data.decode("utf-8-sig").endswith("سد")


def capture(packing: str, body: bytes, chunked: bool = False) -> list[Capture | NotRead]:
    """What is read of a page of ``text/plain`` that was packed so."""
    more = "\r\nTransfer-Encoding: chunked" if chunked else ""
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked else body
    return list(
        read_captures(
            io.BytesIO(warc([("http://e.org/a", "200 OK", f"text/plain\r\nContent-Encoding: {packing}{more}", body)])),
            10_000,
        )
    )


PACKED = {
    "gzip": packed(STORY.encode()),
    "br": brotli.compress(STORY.encode()),
    "zstd": zstandard.compress(STORY.encode()),
    "identity": STORY.encode(),
}


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("chunked", [False, True])
def test_pages_as_they_were_packed_for_browsers(packing: str, chunked: bool) -> None:
    assert capture(packing.upper(), PACKED[packing], chunked) == [Capture("http://e.org/a", ".txt", STORY.encode())]


@pytest.mark.parametrize(
    ("packing", "body", "says"),
    [
        ("br", PACKED["br"][:-9], "cut off or damaged"),
        ("zstd", PACKED["zstd"][:-9], "cut off or damaged"),
        ("br", b"\xff" * 50, "cut off or damaged"),
        ("zstd", b"\xff" * 50, "cut off or damaged"),
        ("dcb", b"x", "a method that is not read: 'dcb'"),
        ("gzip, br", b"x", "a method that is not read: 'gzip, br'"),
        ("br", brotli.compress(b" " * 50_000_000), "larger than"),
        ("zstd", zstandard.compress(b" " * 50_000_000), "larger than"),
    ],
    ids=[
        "Brotli cut off",
        "Zstandard cut off",
        "no Brotli",
        "no Zstandard",
        "unknown",
        "twice",
        "Brotli that grows",
        "Zstandard that grows",
    ],
)
def test_pages_that_cannot_be_unpacked_are_told(packing: str, body: bytes, says: str) -> None:
    (found,) = capture(packing, body)
    assert isinstance(found, NotRead)
    assert (found.origin, found.skipped) == ("!http://e.org/a", False)
    assert says in found.reason


def test_a_page_too_large_is_told_and_the_next_one_read() -> None:
    large, small = ("http://e.org/l", "200 OK", "text/plain", b"x" * 101), ("http://e.org/s", "200", "text/plain", b"x")
    first, second = read_captures(io.BytesIO(warc([large, small])), 100)
    assert isinstance(first, NotRead)
    assert first.origin == "!http://e.org/l"
    assert second == Capture("http://e.org/s", ".txt", b"x")


@pytest.mark.parametrize(
    ("name", "data", "texts"),
    [
        ("a.txt.gz", b"plain", ["plain"]),
        ("A.MD.GZ", b"# T\n\nmarked", ["marked"]),
        ("week.2.jsonl.gz", b'{"text": "one"}\n{"text": "two"}', ["one", "two"]),
        ("a.json.gz", b'[{"text": "one"}]', ["one"]),
    ],
)
def test_what_gzip_packed_is_read(name: str, data: bytes, texts: list[str]) -> None:
    found = read(packed(data), name)
    assert [article.text for article in found if isinstance(article, Article)] == texts
    assert all(article.origin.startswith(name) for article in found)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt.gz", packed(b"text" * 1000)[:-20], "cut off or damaged"),
        ("a.txt.gz", b"plain", "cut off or damaged"),
        ("a.txt.gz", packed(b" " * 60_000_000), "unpacks to more than 150 times"),
        ("a.jsonl.gz", packed(b"\n" * 60_000_000), "unpacks to more than 150 times"),
        ("a.tar.gz", packed(b"x"), "kind that is not read"),
        ("a.zip.gz", packed(b"x"), "kind that is not read"),
        ("a.gz", packed(b"x"), "kind that is not read"),
        ("a.warc", b"no archive at all", "cut off or damaged"),
        ("a.warc.gz", warc(RECORDS)[:-30], "cut off or damaged"),
    ],
)
def test_streams_that_cannot_be_read(name: str, data: bytes, says: str) -> None:
    last = read(data, name)[-1]
    assert isinstance(last, NotRead)
    assert says in last.reason


def test_what_came_before_the_damage_is_kept() -> None:
    lines = "".join(f'{{"text": "line {number} of the file"}}\n' for number in range(2000)).encode()
    found = read(packed(lines)[:-3000], "a.jsonl.gz")
    assert isinstance(found[0], Article)
    assert isinstance(found[-1], NotRead)


def test_a_damaged_archive_writes_nothing_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    data = warc(RECORDS, packed=False)
    at = data.index(b"<html>")
    found = read(data[:at] + b"\x1b[2Jmore than was announced\r\n" + data[at:], "a.warc")
    assert isinstance(found[-1], NotRead)
    unnamed = read(data.replace(b"WARC-Target-URI", b"WARC-Other"), "a.warc")[-1]
    assert isinstance(unnamed, NotRead)
    assert "cut off or damaged" in unnamed.reason
    assert capsys.readouterr().err == ""
