"""A model's text on its way to the reader: what is not answer is taken out while it streams.

A line is dropped from where it repeats the prompt's code, since what follows is the fence of a passage ("… end of
passage 2"); the prompt's refusal token ends the answer. Thoughts are gone before (:mod:`rag.generation.thinking`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.errors import AnswererError
from rag.generation.prompt_passages import REFUSAL_TOKEN


class Refused(Exception):
    """The model says, by the prompt's token, that the passages do not hold the answer. A state, not a failure."""


class Screen:
    """Text in pieces in, answer text out. Raises Refused once the refusal token is whole, whatever its case."""

    def __init__(self, delimiter: str) -> None:
        self._reserved = (REFUSAL_TOKEN.lower(), delimiter.lower())
        self._repeated = re.compile(rf"{re.escape(delimiter)}[^\n]*", re.IGNORECASE)
        self._held = ""

    def feed(self, piece: str) -> str:
        """What is ready of the text so far."""
        self._held += piece
        if REFUSAL_TOKEN.lower() in self._held.lower():
            raise Refused
        *lines, line = self._held.split("\n")
        self._held = "\n".join([*(self._repeated.sub("", whole) for whole in lines), line])
        fence = self._repeated.search(self._held)  # its line may have more to come
        ready = len(self._held) - max(_overlap(self._held.lower(), word) for word in self._reserved)
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
    screen, refused = Screen(delimiter), False
    try:
        for part in parts:
            if part is None:
                screen, refused = Screen(delimiter), False
                yield None
            elif not refused:
                try:
                    yield screen.feed(part)
                except Refused:
                    refused = True
    except AnswererError:
        if not refused:
            yield screen.finish()
            raise
    if refused:
        raise Refused
    yield screen.finish()


def _overlap(text: str, word: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of ``word``."""
    return next((size for size in range(min(len(text), len(word) - 1), 0, -1) if text.endswith(word[:size])), 0)
