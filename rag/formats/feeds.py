"""RSS and Atom files, well-formed or not, by feedparser: one article an entry. Runs in the sandbox."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, Final

from rag.errors import ArticleError
from rag.formats.decoding import decode
from rag.formats.drafts import Find, NotRead, digest_of, find_from_fields
from rag.formats.fields import as_text
from rag.formats.html import declared_charset
from rag.formats.markup import feed_text

_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed)\b", re.IGNORECASE)
_HEAD: Final = 5_000  # characters in which the root element stands
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MULTIPLYING = re.compile(r"<!ENTITY\s[^>\"']*[\"'][^\"'>]*&\w", re.IGNORECASE)  # an entity made of entities
_FLAW: Final = "its feed is not well-formed: what could be read of it was"
# In an export of WordPress: who signs in so is called so; and what it makes pictures and the like of.
_CALLED = re.compile(
    r"<wp:author_login>(?:<!\[CDATA\[)?([^<\]]{1,100})(?:\]\]>)?</wp:author_login>.{0,500}?"
    r"<wp:author_display_name>(?:<!\[CDATA\[)?([^<\]]{1,100})",
    re.DOTALL,
)
_SHORTCODE = re.compile(
    r"\[/[a-z][\w-]*\]|\[(?:gallery|caption|embed|audio|video|playlist)\b[^\[\]]*\]"
    r"|\[[a-z][\w-]*(?:\s+[\w-]+=(?:\"[^\"]*\"|'[^']*'|[^\s\]]+))+\s*/?\]"
)
_NO_POSTS: Final = {"attachment", "revision", "nav_menu_item", "custom_css", "wp_template", "wp_navigation"}
_NOTHING: Final = "Nothing need be done."
_DAYS: Final = ("published", "updated", "created")


def read_feed(data: bytes) -> Iterator[Find]:
    """Each entry with what it and its feed tell. Raises ArticleError for XML that is no feed, or damaged throughout."""
    parsed, flaws = parse_feed(data)
    finds = [_entry(entry, f"#{number}", parsed.feed, flaws) for number, entry in enumerate(parsed.entries, 1)]
    if parsed.bozo and all(isinstance(find, NotRead) for find in finds):
        raise ArticleError(f"Its XML is damaged: {str(parsed.bozo_exception)[:100]}.", "Download it again.")
    yield from finds


def parse_feed(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """(what feedparser makes of it, warnings). Raises ArticleError for what is no feed."""
    import feedparser

    decoded = decode(data, declared=declared_charset(data))
    text = _DECLARATION.sub("", decoded.text)
    if "<" not in text or _MULTIPLYING.search(text):
        raise ArticleError("Its XML is damaged.", "Save it again with the program that made it, or as plain text.")
    if not _ROOT.search(text[:_HEAD]):
        raise ArticleError("It is XML, but neither RSS nor Atom.", "Convert it to Markdown, HTML or JSON.")
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        # What says that it is UTF-8 keeps the parser from guessing; markup is read here as it is everywhere.
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not parsed.version.startswith("atom"):
        parsed.feed.pop("authors", None)  # elsewhere it is who keeps the feed, and has written nothing
    parsed.feed["called"] = dict(_CALLED.findall(text))
    return parsed, (*decoded.warnings, _FLAW) if parsed.bozo else decoded.warnings


def _entry(entry: Any, place: str, feed: Any, flaws: tuple[str, ...]) -> Find:
    text, fields = entry_fields(entry, feed)
    if entry.get("wp_post_type", "post") in _NO_POSTS or entry.get("wp_status") == "inherit":  # an export of WordPress
        return NotRead(place, "It is no post, but a picture, a menu or a former state.", _NOTHING, skipped=True)
    if not text:
        return NotRead(place, "The entry has no text, only a link.", "Save the page it links to.")
    told = {**fields, "status": "private" if entry.get("wp_post_password") else entry.get("wp_status", "")}
    text = _SHORTCODE.sub("", text) if "wp_status" in entry else text
    return find_from_fields(told, body=text, place=place, content_hash=digest_of(entry), warnings=flaws)


def entry_fields(entry: Any, feed: Any) -> tuple[str, dict[str, str]]:
    """(text, the other fields of an article) of an entry as feedparser has it; any may be empty."""
    contents = entry.get("content", [])
    texts = (feed_text(value) for value in (*(each.value for each in contents), entry.get("summary", "")))
    given = entry.get("authors") or ([{"name": entry["author"]}] if entry.get("author") else feed.get("authors", ()))
    names = (author.get("name", "") for author in given)
    called = feed.get("called", {})
    languages = (entry.get("language"), feed.get("language"), *(each.get("language") for each in contents))
    return next(filter(None, texts), ""), {
        "title": entry.get("title", ""),
        "author": as_text([called.get(name, name) for name in names if name]),
        "date": next((entry[name] for name in _DAYS if entry.get(name)), ""),
        "source": feed.get("title", ""),
        "language": next(filter(None, languages), ""),
        "url": entry.get("link", ""),
    }
