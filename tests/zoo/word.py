"""Word documents, each with what is easily lost or read twice, and whether a text has it right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.zoo.archives import WORD, archive

_OPEN = "http://schemas.openxmlformats.org"
_STRICT = "http://purl.oclc.org/ooxml"
_SPACES = (
    f'xmlns:w="{WORD}" xmlns:mc="{_OPEN}/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    f'xmlns:r="{_OPEN}/officeDocument/2006/relationships"'
)


@dataclass(frozen=True)
class Probe:
    """A document, and whether its text is right."""

    data: bytes
    holds: Callable[[str], bool]


def document(body: str, parts: Mapping[str, str] | None = None, links: str = "", main: str = "document.xml") -> bytes:
    kinds = (
        f'<Types xmlns="{_OPEN}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/{main}" ContentType="application/'
        'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    members = {
        "[Content_Types].xml": kinds,
        "_rels/.rels": _relations(link("m", "officeDocument", f"word/{main}")),
        f"word/{main}": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>",
        f"word/_rels/{main}.rels": _relations(links),
        **(parts or {}),
    }
    return archive({name: part.encode() for name, part in members.items()})


def _relations(links: str) -> str:
    return f'<Relationships xmlns="{_OPEN}/package/2006/relationships">{links}</Relationships>'


def link(identity: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{identity}" Type="{_OPEN}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'


def paragraph(words: str, about: str = "") -> str:
    return f'<w:p><w:r>{about}<w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def _row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"


def _noted(kind: str) -> bytes:
    note = f'<w:{kind}s xmlns:w="{WORD}"><w:{kind} w:id="2">{paragraph("The note.")}</w:{kind}></w:{kind}s>'
    body = f'<w:p><w:r><w:t>word</w:t></w:r><w:r><w:{kind}Reference w:id="2"/></w:r></w:p>'
    return document(body, {f"word/{kind}s.xml": note}, link("n", f"{kind}s", f"{kind}s.xml"))


def _strict() -> bytes:
    relations = _relations(link("m", "officeDocument", "word/document.xml"))
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_OPEN}/package/2006/content-types"/>',
        "_rels/.rels": relations.replace(f"{_OPEN}/officeDocument/2006", f"{_STRICT}/officeDocument"),
        "word/document.xml": f'<w:document xmlns:w="{_STRICT}/wordprocessingml/main">'
        f"<w:body>{paragraph('strict')}</w:body></w:document>",
    }
    return archive({name: part.encode() for name, part in members.items()})


_BOX = f"<w:txbxContent>{paragraph('boxed words')}</w:txbxContent>"
_BOXED = (
    '<w:p><w:r><w:t>anchor</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
    f"{_BOX}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{_BOX}</v:textbox></v:shape>"
    "</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)
_REVISED = "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>kept</w:t></w:r></w:ins></w:p>"
_MOVED = (
    "<w:p><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>"
    "<w:p><w:moveTo><w:r><w:t>moved</w:t></w:r></w:moveTo></w:p>"
)
PROBES: Mapping[str, Probe] = {
    "a text box once": Probe(
        document(_BOXED), lambda text: text.count("boxed words") == 1 and "anchorboxed" not in text
    ),
    "a footnote": Probe(_noted("footnote"), lambda text: "The note." in text),
    "an endnote": Probe(_noted("endnote"), lambda text: "The note." in text),
    "no number glued to a word": Probe(_noted("footnote"), lambda text: not re.search(r"word\S", text)),
    "a row in one line": Probe(
        document(f"<w:tbl>{_row('Sfax', '12000')}{_row('Sousse', '9000')}</w:tbl>"),
        lambda text: bool(re.search(r"Sfax[^\n]*12000", text)) and not re.search(r"12000[^\n]*Sousse", text),
    ),
    "a part in HTML": Probe(
        document('<w:altChunk r:id="h"/>', {"word/a.htm": "<p>The part.</p>"}, link("h", "aFChunk", "/word/a.htm")),
        lambda text: "The part." in text,
    ),
    "hidden text out": Probe(
        document(paragraph("seen") + paragraph("secret", "<w:rPr><w:vanish/></w:rPr>")),
        lambda text: "seen" in text and "secret" not in text,
    ),
    "deleted text out": Probe(document(_REVISED), lambda text: "kept" in text and "gone" not in text),
    "moved text once": Probe(document(_MOVED), lambda text: text.count("moved") == 1),
    "a form's text": Probe(
        document(f"<w:sdt><w:sdtContent>{paragraph('in a form')}</w:sdtContent></w:sdt>"),
        lambda text: "in a form" in text,
    ),
    "no code of a field": Probe(
        document("<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>text</w:t></w:r></w:p>"),
        lambda text: text.strip() == "text",
    ),
    "a strict document": Probe(_strict(), lambda text: "strict" in text),
    "a main part by another name": Probe(
        document(paragraph("elsewhere"), main="document2.xml"), lambda text: "elsewhere" in text
    ),
}
