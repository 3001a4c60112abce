"""What Telegram, MediaWiki (Wikinews) and Notion write of themselves: exports and answers, as plain records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from lxml import html

from rag.formats.fields import text_of
from rag.formats.metadata import iso_date
from rag.formats.tables import Cell, lines_of, row_of, span_of

_PRIVATE: Final = ("personal_chat", "bot_chat", "saved_messages")
_WORDLESS: Final = "messages without words (pictures, joinings and the like)"
_HEAD: Final = 20_000  # characters in which a page of a chat says so
_SHOWN: Final = ("w", "wikipedia", "lang", "nowrap", "small", "big", "l")  # templates whose last value is what is read
_TABLE: Final = re.compile(r"^\{\|.*$", re.MULTILINE)  # its first row needs no mark, and is told by none
_ASIDE: Final = re.compile(r"<ref[^>]*/>|<ref.*?</ref>", re.DOTALL | re.IGNORECASE)


class Export(NamedTuple):
    """The records, None in the place of one that was left out; and how many were, of what."""

    records: Sequence[Mapping[str, Any] | None]
    left_out: Sequence[tuple[int, str]] = ()


def export_of(value: Any) -> Export | None:
    """The records of a known export; None where it is none of these."""
    if found := _notion(value):
        return found
    if not isinstance(value, dict):
        return None
    if _is_chat(value):
        return _messages([value])
    chats = value.get("chats")
    if isinstance(chats, dict) and isinstance(chats.get("list"), list):
        return _whole(chats["list"])
    if isinstance(value.get("query"), dict) and "pages" in value["query"]:
        return _pages(value["query"]["pages"])
    if isinstance(value.get("parse"), dict) and "text" in value["parse"]:
        page = value["parse"]
        return Export([{"title": page.get("title"), "text": next(iter(_values(page["text"])), "")}])
    return None


def _values(value: Any) -> Sequence[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]


def _is_chat(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("messages"), list) and "type" in value and "id" in value


def _whole(chats: Sequence[Any]) -> Export:
    """An export of everything: channels and groups; what people wrote to each other is nobody's article."""
    chats = [chat for chat in chats if _is_chat(chat)]
    public = [chat for chat in chats if chat["type"] not in _PRIVATE]
    found = _messages(public)
    private = len(chats) - len(public)
    return Export(found.records, [*found.left_out, (private, "private chats (export one by itself to have it read)")])


def _messages(chats: Sequence[Mapping[str, Any]]) -> Export:
    """Each message with words. Its number is not its id: another chat has the same, and so has a later export."""
    messages = [(chat, each) for chat in chats for each in chat["messages"] if isinstance(each, dict)]
    records = [_message(chat, each) for chat, each in messages]
    return Export(records, [(records.count(None), _WORDLESS)])


