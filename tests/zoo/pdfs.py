"""PDF files written by hand: Latin in Helvetica, Arabic glyph by glyph as a producer draws it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pypdf import PdfReader, PdfWriter

ADVANCE = 6.0  # points a glyph takes: 500 thousandths of 12
LINE = 20


def pdf(pages: Sequence[bytes], to_unicode: Mapping[int, str] | None = None, extra: str = "") -> bytes:
    """Pages of content streams. ``/F1`` is Helvetica; the glyphs of ``/F2`` mean what ``to_unicode`` says."""
    table = "".join(
        f"<{code:04x}> <{text.encode('utf-16-be').hex()}>\n" for code, text in (to_unicode or {1: " "}).items()
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange\n<0000> <ffff>\n"
        f"endcodespacerange\n{len(to_unicode or {1: ' '})} beginbfchar\n{table}endbfchar\nendcmap end end"
    ).encode()
    first = 8
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R" + extra.encode() + b">>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type0/BaseFont/Made/Encoding/Identity-H/DescendantFonts[5 0 R]/ToUnicode 7 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Made/DW 500/FontDescriptor 6 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        b"<</Type/FontDescriptor/FontName/Made/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent 0"
        b"/CapHeight 700/StemV 80>>",
        _stream(cmap),
    ]
    for number, content in enumerate(pages):
        bodies.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>"
            + f"/Contents {first + 2 * number + 1} 0 R>>".encode()
        )
        bodies.append(_stream(content))
    return _assembled(bodies)


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    return f"<</Filter/FlateDecode/Length {len(packed)}>>stream\n".encode() + packed + b"\nendstream"


def _assembled(bodies: Sequence[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    return bytes(out + f"trailer<</Size {len(bodies) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode())


def latin_page(lines: Sequence[str]) -> bytes:
    shown = (f"1 0 0 1 72 {720 - LINE * at} Tm ({line}) Tj" for at, line in enumerate(lines))
    return f"BT /F1 12 Tf {' '.join(shown)} ET".encode("cp1252")


def drawn_pdf(lines: Sequence[Sequence[str]], x: float = 72, extra: str = "", backwards: bool = False) -> bytes:
    """One page of lines, each the glyphs from left to right; a glyph may stand for several letters.

    backwards: drawn from the right, moving back after each glyph, as Cairo draws Arabic.
    """
    glyphs = {glyph: code for code, glyph in enumerate(dict.fromkeys(g for line in lines for g in line), 3)}
    draw = _drawn_backwards if backwards else _drawn_at_once
    shown = (
        f"1 0 0 1 {x} {720 - LINE * at} Tm {draw([f'<{glyphs[glyph]:04x}>' for glyph in line])}"
        for at, line in enumerate(lines)
    )
    content = f"BT /F2 12 Tf {' '.join(shown)} ET".encode()
    return pdf([content], {code: glyph for glyph, code in glyphs.items()}, extra)


def _drawn_at_once(codes: Sequence[str]) -> str:
    return f"{''.join(codes).replace('><', '')} Tj"


def _drawn_backwards(codes: Sequence[str]) -> str:
    half = len(codes) // 2  # a line is drawn by several operators, and only the first of them says where
    right, left = (" 1000 ".join(reversed(part)) for part in (codes[half:], codes[:half]))
    return f"[{-500 * (len(codes) - 1)} {right}] TJ [1000 {left}] TJ"


def locked_pdf(data: bytes, password: str, algorithm: str = "AES-256") -> bytes:
    return _rewritten(data, lambda writer: writer.encrypt(password, "owner", algorithm=algorithm))


def described_pdf(data: bytes, fields: Mapping[str, str]) -> bytes:
    return _rewritten(data, lambda writer: writer.add_metadata(dict(fields)))


def _rewritten(data: bytes, change: Any) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
