"""The values of a record's fields: what they go by, where they are nested, and how each kind is read.

Records come as programs write them: WordPress keeps a text in ``content.rendered``, Elasticsearch the whole record in
``_source``, Telegram a message as a list of pieces. A name may also be a path, ``content.rendered`` or ``tags.0``.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final

from rag.languages.registry import LANGUAGES

# Field -> the names it goes by in JSON, CSV and front matter, the first found wins.
_ENGLISH: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        *("text", "body", "content", "content_text", "article", "article_body", "main_text", "full_text"),
        *(
            "content_html",
            "body_html",
            "body_nitf",
            "content_elements",
            "body_text",
            "post_content",
            "article_text",
            "story_text",
            "plain_text",
            "html",
        ),
        *("transcript", "paragraphs", "lead_paragraph", "message", "self_text", "sections"),
    ),
    "title": ("title", "headline", "name", "post_title", "article_title", "web_title", "subject", "headlines.basic"),
    "language": ("language", "lang", "in_language", "lang_code", "language_code", "locale"),
    "source": ("source", "publisher", "site", "site_name", "newspaper", "outlet", "publication"),
    "date": (
        *("date", "published", "date_published", "published_at", "pub_date", "publication_date", "date_publish"),
        *("publish_date", "published_date", "published_time", "published_on", "posted_on", "posted_at"),
        *(
            "date_of_publication",
            "first_published",
            "first_publish_date",
            "first_created",
            "post_date",
            "web_publication_date",
            "created_at",
            "timestamp",
        ),
        *("created_at_i", "created", "date_time", "created_utc", "created_time", "seen_date", "ts"),
    ),
    "url": ("url", "link", "permalink", "canonical", "web_url", "article_url", "source_url"),
    "author": (
        *(
            "_embedded.author.0.name",
            "author",
            "authors",
            "byline",
            "creator",
            "writer",
            "reporter",
            "journalist",
            "by",
        ),
        *("user", "credits.by"),
    ),
    "id": ("id", "guid", "uuid", "_id"),
}
_MOST_NAMES: Final = 4_096  # remembered: each record has the same
_JOINTS: Final = re.compile(r"(?<=[^\W_])[-_ ]+")  # what parts the words of a name


@lru_cache(_MOST_NAMES)
def plain_name(name: str) -> str:
    """Names differ in case, and in what parts their words, alone: ``createdAt`` is ``created_at``."""
    return _JOINTS.sub("", name.strip("\ufeff \t\r\n").lower())


def _plain_names(field: str, names: Sequence[str]) -> tuple[str, ...]:
    others = (each for language in LANGUAGES for each in language.columns.get(field, "").split("|"))
    return tuple(map(plain_name, (*names, *filter(None, others))))


FIELDS: Final[Mapping[str, tuple[str, ...]]] = {field: _plain_names(field, names) for field, names in _ENGLISH.items()}
SUMMARIES: Final = ("description", "summary", "excerpt", "abstract", "caption")  # where there is no text
# A field's name with that of a language before or behind it; "id" is another thing.
_NAMED: Final = {name: field for field, names in FIELDS.items() for name in names if len(name) > 3}
_TONGUES: Final = {
    name: each.code for each in LANGUAGES if each.code != "id" for name in (each.code, *each.called.split())
}
_NAME, _TONGUE = ("|".join(map(re.escape, names)) for names in (_NAMED, _TONGUES))
_IN_A_LANGUAGE: Final = re.compile(rf"({_NAME})\.?({_TONGUE})|({_TONGUE})\.?({_NAME})")
# Around a record.
_WRAPPERS: Final = (
    *("_source", "attributes", "properties", "node", "fields", "article", "post", "item", "data", "tweet", "object"),
    *("row", "message", "channelpost"),
)
# What an object that is one value has it as.
_VALUES: Final = (
    *("rendered", "value", "text", "plain_text", "insert", "#text", "@value", "$t", "main", "original", "html"),
    *("raw", "innerHTML", "#cdata", "__cdata"),
)
_PARTS_OF_NAMES: Final = (("firstname", "lastname"), ("givenname", "familyname"))
# Of an object that is a piece of a text.
_BLOCKS: Final = (
    *("content", "children", "blocks", "data", "ops", "items", "rows", "cells", "paragraphs", "sections", "body"),
    "root",
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
_QUOTED: Final = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_LIST: Final = re.compile(rf"\[\s*{_QUOTED}(?:(?:,\s*|\s+){_QUOTED})*\s*\]")  # as Python, and numpy, write one
_DEPTH: Final = 8  # a bound on what lies inside one another


def known_fields(record: Mapping[str, object], depth: int = 3) -> dict[str, object]:
    """The record's fields by their plain names, those of an object around the record's own too."""
    known = {plain_name(str(name)): value for name, value in record.items()}
    for name in _WRAPPERS if len(known) > 1 else known:
        inner = known.get(name)
        if isinstance(inner, Mapping) and depth:
            known = {**known, **known_fields(inner, depth - 1)}
    return {**_by_languages(known), **known}


@lru_cache(_MOST_NAMES)
def _in_a_language(name: str) -> tuple[str, str] | None:
    """The field and the language that a name tells, if it does."""
    found = _IN_A_LANGUAGE.fullmatch(name)
    return (_NAMED[found[1] or found[4]], _TONGUES[found[2] or found[3]]) if found else None


def _by_languages(known: Mapping[str, object]) -> dict[str, object]:
    """The fields that go by names with a language: ``text_ar`` and ``body_en`` are a text in Arabic and in English."""
    told: dict[str, dict[str, object]] = {}
    for name, value in known.items():
        if field_and_tongue := _in_a_language(name):
            field, tongue = field_and_tongue
            told.setdefault(field, {}).setdefault(tongue, value)
    return {field: values for field, values in told.items() if known.keys().isdisjoint(FIELDS[field])}


def in_one_language(known: Mapping[str, object], language: str) -> dict[str, object]:
    """The fields of a record whose values are given in several languages, as they are in one."""
    return {
        name: value[language] if isinstance(value, Mapping) and language in in_languages(value) else value
        for name, value in known.items()
        if name not in _WRAPPERS or not isinstance(value, Mapping)
    } | {"language": language}


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


def as_text(value: object, depth: int = _DEPTH) -> str:
    """A field's value on one line: names and lists of names joined, anything but words and numbers empty."""
    value = _unpacked(value)
    if isinstance(value, list):
        return ", ".join(part for item in value[:20] if not isinstance(item, list) and (part := as_text(item)))
    if isinstance(value, Mapping):
        known = {plain_name(str(name)): item for name, item in value.items()}
        parted = (" ".join(filter(None, map(_scalar, map(known.get, parts)))) for parts in _PARTS_OF_NAMES)
        inner = as_text(_inside(value, ("name", *_VALUES)), depth - 1) if depth else ""
        return inner or next(filter(None, parted), "")
    return _scalar(value)


