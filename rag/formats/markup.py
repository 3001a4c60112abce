"""Markup taken apart: pages, and fields of records that may be markup.

lxml's parser calls a target (:mod:`rag.formats.page`) and builds no tree, so pages nested however deep are read whole;
it knows which tags end which, as browsers do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from html import escape, unescape
from typing import Any, Final

from lxml import etree

from rag.formats.page import BLOCKS, HIDDEN_STYLE, INLINE, NOT_TEXT, SPACE, Page
from rag.formats.tables import MOST_ROWS, Cell, span_of, spread

# A field is taken for markup where it has an element of HTML; "a < b" has none, nor has "a <b and c> d".
_REST: Final = r"(?:\s[^<>]*=[^<>]*|\s+\w*\s*)?/?>"
_ELEMENT = re.compile(rf"</?(?:{'|'.join([*BLOCKS, *INLINE])}){_REST}|<!--", re.IGNORECASE)
_BLOCK = re.compile(rf"</?(?:{'|'.join(BLOCKS - {'br'})}){_REST}", re.IGNORECASE)
_SECTION = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL)
_BLANK_LINES = re.compile(r"\n\s*\n")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_SUPERSCRIPT = re.compile(r"<sup\b[^<>]*>\s*([0-9+-]{1,6})\s*</sup>", re.IGNORECASE)  # 10<sup>6</sup> is not 106
_RAISED: Final = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_MEDIA = re.compile(r"@[^{};@]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")  # rules for the printer, and for small screens
_CLASS = re.compile(r"\.([\w-]+)")
_OF_EDITORS: Final = {"mw-editsection"}  # what a wiki shows who may write there
_STYLES: Final = 20  # of a page that are looked at
_SPANNING = re.compile(r"<t[dh]\s[^<>]*\browspan\b", re.IGNORECASE)


def parse_page(markup: str, keeps_lines: bool = False, of_site: bool = False) -> Page:
    """The page of some markup, well-formed or not."""
    endless = {name for name in NOT_TEXT - {"script", "style"} if not re.search(rf"</{name}\b", markup, re.IGNORECASE)}
    page = Page(keeps_lines, hidden_classes(markup) | _OF_EDITORS, of_site, endless)
    parser = etree.HTMLParser(target=page, huge_tree=True, encoding="utf-8")
    shown = with_superscripts(with_spread_cells(_without_sections(markup)))
    parser.feed(shown.encode("utf-8", "ignore") or b"<html>")
    parser.close()
    return page


def with_spread_cells(markup: str) -> str:
    """Markup in which each row of a table holds the cells that cover it from above (see :mod:`rag.formats.tables`)."""
    if not _SPANNING.search(markup):
        return markup
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8")
    tree = etree.fromstring(markup.encode("utf-8", "ignore"), parser)
    for group in tree.iter("table", "thead", "tbody", "tfoot"):
        rows = group.findall("tr")
        for row, cells in zip(rows, spread(map(_cells, rows)), strict=True):
            told = [
                deepcopy(cell.element) if cell.element.getparent() is not row else cell.element
                for cell in cells.values()
            ]
            row[:] = [*told, *(other for other in row if other.tag not in ("td", "th"))]
    for cell in tree.iter("td", "th"):
        cell.attrib.pop("rowspan", None)
    return str(etree.tostring(tree, encoding="unicode", method="html"))


def _cells(row: Any) -> Iterator[Cell]:
    for cell in row.iterchildren("td", "th"):
        rows = MOST_ROWS if cell.get("rowspan") == "0" else span_of(cell.get("rowspan"))  # 0: down to the last
        yield Cell(" ".join("".join(cell.itertext()).split()), span_of(cell.get("colspan")), rows, element=cell)


def with_superscripts(markup: str) -> str:
    """Raised digits as the characters that are so."""
    return _SUPERSCRIPT.sub(lambda found: raised(found[1]), markup)


def raised(text: str) -> str:
    """A superscript, where it is a number: other characters have no raised form that is read everywhere."""
    return text.translate(_RAISED) if re.fullmatch(r"[0-9+-]{1,6}", text) else text


def hidden_classes(markup: str) -> frozenset[str]:
    """The classes that a page's own styles hide from every reader."""
    styles = (part.partition("</style")[0] for part in markup.split("<style")[1 : _STYLES + 1])
    rules = (rule for style in styles for rule in _MEDIA.sub("", style.partition(">")[2]).split("}"))
    hiding = (selectors for selectors, _, how in (rule.partition("{") for rule in rules) if HIDDEN_STYLE.search(how))
    selectors = (selector.strip() for each in hiding for selector in each.split(","))
    return frozenset(found[1] for selector in selectors if (found := _CLASS.fullmatch(selector)))


def _without_sections(markup: str) -> str:
    """CDATA sections, which are XHTML's, as the text they hold."""
    first, *others = markup.replace("\0", "").split("<![CDATA[")
    parted = (other.partition("]]>") for other in others)
    return first + "".join(escape(inside, quote=False) + after for inside, _, after in parted)


def whole_text(markup: str) -> str:
    """All text of a page but scripts and menus, a line for each block, however deep it is nested."""
    return parse_page(markup).text()


def may_be_markup(data: bytes) -> bool:
    """Whether ``data`` may hold an element, JSON's escape for its bracket included: then the sandbox is to read it."""
    return any(mark in data for mark in (b"<", b"&lt;", b"u003c", b"u003C"))


def field_text(value: str) -> str:
    """A field that may be markup as plain text. Where it has no block of markup, its line breaks are line breaks."""
    if section := _SECTION.fullmatch(value):
        return field_text(section[1])
    if _ELEMENT.search(value):
        return parse_page(value, keeps_lines=_BLOCK.search(value) is None).text()
    plain = without_entities(value)
    return field_text(plain) if plain != value and _ELEMENT.search(plain) else plain  # markup that was escaped


def feed_text(value: str) -> str:
    """An entry of a feed, which is markup by definition; blank lines part its paragraphs where no element does."""
    return whole_text(value if _BLOCK.search(value) else _BLANK_LINES.sub("<p>", value))


def field_line(value: str) -> str:
    """A title or a name that may be markup, on one line. Entities are often escaped twice."""
    text = without_entities(without_entities(field_text(value) if "<" in value else value))
    return SPACE.sub(" ", text).strip(" ")


def without_entities(text: str) -> str:
    """The characters that entities stand for; "&copy=1" in an address is none."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text) if "&" in text else text
