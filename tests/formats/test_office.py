from __future__ import annotations

import pytest

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft, NotRead
from rag.formats.office import read_epub
from rag.formats.word import read_docx
from tests.zoo.archives import archive, docx, epub


def only(finds) -> ArticleDraft:
    (draft,) = finds
    assert isinstance(draft, ArticleDraft)
    return draft


def test_a_document_is_its_paragraphs() -> None:
    properties = "<dc:title>عنوان</dc:title><dc:creator>كاتب</dc:creator><dc:language>ar-DZ</dc:language>"
    draft = only(read_docx(docx(["الفقرة الأولى.", "", "Second & last."], properties)))
    assert draft.text == "الفقرة الأولى.\n\nSecond & last."
    assert (draft.title, draft.author, draft.language, draft.date) == ("عنوان", "كاتب", "ar-DZ", "")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<w:p><w:r><w:t>one </w:t></w:r><w:r><w:t>run</w:t></w:r></w:p>", "one run"),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a\tb\nc"),
        (
            "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>kept</w:t></w:r></w:ins></w:p>",
            "kept",
        ),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>text</w:t></w:r></w:p>", "text"),
        ("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>", "cell"),
        ("<w:p><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>", "link"),
        ("<w:p><w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>stop</w:t></w:r></w:p>", "non-stop"),
    ],
)
def test_what_counts_as_text(body: str, text: str) -> None:
    assert only(read_docx(docx([], body=body))).text == text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (docx([]), "no text"),
        (b"not a zip", "not a readable ZIP"),
        (docx(["text"])[:-30], "not a readable ZIP"),
        (archive({"xl/workbook.xml": b"<workbook/>"}), r"lacks its part word/document.xml"),
        (archive({"word/document.xml": b"<w:document"}), r"XML is damaged: [^<>]*line 1, column \d+\. Save"),
        (docx(["x" * 12_000_000]), "times its size"),
    ],
)
def test_documents_that_cannot_be_read(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says):
        list(read_docx(data))


def test_a_book_has_an_article_a_chapter_in_reading_order() -> None:
    metadata = "<dc:title>Le Livre</dc:title><dc:creator>A</dc:creator><dc:language>fr</dc:language>"
    metadata += "<dc:date>2011-10-12</dc:date>"
    chapters = {
        "b.xhtml": "<h1>Deux</h1><p>Texte deux.</p>",
        "nothing.xhtml": "",
        "a b.xhtml": "<h1>Un</h1><p>Texte un.</p>",
    }
    first, second = read_epub(epub(chapters, metadata, listed=["a%20b.xhtml", "b.xhtml"]))
    assert isinstance(first, ArticleDraft)
    assert isinstance(second, ArticleDraft)
    assert (first.text, first.title, first.place) == ("Un\nTexte un.", "Le Livre – Un", "!OEBPS/a b.xhtml")
    assert (second.text, second.title) == ("Deux\nTexte deux.", "Le Livre – Deux")
    assert (first.author, first.language, first.date) == ("A", "fr", "2011-10-12")


def test_a_lost_chapter_does_not_lose_the_others() -> None:
    lost, found = read_epub(epub({"a.xhtml": "<p>Text.</p>"}, listed=["lost.xhtml", "a.xhtml"]))
    assert isinstance(lost, NotRead)
    assert lost.origin == "!OEBPS/lost.xhtml"
    assert isinstance(found, ArticleDraft)
    assert found.text == "Text."


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"a.xhtml": b"<p>x</p>"}, "lacks its part META-INF/container.xml"),
        ({"META-INF/container.xml": b"<container/>"}, "does not say where the book begins"),
        ({"META-INF/container.xml": b'<c><rootfile full-path="no.opf"/></c>'}, "lacks its part no.opf"),
    ],
)
def test_books_that_cannot_be_read(members: dict[str, bytes], says: str) -> None:
    with pytest.raises(ArticleError, match=says):
        list(read_epub(archive(members)))


def test_a_chapter_is_in_the_encoding_it_declares() -> None:
    page = (
        '<?xml version="1.0" encoding="windows-1254"?><html><body><p>Güneşli şehirde ışıklar yandı.</p></body></html>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    members = {
        "META-INF/container.xml": b'<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
        "b.opf": package.encode(),
        "a.xhtml": page.encode("cp1254"),
    }
    assert only(read_epub(archive(members))).text == "Güneşli şehirde ışıklar yandı."
