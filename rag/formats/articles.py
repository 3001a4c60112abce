"""Articles from files: each read by its kind, cleaned, and given an identity. A bad file is told, never an error.

Identity: the id the file gives, else the first 16 hex digits of the SHA-256 of its origin, with the line or member
inside it (``corpus/feed.jsonl#12``, ``corpus/week.zip!monday.md``). It outlives edits; a renamed file is a new article.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from rag.documents import Article
from rag.errors import ArticleError
from rag.formats.archives import read_members
from rag.formats.contents import kind_of, with_contents
from rag.formats.decoding import mend_mojibake
from rag.formats.drafts import NO_NAMES, ArticleDraft, FieldNames, Find, NotRead
from rag.formats.markup import may_be_markup
from rag.formats.metadata import iso_date, language_code
from rag.formats.notes import without_note_numbers
from rag.formats.records import read_json_lines
from rag.formats.registry import (
    ARCHIVE_SUFFIX,
    FORMATS,
    GZIP_SUFFIX,
    LINES_SUFFIXES,
    SUFFIXES,
    WARC_SUFFIX,
    hint_for,
    is_readable,
    suffix_of,
    unpacked_suffix,
)
from rag.formats.sandbox import Sandbox, shared_sandbox
from rag.formats.sources import MAX_FILE_BYTES, Source, open_source, shown, size_limit
from rag.formats.stories import check_letters, check_story
from rag.formats.streams import read_captures, unpacked
from rag.text.cleaning import clean, clean_line, describe
from rag.text.language import settle_language

# Bounds, far above what a newspaper prints: a novel has half a million characters, a headline a hundred.
MAX_ARTICLE_CHARS: Final = 5_000_000
_MAX_FIELD_CHARS: Final = 1_000
_MAX_QUESTIONS: Final = 20
_IN_PROCESS_BYTES: Final = 1_000_000  # a larger one goes to the sandbox whatever its kind: its time is bounded there
_ID = re.compile(r"[\w.:@+-]{1,128}")
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def read_source(
    source: Source, sandbox: Sandbox | None = None, names: FieldNames = NO_NAMES
) -> Iterator[Article | NotRead]:
    """The articles of one file, as they are read. Never raises for what the file holds or fails to hold.

    ``sandbox`` defaults to the process's own; ``names`` are those of fields, in files of records.
    """

    def found() -> Iterator[Article | NotRead]:
        with open_source(source) as stream:
            yield from _read(stream, source.suffix, source.origin, sandbox, names)

    return _told(found(), source.origin)


def read_bytes(
    data: bytes, name: str, sandbox: Sandbox | None = None, names: FieldNames = NO_NAMES, suffix: str = ""
) -> Iterator[Article | NotRead]:
    """The articles of a file held in memory, as one uploaded; ``name`` is its origin, and tells its kind unless
    ``suffix`` does."""
    origin, suffix = shown(name), suffix or suffix_of(name)
    if len(data) > size_limit(suffix):
        return iter([NotRead(origin, f"It is larger than {size_limit(suffix) // 1_000_000} MB.", "Split it.")])
    return _told(_read(io.BytesIO(data), suffix, origin, sandbox, names), origin)


def _told(found: Iterator[Article | NotRead], origin: str) -> Iterator[Article | NotRead]:
    """What is found, with a NotRead at its end where reading stops early, and alone where there is nothing at all."""
    nothing = True
    try:
        for article in found:
            nothing = False
            yield article
        if nothing:
            yield NotRead(origin, "It holds no article.", "Remove it, or fetch it again.")
    except ArticleError as error:
        yield NotRead.of(error, origin)
    except OSError as error:
        yield NotRead(origin, f"It cannot be read: {error.strerror}.", "Check the disk it is on.")
    except Exception as error:  # noqa: BLE001 (the edge: whatever a file does to a reader, the batch goes on)
        yield NotRead(origin, f"The reader gave up on it ({type(error).__name__}).", "Save it in another format.")


def _read(
    stream: BinaryIO, suffix: str, origin: str, sandbox: Sandbox | None, names: FieldNames
) -> Iterator[Article | NotRead]:
    if suffix.endswith(GZIP_SUFFIX) and is_readable(suffix):
        stream, suffix = unpacked(stream), unpacked_suffix(suffix)
    if suffix in LINES_SUFFIXES:

        def isolated(line: bytes) -> list[Find]:
            return (sandbox or shared_sandbox()).parse("json", line, names)

        yield from (_article_of(find, origin, "") for find in read_json_lines(stream, names, isolated=isolated))
    elif suffix == ARCHIVE_SUFFIX:
        yield from _read_archive(stream, origin, sandbox, names)
    elif suffix == WARC_SUFFIX:
        yield from _read_captures(stream, origin, sandbox, names)
    else:
        yield from _read_whole(stream.read(MAX_FILE_BYTES + 1), suffix, origin, sandbox, names)


def _read_whole(
    data: bytes, suffix: str, origin: str, sandbox: Sandbox | None, names: FieldNames
) -> Iterator[Article | NotRead]:
    if suffix not in SUFFIXES:
        raise ArticleError("It is of a kind that is not read.", hint_for(suffix))
    if len(data) > MAX_FILE_BYTES:
        raise ArticleError(f"It is larger than {MAX_FILE_BYTES // 1_000_000} MB.", "Split it into smaller files.")
    if not data.strip(b"\0 \t\r\n"):
        raise ArticleError("It is empty.", "Remove it, or fetch it again.")
    name = kind_of(suffix, data)
    reader = FORMATS[name]
    isolated = reader.isolated or len(data) > _IN_PROCESS_BYTES or may_be_markup(data)
    try:
        finds = (sandbox or shared_sandbox()).parse(name, data, names) if isolated else reader.read(data, names)
    except ArticleError as error:
        raise with_contents(error, name, data) from None
    digest = hashlib.sha256(data).hexdigest()
    for find in finds:
        yield _article_of(find, origin, digest)


def _read_archive(
    stream: BinaryIO, origin: str, sandbox: Sandbox | None, names: FieldNames
) -> Iterator[Article | NotRead]:
    for member in read_members(stream, MAX_FILE_BYTES):
        if isinstance(member, NotRead):
            yield _placed(member, origin)
            continue
        name, data = member
        inner, suffix = f"{origin}!{shown(name)}", suffix_of(name)
        if not is_readable(suffix):
            yield NotRead(inner, "It is of a kind that is not read.", hint_for(suffix), skipped=True)
        elif suffix == ARCHIVE_SUFFIX:
            yield NotRead(inner, "It is an archive inside an archive.", "Unpack the outer one.")
        else:
            yield from read_bytes(data, inner, sandbox, names)


def _read_captures(
    stream: BinaryIO, origin: str, sandbox: Sandbox | None, names: FieldNames
) -> Iterator[Article | NotRead]:
    for capture in read_captures(stream, MAX_FILE_BYTES):
        if isinstance(capture, NotRead):
            yield _placed(capture, origin)
            continue
        inner = f"{origin}!{shown(capture.url)}"
        for found in _told(_read_whole(capture.data, capture.suffix, inner, sandbox, names), inner):
            yield replace(found, url=found.url or capture.url) if isinstance(found, Article) else found


def _article_of(find: Find, origin: str, digest: str) -> Article | NotRead:
    if isinstance(find, NotRead):
        return _placed(find, origin)
    place = origin + shown(find.place)
    try:
        return article_from(find, place, digest)
    except ArticleError as error:
        return NotRead.of(error, place)


def _placed(part: NotRead, origin: str) -> NotRead:
    return replace(part, origin=origin + shown(part.origin))


def article_from(draft: ArticleDraft, origin: str, digest: str) -> Article:
    """The draft cleaned, with uniform date and language, an id and a hash. Raises ArticleError if nothing is left."""
    text = mend_mojibake(draft.text)
    cleaned = clean(without_note_numbers(text))
    if not any(char.isalnum() for char in cleaned.text):
        raise ArticleError("It holds no text.", "Remove it, or fetch it again.")
    if len(cleaned.text) > MAX_ARTICLE_CHARS:
        raise ArticleError(f"It is longer than {MAX_ARTICLE_CHARS:,} characters.", "Split it into articles.")
    check_letters(text)
    check_story(draft.title, cleaned.text)
    identity, warnings = _identity(draft.id, origin)
    if text != draft.text:
        warnings.append("mended text that was once read in the wrong encoding")
    declared = language_code(draft.language)
    language = settle_language(cleaned.text, declared)
    if declared not in (language, "und"):
        warnings.append(f"it is not in the language that it declares, {declared}")
    date = iso_date(draft.date)
    if draft.date.strip() and not date:
        warnings.append(f"the date “{_field(draft.date)[:40]}” does not name a day for certain and was left out")
    url = _field(draft.url)
    return Article(
        id=identity,
        text=cleaned.text,
        title=_field(draft.title),
        language=language,
        source=_field(draft.source),
        date=date,
        url=url if _URL.fullmatch(url) else "",
        author=_field(draft.author),
        origin=origin,
        content_hash=draft.content_hash or digest,
        questions=tuple(filter(None, map(_field, draft.questions[:_MAX_QUESTIONS]))),
        warnings=(*draft.warnings, *warnings, *describe(cleaned.counts)),
    )


def _identity(given: str, origin: str) -> tuple[str, list[str]]:
    """(id, warnings). An id goes into addresses, so one that cannot is replaced as if none were given."""
    identity = clean_line(given)
    if _ID.fullmatch(identity) and identity.strip("."):
        return identity, []
    warnings = ["its id cannot be part of an address, and was replaced"] if identity else []
    return id_of_place(origin), warnings


def id_of_place(origin: str) -> str:
    """The id of an article that is given none, or another's."""
    return hashlib.sha256(origin.encode()).hexdigest()[:16]


def set_apart(article: Article, other: str) -> Article:
    """The article under an id of its place, since its own is that of another story, whose origin is ``other``."""
    warning = f"its id {article.id!r} is also that of {other}: it goes by another"
    return replace(article, id=id_of_place(article.origin), warnings=(*article.warnings, warning))


def _field(value: str) -> str:
    return clean_line(mend_mojibake(value[: 4 * _MAX_FIELD_CHARS]))[:_MAX_FIELD_CHARS]
