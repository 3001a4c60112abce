from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.documents import Article
from rag.errors import ArticleError
from rag.formats import articles as corpus
from rag.formats.articles import article_from, read_bytes, read_source
from rag.formats.drafts import ArticleDraft, NotRead
from rag.formats.registry import SUFFIXES
from rag.formats.sandbox import Sandbox
from rag.formats.sources import Source, find_sources
from tests.zoo.archives import archive, docx, epub, warc
from tests.zoo.office import open_document, pptx, shape, xlsx
from tests.zoo.pdfs import latin_page, pdf

STORY = "The four countries of the region met in the south."
PAGE = f"<html lang=en><head><title>T</title></head><body><article><h1>T</h1><p>{STORY}</p></article></body></html>"
RECORD = json.dumps({"title": "T", "text": STORY, "language": "English"})

# Every format, each telling the same story.
FORMATS = {
    "a.txt": f"T\n\n{STORY}".encode(),
    "a.text": STORY.encode("utf-16"),
    "a.md": f"---\ntitle: T\nlanguage: en-GB\n---\n{STORY}".encode(),
    "a.markdown": f"# T\n\n{STORY}".encode(),
    "a.json": RECORD.encode(),
    "a.jsonl": RECORD.encode(),
    "a.ndjson": RECORD.encode(),
    "a.csv": f"title,text,language\nT,{STORY},eng".encode(),
    "a.tsv": f"title\ttext\nT\t{STORY}".encode(),
    "a.html": PAGE.encode(),
    "a.htm": PAGE.encode(),
    "a.xhtml": PAGE.encode(),
    "a.rss": f"<rss><channel><item><title>T</title><description>{STORY}</description></item></channel></rss>".encode(),
    "a.atom": f"<feed><entry><title>T</title><content>{STORY}</content></entry></feed>".encode(),
    "a.xml": f"<rss><channel><item><title>T</title><description>{STORY}</description></item></channel></rss>".encode(),
    "a.pdf": pdf([latin_page([STORY])]),
    "a.docx": docx([STORY]),
    "a.epub": epub({"a.xhtml": f"<p>{STORY}</p>"}),
    "a.zip": archive({"inner/a.txt": STORY.encode()}),
    "a.txt.gz": gzip.compress(STORY.encode()),
    "a.warc": warc([("http://e.org/a", "200 OK", "text/html", PAGE.encode())], packed=False),
    "a.rtf": rf"{{\rtf1 {STORY}}}".encode(),
    "a.odt": open_document(f"<office:text><text:p>{STORY}</text:p></office:text>"),
    "a.odp": open_document(
        f"<office:presentation><draw:page><text:p>{STORY}</text:p></draw:page></office:presentation>"
    ),
    "a.ods": open_document(f"<office:spreadsheet><text:p>{STORY}</text:p></office:spreadsheet>"),
    "a.pptx": pptx([shape(STORY)]),
    "a.xlsx": xlsx([["title", "text"], ["T", STORY]]),
    "a.eml": f"Subject: T\n\n{STORY}".encode(),
    "a.mhtml": b"Content-Type: text/html\n\n" + PAGE.encode(),
    "a.mht": b"Content-Type: text/html\n\n" + PAGE.encode(),
    "a.srt": f"1\n00:00:01,000 --> 00:00:02,000\n{STORY}".encode(),
    "a.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\n{STORY}".encode(),
    "a.nitf": f"<nitf><body><body.content><p>{STORY}</p></body.content></body></nitf>".encode(),
    "a.newsml": f"<newsItem><inlineXML><body><p>{STORY}</p></body></inlineXML></newsItem>".encode(),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def read(data: bytes, name: str, sandbox: Sandbox | None = None) -> list[Article | NotRead]:
    return list(read_bytes(data, name, sandbox))


def outcome(item: Article | NotRead) -> str:
    return "read" if isinstance(item, Article) else "skipped" if item.skipped else "failed"


def article(data: bytes, name: str, sandbox: Sandbox | None = None) -> Article:
    (found,) = read(data, name, sandbox)
    assert isinstance(found, Article), found
    return found


def test_the_table_has_every_format() -> None:
    assert {Path(name).suffix for name in FORMATS} == {
        *SUFFIXES,
        *(".jsonl", ".ndjson", ".zip", ".gz", ".warc"),
    }


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_yields_the_story(name: str, sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "corpus" / name
    path.parent.mkdir()
    path.write_bytes(FORMATS[name])
    (source,) = find_sources([path.parent])
    assert isinstance(source, Source)
    (found,) = read_source(source, sandbox)
    assert isinstance(found, Article), found
    assert found.text.removeprefix("T\n\n").removeprefix("[0:00:01] ") == STORY
    assert found.origin.startswith(f"corpus/{name}")
    assert found.language in ("en", "und")
    assert len(found.content_hash) == 64
    assert found.id == hashlib.sha256(found.origin.encode()).hexdigest()[:16]
    assert found == article(FORMATS[name], f"corpus/{name}", sandbox)  # an upload reads the same


def test_a_suffix_in_capitals_is_the_same() -> None:
    assert article(b"text", "A.TXT").text == "text"


@pytest.mark.parametrize(
    ("name", "data", "origin", "hashed"),
    [
        ("a.txt", b"text", "a.txt", b"text"),
        ("a.jsonl", b'{"text": "one"}\r\n', "a.jsonl#1", b'{"text": "one"}'),
        ("a.zip", archive({"x/b.txt": b"inner"}), "a.zip!x/b.txt", b"inner"),
        ("a.zip", archive({"b.jsonl": b'{"text": "one"}'}), "a.zip!b.jsonl#1", b'{"text": "one"}'),
    ],
)
def test_origins_and_hashes_are_of_the_part(name: str, data: bytes, origin: str, hashed: bytes) -> None:
    found = article(data, name)
    assert (found.origin, found.content_hash) == (origin, hashlib.sha256(hashed).hexdigest())


def test_an_id_outlives_edits() -> None:
    assert article(b"before", "a.txt").id == article(b"after", "a.txt").id != article(b"before", "b.txt").id


@pytest.mark.parametrize("given_id", ["bbc.381790", "ar-0-0", "12", "مقال_1", "urn:x:1"])
def test_a_given_id_is_kept(given_id: str) -> None:
    assert article_from(ArticleDraft("text", id=given_id), "a", "h").id == given_id


@pytest.mark.parametrize("given_id", ["a/b", "..", "two words", "x" * 200, "a?b=c", "<b>", "https://e.org/1"])
def test_an_id_that_cannot_be_part_of_an_address_is_replaced(given_id: str) -> None:
    found = article_from(ArticleDraft("text", id=given_id), "a", "h")
    assert found.id == hashlib.sha256(b"a").hexdigest()[:16]
    assert found.warnings == ("its id cannot be part of an address, and was replaced",)


def test_fields_are_cleaned_and_made_uniform() -> None:
    found = article_from(
        ArticleDraft(
            " the\u202e text ",
            title="A\n title\u200b ",
            language="English",
            source="S" * 5000,
            date="12 أكتوبر 2011",
            url=" https://example.org/a ",
            author="A\x00B",
            questions=("Q\n1?", " ", "\u202e"),
        ),
        "a",
        "h",
    )
    assert (found.text, found.title, found.language, found.author) == ("the text", "A title", "en", "AB")
    assert (found.date, found.url, found.questions) == ("2011-10-12", "https://example.org/a", ("Q 1?",))
    assert len(found.source) == 1000
    assert found.warnings == ("removed 1 bidi control",)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "example.org", "https://", "http://a b", 'https://e"']
)
def test_only_web_addresses_are_addresses(url: str) -> None:
    assert article_from(ArticleDraft("text", url=url), "a", "h").url == ""


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "بادرت الجزائر إلى إنشاء هيئة", "und"),  # a page made from an English template
        ("ar", "L’armée a été déployée", "und"),
        ("ar", "الجزائر", "ar"),
        ("fa", "الجزائر", "fa"),
        ("fr", "Le mot السلام veut dire paix", "fr"),
        ("ar", "2011", "ar"),
        ("ru", "الجزائر", "ru"),  # nothing is known of it here
        ("", "الجزائر", "und"),
    ],
)
def test_a_language_that_the_script_contradicts_is_left_out(language: str, text: str, kept: str) -> None:
    found = article_from(ArticleDraft(text, language=language), "a", "h")
    assert found.language == kept
    assert bool(found.warnings) is (kept == "und" and language != "")


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_mojibake_is_mended_wherever_it_comes_from(wrong: str) -> None:
    spoilt = {"title": "Été déjà".encode().decode(wrong), "text": "L’été déjà là".encode().decode(wrong)}
    for data in (json.dumps(spoilt), json.dumps(spoilt, ensure_ascii=False)):
        found = article(data.encode(), "a.jsonl")
        assert (found.title, found.text) == ("Été déjà", "L’été déjà là")
        assert found.warnings == ("mended text that was once read in the wrong encoding",)


