"""RSS and Atom files: one article an entry. Runs in the sandbox."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from rag.errors import ArticleError
from rag.formats.drafts import Find, NotRead, draft_from_fields
from rag.formats.html import whole_text
from rag.formats.office import parse_xml

# Field -> the elements that hold it, whatever their namespace, the fullest text first.
_ELEMENTS: Final = {
    "text": ("encoded", "content", "description", "summary"),
    "title": ("title",),
    "date": ("pubDate", "published", "date", "updated"),
    "author": ("creator", "author"),
    "language": ("language",),
}


def read_feed(data: bytes) -> Iterator[Find]:
    """Each entry with what it and its feed tell. Raises ArticleError for XML that is no feed."""
    root = parse_xml(data.strip())
    if etree.QName(root).localname not in ("rss", "RDF", "feed"):
        raise ArticleError("It is XML, but neither RSS nor Atom.", "Convert it to Markdown, HTML or JSON.")
    channel = next(root.iter("{*}channel"), root)
    source = _text(channel, ("title",))
    language = _text(channel, ("language",)) or root.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    for number, entry in enumerate(root.iter("{*}item", "{*}entry"), 1):
        yield _entry(entry, f"#{number}", source, language)


def _entry(entry: Any, place: str, source: str, language: str) -> Find:
    fields = {name: _text(entry, tags) for name, tags in _ELEMENTS.items()}
    text = whole_text(fields["text"])
    if not text:
        return NotRead(place, "The entry has no text, only a link.", "Save the page it links to.")
    fields |= {name: whole_text(fields[name]) for name in ("title", "author")}
    fields |= {"source": source, "language": fields["language"] or language, "url": _link(entry)}
    content_hash = hashlib.sha256(etree.tostring(entry)).hexdigest()
    return draft_from_fields(fields, body=text, place=place, content_hash=content_hash)


def _text(element: Any, tags: tuple[str, ...]) -> str:
    """The text of the first child that has any, markup inside it included."""
    for tag in tags:
        for child in element.iterchildren(f"{{*}}{tag}"):
            inner = "".join(etree.tostring(node, encoding="unicode") for node in child)
            if text := ((child.text or "") + inner).strip():
                return text
    return ""


def _link(entry: Any) -> str:
    for child in entry.iterchildren("{*}link"):
        if child.get("rel", "alternate") == "alternate" and (url := child.get("href") or (child.text or "").strip()):
            return str(url)
    return ""
