"""Documents of XML as blocks of text: DOCX, OpenDocument and PPTX have the same parts by other names.

A paragraph is a block, and so is a table, each of its rows a line; what hangs on a paragraph (a note, a text box) comes
after it. Names are those without their namespaces: Word has two of these, by whether a document is strict.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Set
from enum import Enum
from typing import Any, ClassVar

from rag.formats.markup import raised
from rag.formats.tables import Cell, lines_of

_SPACE = re.compile("[ \t\r\n]+")
_SPACES = re.compile(" {2,}")


class ElementMark(Enum):
    """What a format says of an element. Hidden is what is in the document and not shown, and is counted."""

    PLAIN, RAISED, TITLE, HIDDEN, NO_TEXT = range(5)


class BlockReader(ABC):
    """Reads the blocks of a document, by the names that Office gives its parts. ``hidden`` counts what was left out.

    text: what alone holds letters; empty where anything in a paragraph does. drawn: what stands for a character.
    hanging: what is read after the paragraph or the table it is in. left_out: what is no text of the document.
    """

    paragraphs: ClassVar[Set[str]] = {"p"}
    table, row, cell, text = "tbl", "tr", "tc", "t"
    drawn: ClassVar[Mapping[str, str]] = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    hanging: ClassVar[Set[str]] = {"txbxContent"}
    left_out: ClassVar[Set[str]] = frozenset()

    def __init__(self) -> None:
        self.title = ""
        self.hidden = 0

    def blocks(self, element: Any) -> Iterator[str]:
        """The text of each paragraph, and of each table, below ``element``, in order."""
        for child, mark in self._shown(element):
            name = name_of(child)
            if name in self.paragraphs:
                yield from self._paragraph(child, mark)
            elif name == self.table:
                yield from filter(None, ["\n".join(lines_of(map(self.cells, self._parts(child, self.row))))])
                for each in child:
                    yield from self.blocks(each) if name_of(each) in self.hanging else ()
            else:
                yield from self.other(child)

    @abstractmethod
    def mark(self, element: Any) -> ElementMark:
        """What is to be known of an element, beyond its name."""

    @abstractmethod
    def spanning(self, cell: Any, words: str) -> Iterator[Cell]:
        """A cell that holds ``words``, with what it spans; none where another covers it."""

    def hung(self, element: Any) -> Any:
        """What is to be read after the paragraph that ``element`` is in, None where it is a piece of it."""
        return element if name_of(element) in self.hanging else None

    def drawn_as(self, element: Any) -> str:
        """The character that an element stands for; empty where it is none."""
        return self.drawn.get(name_of(element), "")

    def other(self, element: Any) -> Iterator[str]:
        """The blocks of what is neither a paragraph nor a table."""
        return self.blocks(element)

    def cells(self, row: Any) -> Iterator[Cell]:
        """The cells of a row."""
        for cell in self._parts(row, self.cell):
            yield from self.spanning(cell, "\n".join(self.blocks(cell)))

    def _paragraph(self, paragraph: Any, mark: ElementMark) -> Iterator[str]:
        hung: list[Any] = []
        text = _SPACES.sub(" ", "".join(self._pieces(paragraph, hung))).strip()
        self.title = self.title or (text if mark is ElementMark.TITLE else "")
        yield from filter(None, [text])
        for each in hung:
            yield from self.blocks(each)

    def _pieces(self, element: Any, hung: list[Any]) -> Iterator[str]:
        holds_text = self.text in ("", name_of(element))
        yield _SPACE.sub(" ", element.text or "") if holds_text else ""
        shown = dict(self._shown(element))
        for child in element:
            if drawn := self.drawn_as(child):
                yield drawn
            elif child in shown and (after := self.hung(child)) is not None:
                hung.append(after)
            elif child in shown:
                pieces = self._pieces(child, hung)
                yield from map(raised, pieces) if shown[child] is ElementMark.RAISED else pieces
            yield _SPACE.sub(" ", child.tail or "") if holds_text else ""

    def _parts(self, element: Any, name: str) -> Iterator[Any]:
        """The rows of a table or the cells of a row, also those in groups; not those of a table within."""
        for child, _ in self._shown(element):
            if name_of(child) == name:
                yield child
            elif name_of(child) not in (self.table, *self.hanging):
                yield from self._parts(child, name)

    def _shown(self, element: Any) -> Iterator[tuple[Any, ElementMark]]:
        """What an element holds that is read; of what is there twice, for older programs too, the first."""
        for child in element[:1] if name_of(element) == "AlternateContent" else element:
            mark = ElementMark.NO_TEXT if name_of(child) in ("", *self.left_out) else self.mark(child)
            self.hidden += mark is ElementMark.HIDDEN
            if mark not in (ElementMark.HIDDEN, ElementMark.NO_TEXT):
                yield child, mark


def name_of(element: Any) -> str:
    """An element's name; empty of a comment."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def attributes(element: Any, name: str) -> list[str]:
    """The values of an element's attributes of this name."""
    return [str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name]


def attribute(element: Any, name: str) -> str:
    """The value of an attribute; empty where it, or the element, is not there."""
    return next(iter(attributes(element, name)), "") if element is not None else ""


def left_out(*counted: tuple[int, str]) -> tuple[str, ...]:
    """Warnings of what was left out, with its count."""
    return tuple(f"left out {what}: {count}" for count, what in counted if count)
