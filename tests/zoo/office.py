"""OpenDocument files, presentations and sheets."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

from tests.zoo.archives import archive

_ODF = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        *(("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing")),
        *(("presentation", "presentation"), ("meta", "meta")),
    )
)
_OOXML = "http://schemas.openxmlformats.org"
_SHOW = (
    f' xmlns:a="{_OOXML}/drawingml/2006/main" xmlns:p="{_OOXML}/presentationml/2006/main"'
    f' xmlns:r="{_OOXML}/officeDocument/2006/relationships"'
    f' xmlns:mc="{_OOXML}/markup-compatibility/2006"'
)


def open_document(body: str, styles: str = "", meta: str = "", manifest: str = "<manifest/>") -> bytes:
    """``body`` stands inside office:body, ``styles`` among the automatic ones."""
    content = (
        f"<office:document-content{_ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    about = f'<office:document-meta xmlns:dc="http://purl.org/dc/elements/1.1/"{_ODF}>{meta}</office:document-meta>'
    parts = {"content.xml": content, "meta.xml": about, "META-INF/manifest.xml": manifest}
    return archive({name: part.encode() for name, part in parts.items()})


def shape(*paragraphs: str, kind: str = "", hidden: str = "") -> str:
    """A shape of a slide with text."""
    text = "".join(f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p>" for words in paragraphs)
    placed = f'<p:nvPr><p:ph type="{kind}"/></p:nvPr>' if kind else "<p:nvPr/>"
    return f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="n"{hidden}/>{placed}</p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>'


def pptx(slides: Sequence[str], notes: str = "", hidden: Sequence[int] = ()) -> bytes:
    """Slides of shapes, kept in the archive in reverse order; ``notes`` belong to the first."""
    order = "".join(f'<p:sldId id="{256 + at}" r:id="r{at}"/>' for at in range(len(slides)))
    links = "".join(f'<Relationship Id="r{at}" Type="x/slide" Target="slides/s{at}.xml"/>' for at in range(len(slides)))
    parts = {
        "ppt/presentation.xml": f"<p:presentation{_SHOW}><p:sldIdLst>{order}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{links}</Relationships>",
    }
    for at, shapes in reversed(list(enumerate(slides))):
        show = ' show="0"' if at in hidden else ""
        parts[f"ppt/slides/s{at}.xml"] = f"<p:sld{_SHOW}{show}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
    if notes:
        link = '<Relationship Id="n" Type="x/notesSlide" Target="../notesSlides/n.xml"/>'
        parts["ppt/slides/_rels/s0.xml.rels"] = f"<Relationships>{link}</Relationships>"
        parts["ppt/notesSlides/n.xml"] = f"<p:notes{_SHOW}>{notes}</p:notes>"
    return archive({name: part.encode() for name, part in parts.items()})


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx(rows: Sequence[Sequence[object]], title: str = "Sheet") -> bytes:
    book = Workbook()
    assert book.active
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)
