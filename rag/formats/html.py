"""HTML: the main text by trafilatura, the rest from what the page says of itself. Runs in the sandbox.

trafilatura and htmldate guess dates from the body, the footer and the address too, so metadata is read here: a date in
a story is not the story's date. Pages nested deeper than about 250 elements make trafilatura return nothing without an
error; the whole page's text is then kept, and a warning says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from html import unescape
from itertools import pairwise
from typing import Any, Final

from htmldate.core import DATE_ATTRIBUTES

from rag.errors import ArticleError
from rag.formats.decoding import decode
from rag.formats.drafts import Find, draft_from_fields
from rag.formats.exports import chat_page
from rag.formats.fields import as_text, date_of
from rag.formats.markup import field_text, hidden_classes, parse_page, whole_text, with_spread_cells, with_superscripts
from rag.formats.metadata import iso_date
from rag.formats.page import NOT_TEXT, Page
from rag.formats.records import finds_of_export
from rag.formats.stories import check_story

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{3,30})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{3,30})", re.IGNORECASE)
# Names of <meta> elements, the most telling first; of dates, those that htmldate has gathered, but for the last three,
# which are of anything on the page.
_TITLES: Final = ("og:title", "twitter:title", "dc.title")
_DATES: Final = (
    *("article:published_time", "datepublished", "dc.date.issued", "dcterms.created", "dc.date", "date"),
    *sorted(DATE_ATTRIBUTES - {"timestamp", "meta", "video:release_date"}),
)
_AUTHORS: Final = (
    *("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl"),
)
_SOURCES: Final = ("og:site_name", "application-name", "dc.publisher")
_LANGUAGES: Final = ("content-language", "og:locale", "dc.language")
# What a reader does not see ("Enable JavaScript to read this site" may be all that a saved page holds), and the numbers
# of notes.
_NO_TEXT: Final = (
    *(f"//{name}" for name in sorted(NOT_TEXT - {"nav", "title"})),
    *("//*[@hidden]", "//sup[a[contains(@href, '#')]]", "//a[contains(@href, '#')][sup]"),
    "//a[starts-with(@href, '#')][translate(normalize-space(.), '[]()0123456789*†‡§↩︎', '') = '']",
    "//*[@itemprop = 'comment' or @itemprop = 'review']",
    "//div[p/a[starts-with(@id, 'cmnt')]]",  # remarks on a document of Google's
    *(
        f"//*[contains(translate(@style, ' ', ''), '{style}')]"
        for style in ("display:none", "visibility:hidden", "mso-hide:all")
    ),
)
_MOST: Final = 50  # classes that are hidden
_ARTICLE_TYPE = re.compile(r"(?:article|posting|report)$")  # every one that schema.org has below Article ends so
_EXTRA_COMMA = re.compile(r",\s*([}\]])")
_BAD_ESCAPE = re.compile(r"\\(?:([\"\\/bfnrtu])|(x)(?=[0-9a-fA-F]{2})|)")
_PAGE_TYPES: Final = ("webpage", "itempage")


def read_html(data: bytes) -> Iterator[Find]:
    """One article; of a chat, one a message. Raises ArticleError where it has no text, or says that it is none."""
    decoded = decode(data, declared=declared_charset(data))
    if chat := chat_page(decoded.text):
        yield from finds_of_export(chat, decoded.warnings)
        return
    markup = with_spread_cells(decoded.text)
    page = parse_page(markup, of_site=True)
    fields = page_fields(page)
    text, warnings = _main_text(markup, page), decoded.warnings
    if not text and (text := field_text(fields.get("articleBody", ""))):
        warnings = (*warnings, "its text was read from what it tells search engines: scripts show it")
    elif not text and (text := page.text()):
        warnings = (*warnings, "the main text was not told apart: the whole page is kept")
    if not text:
        raise ArticleError("The page has no text.", "Save the page as the browser shows it, scripts having run.")
    check_story(_heading(page, "title"), text)
    yield draft_from_fields(fields, body=text.removeprefix(fields["title"] + "\n"), warnings=warnings)


def declared_charset(data: bytes) -> str:
    """The encoding a page names in its first kilobytes, as HTML asks of it; empty when it names none."""
    found = _XML_CHARSET.match(data.lstrip()[:200]) or _CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else ""


def _main_text(markup: str, page: Page) -> str:
    """The story without menus and advertisements; empty where trafilatura tells none apart.

    Of short stories it gives the words alone: their lines are those of the page. What styles hide is left out, but
    where that were a third of the story or more: scripts show it.
    """
    classes = sorted(hidden_classes(markup))[:_MOST]
    hidden = [f"//*[contains(concat(' ', @class, ' '), ' {name} ')]" for name in classes]
    given = with_superscripts(markup)
    story = _extracted(given, hidden)
    if hidden and 3 * len(story) < 2 * len(whole := _extracted(given, ())):
        story = whole
    lines = "\n".join(line for line in page.text().split("\n") if line in story) if "\n" not in story else ""
    return lines if "".join(lines.split()) == "".join(story.split()) else story


def _extracted(markup: str, hidden: Sequence[str]) -> str:
    import trafilatura

    found = trafilatura.extract(
        markup, include_comments=False, include_tables=True, prune_xpath=[*_NO_TEXT, *hidden], output_format="html"
    )
    return whole_text(found or "")


def page_fields(page: Page) -> dict[str, str]:
    """Title, language, source, date, url and author, from the elements a page describes itself with."""
    linked = _linked_data(map("".join, page.scripts))

    def first(*values: str) -> str:
        return next((value for value in values if value), "")

    def named(names: tuple[str, ...]) -> str:
        return first(*(page.named.get(name, "") for name in names))

    published = (" ".join("".join(pieces).split()) for pieces in page.published)
    meta = [page.named.get(name, "") for name in _DATES]
    days = [day for day in (meta[0], linked.get("datePublished", ""), *meta[1:], *published) if day]
    meta_authors = [page.named.get(name, "") for name in _AUTHORS]
    source = first(named(_SOURCES), linked.get("publisher", ""))
    title = _without_site(_heading(page, "title"), source)
    return {name: linked[name] for name in ("articleBody",) if linked.get(name)} | {
        "title": first(linked.get("headline", ""), named(_TITLES), _heading(page, "h1"), title),
        "language": first(page.language, linked.get("inLanguage", ""), named(_LANGUAGES)),
        "source": source,
        "date": first(*filter(iso_date, days), *days),
        "url": first(page.canonical, page.named.get("og:url", ""), linked.get("url", "")),
        "author": first(
            *(name for name in (linked.get("author", ""), *meta_authors, page.author) if not name.startswith("http"))
        ),
    }


def _heading(page: Page, tag: str) -> str:
    return " ".join("".join(page.titles.get(tag, [])).split())


def _without_site(title: str, source: str) -> str:
    """A window title without the site's name after it: ``Headline | Site``."""
    return re.sub(rf"\s+[-|–—:·]+\s+{re.escape(source)}$", "", title) if source else title


