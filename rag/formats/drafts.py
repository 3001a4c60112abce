"""What a reader finds in a file, before it is cleaned and made an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rag.errors import ArticleError, CorpusError

# Field -> the names it goes by in JSON, CSV and front matter, the first found wins.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        *("text", "body", "content", "content_text", "article", "article_body", "articlebody"),
        *("maintext", "full_text", "fulltext"),
    ),
    "title": ("title", "headline", "name"),
    "language": ("language", "lang", "inlanguage"),
    "source": ("source", "publisher", "site", "sitename", "site_name", "newspaper"),
    "date": (
        *("date", "published", "date_published", "datepublished", "published_at", "publishedat", "pubdate"),
        *("pub_date", "publication_date", "date_publish"),
    ),
    "url": ("url", "link", "permalink", "canonical"),
    "author": ("author", "authors", "byline", "creator"),
    "id": ("id", "guid", "uuid", "_id"),
}
# Field of FIELDS -> the one name it goes by in the records of JSON, JSON lines and CSV, as the user says.
FieldNames = Mapping[str, str]
NO_NAMES: Final[FieldNames] = MappingProxyType({})
_MOST_NAMES: Final = 20  # told in a message


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
        return cls(origin, error.message, error.hint)

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


def missing_fields(names: FieldNames, there: Iterable[object]) -> dict[str, str]:
    """What is wrong, by field: which name is missing, and which there are."""
    given = [name for name in map(str, there) if name]
    known = set(map(_plain, given))
    listed = ", ".join(given[:_MOST_NAMES]) + (", …" if len(given) > _MOST_NAMES else "")
    return {
        field: f"there is no {name!r}, which is to be the {field}; there are: {listed or 'none'}"
        for field, name in names.items()
        if _plain(name) not in known
    }


def draft_from_fields(
    fields: Mapping[str, object],
    *,
    names: FieldNames = NO_NAMES,
    body: str = "",
    place: str = "",
    content_hash: str = "",
    warnings: Sequence[str] = (),
) -> ArticleDraft:
    """A draft from named values. ``body`` stands in where no field holds the text.

    Raises ArticleError where there is no text at all.
    """
    known = _known(fields)
    values = {field: _first(known, _names_of(field, names)) for field in FIELDS}
    values["text"] = body or values["text"]
    if not values["text"].strip():
        raise ArticleError("It holds no text.", _text_hint(names, fields))
    questions = known.get("questions")
    return ArticleDraft(
        **values,
        questions=tuple(filter(None, map(as_text, questions))) if isinstance(questions, list) else (),
        warnings=tuple(warnings),
        place=place,
        content_hash=content_hash,
    )


def has_text(fields: Mapping[str, object], names: FieldNames) -> bool:
    """Whether a field that holds the text is among them."""
    return bool(_first(_known(fields), _names_of("text", names)).strip())


def _known(fields: Mapping[str, object]) -> dict[str, object]:
    return {_plain(str(name)): value for name, value in fields.items()}


def _names_of(field: str, names: FieldNames) -> Sequence[str]:
    return (_plain(names[field]),) if field in names else FIELDS[field]


def _plain(name: str) -> str:
    return name.strip().lower().replace("-", "_")


def _text_hint(names: FieldNames, fields: Mapping[str, object]) -> str:
    usual = f"Put the text in a field named {', '.join(FIELDS['text'][:3])}"
    there = [name for name in map(str, fields) if name][:_MOST_NAMES]
    if "text" in names or not there:
        return f"{usual}."
    return f"{usual}, or name its own: --map text=NAME. There are: {', '.join(there)}."


def _first(fields: Mapping[str, object], names: Sequence[str]) -> str:
    return next((text for name in names if (text := as_text(fields.get(name)))), "")


def as_text(value: object) -> str:
    """A field's value as text: names and lists of names joined, anything else that is not a word or number empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dict):  # schema.org: {"@type": "Person", "name": "..."}
        name = value.get("name")
        return name if isinstance(name, str) else ""
    if isinstance(value, list):
        return ", ".join(part for item in value[:20] if not isinstance(item, list) and (part := as_text(item)))
    return ""
