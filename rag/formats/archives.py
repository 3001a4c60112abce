"""ZIP files: totals and ratios are checked before a byte is unpacked, and members are read as far as they declare.

A DOCX of 232 kB can unpack to 200 million characters. Members may also overlap (Fifield 2019, "A better zip bomb"): the
sum of the declared sizes counts each, so the total catches those too. Nothing is ever written to disk.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from rag.errors import ArticleError
from rag.formats.drafts import NotRead
from rag.formats.registry import HIDDEN

# Bounds, chosen well above any archive of articles and well below what a server's memory would feel.
MAX_MEMBERS: Final = 20_000
MAX_UNPACKED_BYTES: Final = 1_000_000_000
MAX_RATIO: Final = 150  # text and XML shrink 3 to 30 times
RATIO_FREE_BYTES: Final = 10_000_000  # less than this harms nobody, however well it shrinks
_TAIL: Final = 22 + 65535  # end-of-directory record and the longest comment
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPOUND_BYTES: Final = 50_000_000  # as much as a document may have
_NO_ARCHIVE: Final = "It is not a readable ZIP archive: cut off or damaged."
_AGAIN: Final = "Copy or download it again."
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


def open_archive(stream: BinaryIO, limit: int = MAX_UNPACKED_BYTES) -> zipfile.ZipFile:
    """The archive, once it is known to unpack to at most ``limit`` bytes. Raises ArticleError."""
    _refuse_compound(stream)
    _check_directory(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGED:
        raise ArticleError(_NO_ARCHIVE, _AGAIN) from None
    total = sum(member.file_size for member in archive.infolist())
    packed = stream.seek(0, io.SEEK_END)
    if total > limit:
        raise ArticleError(f"It unpacks to {total // 1_000_000} MB, more than {limit // 1_000_000} MB.", "Unpack it.")
    if total > RATIO_FREE_BYTES and total > MAX_RATIO * packed:
        raise ArticleError(
            f"It unpacks to {total // max(packed, 1)} times its size, as archives made to do harm do.",
            "If you trust it, unpack it into a folder.",
        )
    return archive


def _refuse_compound(stream: BinaryIO) -> None:
    """Office's old format is no archive, and holds the new one where that is locked with a password."""
    stream.seek(0)
    if stream.read(len(_COMPOUND)) != _COMPOUND:
        return
    if "EncryptedPackage".encode("utf-16-le") in stream.read(_COMPOUND_BYTES):
        raise ArticleError("It is locked with a password.", "Save a copy without the password.")
    raise ArticleError(
        "It is an old office document (.doc, .xls, .ppt), whatever its name says.", "Save it as .docx, .xlsx or .pptx."
    )


def _check_directory(stream: BinaryIO) -> None:
    """Refuse a directory too large to load, before zipfile loads it whole."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise ArticleError(_NO_ARCHIVE, _AGAIN)
    members = int.from_bytes(tail[end + 10 : end + 12], "little")
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    large = tail[max(0, end - 20) : end].startswith(b"PK\x06\x07")
    if large or members > MAX_MEMBERS or directory > MAX_MEMBERS * 512:
        raise ArticleError(f"It holds more than {MAX_MEMBERS} files.", "Unpack it into a folder.")
    stream.seek(0)


def read_members(stream: BinaryIO, limit: int) -> Iterator[tuple[str, bytes] | NotRead]:
    """(name, bytes) of each file, in the archive's order; or that one cannot be read.

    ``limit`` bounds each in bytes. Folders, hidden files and what macOS adds are left out. Raises ArticleError where
    the archive as a whole is no good.
    """
    with open_archive(stream) as archive:
        seen: set[str] = set()
        for member in archive.infolist():
            if member.is_dir() or _is_hidden(member.filename):
                continue
            try:
                if stat.S_ISLNK(member.external_attr >> 16):  # where Unix programs keep a file's mode
                    raise ArticleError("It is a link, which is not followed.", "Pack the file that it leads to.")
                if member.filename in seen:
                    raise ArticleError("The archive holds two files of this name.", "Rename one of them.")
                seen.add(member.filename)
                yield member.filename, read_member(archive, member.filename, limit)
            except ArticleError as error:
                yield NotRead.of(error, f"!{member.filename}")


def read_member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """One member's bytes. Raises ArticleError where it is missing, locked, damaged, or longer than it may be."""
    try:
        member = archive.getinfo(name)
        if member.flag_bits & 1:
            raise ArticleError("It is locked with a password.", "Unpack the archive with its password.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArticleError("It is packed by a method other than deflate.", "Unpack the archive.")
        if member.file_size > limit:
            raise ArticleError(f"It is larger than {limit // 1_000_000} MB.", "Split it into smaller files.")
        with archive.open(member) as stream:
            data = stream.read(member.file_size + 1)
    except KeyError:
        raise ArticleError(f"It lacks its part {name}.", "Save it again with the program that made it.") from None
    except _DAMAGED:
        raise ArticleError("It is damaged.", "Copy or download the archive again.") from None
    if len(data) != member.file_size:
        raise ArticleError("Its size is not what the archive declares.", "Copy or download the archive again.")
    return data


def _is_hidden(name: str) -> bool:
    return any(part.startswith((*HIDDEN, "__MACOSX")) for part in name.split("/") if part not in (".", ".."))
