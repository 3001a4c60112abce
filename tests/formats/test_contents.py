"""Files under the name of another kind: read as what they are where that is sure, else refused by both names."""

from __future__ import annotations

import re

import pytest

from rag.documents import Article
from rag.formats.articles import read_bytes
from rag.formats.drafts import NotRead
from tests.formats.test_neighbours import MORE, STORY, feed, page
from tests.zoo.archives import docx, epub
from tests.zoo.office import open_document, pptx, shape, xlsx
from tests.zoo.pdfs import latin_page, pdf

PAGE = page(body=f"<article><p>{STORY}</p><p>{MORE}</p></article>").encode()
MAIL = f"From: a@b.c\nMIME-Version: 1.0\nContent-Type: text/plain\n\n{STORY}".encode()


@pytest.mark.parametrize("suffix", ["docx", "odt", "pptx", "xlsx", "epub", "rtf", "csv", "json", "xml", "eml", "md"])
def test_a_page_is_read_under_any_name_but_that_of_a_pdf(suffix: str) -> None:
    (found,) = read_bytes(PAGE, f"a.{suffix}")
    assert isinstance(found, Article)
    assert found.text == f"{STORY}\n{MORE}"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (feed(STORY).encode(), "a.docx"),
        (feed(STORY).encode(), "a.json"),
        (MAIL, "a.docx"),
        (MAIL, "a.txt"),
        (b'{"text": "' + STORY.encode() + b'"}', "a.csv"),
        (pdf([latin_page([STORY])]), "a.docx"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n" + STORY.encode(), "a.rtf"),
    ],
)
def test_what_is_sure_by_its_contents_is_read_so(data: bytes, name: str) -> None:
    (found,) = read_bytes(data, name)
    assert isinstance(found, Article)
    assert STORY[:30] in found.text


@pytest.mark.parametrize(
    ("data", "name", "says", "cure"),
    [
        (PAGE, "a.pdf", "not a readable PDF.* By its contents it is a web page", "Rename it .html."),
        (docx([STORY]), "a.pptx", "lacks its part.* it is a document of the kind .docx", "Rename it .docx."),
        (xlsx([["text"], [STORY]]), "a.odt", "of the kind .xlsx", "Rename it .xlsx."),
        (pptx([shape(STORY)]), "a.docx", "of the kind .pptx", "Rename it .pptx."),
        (epub({"a.xhtml": "<p>x</p>"}), "a.docx", "of the kind .epub", "Rename it .epub."),
        (open_document("<office:text/>"), "a.docx", "of the kind .odt", "Rename it .odt."),
        (docx([STORY]), "a.pdf", "of the kind .docx", "Rename it .docx."),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", "it is a PNG image", "Rename it by what it is."),
        (STORY.encode(), "a.docx", "it is plain text", "Rename it .txt."),
        (STORY.encode("cp1252"), "a.rtf", "not RTF.* it is plain text", "Rename it .txt."),
    ],
)
def test_what_it_is_and_what_it_is_called_are_told(data: bytes, name: str, says: str, cure: str) -> None:
    (found,) = read_bytes(data, name)
    assert isinstance(found, NotRead)
    assert re.search(says, found.reason)
    assert found.hint == cure


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_what_is_locked_or_old_is_told_as_such_alone(name: str) -> None:
    for inside, says in ((b"", "old office document"), ("EncryptedPackage".encode("utf-16-le"), "locked")):
        (found,) = read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + inside, name)
        assert isinstance(found, NotRead)
        assert says in found.reason
        assert "By its contents" not in found.reason


def test_what_stands_before_a_pdf_makes_no_text_of_it() -> None:
    (found,) = read_bytes(b"HTTP/1.1 200 OK\n\n%PDF-1.4 nothing", "a.pdf")
    assert isinstance(found, NotRead)
    assert "By its contents" not in found.reason


def test_what_is_cut_off_is_not_taken_for_another_kind() -> None:
    for data, name in ((docx([STORY])[:-40], "a.docx"), (pdf([latin_page([STORY])])[:200], "a.pdf")):
        (found,) = read_bytes(data, name)
        assert isinstance(found, NotRead)
        assert "By its contents" not in found.reason
