"""Bytes to text: byte-order mark, strict UTF-8, the encoding the file declares, then a guess among five.

Detectors that choose among all encodings are wrong on short texts, so the guess is restricted to UTF-16, windows-1256
(Arabic), windows-1254 (Turkish), windows-1252 and MacRoman (western), and judged by what it makes: in the right
encoding a word is Arabic or Latin, never both. What fits none is an error: nonsense is worse than a file reported.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rag.errors import ArticleError

CURE: Final = "Save it as UTF-8."
_KNOWN: Final = "UTF-8, UTF-16, windows-1256, windows-1254, windows-1252 and MacRoman"
_SAMPLE: Final = 1 << 20  # bytes a guess looks at: a bound on its time, as is the next
# Letters in UTF-8 beside each other, which chance hardly makes of another encoding of one byte a letter.
_UTF8_RUN: Final = rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){3,}"
_PIECE = re.compile(rb"(\n|" + _UTF8_RUN + rb")")
_ONE_BYTE: Final = ("cp12", "windows-12", "iso-8859", "latin")  # how the names of such encodings begin
_SAMPLE_LINES: Final = 500

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC: Final = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document (.doc, .xls)"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"RIFF", "a sound, video or image"),
    (b"OggS", "a sound or video"),
    (b"ID3", "a sound"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"(\xb5/\xfd", "zstandard data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "an RTF document"),
)
# What browsers read for these (WHATWG, "Encoding"): pages that name the first often hold the marks of the second.
_WEB_NAMES: Final = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "iso8859-9", "latin5", "windows-1254"), "cp1254"),
}
_ARABIC = "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff"
_ARABIC_WORD = re.compile(rf"(?<![^\W\d_])[{_ARABIC}\u064b-\u0652]{{2,}}(?![^\W\d_])")
_MIXED_WORD = re.compile(rf"[A-Za-z\u00c0-\u024f][{_ARABIC}]|[{_ARABIC}][A-Za-z\u00c0-\u024f]")
_AS_WESTERN: Final = frozenset("ðýþÐÝÞ")  # how the Turkish letters ğ ı ş Ğ İ Ş read in windows-1252
_TURKISH_TOO: Final = frozenset("çöüâîûÇÖÜÂÎÛ")  # letters both have
_WESTERN: Final = frozenset("éèêëàâçùûîïôœæÉÈÀÇäöüßñáíóúãõåø’‘“”«»–—…°€")  # most of what is beyond ASCII there
_MOST_OTHER: Final = 0.3  # of what is beyond ASCII; a guess
_LATIN_1_ONLY = frozenset(map(chr, range(0x80, 0xA0)))
_MOJIBAKE = re.compile("[ÃÂâØÙ][\u0080-\u00bf€‚„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸƒ]")
_COMMON = re.compile(
    rf"[\t\n\r -~\u00a0-\u00ff\u0152\u0153\u2010-\u203a{_ARABIC}\u060c\u061b\u061f\u0640\u064b-\u0669]"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was in. ``warnings`` say what had to be mended or guessed."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, declared: str = "") -> Decoded:
    """The text of ``data``. ``declared`` is the encoding the file names in itself, believed where UTF-8 fails.

    Not believed is a western one that any bytes would fit, where the words are Arabic in windows-1256: it is what many
    a program names unasked.

    Raises ArticleError for binary data and for text in no encoding known here.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_strict(data, encoding), encoding)
    if kind := binary_kind(data):
        raise ArticleError(f"It is {kind}, whatever its name says.", "Rename it by what it is, or remove it.")
    meant = _WEB_NAMES.get(declared.lower(), declared)
    mixed = meant.lower().startswith(_ONE_BYTE) and re.search(_UTF8_RUN, data)
    believed = () if mixed or (meant == "cp1252" and _is_arabic(data)) else (meant, declared)
    # What shifts between alphabets by signs is ASCII to look at, and so is UTF-8.
    shifts = b"\x1b" in data or (meant.lower() == "utf-7" and data.isascii())
    for encoding in (*(believed if shifts else ()), "utf-8", *believed):
        if (text := _try(data, encoding)) is not None and "\0" not in text:
            return Decoded(text, encoding.lower())
    return _with_few_errors(data) or _piece_by_piece(data) or _guess(data)


def binary_kind(data: bytes) -> str:
    """What is told to be no text by how it begins: ``a PNG image``; empty where nothing tells."""
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")


def _try(data: bytes, encoding: str) -> str | None:
    """The text, or None: an encoding may be misnamed, not one of text (``hex``), or unable to read the bytes."""
    try:
        return data.decode(encoding) if encoding else None
    except (UnicodeError, LookupError, ValueError):
        return None


def _strict(data: bytes, encoding: str) -> str:
    text = _try(data, encoding)
    if text is None:
        raise ArticleError(f"It begins as {encoding.upper()} but does not go on so: it is cut off or damaged.", CURE)
    return text


def _checked(text: str, encoding: str) -> Decoded:
    """Refuses text that holds NUL: it is binary data that happens to decode."""
    if "\0" in text:
        raise ArticleError("It holds NUL characters: it is binary data, not text.", "Remove it or save it as text.")
    return Decoded(text, encoding)


def _with_few_errors(data: bytes) -> Decoded | None:
    """UTF-8 with a few damaged bytes, as after a transfer that cut a character in two."""
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    sound = sum(char > "\x7f" for char in text[:_SAMPLE]) - damaged
    if "\0" in text or damaged * 20 > sound:
        return None
    return Decoded(text, "utf-8", (f"{damaged} damaged characters could not be read",))


