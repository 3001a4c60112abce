"""The values of a record's fields: what they go by, where they are nested, and how each kind is read.

Records come as programs write them: WordPress keeps a text in ``content.rendered``, Elasticsearch the whole record in
``_source``, Telegram a message as a list of pieces. A name may also be a path, ``content.rendered`` or ``tags.0``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from rag.languages.registry import LANGUAGES

# Field -> the names it goes by in JSON, CSV and front matter, the first found wins.
_ENGLISH: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        *("text", "body", "content", "content_text", "article", "article_body", "articlebody"),
        *("maintext", "full_text", "fulltext", "content_html", "body_text", "bodytext", "post_content"),
        *("article_text", "story_text", "plaintext", "html", "transcript", "paragraphs", "lead_paragraph", "message"),
        *("selftext", "sections"),
    ),
    "title": ("title", "headline", "name", "post_title", "article_title", "webtitle", "subject"),
    "language": ("language", "lang", "inlanguage", "langcode", "language_code", "locale"),
    "source": ("source", "publisher", "site", "sitename", "site_name", "newspaper", "outlet", "publication"),
    "date": (
        *("date", "published", "date_published", "datepublished", "published_at", "publishedat", "pubdate"),
        *("pub_date", "publication_date", "date_publish", "publish_date", "published_date", "published_time"),
        *("published_on", "posted_on", "posted_at", "date_of_publication", "firstpublished", "post_date"),
        *("webpublicationdate", "created_at", "timestamp", "created_at_i", "created", "datetime", "created_utc"),
        *("created_time", "publishedtime", "seendate", "ts"),
    ),
    "url": ("url", "link", "permalink", "canonical", "weburl", "web_url", "article_url", "source_url"),
    "author": ("author", "authors", "byline", "creator", "writer", "reporter", "journalist", "by", "user"),
    "id": ("id", "guid", "uuid", "_id"),
}
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    field: (
        *names,
        *(
            each.replace(" ", "_")
            for language in LANGUAGES
            for each in language.columns.get(field, "").split("|")
            if each
        ),
    )
    for field, names in _ENGLISH.items()
}
SUMMARIES: Final = ("description", "summary", "excerpt", "abstract")  # where there is no text
# Around a record.
_WRAPPERS: Final = (
    *("_source", "attributes", "properties", "node", "fields", "article", "post", "item", "data", "tweet", "object"),
    "row",
)
# What an object that is one value has it as.
_VALUES: Final = (
    *("rendered", "name", "value", "text", "plain_text", "insert", "#text", "@value", "$t", "main", "original", "html"),
    *("raw", "innerHTML", "#cdata", "__cdata"),
)
_PARTS_OF_NAMES: Final = (("first_name", "last_name"), ("firstname", "lastname"), ("givenName", "familyName"))
# Of an object that is a piece of a text.
_BLOCKS: Final = (
    *(
        "content",
        "children",
        "blocks",
        "data",
        "ops",
        "items",
        "rows",
        "cells",
        "paragraphs",
        "sections",
        "body",
        "root",
    ),
)
_BLOCK_KINDS: Final = {"paragraph", "heading", "header", "unstyled", "header-one", "header-two"}
_BREAKS: Final = ("hardbreak", "hard_break", "linebreak", "br")  # pieces that are the end of a line
_INLINE: Final = {
    *("plain", "bold", "italic", "underline", "strikethrough", "spoiler", "link", "text_link", "mention", "hashtag"),
    *("mention_name", "cashtag", "bot_command", "email", "phone", "code", "custom_emoji", "text", "span", "hyperlink"),
    *("linkify", "inlinecode", *_BREAKS),
}  # types of the pieces of a paragraph, Telegram's and those of editors
_DAY: Final = (  # of an object that is a date
    *("$date", "$numberlong", "date", "published", "datetime", "iso", "value", "@value", "#text", "rendered", "raw"),
    *("seconds", "_seconds", "timestamp", "unix", "epoch", "start"),
)
_TYPE: Final = re.compile(r"_?type|nodeType")
_TAG: Final = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
_DOCUMENT: Final = re.compile(r"\s*(?:\[\s*)?\{\s*\"[\w-]+\"\s*:")
_DEPTH: Final = 8  # a bound on what lies inside one another


def known_fields(record: Mapping[str, object], depth: int = 3) -> dict[str, object]:
    """The record's fields by their plain names, those of an object around the record's own too."""
    known = {plain_name(str(name)): value for name, value in record.items()}
    for name in _WRAPPERS if len(known) > 1 else known:
        inner = known.get(name)
        if isinstance(inner, Mapping) and depth:
            known = {**known, **known_fields(inner, depth - 1)}
    return known


def in_one_language(known: Mapping[str, object], language: str) -> dict[str, object]:
    """The fields of a record whose values are given in several languages, as they are in one."""
    return {
        name: value[language] if isinstance(value, Mapping) and language in in_languages(value) else value
        for name, value in known.items()
        if name not in _WRAPPERS or not isinstance(value, Mapping)
    } | {"language": language}


def plain_name(name: str) -> str:
    """Names differ in case, and in what parts their words, alone."""
    return name.strip("\ufeff \t\r\n").lower().replace("-", "_").replace(" ", "_")


def value_at(known: Mapping[str, object], name: str) -> object:
    """The value that a name or a path leads to, None where there is none."""
    if name in known:
        return known[name]
    value: object = known
    for step in name.split("."):
        if isinstance(value, Mapping):
            value = {plain_name(str(key)): item for key, item in value.items()}.get(step)
        elif isinstance(value, list):
            value = value[int(step)] if step.isdecimal() and int(step) < len(value) else None
        else:
            return None
    return value


def names_in(record: Mapping[str, object]) -> Iterator[str]:
    """The names of a record's fields, and the paths into its objects."""
    for name, value in record.items():
        if str(name):
            yield str(name)
        if isinstance(value, Mapping):
            yield from (f"{name}.{inner}" for inner in value)


