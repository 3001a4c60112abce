"""The bad-file zoo: one table of files as they come from the world, each with what should become of it."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import random
import socket
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.zoo.archives import archive, docx, epub, locked
from tests.zoo.office import open_document, xlsx
from tests.zoo.pdfs import latin_page, locked_pdf, pdf

ARABIC = "بادرت الجزائر إلى إنشاء هيئة أركان مشتركة مع مالي والنيجر وموريتانيا."
FRENCH = "L’armée a été déployée à la frontière, où l’état-major décide."
NOISE = random.Random(1).randbytes(5000)
GIGABYTE = 1 << 30

Outcome = Literal["read", "failed", "skipped", "absent"]


@dataclass(frozen=True)
class Specimen:
    """A file of the zoo. ``says``: words of the article's text and warnings, or of the failure's reason."""

    name: str
    data: bytes | Callable[[Path], object]
    outcome: Outcome
    says: str = ""
    origin: str = ""  # in NFC, after the folder's name; by default the file's name
    why: str = ""

    def make(self, folder: Path) -> None:
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(self.data, bytes):
            path.write_bytes(self.data)
        else:
            self.data(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(GIGABYTE)


def _socket(path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(os.path.relpath(path))  # addresses are short
    finally:
        listener.close()


def _dated(seconds: float) -> Callable[[Path], object]:
    """A file that its disk says was written in 2096, or in 1938."""

    def make(path: Path) -> None:
        path.write_text(ARABIC, "utf-8")
        os.utime(path, (seconds, seconds))

    return make


def _link(target: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


def _deep_html(depth: int) -> bytes:
    return f"<html><body>{'<div>' * depth}<p>{ARABIC}</p>{'</div>' * depth}</body></html>".encode()


def _entity_bomb(inside: str) -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(12))
    return f"<!DOCTYPE r [{entities}]>{inside}"


def _yaml_bomb() -> bytes:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    return ("---\na0: &a0 [boom]\n" + "\n".join(levels) + f"\ntitle: T\n---\n{FRENCH}").encode()


def _pdf_bomb() -> bytes:
    return pdf([b" " * 300_000_000 + latin_page(["the end"])])


def _commented(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as made:
        made.comment = b"said by the maker"
    return buffer.getvalue()


WORD_BOMB = archive({"word/document.xml": b"<w>" + b"x" * 150_000_000 + b"</w>"})
SOUND_PDF = pdf([latin_page(["A sound page."])])

SPECIMENS = (
    # Nothing, or not text at all
    Specimen("empty.txt", b"", "failed", "empty"),
    Specimen("blank.md", b" \n\t\r\n ", "failed", "empty"),
    Specimen("nul.txt", b"\0" * 500, "failed", "empty"),
    Specimen("text-with-nul.txt", b"text\0text", "failed", "NUL"),
    Specimen("noise.txt", NOISE, "failed", "NUL"),
    Specimen("noise.md", bytes(byte | 0x80 for byte in NOISE), "failed", "encoding"),
    Specimen("image.txt", b"\x89PNG\r\n\x1a\n" + NOISE, "failed", "PNG"),
    Specimen("photo.md", b"\xff\xd8\xff\xe0" + NOISE, "failed", "JPEG"),
    Specimen("program.txt", b"\x7fELF\x02\x01\x01" + NOISE, "failed", "program"),
    Specimen("packed.txt", b"\x1f\x8b\x08" + NOISE, "failed", "gzip"),
    Specimen("pdf.txt", SOUND_PDF, "failed", "PDF"),
    Specimen("zip.html", archive({"a": b"x"}), "failed", "ZIP"),
    Specimen("old-word.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, "failed", "office"),
    Specimen("database.json", b"SQLite format 3\0" + NOISE, "failed", "database"),
    Specimen("rich.txt", b"{\\rtf1 text}", "failed", "RTF"),
    Specimen("punctuation.txt", "... — !؟".encode(), "failed", "no text"),
    Specimen("invisible.txt", "\u200b\u202e\U000e0041".encode(), "failed", "no text"),
    # Encodings
    Specimen("utf8-mark.txt", codecs.BOM_UTF8 + ARABIC.encode(), "read", ARABIC),
    Specimen("utf16.txt", ARABIC.encode("utf-16"), "read", ARABIC),
    Specimen("utf16-no-mark.txt", ARABIC.encode("utf-16-be"), "read", "guess"),
    Specimen("utf16-cut.txt", ARABIC.encode("utf-16")[:-1], "failed", "cut off"),
    Specimen("utf32.txt", ARABIC.encode("utf-32"), "read", ARABIC),
    Specimen("windows-1256.txt", ARABIC.encode("cp1256"), "read", ARABIC),
    Specimen("windows-1252.md", FRENCH.encode("cp1252"), "read", FRENCH),
    Specimen("windows-1251.txt", "Военные действия начались".encode("cp1251"), "failed", "encoding"),
    Specimen("shift-jis.txt", "日本の首都は東京です。".encode("shift-jis"), "failed", "encoding"),
    Specimen("cut-character.txt", (ARABIC * 2).encode()[:-2], "read", "damaged character"),
    Specimen("mojibake-latin.txt", FRENCH.encode().decode("cp1252").encode(), "read", FRENCH),
    Specimen("mojibake-arabic.txt", ARABIC.encode().decode("cp1256").encode(), "read", ARABIC),
    # What hides in text
    Specimen("bidi.txt", f"in\u202evoice {FRENCH}".encode(), "read", "removed 1 bidi control"),
    Specimen("tags.txt", f"text\U000e0069\U000e0067 {FRENCH}".encode(), "read", "removed 2 tag characters"),
    Specimen("zero-width.txt", f"te\u200bxt {FRENCH}".encode(), "read", "text L’armée"),
    Specimen("shaped.txt", "ﺍﻟﺠﺰﺍﺋﺮ".encode(), "read", "الجزائر"),
    Specimen("one-line.txt", b"word " * 300_000, "read", "word word"),
    Specimen("many-lines.txt", b"\n" * 900_000 + b"at last", "read", "at last"),
    # What newsrooms keep
    Specimen("cut.rtf", b"{\\rtf1 " + FRENCH.encode("cp1252") + b"{\\b", "read", FRENCH),
    Specimen("deep.rtf", b"{\\rtf1 " + b"{" * 200_000 + b"deep", "read", "deep"),
    Specimen("noise.rtf", b"{\\rtf1 \\'zz \\u99999999? \\bin99999999999 " + NOISE, "failed"),
    Specimen("doc.rtf", b"\xd0\xcf\x11\xe0" + NOISE, "failed", "not RTF"),
    Specimen("bomb.odt", archive({"content.xml": b"<x>" + b" " * 150_000_000 + b"</x>"}), "failed", "times its size"),
    Specimen("empty.odt", open_document(""), "failed", "no text"),
    Specimen("word.pptx", docx([FRENCH]), "failed", "lacks its part ppt/presentation.xml"),
    Specimen("cut.xlsx", xlsx([["a", "b"]])[:-50], "failed", "not a readable ZIP"),
    Specimen("word.xlsx", docx([FRENCH]), "failed", "not a readable sheet"),
    Specimen("old.doc", b"\xd0\xcf\x11\xe0", "skipped", "not read"),
    Specimen("endless.eml", b"Subject: x\n" * 100_000 + b"\n" + FRENCH.encode(), "read", FRENCH),
    Specimen("odd-charset.eml", b"Content-Type: text/plain; charset=klingon\n\n" + ARABIC.encode(), "read", ARABIC),
    Specimen("noise.mhtml", b"Content-Type: text/html\n\n" + NOISE, "failed", "NUL"),
    Specimen("noise.srt", b"1\n00:00:01,000 --> 00:00:02,000\n" + NOISE, "failed", "NUL"),
    Specimen("bomb.nitf", _entity_bomb("<nitf>&e11;</nitf>").encode(), "failed"),
    Specimen("bomb.txt.gz", gzip.compress(b" " * 60_000_000), "failed", "times its size"),
    Specimen("cut.json.gz", gzip.compress(b'{"text": "x"}')[:-4], "failed", "cut off"),
    Specimen("noise.warc.gz", gzip.compress(NOISE), "failed", "cut off"),
    # Markdown
    Specimen("bad-yaml.md", b"---\ntitle: [a: b\n---\ntext", "failed", "front matter is not valid YAML"),
    Specimen("yaml-bomb.md", _yaml_bomb(), "read", FRENCH),
    Specimen("yaml-object.md", b"---\na: !!python/object/apply:os.system [exit]\n---\ntext", "read", "text"),
    Specimen("endless-front-matter.md", b"---\n" + b"a: b\n" * 50_000 + b"---\ntext", "failed", "64 kB"),
    Specimen("unclosed-front-matter.md", b"---\ntitle: T\n\ntext", "read", "title: T"),
    Specimen("front-matter-only.md", b"---\ntitle: T\n---\n", "failed", "no text"),
    Specimen("brackets.md", b"[" * 100_000, "failed", "no text"),
    Specimen("deep-quotes.md", b"> " * 50_000 + b"deep", "failed", "no text"),
    # JSON, lines and tables
    Specimen("cut.json", b'[{"text": "one"}, {"te', "failed", "not valid JSON"),
    Specimen("scalar.json", b"42", "failed", "neither an object"),
    Specimen("nothing.json", b"[]", "failed", "no article"),
    Specimen("deep.json", b"[" * 200_000, "failed", "nested too deep"),
    Specimen("huge-number.json", b'{"text": ' + b"9" * 50_000 + b"}", "failed", "number too long"),
    Specimen("surrogate.json", b'{"text": "half \\ud83d a character"}', "read", "removed 1 lone surrogate"),
    Specimen("escape.json", b'{"text": "a\\u0000b\\u001bc d"}', "read", "abc d"),
    Specimen("wrong-types.json", b'{"text": ["a", {"b": 1}], "title": {}, "date": []}', "read", "a"),
    Specimen(
        "one-bad-line.jsonl", b'{bad}\n{"text": "the good line"}', "read", "the good line", "one-bad-line.jsonl#2"
    ),
    Specimen("binary.jsonl", b"\0\1\2" * 100, "failed", "NUL"),
    Specimen("utf16.jsonl", '{"text": "x"}'.encode("utf-16"), "failed", "UTF-16"),
    Specimen("sparse.jsonl", _sparse, "failed", "NUL|longer"),
    Specimen("no-text-column.csv", b"a,b\n1,2\n", "failed", "no text"),
    Specimen("unclosed-quote.csv", b'text\n"never closed', "read", "never closed", "unclosed-quote.csv#1"),
    Specimen("binary.csv", b"text\n\0\0\0", "failed", "NUL"),
    # HTML and feeds
    Specimen("deep.html", _deep_html(400), "read", "the whole page is kept"),
    Specimen("very-deep.html", _deep_html(100_000), "read", "the whole page is kept"),
    Specimen("script-only.html", b"<html><body><script>render()</script></body></html>", "failed", "no text"),
    Specimen("not-html.html", ARABIC.encode(), "read", ARABIC),
    Specimen("wrong-charset.html", f'<meta charset="ascii"><p>{ARABIC}</p>'.encode(), "read", ARABIC),
    Specimen("windows-1256.html", f'<meta charset="windows-1256"><p>{ARABIC}</p>'.encode("cp1256"), "read", ARABIC),
    Specimen("brackets.html", b"<" * 300_000, "failed", ""),
    Specimen("open-tags.html", b"<b>" * 100_000 + b"words at the end", "read", "words at the end"),
    Specimen("attributes.html", b"<p " + b"a=1 " * 100_000 + b">words</p>", "read", "words"),
    Specimen(
        "bomb.xml", _entity_bomb("<rss><item><description>&e11;</description></item></rss>").encode(), "failed", "XML"
    ),
    Specimen("other.xml", b"<invoice><text>words</text></invoice>", "failed", "neither RSS nor Atom"),
    Specimen("cut.rss", b"<rss><channel><item><title>T", "failed", "XML is damaged"),
    Specimen(
        "links-only.rss", b"<rss><item><title>T</title></item></rss>", "failed", "only a link", "links-only.rss#1"
    ),
    # PDF
    Specimen("cut.pdf", SOUND_PDF[:300], "failed", "not a readable PDF"),
    Specimen("header-only.pdf", b"%PDF-1.7\n" + NOISE, "failed", "not a readable PDF"),
    Specimen("page.pdf", b"<html><p>Not found</p></html>", "failed", "not a readable PDF"),
    Specimen("locked.pdf", locked_pdf(SOUND_PDF, "secret", "RC4-128"), "failed", "password"),
    Specimen("scan.pdf", pdf([b"0 0 600 700 re f"]), "failed", "no text layer"),
    Specimen("loop.pdf", SOUND_PDF.replace(b"/Kids[8 0 R]", b"/Kids[2 0 R]"), "failed", ""),
    Specimen("bomb.pdf", _pdf_bomb(), "failed", ""),
    # DOCX and EPUB
    Specimen("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, "failed", "old office document"),
    Specimen("cut.docx", docx([FRENCH])[:-40], "failed", "not a readable ZIP"),
    Specimen("sheet.docx", archive({"xl/workbook.xml": b"<x/>"}), "failed", "lacks its part"),
    Specimen("bomb.docx", WORD_BOMB, "failed", "times its size"),
    Specimen("entities.docx", archive({"word/document.xml": _entity_bomb("<w>&e11;</w>").encode()}), "failed", "XML"),
    Specimen("pictures.docx", docx([]), "failed", "no text"),
    Specimen("empty.epub", archive({"mimetype": b"application/epub+zip"}), "failed", "lacks its part"),
    Specimen(
        "lost.epub", epub({"a.xhtml": "<p>x</p>"}, listed=["b.xhtml"]), "failed", "lacks", "lost.epub!OEBPS/b.xhtml"
    ),
    # ZIP
    Specimen("bomb.zip", archive({"a.txt": b"x" * 100_000_000}), "failed", "times its size"),
    Specimen(
        "nested.zip", archive({"b.zip": archive({"a.txt": b"x"})}), "failed", "inside an archive", "nested.zip!b.zip"
    ),
    Specimen("locked.zip", locked(archive({"a.txt": b"x"})), "failed", "password", "locked.zip!a.txt"),
    Specimen("cut.zip", archive({"a.txt": FRENCH.encode()})[:-10], "failed", "not a readable ZIP"),
    Specimen("fake.zip", b"not a zip", "failed", "not a readable ZIP"),
    Specimen("climbing.zip", archive({"../../a.txt": b"words"}), "read", "words", "climbing.zip!../../a.txt"),
    Specimen("comment.zip", _commented(archive({"a.txt": b"words"})), "read", "words", "comment.zip!a.txt"),
    Specimen("pictures.zip", archive({"a.png": b"x"}), "skipped", "not read", "pictures.zip!a.png"),
    Specimen("mac.zip", archive({"__MACOSX/._a.txt": b"\0", "a.txt": b"words"}), "read", "words", "mac.zip!a.txt"),
    # Files that are not what they seem, and names
    Specimen("sparse.txt", _sparse, "failed", "1073 MB"),
    Specimen("sparse.zip", _sparse, "failed", "1073 MB"),
    Specimen(os.fsdecode(b"fold\xff/inside.md"), ARABIC.encode(), "failed", "not UTF-8", "fold\\udcff/inside.md"),
    Specimen("one\ntwo\t.md", ARABIC.encode(), "read", ARABIC, origin="one\\ntwo\\t.md"),
    Specimen("\u202eright.md", ARABIC.encode(), "read", ARABIC, origin="\\u202eright.md"),
    Specimen("--help.md", ARABIC.encode(), "read", ARABIC),
    Specimen("$(x) \"'`.md", ARABIC.encode(), "read", ARABIC),
    Specimen(f"{'long' * 63}.md", ARABIC.encode(), "read", ARABIC),
    Specimen("later.md", _dated(4e9), "read", ARABIC),
    Specimen("earlier.md", _dated(-1e9), "read", ARABIC),
    Specimen("pipe.txt", os.mkfifo, "failed", "pipe"),
    Specimen("socket.md", _socket, "failed", "socket"),
    Specimen("link.md", _link("sound.md"), "failed", "link"),
    Specimen("loop.md", _link("loop.md"), "failed", "link"),
    Specimen("dangling.md", _link("nowhere"), "failed", "link"),
    Specimen("outside", _link("/"), "failed", "link"),
    Specimen("device.txt", _link("/dev/zero"), "failed", "link"),
    Specimen("folder.md/inner.txt", b"words inside", "read", "words inside"),
    Specimen("two\nlines.txt", b"words", "read", "words", r"two\nlines.txt"),
    Specimen("gpj.\u202etxt.md", b"words", "read", "words", r"gpj.\u202etxt.md"),
    Specimen("قمة الساحل.md", ARABIC.encode(), "read", ARABIC),
    Specimen("-rf.txt", b"words", "read", "words"),
    Specimen("$(touch x);'.txt", b"words", "read", "words"),
    Specimen("n" * 250 + ".txt", b"words", "read", "words"),
    Specimen(unicodedata.normalize("NFC", "twin é.txt"), b"composed", "read", "composed", "twin é.txt"),
    Specimen(unicodedata.normalize("NFD", "twin é.txt"), b"decomposed", "failed", "same name", "twin é.txt"),
    Specimen("latin-\udce9.txt", b"words", "failed", "not UTF-8", r"latin-\udce9.txt"),
    Specimen("table.xls", b"PK\x03\x04", "skipped", "not read"),
    Specimen("no-suffix", b"words", "skipped", "not read"),
    Specimen(".hidden.txt", b"words", "absent"),
    Specimen("README.md", b"words", "absent"),
    Specimen("sound.md", ARABIC.encode(), "read", ARABIC),
    Specimen("zz-last.txt", FRENCH.encode(), "read", FRENCH, why="the batch comes to its end"),
)
