"""RTF by striprtf, after a first pass for what it does not know: hidden text goes, notes and text boxes come last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rag.errors import ArticleError
from rag.formats.drafts import Find, draft_from_fields
from rag.formats.markup import raised
from rag.formats.tables import LONG_CELL, row_of

_TOKEN = re.compile(
    r"(?P<aside>\{\s*(?:\\\*)?\s*\\(?:footnote|shptxt)(?![a-zA-Z])-?\d* ?)"
    r"|(?P<brace>[{}])"
    r"|\\bin(?P<bytes>\d+) ?"
    r"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    r"|\\'[0-9a-fA-F]{2}|\\.|[^\\{}]+|\\",
    re.DOTALL,
)
_EMPTY_LINE_AFTER: Final = {"par": r"\par\par ", "row": r"\row\par "}  # as between paragraphs, so between rows
_FIELDS: Final = {"title": "title", "author": "author"}
_HINT: Final = "Give it the suffix of what it is."


def read_rtf(data: bytes) -> Iterator[Find]:
    """One article. Raises ArticleError for what is no RTF, or has no text."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ArticleError("It is not RTF, though it is named so.", _HINT)
    # Bytes that are no ASCII as RTF writes them, so that the encoding of their font reads them.
    source = re.sub(r"[\x80-\xff]", lambda found: f"\\'{ord(found[0]):02x}", data.decode("latin-1"))
    body, aside = _visible(source)
    end = body.rfind("}")
    text = _plain(f"{body[:end]}{aside}}}" if end > 0 else body + aside)
    yield draft_from_fields(_information(source), body="\n".join(map(_row, text.split("\n"))))


def _visible(source: str) -> tuple[str, str]:
    """(the document, its notes and text boxes), without what is hidden or was deleted, and without binary data."""
    body: list[str] = []
    aside: list[str] = []
    groups: list[tuple[bool, bool, list[str]]] = []
    row = _Row()
    hidden, above, out, at = False, False, body, 0
    while found := _TOKEN.match(source, at):
        piece, word = found[0], found["word"] or ""
        at = found.end() + int(found["bytes"] or 0)
        if found["aside"] or piece == "{":
            groups.append((hidden, above, out))
            out = aside if found["aside"] else out
            out.append(r"{\par\par " if found["aside"] else piece)
        elif piece == "}":
            out.append(piece)
            hidden, above, out = groups.pop() if groups else (hidden, above, out)
        elif piece == r"\*" and out[-1:] != ["{"]:
            continue  # it marks what begins a group: StarOffice writes it before words of styles, too
        elif word in ("v", "deleted", "fldinst", "plain"):
            hidden, above = word != "plain" and found["number"] != "0", above and word != "plain"
            out.append(piece if word == "plain" else "")
        elif not found["bytes"] and (not hidden or word not in ("", "u")):
            above = found["number"] != "0" if word == "super" else above and word != "nosupersub"
            piece = "".join(f"\\u{ord(char)}?" for char in raised(piece)) if above and piece[0].isdigit() else piece
            out.append(_EMPTY_LINE_AFTER.get(word, piece))
            row.see(word, out)
    return "".join(body), "".join(aside)


class _Row:
    """The row of a table that is being read: which of its cells go on others, by the words of its definition."""

    def __init__(self) -> None:
        self._merged, self._next = list[str](), ""
        self._above: dict[int, list[str]] = {}
        self._column = self._begins = 0

    def see(self, word: str, out: list[str]) -> None:
        """After each word: the cell that it ends gets the words of the one above it, or is no cell, as is said."""
        if word == "trowd":
            self._merged.clear()
        elif word in ("clvmrg", "clmrg"):
            self._next = word
        elif word == "cellx":
            self._merged.append(self._next)
            self._next = ""
        elif word == "cell":
            how = self._merged[self._column] if self._column < len(self._merged) else ""
            if is_short := _letters(out[self._begins :]) <= LONG_CELL:  # its paragraphs are no lines of the table
                out[self._begins :] = [
                    " " if piece == _EMPTY_LINE_AFTER["par"] else piece for piece in out[self._begins :]
                ]
            if how == "clmrg":
                out[self._begins :] = [" "]  # which ends the word before it
            elif how == "clvmrg":
                out[-1:-1] = self._above.get(self._column, [])
            else:
                own = [piece for piece in out[self._begins : -1] if piece not in ("{", "}")]
                self._above[self._column] = own if is_short else []
            self._column += 1
        if word in ("trowd", "row"):
            self._column = 0
        if word in ("trowd", "row", "cell"):
            self._begins = len(out)


def _letters(pieces: Sequence[str]) -> int:
    """How many letters some pieces have: words that are none begin with a backslash, those of other encodings too."""
    return sum(piece[1:2] in ("'", "u") if piece.startswith("\\") else len(piece) for piece in pieces)


def _plain(rtf: str) -> str:
    from striprtf.striprtf import rtf_to_text

    text: str = rtf_to_text(rtf, errors="replace")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # characters that came in two halves


def _row(line: str) -> str:
    """A row of a table, which has a bar after each cell."""
    return row_of([cell.strip() for cell in line.split("|")[:-1]]) if line.endswith("|") else line


def _information(source: str) -> dict[str, str]:
    page = re.search(r"\\ansicpg\d+", source)
    fields = {}
    for name, word in _FIELDS.items():
        if found := re.search(rf"\{{\s*(?:\\\*)?\s*\\{word}(?![a-zA-Z]) ?([^{{}}]*)\}}", source):
            fields[name] = _plain(f"{{\\rtf1{page[0] if page else ''} {found[1]}}}").strip()
    return fields