def as_text(value: object) -> str:
    """A field's value on one line: names and lists of names joined, anything but words and numbers empty."""
    if isinstance(value, list):
        return ", ".join(part for item in value[:20] if not isinstance(item, list) and (part := as_text(item)))
    if isinstance(value, Mapping):
        parted = (" ".join(filter(None, map(_scalar, map(value.get, parts)))) for parts in _PARTS_OF_NAMES)
        inner = _inside(value, _VALUES)
        return as_text(inner) if isinstance(inner, list) else _scalar(inner) or next(filter(None, parted), "")
    return _scalar(value)


def text_of(value: object, depth: int = _DEPTH) -> str:
    """A text, which may be a list: of paragraphs, or of the pieces of one, where some are objects of such a type.

    A list of lists is a table, and each of them one of its rows.
    """
    if isinstance(value, list) and depth:
        rows = all(isinstance(item, list) for item in value)
        parts = (" | ".join(map(as_text, item)) if rows else text_of(item, depth - 1) for item in value)
        return ("\n" if rows else "" if any(map(_is_inline, value)) else "\n\n").join(filter(None, parts))
    if isinstance(value, Mapping) and depth:
        if _kind(value) in _BREAKS or isinstance(value.get("insert"), Mapping):
            return "\n" if _kind(value) in _BREAKS else ""  # the other is a picture
        inner = _inside(value, (*_VALUES, *_BLOCKS))
        leaves = value.get("children")
        if isinstance(leaves, list) and inner is leaves and any(map(_is_leaf, leaves)):
            return "".join(text_of(item, depth - 1) for item in leaves)
        heading, caption = (_scalar(item) if item != inner else "" for item in map(value.get, ("heading", "caption")))
        return "\n".join(filter(None, (heading, text_of(inner, depth - 1), caption)))
    if isinstance(value, str) and _DOCUMENT.match(value):  # some programs keep it as a string
        with suppress(ValueError, RecursionError):
            return text_of(found) if is_document(found := json.loads(value)) else value
    return _scalar(value)


def is_document(value: object) -> bool:
    """Whether it is a text as an editor keeps it: a list of blocks, or an object around one."""
    if isinstance(value, Mapping):
        return any(is_document(value.get(name)) for name in ("blocks", "ops", "root", "children") if name in value)
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        return False
    return any("insert" in item or _kind(item) in _BLOCK_KINDS for item in value)


def _is_leaf(item: object) -> bool:
    """A piece of a paragraph as Slate's editors keep it: without a type, inside the children of another."""
    return isinstance(item, Mapping) and isinstance(item.get("text"), str) and not _kind(item)


def _is_inline(item: object) -> bool:
    return isinstance(item, Mapping) and ("insert" in item or _kind(item) in _INLINE)


def _kind(item: Mapping[str, object]) -> str:
    """What a piece says that it is, as editors do."""
    return str(next((item[name] for name in ("type", "_type", "nodeType") if name in item), "")).lower()


def date_of(value: object, depth: int = _DEPTH) -> str:
    """A date, which may be an object: ``{"$date": …}``, ``{"date": "2024-03-05 10:00", "timezone": "UTC"}``."""
    if isinstance(value, Mapping) and depth:
        known = {plain_name(str(name)): item for name, item in value.items()}
        told = (known.get(name) for name in (*_DAY, *(known if len(known) == 1 else ())))
        return next((day for each in told if (day := date_of(each, depth - 1))), "")
    if isinstance(value, list) and value and depth:
        return date_of(value[0], depth - 1)
    return _scalar(value)


def _inside(value: object, names: Sequence[str]) -> object:
    """Of an object that is one value, that value: the first of ``names`` that it has, or its only text."""
    if not isinstance(value, Mapping):
        return value
    only = next((item for name, item in value.items() if not _TYPE.fullmatch(str(name))), None)
    only = only if len(value) == 1 else next((value[language] for language in in_languages(value)), None)
    return next((value[name] for name in names if value.get(name)), only)


def in_languages(value: object) -> Sequence[str]:
    """The languages of what is given in several, ``{"ar": …, "en": …}``; none of anything else."""
    if not isinstance(value, Mapping) or len(value) < 2 or not all(_TAG.fullmatch(str(tag)) for tag in value):
        return ()
    return [tag for tag, item in value.items() if item]


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
