"""A model's text on its way to the reader: what is not answer is taken out while it streams.

A line is dropped from where it repeats the prompt's code, since what follows is the fence of a passage ("… end of
passage 2"); the prompt's refusal token, in any way that models write it, ends the answer. Thoughts are gone before
(:mod:`rag.generation.thinking`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.errors import AnswererError
from rag.generation.prompt_passages import REFUSAL_TOKEN


class Refused(Exception):
    """The model says, by the prompt's token, that the passages do not hold the answer. A state, not a failure."""


def _begun(parts: Sequence[str]) -> str:
    """A pattern of the beginnings of what the parts make together."""
    first, *rest = parts
    return f"{first}(?:{_begun(rest)})?" if rest else first


# The token as models write it: NOT\_IN\_PASSAGES in Markdown; NOT IN PASSAGES, which in small letters is a sentence's.
_ESCAPED, _APART = (REFUSAL_TOKEN.replace("_", between) for between in (r"\\?_", r"\\?[_ -]"))
_TOKEN = re.compile(rf"(?i:{_ESCAPED})|\b{_APART}\b")
_BEGUN = re.compile(_begun([r"\\?[_ -]" if char == "_" else char for char in REFUSAL_TOKEN]) + r"\\?\Z", re.IGNORECASE)


class Screen:
    """Text in pieces in, answer text out, up to the refusal token; then ``refused`` is true and nothing comes."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter.lower()
        self.refused = False
        self._repeated = re.compile(rf"{re.escape(delimiter)}[^\n]*", re.IGNORECASE)
        self._held = ""

    def feed(self, piece: str) -> str:
        """What is ready of the text so far."""
        self._held += "" if self.refused else piece
        token = _TOKEN.search(self._held)
        if token is not None:
            self.refused, self._held = True, self._held[: token.start()]
            return self.finish()
        *lines, line = self._held.split("\n")
        self._held = "\n".join([*(self._repeated.sub("", whole) for whole in lines), line])
        fence = self._repeated.search(self._held)  # its line may have more to come
        begun = _BEGUN.search(self._held)
        ready = len(self._held) - _overlap(self._held.lower(), self._delimiter)
        ready = ready if begun is None else min(ready, begun.start())
        ready = ready if fence is None else fence.start()
        text, self._held = self._held[:ready], self._held[ready:]
        return text

    def finish(self) -> str:
        """What was held back."""
        text, self._held = self._held, ""
        return self._repeated.sub("", text)


def screened(parts: Iterable[str | None], delimiter: str) -> Iterator[str | None]:
    """The parts without what is no answer; None, which takes back what came before, passes.

    Raises Refused at the end only, since a refusal may be taken back. What was held comes before an error of the parts.
    """
    screen = Screen(delimiter)
    try:
        for part in parts:
            if part is None:
                screen = Screen(delimiter)
                yield None
            else:
                yield screen.feed(part)
    except AnswererError:
        if not screen.refused:
            yield screen.finish()
            raise
    if screen.refused:
        raise Refused
    yield screen.finish()


def _overlap(text: str, word: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of ``word``."""
    return next((size for size in range(min(len(text), len(word) - 1), 0, -1) if text.endswith(word[:size])), 0)
