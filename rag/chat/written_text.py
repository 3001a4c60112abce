"""What a language model writes, drawn: paragraphs, lists, bold words and simple tables, by markdown-it.

The rules for raw HTML, links and pictures are off, so that a text can only ever become one of the elements named here,
and what is drawn comes from :mod:`rag.rendering` like everything else. Where a sentence ends, its markers stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rag.rendering import EMPTY, Html, element, escape, join

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

# A sentence's begin and end within the text, by its number; what a model writes of these codes is taken out.
_BEGIN, _END, _CODES = "\ue000", "\ue001", re.compile("[\ue000\ue001]")
_PLACE = re.compile(f"([{_BEGIN}{_END}]\\d+;)")
_BLOCK_MARK = re.compile(r"\s*(?:(?:[-*+•]|\d{1,3}[.)]|#{1,6})\s+|\|)")
_TAGS = {
    **{name: name for name in ("strong", "em", "table", "thead", "tbody", "tr", "th", "td")},
    **{"paragraph": "p", "heading": "p", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li"},
}
_RULES = ["list", "table", "heading", "emphasis", "escape", "newline"]


class Said(NamedTuple):
    """A sentence in Markdown, what stands before it, its markers, and the flag of one that is doubtful."""

    text: str
    lead: str = " "
    markers: Html = EMPTY
    flag: Html = EMPTY


def draw(sentences: Sequence[Said]) -> list[Html]:
    """The blocks that the sentences make, each sentence in a ``said``, a doubtful one in an ``unsupported`` span.

    Where a sentence would be lost, as what a row has beyond its table's head, they are one paragraph instead.
    """
    from markdown_it.tree import SyntaxTreeNode

    pairs = enumerate(pairwise([Said(""), *sentences]))
    lines = [_lead(before, said) + _placed(number, said.text) for number, (before, said) in pairs]
    tree = SyntaxTreeNode(_markdown().parse("".join(lines).strip()))
    kept = "".join(node.content for node in tree.walk() if node.type == "text")
    if any(place not in kept for line in lines for place in _PLACE.findall(line)):
        return [element("p", {"dir": "auto"}, join((_sentence([escape(each.text)], each) for each in sentences), " "))]
    return list(_drawn(tree, sentences))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # lazy: only a written answer needs it

    return MarkdownIt("zero").enable(_RULES)


def _lead(before: Said, said: Said) -> str:
    """What stands before a sentence; a row of a table is a line, and what follows the last one another paragraph."""
    rows = before.text.rstrip().endswith("|"), said.text.lstrip().startswith("|")
    return said.lead if rows == (False, False) else "\n" if rows == (True, True) else "\n\n"


def _placed(number: int, text: str) -> str:
    """The text with its place noted inside the list item, the table's row or the paragraph that it makes."""
    text = _CODES.sub("", text)
    if not re.search(r"\w", text):  # the rule between the rows of a table
        return text
    mark = _BLOCK_MARK.match(text)
    start, row = (mark.end() if mark else 0), text.rstrip().endswith("|")
    body, closing = (text.rstrip()[:-1], " |") if row and start < len(text.rstrip()) else (text, "")
    lead = text[:start].replace("•", "-")
    return f"{lead}{_BEGIN}{number};{body[start:]}{_END}{number};{closing}"


def _drawn(node: SyntaxTreeNode, sentences: Sequence[Said]) -> Iterator[Html]:
    """The children of a node. A sentence that begins and ends within it is wrapped; its markers stand in any case."""
    parts: list[Html] = []
    begun = 0
    for child in node.children:
        for piece in _PLACE.split(child.content) if child.type == "text" else [child]:
            if not isinstance(piece, str):
                parts += _element(piece, sentences)
            elif not _PLACE.fullmatch(piece):
                parts.append(escape(piece))
            elif piece.startswith(_BEGIN):
                begun = len(parts)
            else:
                said = sentences[int(piece[1:-1])]
                parts[begun:] = [_sentence(parts[begun:], said)]
                begun = len(parts)
    yield from parts


def _element(node: SyntaxTreeNode, sentences: Sequence[Said]) -> Iterator[Html]:
    if node.type in ("softbreak", "hardbreak"):
        yield escape(" ")
    elif node.type in _TAGS:
        style = "heading" if node.type == "heading" else None
        start = node.attrs.get("start") if node.type == "ordered_list" else None
        block = {"class": style, "start": start, "dir": "auto" if node.type in ("paragraph", "heading") else None}
        yield element(_TAGS[node.type], block, *_drawn(node, sentences))
    else:
        yield from _drawn(node, sentences) if node.children else [escape(node.content)]


def _sentence(parts: Sequence[Html], said: Said) -> Html:
    shown = element("span", {"class": "said"}, *parts, said.markers)
    return element("span", {"class": "unsupported"}, shown, " ", said.flag) if said.flag else join([shown])