def _message(chat: Mapping[str, Any], message: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if message.get("type") != "message" or not text_of(message.get("text")).strip():
        return None
    sender = message.get("author") or message.get("from")
    return {
        "text": message["text"],
        "date": message.get("date") or message.get("date_unixtime"),
        "source": chat.get("name"),
        "author": sender if sender != chat.get("name") else "",
    }


def chat_page(markup: str) -> Export | None:
    """The messages of a chat that Telegram wrote as a page; None of any other page."""
    if 'class="page_body chat_page"' not in markup[:_HEAD]:
        return None
    tree = html.fromstring(markup.encode("utf-8", "ignore"), parser=html.HTMLParser(encoding="utf-8"))
    chat = " ".join(tree.xpath("string(//div[@class='page_header']//div[@class='text bold'])").split())
    sender, records = "", list[Mapping[str, Any] | None]()
    for message in tree.xpath("//div[starts-with(@class, 'message default')]"):
        sender = " ".join(message.xpath("string(.//div[@class='from_name'])").split()) or sender
        texts = message.xpath(".//div[@class='text']")
        text = "\n\n".join(html.tostring(each, encoding="unicode", with_tail=False) for each in texts)
        day = message.xpath("string(.//div[contains(@class, 'date')]/@title)")
        author = "" if sender == chat else sender
        records.append({"text": text, "date": day, "source": chat, "author": author} if texts else None)
    return Export(records, [(records.count(None), _WORDLESS)])


def _notion(value: Any) -> Export | None:
    """Pages of Notion, with the blocks that a program may have put into them, or the blocks of one page."""
    given = value.get("results", value) if isinstance(value, dict) else value
    items = [item for item in (given if isinstance(given, list) else [given]) if isinstance(item, dict)]
    kinds = {item.get("object") for item in items if isinstance(item.get("object"), str)}
    if kinds == {"block"}:
        return Export([{"text": _notion_text(items)}])
    return Export(list(map(_notion_page, items))) if kinds == {"page"} and "properties" in items[0] else None


def _notion_page(page: Mapping[str, Any]) -> Mapping[str, Any]:
    values = [(name, value) for name, value in page.get("properties", {}).items() if isinstance(value, dict)]
    told = {name: _notion_value(value.get(value.get("type", ""))) for name, value in values}
    title = next((told[name] for name, value in values if value.get("type") == "title"), "")
    text = next(filter(None, (_notion_text(each) for each in page.values() if isinstance(each, list))), "")
    state = "deleted" if page.get("archived") or page.get("in_trash") else ""
    return {**told, "title": title, "url": page.get("url"), "status": state, **({"text": text} if text else {})}


def _notion_value(value: Any) -> Any:
    """A property's value, or the words of a list of pieces."""
    pieces = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return "".join(str(each["plain_text"]) for each in pieces if "plain_text" in each) or value


def _notion_text(blocks: Sequence[Any], depth: int = 20) -> str:
    """The words of each block, then those of the blocks within it; a row of a table is a line."""
    found = list[str]()
    for block in blocks if depth else ():
        inside = block.get(block.get("type")) if isinstance(block, dict) else None
        if isinstance(inside, dict):
            cells = [_notion_value(cell) or "" for cell in inside.get("cells", [])]
            words = [row_of(cells)] if cells else map(_notion_value, map(inside.get, ("rich_text", "text", "caption")))
            found += [each for each in words if isinstance(each, str) and each]
            found.append(_notion_text(block.get("children") or inside.get("children") or (), depth - 1))
    return "\n\n".join(filter(None, found))


def _pages(pages: Any) -> Export:
    """Pages of a wiki, as extracts or in its own markup."""
    return Export([dict(_page(page)) for page in _values(pages) if isinstance(page, dict) and "missing" not in page])


def wiki_dump(root: Any) -> Export:
    """The pages of a wiki's own export in XML, as it would answer them."""
    pages = list(root.iter("{*}page"))
    articles = [page for page in pages if page.findtext("{*}ns", "0") == "0" and page.find("{*}redirect") is None]
    told = (
        {
            "title": page.findtext("{*}title"),
            "pagelanguage": root.get("{http://www.w3.org/XML/1998/namespace}lang"),
            "revisions": [{"content": page.findtext("{*}revision[last()]/{*}text") or ""}],
        }
        for page in articles
    )
    others = len(pages) - len(articles)
    return _pages(list(told))._replace(left_out=[(others, "pages that are no articles, or lead to another")])


def _page(page: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    revision = next((each for each in _values(page.get("revisions", [])) if isinstance(each, dict)), {})
    slot = revision.get("slots", {}).get("main", revision)
    markup = slot.get("content", slot.get("*", ""))
    yield "title", page.get("title")
    yield "url", page.get("fullurl")
    yield "language", page.get("pagelanguage")
    if isinstance(page.get("extract"), str):
        yield "text", page["extract"]
    elif isinstance(markup, str):
        text, day = _from_wikitext(markup)
        yield "text", text
        yield "date", day


def _from_wikitext(markup: str) -> tuple[str, str]:
    """(what is read on the page, the day it gives itself in a template, as Wikinews does)."""
    import mwparserfromhell

    code = mwparserfromhell.parse(_TABLE.sub(r"\g<0>\n|-", _ASIDE.sub("", markup)))
    told = (str(template.get(1).value) for template in code.filter_templates(recursive=False) if template.has(1))
    day = next(filter(None, map(iso_date, told)), "")
    for link in code.filter_wikilinks():
        space, colon, _ = str(link.title).lstrip(":").partition(":")
        if colon and not (link.text and space.islower() and space.isascii()):  # categories, files, other languages
            code.remove(link)
    for template in code.filter_templates():
        if template.name.strip().lower() in _SHOWN and template.has(1):
            last = max(int(str(each.name)) for each in template.params if str(each.name).isdecimal())
            code.replace(template, str(template.get(last).value))
    for table in code.filter_tags(matches=lambda tag: tag.tag == "table"):
        rows = table.contents.filter_tags(matches=lambda tag: tag.tag == "tr")
        code.replace(table, "\n".join(["", *lines_of(map(_cells, rows)), ""]))
    blocks = (" ".join(line.split()) for line in code.strip_code().split("\n"))
    return "\n\n".join(filter(None, blocks)), day


def _cells(row: Any) -> Iterator[Cell]:
    for cell in row.contents.filter_tags(matches=lambda tag: tag.tag in ("td", "th")):
        columns, rows = (span_of(cell.get(n).value if cell.has(n) else 1) for n in ("colspan", "rowspan"))
        yield Cell(cell.contents.strip_code().strip(), columns, rows)
