"""What the parser of a page tells of it, in one pass: its text, and the elements in which it describes itself.

A line break in markup is white space. A row of a table is one line, its cells between bars, so that a quote can hold
it; a table that lays out a page, with blocks in its cells, is the blocks. Hidden text stays out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Final, NamedTuple

from rag.formats.tables import row_of

NOT_TEXT: Final = {
    *("script", "style", "noscript", "template", "title", "nav", "select", "button", "svg"),
    *("audio", "video", "canvas", "iframe"),  # what is in these is for those who cannot play them
    *("rt", "rp", "del"),  # how a word is pronounced, and what is no longer said
}
_FURNITURE: Final = {"header", "footer", "aside"}  # of a site; inside a story they are part of it
_ASIDE: Final = {"nav", "aside"}  # dates there are those of other stories; in a site's footer, too
_MOST_AUTHORS: Final = 20
_FEW: Final = 4  # pieces that the number of a note comes in
BLOCKS: Final = {
    *("p", "div", "section", "article", "main", "blockquote", "pre", "figure", "figcaption", "address", "br", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "tr", "details"),
}
INLINE: Final = (
    *("a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "iframe", "img", "ins", "del", "mark", "q", "s"),
    *("script", "small", "span", "strong", "style", "sub", "sup", "td", "th", "tbody", "thead", "time", "tt", "u"),
)
# No-break spaces stay: in text that was read in the wrong encoding they are halves of letters.
SPACE = re.compile(r"[ \t\r\n\f]+")
HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
# Classes that name the day of publication, in the microformats and themes in use.
_TITLED: Final = {"title", "MsoTitle"}  # of a paragraph that office programs write as a title
_PUBLISHED = re.compile(
    r"(?:^|\s)(?:dt-published|published|pubdate"
    r"|(?P<whole>(?:date|entry|post|article|story|news|publish|publication)[-_]{1,2}(?:date|published|time)))(?:\s|$)"
)
_MOST_DAYS: Final = 5
_NOTES: Final = ({"a#", "sup"}, {"a/#", "sup"})  # a link to a part of this page or another, and what raises it
_NOTE_NUMBER = re.compile(r"\s*[\[(]?(?:\d{1,3}|[a-z]|[*†‡§]{1,3}|↩\ufe0e?)[\])]?\s*")  # a link within the page
# Marks within the pieces of a page: control characters, which text has none of.
_ROW, _CELL, _ROW_END = "\x1e", "\x1f", "\x1d"
_ROW_OF_CELLS = re.compile(f"{_ROW}([^{_ROW}{_ROW_END}]*){_ROW_END}")
_MARKS = str.maketrans("", "", f"\0{_ROW}{_CELL}{_ROW_END}")
_NESTED_TABLES: Final = 20  # a bound; layouts nest five deep


class _Element(NamedTuple):
    """An open element: whether its text is the page's, whether it is hidden, where it stands, and its first piece."""

    name: str
    shown: bool = True
    hidden: bool = False
    aside: bool = False
    footer: bool = False
    article: bool = False
    begins: int = 0