def _piece_by_piece(data: bytes) -> Decoded | None:
    """Files put together from others: some lines, or words, in UTF-8, the rest in an encoding one can guess."""
    if b"\0" in data:
        return None
    pieces = _PIECE.split(data)
    read = [_try(piece, "utf-8") for piece in pieces]
    others = b"\n".join(piece for piece, text in zip(pieces, read, strict=True) if text is None)
    if not others or all(text is None or text.isascii() for text in read):
        return None
    encoding = _guess(others).encoding
    text = "".join(_strict(piece, encoding) if text is None else text for piece, text in zip(pieces, read, strict=True))
    return Decoded(text, "utf-8", (f"it is in two encodings: some lines were read as {encoding}, which is a guess",))


def _guess(data: bytes) -> Decoded:
    """One of UTF-16 without a mark and those of one byte a letter, or ArticleError."""
    if b"\0" in data:
        encoding = _utf16(data)
    elif _is_arabic(data):
        encoding = "windows-1256"
    elif _is_mac(data):
        encoding = "mac-roman"
    elif _is_western(data):
        encoding = "windows-1254" if _is_turkish(data) else "windows-1252"
    else:
        raise ArticleError(f"Its encoding is not one of {_KNOWN}.", CURE)
    return Decoded(_strict(data, encoding), encoding, (f"read as {encoding}, which is a guess",))


def _utf16(data: bytes) -> str:
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _try(data, encoding)
        if text and "\0" not in text and len(_COMMON.findall(text[:_SAMPLE])) >= 0.95 * len(text[:_SAMPLE]):
            return encoding
    raise ArticleError("It holds NUL bytes: it is binary data, not text.", "Remove it or save it as text.")


def _is_arabic(data: bytes) -> bool:
    """Read as windows-1256, are there whole Arabic words, and hardly any that mix in Latin letters?

    Cyrillic in KOI8-R makes such words too, but hardly any of the letters that are half of all Arabic.
    """
    text = data[:_SAMPLE].decode("cp1256")
    words = _ARABIC_WORD.findall(text)
    frequent = sum(char in "ليمونر" for word in words for char in word)
    return (
        not _has_controls(text)
        and len(words) > 3 * len(_MIXED_WORD.findall(text))
        and frequent >= 0.15 * sum(map(len, words))
    )


def _is_mac(data: bytes) -> bool:
    """Read as MacRoman, is it nearly all what western texts have, and more so than read as windows-1252?"""
    mac, windows = (
        [char for char in data[:_SAMPLE].decode(name, "replace") if char > "\x7f"] for name in ("mac-roman", "cp1252")
    )
    others = sum(char not in _WESTERN for char in mac)
    return others <= _MOST_OTHER * len(mac) and others < sum(char not in _WESTERN for char in windows)


def _is_western(data: bytes) -> bool:
    """Read as windows-1252, are at most half of the letters accented? (Cyrillic or Greek would make all of them so.)"""
    text = _try(data[:_SAMPLE], "cp1252")
    if text is None or _has_controls(text):
        return False
    letters = [char for char in text if char.isalpha()]
    return sum(char > "\x7f" for char in letters) <= 0.5 * len(letters)


def _is_turkish(data: bytes) -> bool:
    """Are there far more of the letters that only windows-1254 has than accents which Turkish does not know?

    Icelandic has all six in windows-1252, and as many such accents.
    """
    letters = [char for char in data[:_SAMPLE].decode("cp1252", "replace") if char > "\x7f" and char.isalpha()]
    own = sum(char in _AS_WESTERN for char in letters)
    foreign = sum(char not in _AS_WESTERN and char not in _TURKISH_TOO for char in letters)
    return own > 2 * foreign and _try(data, "cp1254") is not None


def _has_controls(text: str) -> bool:
    return sum(char < " " and char not in "\t\n\r\f" for char in text) > len(text) // 200


def mend_mojibake(text: str) -> str:
    """Text whose UTF-8 was read as windows-1252, Latin-1 or windows-1256 and saved so, put right.

    A round-trip test: a line that turns into valid UTF-8 when written back in the wrong encoding was UTF-8, for
    chance hardly ever makes valid sequences (``LIBERTÉ»`` does, hence three are wanted, or the letters that mojibake of
    French and Arabic begins with). Lines that do not are left, and so is the whole text unless most lines do.
    """
    if text.isascii():
        return text
    lines = text.split("\n")
    beyond = [number for number, line in enumerate(lines) if not line.isascii()]
    for encode in (_to_1252, _to_1256):
        if not _mostly_mends(lines, beyond[:_SAMPLE_LINES], encode):
            continue
        mended = {number: line for number in beyond if (line := _round_trip(lines[number], encode)) is not None}
        sequences = sum(sum(char > "\x7f" for char in line) for line in mended.values())
        certain = sequences >= 3 or all(_MOJIBAKE.search(lines[number]) for number in mended)
        if certain and 2 * len(mended) > len(beyond):  # once more: it may have happened twice
            return mend_mojibake("\n".join(mended.get(number, line) for number, line in enumerate(lines)))
    return text


def _mostly_mends(lines: list[str], sample: list[int], encode: Callable[[str], bytes]) -> bool:
    """Whether more than half of the lines sampled round-trip, before all are tried."""
    return 2 * sum(_round_trip(lines[number], encode) is not None for number in sample) > len(sample)


def _round_trip(line: str, encode: Callable[[str], bytes]) -> str | None:
    try:
        return encode(line).decode("utf-8")
    except UnicodeError:
        return None


def _to_1252(line: str) -> bytes:
    """As windows-1252, with Latin-1's byte where that has none: readers mix the two."""
    try:
        return line.encode("cp1252")
    except UnicodeEncodeError:
        return b"".join(char.encode("latin-1" if char in _LATIN_1_ONLY else "cp1252") for char in line)


def _to_1256(line: str) -> bytes:
    return line.encode("cp1256")
