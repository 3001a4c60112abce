"""Rows of tables, the same in every format: a row is one line, with the words of what spans rows in each it covers.

So a quote can hold a row whole: ``Sfax | 2023 | 12000``, where the table says the name of the town once for ten years.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

# Characters; a guess: what has several lines and more than that is no value of a table, and is not said twice.
LONG_CELL: Final = 200
MOST_ROWS: Final = 1_000  # that a cell may span; a guess: one of more is the background of a sheet
_MOST_REPEATED: Final = 100_000  # cells of a table that are said again: a bound


class Cell(NamedTuple):
    """What a cell says and how much of the table it covers.

    words: None where it goes on what stands above it, as Word has it. column: where it stands, if its file tells.
    element: what it was read of.
    """

    words: str | None
    columns: int = 1
    rows: int = 1
    column: int | None = None
    element: Any = None

    @property
    def is_said_again(self) -> bool:
        """Whether each row that it covers is to have its words."""
        return len(self.words or "") <= LONG_CELL and self.rows <= MOST_ROWS


def span_of(value: object) -> int:
    """A number of rows or columns as files write it; 1 where it is none."""
    return max(1, int(text)) if (text := str(value)).isdecimal() and len(text) < 6 else 1


def spread(rows: Iterable[Iterable[Cell]]) -> Iterator[dict[int, Cell]]:
    """Each row as column -> cell, with the cells that cover it from above, unless it says nothing of its own."""
    above: dict[int, Cell] = {}
    ends: dict[int, int] = {}  # column -> the first row that the cell above no longer covers
    repeated = 0
    for number, row in enumerate(rows):
        own, column = dict[int, Cell](), 0
        for cell in row:
            column = column if cell.column is None else cell.column
            if cell.words is None:
                ends[column] = number + 1
            else:
                while ends.get(column, 0) > number:
                    column += max(1, above[column].columns)
                own[column] = above[column] = cell
                ends[column] = number + cell.rows
            column += max(1, cell.columns)
        ends = {at: end for at, end in ends.items() if end > number and at in above}
        again = {at: above[at] for at in ends if at not in own and above[at].is_said_again}
        repeated += len(again)
        if repeated > _MOST_REPEATED:  # it is made to grow
            ends, again = {}, {}
        yield dict(sorted({**own, **again}.items())) if any(cell.words for cell in own.values()) else own


def lines_of(rows: Iterable[Iterable[Cell]]) -> list[str]:
    """The rows of a table that say anything, a line each."""
    lines = (row_of([cell.words or "" for cell in row.values()]) for row in spread(rows))
    return list(filter(None, lines))


def row_of(cells: Sequence[str]) -> str:
    """The cells of a row on one line; each on its own where they hold blocks of text, as where a table is a layout."""
    blocks = any("\n" in cell and (len(cell) > LONG_CELL or " | " in cell) for cell in cells)
    if blocks or sum(map(bool, cells)) < 2:
        return "\n".join(filter(None, cells))
    return " | ".join(" ".join(cell.split("\n")) for cell in cells if cell)