class Page:
    """A page as its parser tells of it. ``keeps_lines``: a line break is one, as inside ``<pre>``. ``hidden``: the
    classes of what is not shown. ``of_site``: it has the furniture of one around its story. ``endless``: the elements
    that are not closed, which are no reason to lose what follows."""

    def __init__(
        self,
        keeps_lines: bool = False,
        hidden: Set[str] = frozenset(),
        of_site: bool = False,
        endless: Set[str] = frozenset(),
    ) -> None:
        self.language = ""
        self.canonical = ""
        self.published: list[list[str]] = []  # the day, by the first elements that say so
        self.named: dict[str, str] = {}  # <meta> elements; the first of a name wins
        self.titles: dict[str, list[str]] = {}  # the first <title> and <h1>
        self.scripts: list[list[str]] = []  # JSON-LD
        self._authors: list[list[str]] = []  # by microdata or a microformat, and their names within these
        self._names: list[list[str]] = []
        self._headlines = 0
        self._keeps_lines = keeps_lines
        self._hidden = hidden
        self._not_text = (NOT_TEXT | _FURNITURE if of_site else NOT_TEXT) - endless
        self._pieces: list[str] = []
        self._open = [_Element("")]
        # What gathers the text of an element for something else than the page's text, and how deep it stands.
        self._gathers: list[tuple[int, list[str]]] = []

    def text(self) -> str:
        """A line for each block, without empty ones unless lines are kept."""
        text = "".join(self._pieces)
        for _ in range(_NESTED_TABLES):  # the innermost first
            text, found = _ROW_OF_CELLS.subn(_row, text)
            if not found:
                break
        text = _lines(text.translate(_MARKS))
        return text if self._keeps_lines else re.sub("\n+", "\n", text)

    @property
    def author(self) -> str:
        """Who wrote it, as an element says."""
        found = (" ".join("".join(pieces).split()) for pieces in self._names or self._authors)
        return ", ".join(dict.fromkeys(filter(None, found)))

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        given = {name.lower(): (value or "").strip() for name, value in attributes.items()}
        outer = self._open[-1]
        classes, properties = given.get("class", "").split(), given.get("itemprop", "").split()
        link = given.get("href", "") if tag == "a" else ""
        name = "a#" if link.startswith("#") else "a/#" if "#" in link else tag
        name = "aside" if "comment" in properties or "review" in properties else name
        # The number of a note is no word of the sentence it stands in.
        is_note = {outer.name, name} in _NOTES or "noteref" in given.get("role", "") + given.get("epub:type", "")
        hidden = outer.hidden or "hidden" in given or HIDDEN_STYLE.search(given.get("style", "")) is not None
        hidden = hidden or not self._hidden.isdisjoint(classes)
        shown = outer.shown and not hidden and not is_note and name not in self._not_text
        aside = outer.aside or name in _ASIDE
        footer = outer.footer or (name == "footer" and not outer.article)
        article = outer.article or name == "article"
        self._open.append(_Element(name, shown, hidden, aside, footer, article, len(self._pieces)))
        self._describe(tag, given, classes)
        self._tell_author(given, properties, classes)
        if tag in ("td", "th"):
            self._pieces.append(_CELL)
        elif tag in BLOCKS:
            self._pieces.append(_ROW if tag == "tr" else "\n")

    def _tell_author(self, given: Mapping[str, str], properties: Sequence[str], classes: Sequence[str]) -> None:
        """Its author, where the element is one's; not those of comments and of other stories."""
        self._headlines += "headline" in properties
        if self._headlines > 1 or self._open[-1].aside or len(self._authors) + len(self._names) > _MOST_AUTHORS:
            return
        within = any(gathered is author for _, gathered in self._gathers for author in self._authors[-1:])
        if within and "name" in properties:
            self._names.append([given["content"]] if given.get("content") else self._gather())
        elif not within and ("author" in (*properties, *given.get("rel", "").split()) or "p-author" in classes):
            self._authors.append([given["content"]] if given.get("content") else self._gather())

    def _describe(self, tag: str, given: Mapping[str, str], classes: Sequence[str]) -> None:
        """What the element tells of the page."""
        if tag == "meta":
            for name in filter(None, map(given.get, ("property", "name", "itemprop", "http-equiv"))):
                if not self.named.get(name.lower()) or (
                    "author" in name and self.named[name.lower()].startswith("http")
                ):
                    self.named[name.lower()] = given.get("content", "")
        elif tag == "html":
            self.language = self.language or given.get("lang", "") or given.get("xml:lang", "")
        elif (tag == "link" and given.get("rel", "").lower() == "canonical") or "p-canonical" in classes:
            self.canonical = self.canonical or given.get("href", "")
        elif (name := "h1" if _TITLED.intersection(classes) else tag) in ("title", "h1") and name not in self.titles:
            self.titles[name] = self._gather()
        elif tag == "script" and given.get("type", "").lower().startswith("application/ld+json"):
            self.scripts.append(self._gather())
        elif len(self.published) < _MOST_DAYS and _names_day(tag, given) and not self._is_beside():
            day = given.get("datetime") or given.get("content") or (given.get("title") if tag == "abbr" else "")
            self.published.append([day] if day else self._gather())

    def _is_beside(self) -> bool:
        return self._open[-1].aside or self._open[-1].footer

    def _gather(self) -> list[str]:
        self._gathers.append((len(self._open), []))
        return self._gathers[-1][1]

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._gathers and self._gathers[-1][0] == len(self._open):
            self._gathers.pop()
        element = self._open.pop()
        few = element.name == "a#" and len(self._pieces) - element.begins <= _FEW
        if few and _NOTE_NUMBER.fullmatch("".join(self._pieces[element.begins :])):
            del self._pieces[element.begins :]
        if tag in BLOCKS and tag != "br":
            self._pieces.append(_ROW_END if tag == "tr" else "\n")

    def data(self, text: str) -> None:
        """Some text; a run of it may come in pieces."""
        shown = self._open[-1].shown
        for _, gathered in self._gathers:
            gathered.append(text)
        if shown:
            keeps = self._keeps_lines or any(name in ("pre", "textarea") for name, *_ in self._open[-3:])
            self._pieces.append(text.translate(_MARKS) if keeps else SPACE.sub(" ", text.translate(_MARKS)))

    def close(self) -> Page:
        """The parser has reached the end."""
        return self


def _names_day(tag: str, given: Mapping[str, str]) -> bool:
    named = _PUBLISHED.search(given.get("class", ""))
    return (
        "datePublished" in (given.get("itemprop"), given.get("property", "").removeprefix("schema:"))
        or (tag == "time" and "pubdate" in given)
        or (named is not None and (tag in (*INLINE, "relative-time") or named["whole"] is not None))
    )


def _lines(text: str) -> str:
    return "\n".join(SPACE.sub(" ", line).strip(" ") for line in text.split("\n")).strip(" \n")


def _row(found: re.Match[str]) -> str:
    return "\n" + row_of([_lines(cell) for cell in found[1].split(_CELL)[1:]]) + "\n"
