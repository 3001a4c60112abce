"""HTML: the main text by trafilatura, the rest from what the page says of itself. Runs in the sandbox.

trafilatura guesses dates from the body too, so metadata is read here: a date in a story is not the story's date. Pages
nested deeper than about 250 elements make lxml return nothing without an error; BeautifulSoup, which does not recurse,
then keeps the whole page's text and a warning says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bs4 import BeautifulSoup

from rag.decoding import decode
from rag.drafts import Find, as_text, draft_from_fields
from rag.errors import ArticleError

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{3,30})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{3,30})", re.IGNORECASE)
# Names of <meta> elements, the most telling first.
_TITLES: Final = ("og:title", "twitter:title", "dc.title")
_DATES: Final = ("article:published_time", "datepublished", "dc.date.issued", "dcterms.created", "dc.date", "date")
_AUTHORS: Final = ("author", "article:author", "dc.creator")
_SOURCES: Final = ("og:site_name", "application-name", "dc.publisher")
_NOT_TEXT: Final = ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg")
_BLOCKS: Final = ("p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article")
_ARTICLE_TYPES: Final = ("article", "newsarticle", "reportagenewsarticle", "blogposting", "webpage")


def read_html(data: bytes) -> Iterator[Find]:
    """One article. Raises ArticleError where the page has no text."""
    decoded = decode(data, declared=declared_charset(data))
    text, warnings = main_text(decoded.text)
    if not text:
        raise ArticleError("The page has no text.", "Save the page as the browser shows it, scripts having run.")
    yield draft_from_fields(page_fields(decoded.text), body=text, warnings=(*decoded.warnings, *warnings))


def declared_charset(data: bytes) -> str:
    """The encoding a page names in its first kilobytes, as HTML asks of it; empty when it names none."""
    found = _XML_CHARSET.match(data.lstrip()[:200]) or _CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else ""


def main_text(page: str) -> tuple[str, tuple[str, ...]]:
    """(the story without menus and advertisements, warnings)."""
    import trafilatura

    story = trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=False)
    if story:
        return story, ()
    text = whole_text(page)
    return text, ("the main text was not told apart: the whole page is kept",) if text else ()


def whole_text(page: str) -> str:
    """All text of a page but scripts, forms and menus, a line for each block; nesting does not matter."""
    soup = BeautifulSoup(page, "html.parser")
    for element in soup.find_all(_NOT_TEXT):
        element.extract()
    for element in soup.find_all(_BLOCKS):
        element.insert_before("\n")
        element.insert_after("\n")
    (soup.title or soup.new_tag("title")).extract()
    lines = (" ".join(line.split()) for line in soup.get_text().split("\n"))
    return "\n".join(line for line in lines if line)


def page_fields(page: str) -> dict[str, str]:
    """Title, language, source, date, url and author, from the elements a page describes itself with."""
    soup = BeautifulSoup(page, "html.parser")
    elements = reversed(soup.find_all("meta"))  # so that the first of a name wins
    named = {_meta_name(element): str(element.get("content", "")).strip() for element in elements}
    linked = _linked_data(soup)
    root, heading, canonical = soup.find("html"), soup.find("h1"), soup.find("link", rel="canonical", href=True)

    def first(*values: str) -> str:
        return next((value for value in values if value), "")

    def meta(names: tuple[str, ...]) -> str:
        return first(*(named.get(name, "") for name in names))

    return {
        "title": first(
            linked.get("headline", ""),
            meta(_TITLES),
            heading.get_text(" ", strip=True) if heading else "",
            soup.title.get_text(" ", strip=True) if soup.title else "",
        ),
        "language": first(
            str(root.get("lang") or root.get("xml:lang") or "") if root else "",
            linked.get("inLanguage", ""),
            meta(("content-language", "og:locale", "dc.language")),
        ),
        "source": first(meta(_SOURCES), linked.get("publisher", "")),
        "date": first(meta(_DATES[:1]), linked.get("datePublished", ""), meta(_DATES[1:]), _time_element(soup)),
        "url": first(str(canonical["href"]) if canonical else "", named.get("og:url", ""), linked.get("url", "")),
        "author": first(linked.get("author", ""), meta(_AUTHORS)),
    }


def _meta_name(element: Any) -> str:
    name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv") or ""
    return str(name).lower()


def _time_element(soup: BeautifulSoup) -> str:
    """The date of a <time> marked as that of publication; others date what the story tells."""
    element = soup.find("time", attrs={"pubdate": True}) or soup.find("time", itemprop="datePublished")
    return str(element.get("datetime", "")) if element else ""


def _linked_data(soup: BeautifulSoup) -> dict[str, str]:
    """The article's schema.org description (JSON-LD), its values as text."""
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            value = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        for item in _items(value):
            if str(item.get("@type", "")).lower() in _ARTICLE_TYPES:
                return {name: as_text(field) for name, field in item.items()}
    return {}


def _items(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects at the top of a JSON-LD script: itself, a list's, or a graph's."""
    candidates = value if isinstance(value, list) else [value]
    for item in candidates:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()
