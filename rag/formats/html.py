"""HTML: the main text by trafilatura, the rest from what the page says of itself. Runs in the sandbox.

trafilatura guesses dates from the body too, so metadata is read here: a date in a story is not the story's date. Pages
nested deeper than about 250 elements make lxml return nothing without an error; the standard library's parser, which
builds no tree, then keeps the whole page's text and a warning says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, Final

from rag.errors import ArticleError
from rag.formats.decoding import decode
from rag.formats.drafts import Find, as_text, draft_from_fields

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{3,30})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{3,30})", re.IGNORECASE)
# HTMLParser gives up on a marked section that it does not know.
_UNKNOWN_SECTION = re.compile(r"<!\[(?!(?:CDATA|if|else|endif)\b)", re.IGNORECASE)
# Names of <meta> elements, the most telling first.
_TITLES: Final = ("og:title", "twitter:title", "dc.title")
_DATES: Final = ("article:published_time", "datepublished", "dc.date.issued", "dcterms.created", "dc.date", "date")
_AUTHORS: Final = ("author", "article:author", "dc.creator")
_SOURCES: Final = ("og:site_name", "application-name", "dc.publisher")
_LANGUAGES: Final = ("content-language", "og:locale", "dc.language")
_NOT_TEXT: Final = {"script", "style", "noscript", "template", "title", "nav", "header", "footer", "aside"}
_BLOCKS: Final = {
    *("p", "div", "section", "article", "main", "blockquote", "pre", "figure", "figcaption", "address", "br", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dt", "dd", "table", "tr"),
}
_ARTICLE_TYPES: Final = ("article", "newsarticle", "reportagenewsarticle", "blogposting", "webpage")


def read_html(data: bytes) -> Iterator[Find]:
    """One article. Raises ArticleError where the page has no text."""
    decoded = decode(data, declared=declared_charset(data))
    page = parse_page(decoded.text)
    text, warnings = _main_text(decoded.text), decoded.warnings
    if not text and (text := page.text()):
        warnings = (*warnings, "the main text was not told apart: the whole page is kept")
    if not text:
        raise ArticleError("The page has no text.", "Save the page as the browser shows it, scripts having run.")
    fields = page_fields(page)
    yield draft_from_fields(fields, body=text.removeprefix(fields["title"] + "\n"), warnings=warnings)


def declared_charset(data: bytes) -> str:
    """The encoding a page names in its first kilobytes, as HTML asks of it; empty when it names none."""
    found = _XML_CHARSET.match(data.lstrip()[:200]) or _CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else ""


def _main_text(page: str) -> str:
    """The story without menus and advertisements; empty where trafilatura tells none apart."""
    import trafilatura

    # "Enable JavaScript to read this site" is no story, though it may be all that a saved page holds.
    return trafilatura.extract(page, include_comments=False, include_tables=True, prune_xpath="//noscript") or ""


def whole_text(page: str) -> str:
    """All text of a page but scripts and menus, a line for each block, however deep it is nested."""
    return parse_page(page).text()


class Page(HTMLParser):
    """A page taken apart in one pass: its text, and the elements in which it describes itself."""

    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.canonical = ""
        self.published = ""
        self.named: dict[str, str] = {}  # <meta> elements; the first of a name wins
        self.titles: dict[str, list[str]] = {}  # the first <title> and <h1>
        self.scripts: list[list[str]] = []  # JSON-LD
        self._pieces: list[str] = []
        self._outside: list[str] = []  # elements that hold no text of the page's and are open
        self._title = ""  # the element of ``titles`` that is open
        self._script = False

    def text(self) -> str:
        """A line for each block, without empty ones."""
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102
        given = {name: (value or "").strip() for name, value in attrs}
        if tag == "meta":
            name = given.get("property") or given.get("name") or given.get("itemprop") or given.get("http-equiv") or ""
            self.named.setdefault(name.lower(), given.get("content", ""))
        elif tag == "html":
            self.language = self.language or given.get("lang", "") or given.get("xml:lang", "")
        elif tag == "link" and given.get("rel", "").lower() == "canonical":
            self.canonical = self.canonical or given.get("href", "")
        elif tag == "time" and ("pubdate" in given or given.get("itemprop") == "datePublished"):
            self.published = self.published or given.get("datetime", "")  # other times are in the story
        elif tag in ("title", "h1") and tag not in self.titles:
            self._title, self.titles[tag] = tag, []
        elif tag == "script" and given.get("type", "").lower() == "application/ld+json":
            self._script = True
            self.scripts.append([])
        if tag in _NOT_TEXT:
            self._outside.append(tag)
        if tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:  # noqa: D102
        if tag == self._title:
            self._title = ""
        if tag == "script":
            self._script = False
        if tag in self._outside:
            while self._outside.pop() != tag:
                pass
        if tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:  # noqa: D102
        if self._title:
            self.titles[self._title].append(data)
        if self._script:
            self.scripts[-1].append(data)
        if not self._outside:
            self._pieces.append(data)

    def unknown_decl(self, data: str) -> None:  # noqa: D102
        if data.startswith("CDATA["):
            self.handle_data(data[6:])


def parse_page(markup: str) -> Page:
    """The page of some markup, well-formed or not."""
    page = Page()
    page.feed(_UNKNOWN_SECTION.sub("<!", markup))
    page.close()
    return page


def page_fields(page: Page) -> dict[str, str]:
    """Title, language, source, date, url and author, from the elements a page describes itself with."""
    linked = _linked_data(map("".join, page.scripts))

    def first(*values: str) -> str:
        return next((value for value in values if value), "")

    def named(names: tuple[str, ...]) -> str:
        return first(*(page.named.get(name, "") for name in names))

    heading, title = (" ".join("".join(page.titles.get(tag, [])).split()) for tag in ("h1", "title"))
    source = first(named(_SOURCES), linked.get("publisher", ""))
    return {
        "title": first(linked.get("headline", ""), named(_TITLES), heading, _without_site(title, source)),
        "language": first(page.language, linked.get("inLanguage", ""), named(_LANGUAGES)),
        "source": source,
        "date": first(named(_DATES[:1]), linked.get("datePublished", ""), named(_DATES[1:]), page.published),
        "url": first(page.canonical, page.named.get("og:url", ""), linked.get("url", "")),
        "author": first(linked.get("author", ""), named(_AUTHORS)),
    }


def _without_site(title: str, source: str) -> str:
    """A window title without the site's name after it: ``Headline | Site``."""
    return re.sub(rf"\s+[-|–—:·]+\s+{re.escape(source)}$", "", title) if source else title


def _linked_data(scripts: Iterable[str]) -> dict[str, str]:
    """The article's schema.org description (JSON-LD), its values as text."""
    for script in scripts:
        try:
            value = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for item in _items(value):
            if as_text(item.get("@type")).lower() in _ARTICLE_TYPES:
                return {name: as_text(field) for name, field in item.items()}
    return {}


def _items(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects at the top of a JSON-LD script: itself, a list's, or a graph's."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()
