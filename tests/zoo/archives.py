"""ZIP, DOCX, EPUB and WARC files."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def archive(members: Mapping[str, bytes] | Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, data in members.items() if isinstance(members, Mapping) else members:
            made.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def locked(data: bytes) -> bytes:
    """The archive with its members' encryption bits set, in both directories."""
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data = data[: at + offset] + bytes([data[at + offset] | 1]) + data[at + offset + 1 :]
            at = data.find(signature, at + 1)
    return data


def docx(paragraphs: Sequence[str], properties: str = "", body: str = "") -> bytes:
    text = body or "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in paragraphs)
    members = {"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{text}</w:body></w:document>'.encode()}
    if properties:
        core = f'<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/">{properties}'
        members["docProps/core.xml"] = f"{core}</cp:coreProperties>".encode()
    return archive(members)


def epub(chapters: Mapping[str, str], metadata: str = "", listed: Sequence[str] = ()) -> bytes:
    """A book whose package lists ``listed`` (by default what is in it) in that order."""
    names = listed or list(chapters)
    items = "".join(f'<item id="i{number}" href="{name}"/>' for number, name in enumerate(names))
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(len(names)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    pages = {f"OEBPS/{name}": f"<html><body>{body}</body></html>".encode() for name, body in chapters.items()}
    return archive({"META-INF/container.xml": container.encode(), "OEBPS/book.opf": package.encode(), **pages})


def warc(records: Sequence[tuple[str, str, str, bytes]], packed: bool = True) -> bytes:
    """records: address, status, Content-Type, body."""
    pieces = [_record("warcinfo", "", b"software: x")]
    for url, status, kind, body in records:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        pieces.append(_record("response", f"WARC-Target-URI: {url}\r\n", answer))
    return b"".join(map(gzip.compress, pieces) if packed else pieces)


def _record(kind: str, headers: str, block: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\n{headers}Content-Length: {len(block)}\r\n"
    return f"{head}Content-Type: application/http\r\n\r\n".encode() + block + b"\r\n\r\n"
