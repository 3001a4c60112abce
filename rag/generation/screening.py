"""A model's text on its way to the reader: what is not answer is taken out while it streams.

A reasoning model's ``<think>`` block is dropped, and a line from where it repeats the prompt's code, since what follows
is the fence of a passage ("… end of passage 2"); the prompt's refusal token ends the answer.
"""

from __future__ import annotations

import re

from rag.generation.prompt_passages import REFUSAL_TOKEN

_THINKING, _THOUGHT = "<think>", "</think>"


class Refused(Exception):
    """The model says, by the prompt's token, that the passages do not hold the answer. A state, not a failure."""


class Screen:
    """Text in pieces in, answer text out. Raises Refused once the refusal token is whole, whatever its case."""

    def __init__(self, delimiter: str) -> None:
        self._reserved = (REFUSAL_TOKEN.lower(), delimiter.lower())
        self._repeated = re.compile(rf"{re.escape(delimiter)}[^\n]*", re.IGNORECASE)
        self._held = ""
        self._state = "opening"  # then "thinking" or "answering"

    def feed(self, piece: str) -> str:
        """What is ready of the text so far."""
        self._held += piece
        while self._state != "answering":
            before = self._state, self._held
            self._open() if self._state == "opening" else self._think()
            if (self._state, self._held) == before:
                return ""  # nothing more to tell until the next piece
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
        """What was held back. A thought without end is no answer."""
        text, self._held = ("" if self._state == "thinking" else self._held), ""
        return self._repeated.sub("", text)

    def _open(self) -> None:
        self._held = self._held.lstrip()
        if self._held.startswith(_THINKING):
            self._state = "thinking"
        elif not _THINKING.startswith(self._held):
            self._state = "answering"

    def _think(self) -> None:
        _, thought, rest = self._held.partition(_THOUGHT)
        if thought:
            self._state, self._held = "opening", rest
        else:
            self._held = self._held[-len(_THOUGHT) :]  # enough to see the end come


def _overlap(text: str, word: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of ``word``."""
    return next((size for size in range(min(len(text), len(word) - 1), 0, -1) if text.endswith(word[:size])), 0)