def test_a_date_left_out_is_told() -> None:
    found = article_from(ArticleDraft("text", date="03/04/2011"), "a", "h")
    assert found.date == ""
    assert found.warnings == ("the date “03/04/2011” does not name a day for certain and was left out",)


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u202e", "...", "—", "\ud800"])
def test_text_without_letters_is_no_article(text: str) -> None:
    with pytest.raises(ArticleError, match="no text"):
        article_from(ArticleDraft(text), "a", "h")


def test_an_article_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "MAX_ARTICLE_CHARS", 10)
    assert article(b"x" * 10, "a.txt").text == "x" * 10
    (found,) = read(b"x" * 11, "a.txt")
    assert isinstance(found, NotRead)
    assert "longer than 10 characters" in found.reason


def test_members_fail_alone(sandbox: Sandbox) -> None:
    inner = {
        "a.txt": b"one",
        "b.json": b"{",
        "c.png": b"",
        "d.zip": archive({"e.txt": b"x"}),
        "f.md": b"two",
        "g.txt": b"",
    }
    found = read(archive(inner), "w.zip", sandbox)
    assert [(item.origin, outcome(item)) for item in found] == [
        ("w.zip!a.txt", "read"),
        ("w.zip!b.json", "failed"),
        ("w.zip!c.png", "skipped"),
        ("w.zip!d.zip", "failed"),
        ("w.zip!f.md", "read"),
        ("w.zip!g.txt", "failed"),
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", b"\n\n"),
        ("a.json", b"[]"),
        ("a.csv", b"title,text\n"),
        ("a.zip", archive({"x/": b""})),
        ("a.rss", b"<rss><channel/></rss>"),
        ("a.epub", epub({"a.xhtml": ""})),
    ],
)
def test_a_file_that_holds_nothing_says_so(name: str, data: bytes, sandbox: Sandbox) -> None:
    (found,) = read(data, name, sandbox)
    assert isinstance(found, NotRead)
    assert found.reason == "It holds no article."


