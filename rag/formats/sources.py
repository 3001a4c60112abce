"""Files to read, found in folders: in sorted order, nothing followed that leads out of them.

An origin names a file in every report and citation: the name of the folder given, then the path inside it
(``corpus/ar/sahel.md``); for a file given by itself, the name of its folder and its own. So a file has one origin
however it is reached, and two folders can share an index. Origins are in NFC with control characters written out.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from rag.errors import ArticleError, CorpusError
from rag.formats.drafts import NotRead
from rag.formats.registry import (
    ARCHIVE_SUFFIX,
    HIDDEN,
    KINDS,
    LINES_SUFFIXES,
    WARC_SUFFIX,
    hint_for,
    is_readable,
    suffix_of,
    unpacked_suffix,
)

# Bounds: each is held in memory as a whole, but for the last.
MAX_FILE_BYTES: Final = 50_000_000
MAX_ARCHIVE_BYTES: Final = 500_000_000
MAX_STREAM_BYTES: Final = 20_000_000_000  # read a line, or a page, at a time
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # no link, and no wait for whoever writes into a pipe
_SPECIAL: Final = (
    (stat.S_ISLNK, "a link", "Give the file or folder that it leads to."),
    (stat.S_ISDIR, "a folder", "Give it as a folder."),
    (stat.S_ISFIFO, "a pipe", "Remove it from the folder."),
    (stat.S_ISSOCK, "a socket", "Remove it from the folder."),
    (stat.S_ISCHR, "a device", "Remove it from the folder."),
    (stat.S_ISBLK, "a device", "Remove it from the folder."),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and the name it goes by."""

    path: Path
    origin: str

    @property
    def suffix(self) -> str:
        """What tells its kind: ``.pdf``, in lower case."""
        return suffix_of(self.path.name)


def find_sources(paths: Sequence[Path], may_be_empty: bool = False) -> Iterator[Source | NotRead]:
    """The files of the folders and files given, each folder in sorted order; hidden ones are left out.

    Raises CorpusError at once where a path does not exist, or a folder holds nothing to read and may not.
    """
    for path in paths:
        _check_given(path, may_be_empty)
    return _without_twins(found for path in paths for found in _find(path))


def _check_given(path: Path, may_be_empty: bool) -> None:
    try:
        if path.is_dir():
            if not may_be_empty and not any(isinstance(found, Source) or not found.skipped for found in _find(path)):
                raise CorpusError(f"{path} holds no article.", f"Put files of these kinds in it: {KINDS}.")
        elif not os.path.lexists(path):
            raise CorpusError(f"{path} does not exist.", "Give a folder of articles, or a file.")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise CorpusError(f"{path} cannot be opened: {_why(error)}.", "Check the path and its permissions.") from None


def _find(path: Path) -> Iterator[Source | NotRead]:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 (resolve() would follow a link given as a file)
    if path.is_dir():
        yield from _walk(absolute, absolute.name)
        return
    origin = f"{absolute.parent.name}/{absolute.name}"
    found = _classify(absolute, origin)
    yield replace(found, skipped=False) if isinstance(found, NotRead) else found  # whoever names a file wants it read


def _walk(folder: Path, origin: str) -> Iterator[Source | NotRead]:
    """Every file below ``folder``, in the order of names. Without recursion: folders may be nested thousands deep."""
    waiting = [(folder, origin, True)]
    while waiting:
        path, name, is_folder = waiting.pop()
        if not is_folder:
            yield _classify(path, name)
            continue
        try:
            with os.scandir(path) as entries:
                children = sorted(entries, key=lambda entry: unicodedata.normalize("NFC", entry.name), reverse=True)
        except OSError as error:
            yield NotRead(shown(name), f"The folder cannot be opened: {_why(error)}.", "Check its permissions.")
            continue
        for child in children:
            if (
                not child.name.startswith(HIDDEN) and child.name.lower() != "readme.md"
            ):  # it tells people about the folder
                waiting.append((Path(child.path), f"{name}/{child.name}", child.is_dir(follow_symlinks=False)))


