"""Word's documents: nothing lost, nothing twice, nothing hidden."""

from __future__ import annotations

import pytest

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft
from rag.formats.word import read_docx
from tests.zoo.archives import WORD
from tests.zoo.office import xlsx
from tests.zoo.word import PROBES, document, link, paragraph


def read(data: bytes) -> ArticleDraft:
    (draft,) = read_docx(data)
    assert isinstance(draft, ArticleDraft)
    return draft


@pytest.mark.parametrize("name", PROBES)
def test_what_is_easily_lost_or_read_twice(name: str) -> None:
    assert PROBES[name].holds(read(PROBES[name].data).text)


def test_what_is_left_out_is_told_with_its_count() -> None:
    hiding = '<w:style w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    parts = {
        "word/comments.xml": f'<w:comments xmlns:w="{WORD}"><w:comment/><w:comment/></w:comments>',
        "word/header1.xml": f'<w:hdr xmlns:w="{WORD}">{paragraph("The Daily")}</w:hdr>',
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{hiding}</w:styles>',
        "word/a.bin": "x",
    }
    links = link("c", "comments", "comments.xml") + link("h", "header", "header1.xml") + link("b", "aFChunk", "a.bin")
    hidden = paragraph("one", "<w:rPr><w:vanish/></w:rPr>") + paragraph("two", '<w:rPr><w:rStyle w:val="h"/></w:rPr>')
    shown = paragraph("shown", '<w:rPr><w:vanish w:val="0"/></w:rPr>')
    draft = read(document(f'{shown}{hidden}<w:altChunk r:id="b"/>', parts, links))
    assert draft.text == "shown"
    assert draft.warnings == (
        "left out hidden pieces of text: 2",
        "left out parts in a format that is not read: 1",
        "left out comments: 2",
        "left out headers and footers: 1",
    )


def test_a_table_that_lays_out_a_page_is_its_paragraphs() -> None:
    cell = "".join(
        paragraph(f"Paragraph {number} of a column, as long as those of a page are. " * 3) for number in (1, 2)
    )
    text = read(document(f"<w:tbl><w:tr><w:tc>{cell}</w:tc><w:tc>{paragraph('Beside it.')}</w:tc></w:tr></w:tbl>")).text
    assert " | " not in text
    assert text.endswith("\nBeside it.")


def test_another_office_document_is_named() -> None:
    with pytest.raises(ArticleError, match="no document of Word's"):
        read(xlsx([["text"], ["x"]]))


def test_rows_inside_a_form_are_rows_of_its_table() -> None:
    row = "<w:tr><w:tc>{}</w:tc><w:sdt><w:sdtContent><w:tc>{}</w:tc></w:sdtContent></w:sdt></w:tr>"
    rows = [row.format(paragraph(city), paragraph(count)) for city, count in (("Sfax", "12"), ("Sousse", "9"))]
    repeated = f"<w:sdt><w:sdtContent>{rows[1]}</w:sdtContent></w:sdt>"
    assert read(document(f"<w:tbl>{rows[0]}{repeated}</w:tbl>")).text == "Sfax | 12\nSousse | 9"
