"""What a reader is shown and what it tells: windows of text, and the words marked in each sentence of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from rag.documents import Span
from rag.encoding.model_folders import ModelIdentity


class Window(NamedTuple):
    """A text to read and the sentences in it, by offsets into it."""

    text: str
    sentences: tuple[Span, ...]


class Marked(NamedTuple):
    """The best words of one sentence, by offsets into the window, and how much better they are than "not here".

    ``margin`` is a difference of logits: above 0 the words answer, rather than nothing in the window. ``agreement``
    (0 to 1) is how far other likely words of the window are the same (:func:`rag.reader.spans.agreement`).
    """

    start: int
    end: int
    margin: float
    agreement: float = 1.0


class AnswerReader(Protocol):
    """Whatever marks the words of a text that answer a question; :mod:`rag.reader.loading` chooses one."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model it is: what is learnt of its margins is of no other."""
        ...

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        """For each window the best words of each of its sentences, None for one without words that could be read."""
        ...
