"""What a reader finds in a file, before it is cleaned and made an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rag.errors import ArticleError

# Field -> the names it goes by in JSON, CSV and front matter, the first found wins.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("text", "body", "content", "content_text", "article", "article_body", "articlebody"),
    "title": ("title", "headline", "name"),
    "language": ("language", "lang", "inlanguage"),
    "source": ("source", "publisher", "site", "sitename", "newspaper"),
    "date": ("date", "published", "date_published", "datepublished", "published_at", "pubdate", "publication_date"),
    "url": ("url", "link", "permalink", "canonical"),
    "author": ("author", "authors", "byline", "creator"),
    "id": ("id", "guid", "uuid", "_id"),
}


@dataclass(frozen=True, slots=True)
class Draft:
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
class Flaw:
    """One part of a file that cannot be read, where the rest can. ``place`` as in :class:`Draft`."""

    place: str
    reason: str
    cure: str


Find = Draft | Flaw


def draft_from_fields(
    fields: Mapping[str, object],
    *,
    body: str = "",
    place: str = "",
    content_hash: str = "",
    warnings: Sequence[str] = (),
) -> Draft:
    """A draft from named values. ``body`` stands in where no field holds the text.

    Raises ArticleError where there is no text at all.
    """
    known = {str(name).strip().lower().replace("-", "_"): value for name, value in fields.items()}
    values = {field: _first(known, names) for field, names in FIELDS.items()}
    values["text"] = body or values["text"]
    if not values["text"].strip():
        raise ArticleError("It holds no text.", f"Put the text in a field named {', '.join(FIELDS['text'][:3])}.")
    questions = known.get("questions")
    return Draft(
        **values,
        questions=tuple(filter(None, map(as_text, questions))) if isinstance(questions, list) else (),
        warnings=tuple(warnings),
        place=place,
        content_hash=content_hash,
    )


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