def _linked_data(scripts: Iterable[str]) -> dict[str, str]:
    """The article's schema.org description (JSON-LD), its values as text; what it lacks, from the page's.

    Line breaks in strings, comments around the whole, escaped quotes, commas too many, quotes within strings and
    escapes of JavaScript's are no error to those who read them.
    """
    items: list[dict[str, Any]] = []
    for script in scripts:
        begins = min((at for at in map(script.find, "{[") if at >= 0), default=0)
        given = script[begins : max(map(script.rfind, "}]")) + 1]
        mended = _BAD_ESCAPE.sub(_escape, _EXTRA_COMMA.sub(r"\1", unescape(given)))
        for form in (given, mended, _with_quotes(mended)):
            with suppress(ValueError, RecursionError):
                items += _items(json.loads(form, strict=False))
                break
    known = {item["@id"]: item for item in items if isinstance(item.get("@id"), str) and "name" in item}
    ranked = sorted((rank, number) for number, item in enumerate(items) if (rank := _rank(item)) is not None)
    found: dict[str, str] = {}
    for rank in (0, 1):
        for number in [number for ranks, number in ranked if ranks == rank][:1]:
            values = {_local(name): _resolved(value, known) for name, value in items[number].items()}
            found = {name: (date_of if "date" in name else as_text)(value) for name, value in values.items()} | found
    return found


def _escape(found: re.Match[str]) -> str:
    return found[0] if found[1] else r"\u00" if found[2] else ""


def _with_quotes(script: str) -> str:
    """JSON with those quotation marks escaped that neither begin nor end a string."""
    pieces = re.split(r'(?<!\\)"', script)
    bounds = (before.rstrip()[-1:] in "[{:," or after.lstrip()[:1] in ":,]}" for before, after in pairwise(pieces))
    return pieces[0] + "".join(
        ('"' if bound else '\\"') + piece for bound, piece in zip(bounds, pieces[1:], strict=True)
    )


def _local(name: str) -> str:
    """A name of schema.org's without the address or the prefix it may have."""
    return re.split("[/#:]", name)[-1]


def _rank(item: Mapping[str, Any]) -> int | None:
    """0 of an article, 1 of the page it stands on, None of anything else. Types may be several, and addresses."""
    given = item.get("@type")
    types = [_local(str(name)).lower() for name in (given if isinstance(given, list) else [given])]
    if any(map(_ARTICLE_TYPE.search, types)):
        return 0
    return 1 if any(name in _PAGE_TYPES for name in types) else None


def _resolved(value: Any, known: Mapping[str, Any]) -> Any:
    """Instead of a mere reference, the object it names."""
    if isinstance(value, list):
        return [_resolved(item, known) for item in value if not isinstance(item, list)]
    named = value.get("@id") if isinstance(value, dict) and "name" not in value else None
    return known.get(named, value) if isinstance(named, str) else value


def _items(value: Any) -> Iterator[dict[str, Any]]:
    """The objects at the top of a JSON-LD script: itself, a list's, a graph's, and what a page is about."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
            for inner in map(item.get, ("@graph", "mainEntity", "mainEntityOfPage")):
                yield from _items(inner) if isinstance(inner, list | dict) else ()