@pytest.mark.parametrize("name", ["a.png", "a", "", ".md", "a.md.exe"])
def test_a_kind_that_is_not_read_says_so(name: str) -> None:
    (found,) = read(b"data", name)
    assert isinstance(found, NotRead)
    assert found.hint


def test_a_readers_own_mistake_fails_its_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(_: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("rag.formats.plain.read_text", mistaken)
    (found,) = read(b"text", "a.txt")
    assert found == NotRead("a.txt", "The reader gave up on it (ZeroDivisionError).", "Save it in another format.")


def test_a_disk_that_fails_half_way_keeps_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        lines = iter([b'{"text": "one"}\n'])

        def readline(self, _: int) -> bytes:
            for line in self.lines:
                return line
            raise OSError(5, "Input/output error")

        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(corpus, "open_source", lambda _: Failing())
    first, second = read_source(Source(tmp_path / "a.jsonl", "a.jsonl"))
    assert isinstance(first, Article)
    assert second == NotRead("a.jsonl", "It cannot be read: Input/output error.", "Check the disk it is on.")


def test_large_text_goes_to_the_sandbox(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    asked = []
    monkeypatch.setattr(
        sandbox, "parse", lambda name, data, names: asked.append(name) or [ArticleDraft("from the sandbox")]
    )
    assert article(b"text", "a.md", sandbox).text == "text"
    assert article(b"text " * 300_000, "a.md", sandbox).text == "from the sandbox"
    assert asked == ["markdown"]


def test_lines_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one"}\n' * 10)
    found = read_source(Source(path, "a.jsonl"))
    assert next(found).origin == "a.jsonl#1"
    path.write_text("")  # what follows has not been read yet, or is the file's own buffer
    assert len(list(found)) <= 9


@settings(deadline=None)  # the first that may be markup starts the sandbox
@given(st.binary(max_size=200), st.sampled_from(sorted({".txt", ".md", ".jsonl", ".zip"})))
def test_no_bytes_make_reading_raise(data: bytes, suffix: str) -> None:
    for found in read_bytes(data, f"a{suffix}"):
        if isinstance(found, Article):
            found.text.encode("utf-8")
            assert found.text
        else:
            assert found.reason
            assert found.hint


@settings(deadline=None)  # as above
@given(st.text(min_size=1))
def test_what_is_written_as_text_is_read_as_text(text: str) -> None:
    written = f"Some words before: {text}"
    (found,) = read_bytes(written.encode(), "a.txt")
    if isinstance(found, Article):
        assert found.text.startswith("Some words before:")
    else:
        assert "\0" in text or "in no language" in found.reason