def files_in(folder: Path) -> list[Source]:
    """The files directly in ``folder`` that can be read, in the order of names; none where it cannot be opened."""
    try:
        names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith(HIDDEN))
    except OSError:
        return []
    found = (_classify(folder / name, f"{folder.name}/{name}") for name in names)
    return [source for source in found if isinstance(source, Source)]


def _classify(path: Path, origin: str) -> Source | NotRead:
    origin = shown(origin)
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return NotRead(origin, f"It cannot be opened: {_why(error)}.", "Check its permissions.")
    if not stat.S_ISREG(mode):
        kind, hint = _special(mode)
        return NotRead(origin, f"It is {kind}, which is not followed.", hint)
    if not _is_utf8(path):
        return NotRead(origin, "Its name, or that of a folder it is in, is not UTF-8.", "Rename it: convmv does many.")
    if not is_readable(suffix := suffix_of(path.name)):
        return NotRead(origin, "It is of a kind that is not read.", hint_for(suffix), skipped=True)
    return Source(path, origin)


def _is_utf8(path: Path) -> bool:
    """Whether the name is text: one of other bytes cannot be noted in the store, nor written in a report."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _special(mode: int) -> tuple[str, str]:
    return next(((kind, hint) for test, kind, hint in _SPECIAL if test(mode)), ("no file", "Remove it."))


def _without_twins(found: Iterator[Source | NotRead]) -> Iterator[Source | NotRead]:
    """Two files may differ only in the Unicode form of their names, or be given twice: one origin is one file."""
    seen: dict[str, Path] = {}
    for source in found:
        if isinstance(source, Source):
            other = seen.setdefault(source.origin, source.path)
            if other == source.path and other is not source.path:
                continue  # the same file, given twice
            if other != source.path:
                yield NotRead(source.origin, "Another file of this run goes by the same name.", "Rename one of them.")
                continue
        yield source


def shown(name: str) -> str:
    """A file's name as text: NFC, with control and direction characters and undecodable bytes written out."""
    return "".join(
        char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else ascii(char)[1:-1]
        for char in unicodedata.normalize("NFC", name)
    )


def open_source(source: Source) -> BinaryIO:
    """The file, opened without following a link and without waiting on a pipe.

    Raises ArticleError for what is not a regular file, cannot be opened, or is too large.
    """
    try:
        descriptor = os.open(source.path, _OPEN)
    except (OSError, ValueError) as error:
        raise ArticleError(f"It cannot be opened: {_why(error)}.", "Check that it exists and may be read.") from None
    stream = os.fdopen(descriptor, "rb")
    try:
        _check_regular(os.fstat(stream.fileno()), source.suffix)
    except ArticleError:
        stream.close()
        raise
    return stream


def _check_regular(status: os.stat_result, suffix: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind, hint = _special(status.st_mode)
        raise ArticleError(f"It is {kind}, not a file.", hint)
    if status.st_size > (limit := size_limit(suffix)):
        size = status.st_size // 1_000_000
        raise ArticleError(f"It has {size} MB, more than {limit // 1_000_000} MB.", "Split it into smaller files.")


def size_limit(suffix: str) -> int:
    """The most bytes a file of this suffix may have."""
    streamed = dict.fromkeys((*LINES_SUFFIXES, WARC_SUFFIX), MAX_STREAM_BYTES)
    return {ARCHIVE_SUFFIX: MAX_ARCHIVE_BYTES, **streamed}.get(unpacked_suffix(suffix), MAX_FILE_BYTES)


def source_digest(source: Source) -> str:
    """SHA-256 (hex) of the file's bytes, read in pieces. Raises ArticleError as :func:`open_source` does."""
    digest = hashlib.sha256()
    with open_source(source) as stream:
        try:
            while piece := stream.read(1 << 20):
                digest.update(piece)
        except OSError as error:
            raise ArticleError(f"It cannot be read: {_why(error)}.", "Check the disk it is on.") from None
    return digest.hexdigest()


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
