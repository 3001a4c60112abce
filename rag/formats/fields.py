"""The values of a record's fields: what they go by, where they are nested, and how each kind is read.

Records come as programs write them: WordPress keeps a text in ``content.rendered``, Elasticsearch the whole record in
``_source``, Telegram a message as a list of pieces. A name may also be a path, ``content.rendered`` or ``tags.0``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

# Field -> the names it goes by in JSON, CSV and front matter, the first found wins.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        *("text", "body", "content", "content_text", "article", "article_body", "articlebody"),
        *("maintext", "full_text", "fulltext", "content_html", "body_text", "bodytext", "post_content"),
    ),
    "title": ("title", "headline", "name", "post_title", "webtitle"),
    "language": ("language", "lang", "inlanguage"),
    "source": ("source", "publisher", "site", "sitename", "site_name", "newspaper"),
    "date": (
        *("date", "published", "date_published", "datepublished", "published_at", "publishedat", "pubdate"),
        *("pub_date", "publication_date", "date_publish", "publish_date", "published_date", "published_time"),
        *("post_date", "webpublicationdate", "created_at", "timestamp"),
    ),
    "url": ("url", "link", "permalink", "canonical", "weburl"),
    "author": ("author", "authors", "byline", "creator"),
    "id": ("id", "guid", "uuid", "_id"),
}
SUMMARIES: Final = ("description", "summary", "excerpt", "abstract")  # where there is no text
_WRAPPERS: Final = ("_source", "attributes", "node", "fields", "article", "post", "item", "data")  # around a record
# What an object that is one value has it as.
_VALUES: Final = (
    "rendered",
    "name",
    "value",
    "text",
    "plain_text",
    "insert",
    "#text",
    "@value",
    "$t",
)
_BLOCKS: Final = ("content", "children", "blocks", "data", "ops")  # of an object that is a piece of a text
_INLINE: Final = {
    *("plain", "bold", "italic", "underline", "strikethrough", "spoiler", "link", "text_link", "mention", "hashtag"),
    *("mention_name", "cashtag", "bot_command", "email", "phone", "code", "custom_emoji", "text", "span"),
}  # types of the pieces of a paragraph, Telegram's and those of editors
_DAY: Final = (  # of an object that is a date
    *("$date", "$numberlong", "date", "published", "datetime", "iso", "value", "@value", "#text", "rendered", "raw"),
    *("seconds", "_seconds", "timestamp", "unix", "epoch"),
)
_DEPTH: Final = 6  # a bound on what lies inside one another


def known_fields(record: Mapping[str, object], depth: int = 3) -> dict[str, object]:
    """The record's fields by their plain names, those of an object around the record's own too."""
    known = {plain_name(str(name)): value for name, value in record.items()}
    for name in _WRAPPERS:
        inner = known.get(name)
        if isinstance(inner, Mapping) and depth:
            known = {**known, **known_fields(inner, depth - 1)}
    return known


def plain_name(name: str) -> str:
    """Names differ in case and hyphens alone."""
    return name.strip().lower().replace("-", "_")


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
    return _scalar(_inside(value, _VALUES))


def text_of(value: object, depth: int = _DEPTH) -> str:
    """A text, which may be a list: of paragraphs, or of the pieces of one, where some are objects of such a type."""
    if isinstance(value, list) and depth:
        inline = any(map(_is_inline, value))
        return ("" if inline else "\n\n").join(part for item in value if (part := text_of(item, depth - 1)))
    if isinstance(value, Mapping) and depth:
        return text_of(_inside(value, (*_VALUES, *_BLOCKS)), depth - 1)
    return _scalar(value)


def _is_inline(item: object) -> bool:
    return isinstance(item, Mapping) and ("insert" in item or item.get("type", item.get("_type")) in _INLINE)


def date_of(value: object, depth: int = _DEPTH) -> str:
    """A date, which may be an object: ``{"$date": …}``, ``{"date": "2024-03-05 10:00", "timezone": "UTC"}``."""
    if isinstance(value, Mapping) and depth:
        known = {plain_name(str(name)): item for name, item in value.items()}
        return next((day for name in _DAY if (day := date_of(known.get(name), depth - 1))), "")
    if isinstance(value, list) and value and depth:
        return date_of(value[0], depth - 1)
    return _scalar(value)


def _inside(value: object, names: Sequence[str]) -> object:
    """Of an object that is one value, that value: the first of ``names`` that it has, or its only text."""
    if not isinstance(value, Mapping):
        return value
    only = next(iter(value.values())) if len(value) == 1 else None
    return next((value[name] for name in names if value.get(name)), only if isinstance(only, str) else None)


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
