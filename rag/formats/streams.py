"""What is read as it streams, however large: gzip, and web archives (WARC, ISO 28500) by warcio.

Pages in them may be packed by gzip, Brotli or Zstandard, and are unpacked as far as they may be long. Nothing is
unpacked to the disk. What unpacks to more than 150 times its size is refused, as in ZIP files.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final, NamedTuple

from rag.errors import ArticleError
from rag.formats.archives import MAX_RATIO, RATIO_FREE_BYTES
from rag.formats.content_types import as_utf8, charset_of_type, suffix_of_type
from rag.formats.drafts import NotRead

_BY_WARCIO: Final = ("", "identity", "gzip", "deflate")  # how a page may be packed
_ZSTANDARD_WINDOW: Final = 8 << 20  # bytes: as much as RFC 9659 lets a page ask for
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
            elif isinstance(data := _content(record, limit + 1), str):
                yield NotRead(f"!{url}", data, "Save it by itself.")
            elif len(data) > limit:
                yield NotRead(f"!{url}", f"It is larger than {limit // 1_000_000} MB.", "Save it by itself.")
            else:
                yield Capture(url, suffix, as_utf8(data, charset_of_type(kind)) if suffix == ".html" else data)
    except (ArchiveLoadFailed, EOFError, zlib.error, UnicodeError, AttributeError):  # the last: an address is missing
        raise _CUT from None
    for count, kind in ((refused, "answers other than pages (redirects, errors)"), (others, "files of other kinds")):
        if count:
            yield NotRead("", f"Left out: {count} {kind}.", "Nothing need be done.", skipped=True)


def _content(record: Any, limit: int) -> bytes | str:
    """What was packed for the way to a browser, unpacked as far as ``limit`` bytes; a reason where that fails."""
    import brotli
    import zstandard

    packing = (record.http_headers and record.http_headers.get_header("Content-Encoding", "").strip().lower()) or ""
    if packing in _OTHERWISE:
        record.http_headers.remove_header("Content-Encoding")  # warcio takes parts sent one by one together
    elif packing not in _BY_WARCIO:
        return f"It is packed by a method that is not read: {packing[:40]!r}."
    try:
        data = bytes(record.content_stream().read(limit))
        return _OTHERWISE[packing](data, limit) if packing in _OTHERWISE else data
    except (zlib.error, EOFError, brotli.error, zstandard.ZstdError):
        return "It is cut off or damaged."


def _by_brotli(packed: bytes, limit: int) -> bytes:
    import brotli

    unpacker = brotli.Decompressor()
    data: bytes = unpacker.process(packed, output_buffer_limit=limit)
    while len(data) < limit and not unpacker.is_finished():
        if not (more := unpacker.process(b"", output_buffer_limit=limit - len(data))):
            raise EOFError
        data += more
    return data


def _by_zstandard(packed: bytes, limit: int) -> bytes:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTANDARD_WINDOW)
    with unpacker.stream_reader(packed) as stream:
        data: bytes = stream.read(limit)
    if len(data) < limit:  # the stream does not say whether it was cut off: what is known to be small is unpacked again
        whole = unpacker.decompressobj()
        data = whole.decompress(packed)
        if not whole.eof:
            raise EOFError
    return data


_OTHERWISE: Final[Mapping[str, Callable[[bytes, int], bytes]]] = {"br": _by_brotli, "zstd": _by_zstandard}


def _quiet(reader: Any) -> Any:
    """warcio's reader, that writes no line of a damaged archive to the terminal."""
    return type("QuietReader", (reader,), {"INC_RECORD": ""})
