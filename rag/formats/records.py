"""Articles as records: JSON, JSON lines, CSV and TSV. One record, one article.

``drafts.FIELDS`` has the names that fields go by; ``names`` says otherwise for some.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

from rag.errors import ArticleError
from rag.formats.decoding import decode
from rag.formats.drafts import NO_NAMES, FieldNames, Find, NotRead, draft_from_fields, has_text, missing_fields

MAX_LINE_BYTES: Final = 50_000_000  # as much as any file of one article may have
MAX_FIELD_CHARS: Final = 10_000_000  # a bound on what the CSV parser gathers; twice the longest article
_MAP_HINT: Final = "Correct what `--map` says."
_LINE_HINT: Final = "Put one JSON object on each line."
_JSON_HINT: Final = "Correct it; `python -m json.tool FILE` shows where it breaks."


def read_json(data: bytes, names: FieldNames = NO_NAMES) -> Iterator[Find]:
    """One object or a list of them, or an object one field of which is that list (``{"articles": [...]}``)."""
    decoded = decode(data)
    value = _parse(decoded.text)
    records = _records(value, names)
    if records is None:
        yield _draft(value, names, "", "", decoded.warnings)
        return
    for number, record in enumerate(records, 1):
        original = json.dumps(record, sort_keys=True).encode()
        yield _draft(record, names, f"#{number}", hashlib.sha256(original).hexdigest(), decoded.warnings)


def _records(value: Any, names: FieldNames) -> list[Any] | None:
    """The list of records, or None where ``value`` is itself the one."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise ArticleError("It holds neither an object nor a list of objects.", "Give each article as an object.")
    lists = [item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], dict)]
    return lists[0] if len(lists) == 1 and not has_text(value, names) else None


def read_json_lines(stream: BinaryIO, names: FieldNames = NO_NAMES, limit: int = MAX_LINE_BYTES) -> Iterator[Find]:
    """One object a line of at most ``limit`` bytes, read as they come: memory holds one, however long the file."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            raise ArticleError(f"Line {number} is longer than 50 MB.", _LINE_HINT)
        if number == 1 and line[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise ArticleError("It is JSON lines in UTF-16.", "Save it as UTF-8.")
        if number == 1 and b"\0" in line:
            raise ArticleError("It holds NUL bytes: it is binary data, not text.", "Remove it or save it as text.")
        if line.strip():
            yield _read_line(line.strip(b"\r\n"), number, names)


def _read_line(line: bytes, number: int, names: FieldNames) -> Find:
    try:
        decoded = decode(line)
        return _draft(
            _parse(decoded.text, number), names, f"#{number}", hashlib.sha256(line).hexdigest(), decoded.warnings
        )
    except ArticleError as error:
        return NotRead.of(error, f"#{number}")


def _parse(text: str, line: int = 0) -> Any:
    """line: where it stands alone in a file of lines."""
    hint = _LINE_HINT if line else _JSON_HINT
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ArticleError(f"It is not valid JSON: {error.msg} in line {line or error.lineno}.", hint) from None
    except (ValueError, RecursionError):
        raise ArticleError("It is not usable JSON: nested too deep, or a number too long.", hint) from None


def _draft(record: Any, names: FieldNames, place: str, content_hash: str, warnings: Sequence[str]) -> Find:
    if not isinstance(record, dict):
        return NotRead(place, "It is not an object.", 'Give each article as an object: {"title": ..., "text": ...}.')
    try:
        missing = missing_fields(names, record)
        if "text" in missing:
            return NotRead(place, f"Its text is not where it was said to be: {missing['text']}.", _MAP_HINT)
        warnings = (*warnings, *missing.values())
        return draft_from_fields(record, names=names, place=place, content_hash=content_hash, warnings=warnings)
    except ArticleError as error:
        return NotRead.of(error, place)


def read_csv(data: bytes, names: FieldNames = NO_NAMES, limit: int = MAX_FIELD_CHARS) -> Iterator[Find]:
    """One row an article, the first row naming the columns; separated by commas, semicolons or tabs.

    limit: the most characters of a field.
    """
    decoded = decode(data)
    csv.field_size_limit(limit)
    header = decoded.text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    rows = csv.DictReader(io.StringIO(decoded.text, newline=""), delimiter=separator, restkey="", restval="")
    number = 0
    try:
        for missing in missing_fields(names, rows.fieldnames or ()).values():
            raise ArticleError(f"It has not the columns it was said to have: {missing}.", _MAP_HINT)
        for number, row in enumerate(rows, 1):
            original = json.dumps(row, sort_keys=True).encode()
            yield _draft(row, names, f"#{number}", hashlib.sha256(original).hexdigest(), decoded.warnings)
    except csv.Error as error:
        raise ArticleError(
            f"Row {number + 1} is not valid CSV: {error}.", "Save it again from a spreadsheet."
        ) from None
