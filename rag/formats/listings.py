"""What feeds and sitemaps list: addresses, with what they say of each. Run in the sandbox.

Sitemaps are those of sitemaps.org, with the marks of news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft
from rag.formats.feeds import entry_fields, parse_feed
from rag.formats.markup import field_text
from rag.formats.office import parse_xml

_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?(rss|feed|RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_HEAD_BYTES: Final = 5_000  # where a listing's first element is looked for
_KINDS: Final = {b"urlset": "sitemap", b"sitemapindex": "sitemaps"}


def listing_kind(data: bytes) -> str:
    """``feed``, ``sitemap``, ``sitemaps`` (a sitemap of sitemaps), or nothing of these."""
    head = data[:_HEAD_BYTES].replace(b"\0", b"")
    found = _ROOT.search(head)
    if not found or re.search(rb"<html[\s>]", head[: found.start()], re.IGNORECASE):
        return ""
    return _KINDS.get(found[1].lower(), "feed")


def read_feed_links(data: bytes) -> Iterator[ArticleDraft]:
    """Each entry's address (``url``), when it last changed (``id``), and what it tells; its text may be empty.

    Raises ArticleError.
    """
    parsed, _ = parse_feed(data)
    for entry in parsed.entries:
        text, fields = entry_fields(entry, parsed.feed)
        if fields["url"]:
            told: dict[str, Any] = {name: field_text(value) for name, value in fields.items() if name != "url"}
            changed = entry.get("updated", "") or entry.get("published", "")
            yield ArticleDraft(text, url=fields["url"], id=changed, **told)


def read_sitemap(data: bytes) -> Iterator[ArticleDraft]:
    """Each page, or sitemap, the one that changed last first. Raises ArticleError."""
    root = parse_xml(data.strip())
    entries = [entry for entry in root if isinstance(entry.tag, str)]
    for entry in sorted(entries, key=lambda entry: _first(entry, "lastmod"), reverse=True):
        if url := _first(entry, "loc"):
            yield ArticleDraft(
                "",
                url=url,
                id=_first(entry, "lastmod"),
                title=_first(entry, "title"),
                date=_first(entry, "publication_date"),
                source=_first(entry, "name"),
                language=_first(entry, "language"),
            )
    if not entries:
        raise ArticleError("The sitemap lists nothing.", "Check its address.")


def _first(entry: Any, name: str) -> str:
    return next((text for each in entry.iter(f"{{*}}{name}") if (text := (each.text or "").strip())), "")
