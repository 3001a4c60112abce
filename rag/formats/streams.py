"""What is read as it streams, however large: gzip, and web archives (WARC, ISO 28500) by warcio.

Nothing is unpacked to the disk. What unpacks to more than 150 times its size is refused, as in ZIP files.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NamedTuple

from rag.errors import ArticleError
from rag.formats.archives import MAX_RATIO, RATIO_FREE_BYTES
from rag.formats.content_types import as_utf8, charset_of_type, suffix_of_type
from rag.formats.drafts import NotRead

_CUT: Final = ArticleError("It is cut off or damaged.", "Copy or download it again.")


class Capture(NamedTuple):
    """A page as a web archive holds it: its address, the suffix that tells its kind, and its bytes."""

    url: str
    suffix: str
    data: bytes


class _Unpacked(io.RawIOBase):
    """What gzip packed. Reading raises ArticleError where it is damaged or made to do harm."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._inner = gzip.GzipFile(fileobj=packed)
        self._bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            piece = self._inner.read1(len(view))  # what came before a damage is handed on
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise _CUT from None
        view[: len(piece)] = piece
        self._bytes += len(piece)
        if self._bytes > RATIO_FREE_BYTES and self._bytes > MAX_RATIO * self._packed.tell():
            raise ArticleError(f"It unpacks to more than {MAX_RATIO} times its size.", "If you trust it, unpack it.")
        return len(piece)


def unpacked(stream: BinaryIO) -> BinaryIO:
    """The stream of what gzip packed."""
    return io.BufferedReader(_Unpacked(stream), 1 << 16)


def read_captures(stream: BinaryIO, limit: int) -> Iterator[Capture | NotRead]:
    """Each page of at most ``limit`` bytes; at the end, how much of other kinds there was. Raises ArticleError."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    refused = others = 0
    try:
        for record in _quiet(ArchiveIterator)(stream):
            if record.rec_type not in ("response", "resource", "conversion"):
                continue
            url = record.rec_headers.get_header("WARC-Target-URI", "").strip("<>")
            headers = record.http_headers or record.rec_headers
            status = record.http_headers.get_statuscode() if record.http_headers else "200"
            kind = headers.get_header("Content-Type", "")
            suffix = suffix_of_type(kind)
            if status != "200":
                refused += 1
            elif not suffix:
                others += 1
            elif (data := _content(record, limit + 1)) is None:
                yield NotRead(f"!{url}", "It is damaged, or packed by a method that is not read.", "Save it by itself.")
            elif len(data) > limit:
                yield NotRead(f"!{url}", f"It is larger than {limit // 1_000_000} MB.", "Save it by itself.")
            else:
                yield Capture(url, suffix, as_utf8(data, charset_of_type(kind)) if suffix == ".html" else data)
    except (
        ArchiveLoadFailed,
        EOFError,
        zlib.error,
        UnicodeError,
        AttributeError,
    ):  # the last: no address where one is due
        raise _CUT from None
    for count, kind in ((refused, "answers other than pages (redirects, errors)"), (others, "files of other kinds")):
        if count:
            yield NotRead("", f"Left out: {count} {kind}.", "Nothing need be done.", skipped=True)


def _content(record: Any, limit: int) -> bytes | None:
    """What was packed for the way to a browser, unpacked; None where that fails."""
    try:
        return bytes(record.content_stream().read(limit))
    except (zlib.error, EOFError, AttributeError):  # the last: Brotli's library is not the one that warcio knows
        return None


def _quiet(reader: Any) -> Any:
    """warcio's reader, that writes no line of a damaged archive to the terminal."""
    return type("QuietReader", (reader,), {"INC_RECORD": ""})
