"""What a reader finds in a file, before it is cleaned and made an article."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from rag.errors import ArticleError, CorpusError, NotPublishedError
from rag.formats.fields import (
    FIELDS,
    SUMMARIES,
    as_text,
    date_of,
    known_fields,
    names_in,
    plain_name,
    text_of,
    value_at,
)
from rag.formats.markup import field_line, field_text
from rag.languages.registry import LANGUAGES

# Field of FIELDS -> the one name it goes by in the records of JSON, JSON lines and CSV, as the user says.
FieldNames = Mapping[str, str]
NO_NAMES: Final[FieldNames] = MappingProxyType({})
_MOST_NAMES: Final = 20  # told in a message
# As WordPress, Ghost and others say it; then as Hugo, Jekyll and Drupal do.
_STATES: Final = (
    "status",
    "poststatus",
    "_status",
    "state",
    "moderationstate",
    "workflowstate",
    "visibility",
    "pubstatus",
)
_UNPUBLISHED: Final = {
    *("draft", "autodraft", "pending", "private", "future", "trash", "trashed", "scheduled", "unpublished", "deleted"),
    *("canceled", "cancelled", "withheld", "spiked"),
}
_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_MARKS_OF_DRAFTS: Final = {
    **dict.fromkeys(("draft", "isdraft", "deleted", "isdeleted"), _YES),
    **dict.fromkeys(("published", "ispublished", "status"), _NO),
}
_NOTHING: Final = {"", "nan", "null", "none", "n/a", "undefined", "\\n"}  # as programs write that there is no value
# What services put in the place of a text.
_TAKEN_AWAY = re.compile(r"\[(?:removed|deleted)\b[^\[\]]{0,60}\]|only available in .{0,40}plans?")
_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s<>()\[\]]+)[>)\]]?")
_BY = re.compile(
    rf"^(?:{'|'.join(re.escape(word) for each in LANGUAGES for word in each.by.split('|') if word)})\s+", re.IGNORECASE
)
_AUTHOR_CHARS: Final = 4_000  # a bound on what is searched
_EMPTY_BRACKETS = re.compile(r"^\(([^()]*)\)$")
_CUT = re.compile(r"\[(?:\+?(\d+) chars|\.\.\.|…)\]\s*$")  # as NewsAPI and WordPress do


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """One article as found. Every field but ``text`` is as the file writes it: not yet cleaned or made uniform.

    ``place`` names the article inside its file (``#12``, ``!chapter.xhtml``), empty for a file of one article;
    ``content_hash`` is the SHA-256 of its original bytes, empty where they are the whole file.
    """

    text: str
    title: str = ""
    language: str = ""
    source: str = ""
    date: str = ""
    url: str = ""
    author: str = ""
    id: str = ""
    questions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    place: str = ""
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file, or a part of one, that was not read: where, why, and what to do about it.

    origin: as in :class:`rag.documents.Article`; while its file is being read, the place inside it (``#12``). skipped:
    it is of a kind that is not read, rather than an article that fails.
    """

    origin: str
    reason: str
    hint: str
    skipped: bool = False

    @classmethod
    def of(cls, error: ArticleError, origin: str) -> NotRead:
        """What an error says of ``origin``."""
        return cls(origin, error.message, error.hint, skipped=isinstance(error, NotPublishedError))

    def to_dict(self) -> dict[str, str]:
        """For JSON, where the hint is called ``cure``."""
        return {"origin": self.origin, "reason": self.reason, "cure": self.hint}


Find = ArticleDraft | NotRead


def field_names(given: str) -> FieldNames:
    """``title=headline,text=body`` as a mapping. Raises CorpusError for what is no such list."""
    names: dict[str, str] = {}
    for part in filter(None, map(str.strip, given.split(","))):
        field, equals, name = (piece.strip() for piece in part.partition("="))
        if not equals or not name:
            raise CorpusError(f"{part!r} maps no field.", "Write FIELD=NAME, as in title=headline,text=body.")
        if field not in FIELDS:
            raise CorpusError(f"There is no field {field!r} to map.", f"The fields are: {', '.join(FIELDS)}.")
        if field in names:
            raise CorpusError(f"The field {field!r} is mapped twice.", "Map it once.")
        names[field] = name
    return names


def missing_fields(names: FieldNames, record: Mapping[str, object]) -> dict[str, str]:
    """What is wrong, by field: which name is missing, and which there are."""
    known = known_fields(record)
    return {
        field: f"there is no {name!r}, which is to be the {field}; there are: {_listed(record) or 'none'}"
        for field, name in names.items()
        if value_at(known, plain_name(name)) is None and plain_name(name) not in known
    }


def _listed(record: Mapping[str, object]) -> str:
    given = list(names_in(record))
    return ", ".join(given[:_MOST_NAMES]) + (", …" if len(given) > _MOST_NAMES else "")


def draft_from_fields(
    fields: Mapping[str, object],
    *,
    names: FieldNames = NO_NAMES,
    body: str = "",
    place: str = "",
    content_hash: str = "",
    warnings: Sequence[str] = (),
) -> ArticleDraft:
    """A draft from named values, plain where they are markup. ``body`` stands in where no field holds the text.

    Raises ArticleError where there is no text at all, and NotPublishedError where the record says that it was never
    published, or was taken away.
    """
    known = known_fields(fields)
    if (
        as_text(known.get("postpassword"))
        or any(plain_name(as_text(known.get(name))) in _UNPUBLISHED for name in _STATES)
        or any(str(known.get(name)).lower() in values for name, values in _MARKS_OF_DRAFTS.items())
    ):
        raise NotPublishedError("It is marked as a draft: it was not published.", "Remove the mark, if it was.")
    text, flaws = _text(known, names, body)
    if not text.strip() and any(_was_taken_away(text_of(value)) for value in known.values()):
        raise NotPublishedError("Its text was removed where it comes from.", "Nothing need be done.")
    if not text.strip():
        raise ArticleError("It holds no text.", text_hint(names, fields))
    values = {
        field: _first(known, _names_of(field, names), as_text) for field in FIELDS if field not in ("text", "date")
    }
    values |= {field: field_line(values[field]) for field in ("title", "source", "author")}
    values["author"] = _without_addresses(values["author"])
    questions = known.get("questions")
    return ArticleDraft(
        **values,
        text=text,
        date=_first(known, _names_of("date", names), date_of),
        questions=tuple(filter(None, map(as_text, questions))) if isinstance(questions, list) else (),
        warnings=(*warnings, *flaws),
        place=place,
        content_hash=content_hash,
    )


def digest_of(record: Any) -> str:
    """The SHA-256 of a record, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()


def find_from_fields(fields: Mapping[str, object], *, place: str, **told: Any) -> Find:
    """A draft as :func:`draft_from_fields` makes it, or why there is none: one of many fails alone."""
    try:
        return draft_from_fields(fields, place=place, **told)
    except ArticleError as error:
        return NotRead.of(error, place)


def _without_addresses(author: str) -> str:
    """The names alone: bylines come with e-mail and web addresses, and some programs give the number of an account."""
    author = _BY.sub("", author)
    names = _ADDRESS.sub(" ", author[:_AUTHOR_CHARS])
    kept = author if names == author else _EMPTY_BRACKETS.sub(r"\1", " ".join(names.split())).strip(" ,;|-–")
    return "" if kept.isdecimal() else kept


def _text(known: Mapping[str, object], names: FieldNames, body: str) -> tuple[str, tuple[str, ...]]:
    """(text, warnings): the text, or what tells most of it where a service cut it off or there is only a summary."""
    text = body or field_text(_first(known, _names_of("text", names), _told))
    cut = _CUT.search(text)
    if text.strip() and not cut:
        return text, ()
    summary = "" if "text" in names else field_text(_first(known, SUMMARIES, _told))
    if not cut:
        return summary, ("it has no text but a summary, which was read",) if summary.strip() else ()
    longest = max(text[: cut.start()].rstrip(" …\n"), summary, key=len)
    return longest, ("its text was cut off where it comes from" + (f", by {cut[1]} characters" if cut[1] else ""),)


def text_value(known: Mapping[str, object], names: FieldNames) -> object:
    """What the field of the text holds, as it is."""
    return next((value for name in _names_of("text", names) if (value := value_at(known, name))), None)


def has_text(fields: Mapping[str, object], names: FieldNames) -> bool:
    """Whether a field that holds the text is among them."""
    return bool(_first(known_fields(fields), _names_of("text", names), _told).strip())


def _names_of(field: str, names: FieldNames) -> Sequence[str]:
    return (plain_name(names[field]),) if field in names else FIELDS[field]


def has_summary(fields: Mapping[str, object]) -> bool:
    """Whether a field that may stand in for the text is among them."""
    return bool(_first(known_fields(fields), SUMMARIES, _told))


def text_hint(names: FieldNames, fields: Mapping[str, object]) -> str:
    """Where the text should be, and what fields there are instead."""
    usual = f"Put the text in a field named {', '.join(FIELDS['text'][:3])}"
    there = _listed(fields)
    if "text" in names or not there:
        return f"{usual}."
    return f"{usual}, or name its own: --map text=NAME. There are: {there}."


def _told(value: object) -> str:
    """A text, unless it is what a service puts in the place of one that it has taken away."""
    text = text_of(value)
    return "" if _was_taken_away(text) else text


def _was_taken_away(text: str) -> bool:
    return _TAKEN_AWAY.fullmatch(text.strip().lower()) is not None


def _first(known: Mapping[str, object], names: Sequence[str], read: Callable[[object], str]) -> str:
    texts = (read(value_at(known, name)) for name in names)
    return next((text for text in texts if text.lower() not in _NOTHING), "")
