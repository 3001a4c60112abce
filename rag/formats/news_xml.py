"""What agencies send (NITF, NewsML-G2 and NewsML 1) and dumps of wikis, by lxml. Feeds are told here. In the sandbox.

Sources of the elements: IPTC NITF 3.6, NewsML-G2 2.x and NewsML 1.2.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from rag.errors import ArticleError
from rag.formats.drafts import Find, NotRead, draft_from_fields
from rag.formats.exports import wiki_dump
from rag.formats.feeds import read_feed
from rag.formats.markup import whole_text
from rag.formats.office import parse_xml
from rag.formats.records import finds_of_export

_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")
_ASIDE = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL)
_HEAD_BYTES: Final = 20_000  # where a file's first element is looked for
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_AGENCIES: Final = ("nitf", "newsItem", "newsMessage", "packageItem", "NewsML")
_DATES: Final = (
    *("firstPublished", "versionCreated", "contentCreated", "date.issue/@norm", "FirstCreated", "story.date/@norm"),
)
_SOURCES: Final = (
    *("provider/name", "Provider/Party/@FormalName", "distributor", "infoSource/name", "copyrightHolder/name"),
    *("provider/@literal", "pubdata/@name", "doc.copyright/@holder"),
)
_SITEMAP: Final = ArticleError("It is a sitemap: a list of addresses.", "Index the sitemap by its address, https://….")
_OTHERWISE: Final = {
    **dict.fromkeys(("urlset", "sitemapindex"), _SITEMAP),
    "TEI": ArticleError("It is TEI, which is not read.", "Convert it to HTML; TEI's own stylesheets do."),
}
_USABLE: Final = ("", "usable")  # of the states that an item is given


def read_xml(data: bytes) -> Iterator[Find]:
    """What agencies send as what it is, a wiki's pages, anything else as a feed. Raises ArticleError."""
    found = _ROOT.search(_ASIDE.sub(b"", data[:_HEAD_BYTES].replace(b"\0", b"")))
    kind = found[1].decode() if found else ""
    if kind in _OTHERWISE:
        raise _OTHERWISE[kind]
    if kind == "mediawiki":
        yield from finds_of_export(wiki_dump(parse_xml(data.strip())), ())
        return
    if kind not in _AGENCIES:
        yield from read_feed(data)
        return
    root = parse_xml(data.strip())
    items = [root] if etree.QName(root).localname in ("nitf", "newsItem") else _outermost(root)
    if not items:
        raise ArticleError("It holds no news item.", "Remove it, or fetch it again.")
    for number, item in enumerate(items, 1):
        place = "" if item is root else f"#{number}"
        try:
            yield _item(item, place)
        except ArticleError as error:
            yield NotRead.of(error, place)


def _outermost(root: Any) -> list[Any]:
    return list(root.iter("{*}newsItem", "{*}NewsItem"))


def _item(item: Any, place: str) -> Find:
    state = _first(item, "pubStatus/@qcode", "Status/@FormalName").rpartition(":")[2].lower()
    if state not in _USABLE:
        return NotRead(place, f"It was not published: its state is {state!r}.", "Nothing need be done.", skipped=True)
    bodies = _all(item, "body.content", "inlineXML", "inlineData", "DataContent")
    text = next(filter(None, map(_text, bodies)), "")
    kind = _first(item, "itemClass/@qcode").rpartition(":")[2]
    if not text and kind not in ("", "text", "composite"):
        return NotRead(place, f"It is a {kind}, without a text.", "Nothing need be done.", skipped=True)
    text = "\n".join(filter(None, (_first(item, "hl2"), text)))
    fields = {
        "title": _first(item, "headline", "HeadLine", "hl1", "title"),
        "author": _first(item, "creator/name", "byline/person", "by", "byline", "ByLine"),
        "date": _first(item, *_DATES),
        "language": _first(item, "language/@tag", "Language/@FormalName") or item.get(f"{_XML}lang", ""),
        "source": _first(item, *_SOURCES),
    }
    content_hash = hashlib.sha256(etree.tostring(item)).hexdigest() if place else ""
    return draft_from_fields(fields, body=text, place=place, content_hash=content_hash)


def _all(item: Any, *paths: str) -> Iterator[Any]:
    """The elements and attributes at the paths, whatever their namespaces, the first path first."""
    for path in paths:
        steps = (step if step.startswith("@") else f"*[local-name()='{step}']" for step in path.split("/"))
        yield from item.xpath(".//" + "/".join(steps))


def _first(item: Any, *paths: str) -> str:
    for found in _all(item, *paths):
        words = found if isinstance(found, str) else "".join(found.itertext())
        if text := " ".join(words.split()):
            return str(text)
    return ""


def _text(body: Any) -> str:
    """A body's text: of the story inside it, where there is one; its markup is that of HTML."""
    story = next(_all(body, "body.content", "body"), body)
    for element in story.xpath(".//*[local-name()='media' or local-name()='table-metadata']"):
        element.getparent().remove(element)
    if body.get("contenttype", "").startswith("text/plain"):
        return str("".join(body.itertext())).strip()
    inner = "".join(etree.tostring(_unqualified(node), encoding="unicode") for node in story)
    return whole_text(f"{story.text or ''}{inner}").strip()


def _unqualified(element: Any) -> Any:
    """The element with names as HTML has them: whoever reads them knows no prefixes."""
    for each in element.iter():
        if isinstance(each.tag, str):
            each.tag = etree.QName(each).localname
    return element
