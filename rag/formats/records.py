"""Articles as records: JSON, JSON lines, CSV and TSV. One record, one article.

``fields.FIELDS`` has the names that fields go by; ``names`` says otherwise for some.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any, BinaryIO, Final

from rag.errors import ArticleError
from rag.formats.decoding import decode
from rag.formats.drafts import (
    NO_NAMES,
    ArticleDraft,
    FieldNames,
    Find,
    NotRead,
    digest_of,
    find_from_fields,
    has_summary,
    has_text,
    missing_fields,
    text_hint,
    text_value,
)
from rag.formats.exports import Export, export_of
from rag.formats.fields import FIELDS, as_text, in_languages, in_one_language, is_document, known_fields, text_of
from rag.formats.markup import may_be_markup

MAX_LINE_BYTES: Final = 50_000_000  # as much as any file of one article may have
MAX_FIELD_CHARS: Final = 10_000_000  # a bound on what the CSV parser gathers; twice the longest article
_SAMPLE: Final = 50  # records or rows that are looked at
_SAMPLE_CHARS: Final = 1 << 20  # a bound on what that takes
_HEADER_ROWS: Final = 10  # a title, a date and an empty line may stand above the names of the columns
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*(?:\n|$)", re.IGNORECASE)
_ONE_EACH: Final = {name for field in ("title", "date", "url") for name in FIELDS[field]}  # of which an article has one
_ACTIONS: Final = {"index", "create", "update", "delete"}
# Line breaks within strings are what they look like; a number that is none is nothing.
_DECODER: Final = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
_INK = re.compile(r"\S")
_ESCAPED = re.compile(r"\\\"[^\W\d_]")
_END: Final = "\x1e"  # put behind a table: where it ends up in a field, that field is open
_QUOTES_HINT: Final = "Close it, or write it twice: the rows behind it cannot be told from it."
_MAP_HINT: Final = "Correct what `--map` says."
_LINE_HINT: Final = "Put one JSON object on each line."
_JSON_HINT: Final = "Correct it; `python -m json.tool FILE` shows where it breaks."


def read_json(data: bytes, names: FieldNames = NO_NAMES) -> Iterator[Find]:
    """One object or a list of them, or an object in which that list lies (``{"articles": [...]}``, ``hits.hits``)."""
    decoded = decode(data)
    value = _parse(decoded.text)
    export = None if names else export_of(value)
    if export:
        yield from finds_of_export(export, decoded.warnings)
        return
    if is_document(value) and not (isinstance(value, dict) and has_text(value, names)):
        value = {**(value if isinstance(value, dict) else {}), "text": text_of(value)}
    records = _records(value, names)
    if records is None:
        yield from _finds(value, names, "", "", decoded.warnings)
        return
    # What a feed or a channel is called is the source of what it holds.
    called = value.get("title", value.get("name")) if isinstance(value, dict) else ""
    source = "" if isinstance(called, list) else as_text(called)
    for number, record in enumerate(records, 1):
        for found in _finds(record, names, f"#{number}", digest_of(record), decoded.warnings):
            yield replace(found, source=found.source or source) if isinstance(found, ArticleDraft) else found


def finds_of_export(export: Export, warnings: Sequence[str]) -> Iterator[Find]:
    """The articles of an export, numbered by their places in it, and how much of it is none."""
    for number, record in enumerate(export.records, 1):
        if record is not None:
            yield from _finds(record, NO_NAMES, f"#{number}", digest_of(record), warnings)
    for count, what in export.left_out:
        if count:
            yield NotRead("", f"Left out: {count} {what}.", "Nothing need be done.", skipped=True)


def _records(value: Any, names: FieldNames, depth: int = 3) -> list[Any] | None:
    """The list of records, which may lie inside objects, or None where ``value`` is itself the one."""
    if isinstance(value, list):
        if len(value) > 1 and all(isinstance(row, list) for row in value):  # a table, whose first row names its columns
            return [dict(zip(map(as_text, value[0]), row, strict=False)) for row in value[1:]]
        deeper = (
            _records(value[0], names, depth - 1) if depth and len(value) == 1 and isinstance(value[0], dict) else None
        )
        return deeper or value
    if not isinstance(value, dict):
        raise ArticleError("It holds neither an object nor a list of objects.", "Give each article as an object.")
    if table := _by_columns(value, names):
        return table
    if has_text(value, names):
        return None
    if value and all(_tells(item, names) for item in value.values()):  # by their numbers
        return list(value.values())
    lists = [item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], dict)]
    objects = [each for each in value.values() if isinstance(each, dict)] + [each[0] for each in lists]
    inner = (_records(each, names, depth - 1) for each in objects if depth)
    telling = (each for each in (*lists, *filter(None, inner)) if any(_tells(item, names) for item in each[:_SAMPLE]))
    return next(telling, lists[0] if len(lists) == 1 else None)


def _by_columns(value: dict[str, Any], names: FieldNames) -> list[Any]:
    """The records of a table that is kept by its columns, as pandas and data sets do; none of anything else.

    Lists are columns only where each record would have a title, or the like, of its own: a text may be a list, too.
    """
    columns, rows = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(rows, list) and all(isinstance(row, list) for row in rows):
        return [dict(zip(map(as_text, columns), row, strict=False)) for row in rows]
    kept = list(value.values())
    if not has_text(dict.fromkeys(value, "x"), names):
        return []
    if all(isinstance(each, dict) and each.keys() == kept[0].keys() for each in kept):
        numbers = [key for key in kept[0] if key.isdecimal()]
        return [{name: value[name][key] for name in value} for key in numbers] if len(numbers) == len(kept[0]) else []
    alike = all(isinstance(each, list) and len(each) == len(kept[0]) > 1 for each in kept)
    return (
        [dict(zip(value, row, strict=True)) for row in zip(*kept, strict=True)]
        if alike and _ONE_EACH & known_fields(value).keys()
        else []
    )


def _tells(item: Any, names: FieldNames) -> bool:
    return isinstance(item, dict) and has_text(item, names)


def read_json_lines(
    stream: BinaryIO,
    names: FieldNames = NO_NAMES,
    limit: int = MAX_LINE_BYTES,
    isolated: Callable[[bytes], Iterable[Find]] | None = None,
) -> Iterator[Find]:
    """One object a line of at most ``limit`` bytes, read as they come: memory holds one, however long the file.

    isolated: reads a line that holds markup, as a file of its own.
    """
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            raise ArticleError(f"Line {number} is longer than 50 MB.", _LINE_HINT)
        if number == 1 and line[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise ArticleError("It is JSON lines in UTF-16.", "Save it as UTF-8.")
        if number == 1 and b"\0" in line:
            raise ArticleError("It holds NUL bytes: it is binary data, not text.", "Remove it or save it as text.")
        if number == 1 and line.strip() in (b"[", b"{", b"[{"):
            raise ArticleError("It is JSON in many lines, not an object on each.", "Rename it .json.")
        if line.strip():
            yield from _read_line(line.strip(b"\r\n"), number, names, isolated)


def _read_line(
    line: bytes, number: int, names: FieldNames, isolated: Callable[[bytes], Iterable[Find]] | None
) -> Iterator[Find]:
    digest = hashlib.sha256(line).hexdigest()
    try:
        decoded = decode(line)
        record = _parse(decoded.text, number)
        if not isolated or not may_be_markup(line):
            yield from _finds(record, names, f"#{number}", digest, decoded.warnings)
            return
        for find in isolated(line):
            if isinstance(find, NotRead):
                yield replace(find, origin=f"#{number}{find.origin}")
            else:
                yield replace(find, place=f"#{number}{find.place}", content_hash=find.content_hash or digest)
    except ArticleError as error:
        yield NotRead.of(error, f"#{number}")


def _parse(text: str, line: int = 0) -> Any:
    """The value of a text, or all that stand in it one behind the other. line: where it is in a file of lines."""
    hint = _LINE_HINT if line else _JSON_HINT
    values, begins = list[Any](), _INK.search(text)
    try:
        while begins or not values:
            value, end = _DECODER.raw_decode(text, begins.start() if begins else 0)
            values.append(value)
            begins = _INK.search(text, end)
        return values if len(values) > 1 else values[0]
    except json.JSONDecodeError as error:
        raise ArticleError(f"It is not valid JSON: {error.msg} in line {line or error.lineno}.", hint) from None
    except (ValueError, RecursionError):
        raise ArticleError("It is not usable JSON: nested too deep, or a number too long.", hint) from None


def _finds(record: Any, names: FieldNames, place: str, digest: str, warnings: Sequence[str]) -> Iterator[Find]:
    """The article of a record, or one in each language that its text is given in."""
    if not isinstance(record, dict):
        yield NotRead(place, "It is not an object.", 'Give each article as an object: {"title": ..., "text": ...}.')
        return
    if len(record) == 1 and isinstance(next(iter(record.values())), dict) and _ACTIONS.issuperset(record):
        return  # a line of Elasticsearch's bulk files that tells what to do with the next
    missing = missing_fields(names, record)
    if "text" in missing:
        yield NotRead(place, f"Its text is not where it was said to be: {missing['text']}.", _MAP_HINT)
        return
    warnings, known = (*warnings, *missing.values()), known_fields(record)
    for language in in_languages(text_value(known, names)) or [""]:
        where, fields = (f"{place}[{language}]", in_one_language(known, language)) if language else (place, record)
        yield find_from_fields(fields, place=where, names=names, content_hash=digest, warnings=warnings)


def read_csv(data: bytes, names: FieldNames = NO_NAMES, limit: int = MAX_FIELD_CHARS) -> Iterator[Find]:
    """One row an article, separated by commas, semicolons, tabs or bars; a row before them names the columns.

    That need not be the first: a title or Excel's ``sep=;`` may stand above. limit: the most characters of a field.
    """
    decoded = decode(data)
    csv.field_size_limit(limit)
    number = 0
    try:
        lines = chain(io.StringIO(decoded.text, newline=""), ["\n", _END])
        separator = _separator(decoded.text)
        rows = csv.reader(lines, **_quoting(separator, decoded.text))
        columns, flaw = _columns(rows, names)
        if flaw:
            yield flaw
            return
        # Who quotes nothing leaves separators in a text, which is whole where it stands last.
        is_bare = '"' not in decoded.text and has_text({columns[-1]: "x"}, names)
        for number, cells in enumerate((row for row in rows if any(row) or len(row) == 1), 1):
            if cells[-1].endswith(_END):
                cells[-1] = cells[-1].removesuffix(_END).rstrip("\r\n")
                if "\n" in cells[-1]:  # rows behind it would be read as its own
                    yield NotRead(f"#{number}", "A quotation mark opens in it that nothing closes.", _QUOTES_HINT)
                if "\n" in cells[-1] or cells == [""]:
                    return
            if is_bare:
                last = len(columns) - 1
                cells = [*cells[:last], separator.join(cells[last:]).rstrip(separator)]
            row: dict[str, str] = {}
            for column, cell in zip(columns, cells, strict=False):
                row[column] = row.get(column) or cell  # two columns may go by one name
            more = len(cells) - len(columns)
            torn = (f"its row has {more} fields more than there are columns, which were left out",) if more > 0 else ()
            yield from _finds(row, names, f"#{number}", digest_of(row), (*decoded.warnings, *torn))
    except csv.Error as error:
        raise ArticleError(
            f"Row {number + 1} is not valid CSV: {error}.", "Save it again from a spreadsheet."
        ) from None


def _quoting(separator: str, text: str) -> dict[str, Any]:
    """How fields are quoted: some programs write a quotation mark as \\", some quote nothing by tabs."""
    if _ESCAPED.search(text):
        return {"delimiter": separator, "escapechar": "\\"}
    unquoted = separator == "\t" and text.count('"') % 2
    return {"delimiter": separator, "quoting": csv.QUOTE_NONE if unquoted else csv.QUOTE_MINIMAL}