def text_of(value: object, depth: int = _DEPTH) -> str:
    """A text, which may be a list: of paragraphs, or of the pieces of one, where some are objects of such a type.

    A list of lists is a table, and each of them one of its rows.
    """
    value = _unpacked(value)
    if isinstance(value, list) and depth:
        rows = all(isinstance(item, list) for item in value)
        parts = (" | ".join(map(as_text, item)) if rows else text_of(item, depth - 1) for item in value)
        return ("\n" if rows else "" if any(map(_is_inline, value)) else "\n\n").join(filter(None, parts))
    if isinstance(value, Mapping) and depth:
        if _kind(value) in _BREAKS or isinstance(value.get("insert"), Mapping):
            return "\n" if _kind(value) in _BREAKS else ""  # the other is a picture
        inner = _inside(value, (*_VALUES, *_BLOCKS, "name"))
        leaves = value.get("children")
        if isinstance(leaves, list) and inner is leaves and any(map(_is_leaf, leaves)):
            return "".join(text_of(item, depth - 1) for item in leaves)
        heading, caption = (_scalar(item) if item != inner else "" for item in map(value.get, ("heading", "caption")))
        return "\n".join(filter(None, (heading, text_of(inner, depth - 1), caption)))
    return _scalar(value)


def _unpacked(value: object) -> object:
    """A list or a document of an editor that a program has written into a string, as what it is."""
    with suppress(ValueError, SyntaxError, RecursionError):
        if isinstance(value, str) and _DOCUMENT.match(value) and is_document(found := json.loads(value)):
            return found
        if isinstance(value, str) and value.startswith("[") and _LIST.fullmatch(value):
            return [ast.literal_eval(each) for each in re.findall(_QUOTED, value)]
    return value


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
    if not isinstance(item, Mapping) or (_kind(item) == "text" and isinstance(item.get("content"), str)):
        return False  # the other is a paragraph, as Arc's
    return "insert" in item or _kind(item) in _INLINE


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