def _separator(text: str) -> str:
    """The one by which most of the first rows part into as many fields as each other; Excel may say it itself."""
    if said := _SEPARATOR_LINE.match(text):
        return said[1]

    def alike(separator: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(text[:_SAMPLE_CHARS], newline=""), **_quoting(separator, text))
        try:
            sizes = Counter(len(row) for row in islice(rows, _SAMPLE) if len(row) > 1)
        except csv.Error:
            return 0, 0
        return max(((count, size) for size, count in sizes.items()), default=(0, 0))

    return max(",;\t|", key=alike)


def _columns(rows: Iterator[list[str]], names: FieldNames) -> tuple[list[str], NotRead | None]:
    """The row that names the columns, taken off ``rows``; where none of the first has the text, why nothing is read.

    Raises ArticleError where columns are not there that were said to be.
    """
    first: dict[str, str] = {}
    for row in islice(rows, _HEADER_ROWS):
        columns = dict.fromkeys(row, "x")
        first = first or ({} if _SEPARATOR_LINE.match(",".join(row)) else columns)
        if not missing_fields(names, columns) and (has_text(columns, names) or has_summary(columns)):
            return row, None
    for missing in missing_fields(names, first).values():
        raise ArticleError(f"It has not the columns it was said to have: {missing}.", _MAP_HINT)
    return [], NotRead("", "It holds no text: no column goes by a name of one.", text_hint(names, first))
