"""A model's thoughts taken out of its text while it streams, in the ways in which servers let them through.

In tags (``<think>``, ``[THINK]``, ``<Thought>`` …), opened anywhere, or closed without having been opened, since some
chat templates write the opening tag into the prompt; or in the channels of gpt-oss, with their tokens or, where a
server dropped those, with the channels' bare names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.errors import AnswererError

_NAME = (
    r"(?:(?:internal|inner|chain_of)_|ant|seed:)?"
    r"(?:think(?:ing)?|thoughts?|reason(?:ing)?(?:_content)?|reflection|monologue|scratch_?pad)"
)
_LEFT, _RIGHT = r"(?:<\|?|◁)\s*", r"\s*(?:\|?>|▷)"
_CHANNEL = r"(?:<\|start\|>\s*assistant\s*)?<\|channel\|>\s*"
_OPEN = re.compile(
    rf"{_LEFT}(?:(?:begin|start)_(?:of_)?)?{_NAME}{_RIGHT}|\[THINK\]|{_CHANNEL}(?:analysis|commentary)[^<]{{0,40}}<\|message\|>",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    rf"{_LEFT}(?:/\s*|end_(?:of_)?){_NAME}{_RIGHT}|\[/THINK\]|{_CHANNEL}final[^<]{{0,40}}<\|message\|>", re.IGNORECASE
)
# The bare names of channels: at the very start, run into the first word or on a line of their own.
_BARE_OPEN = re.compile(r"\s*analysis(?=[^\W\d_a-z]|[ \t]*\n)")
_BARE_BEGUN = re.compile(r"\s*(?:a|an|ana|anal|analy|analys|analysi|analysis[ \t]*)?\Z")
_BARE_CLOSE = re.compile(rf"{_CLOSE.pattern}|assistant\s?final|\n[ \t]*final[ \t]*\n", re.IGNORECASE)
# What at the end of a text may be the beginning of a tag.
_BEGUN = re.compile(r"(?:<\|(?:start|channel)\|>.{0,80}|[<\[◁][^>\]▷]{0,40})\Z", re.DOTALL)
_LONGEST = 120  # characters that hold the end of a thought, however it is written


def without_thoughts(pieces: Iterable[str], unopened: bool = False) -> Iterator[str | None]:
    """The text that is answer, as it comes. None takes back all that came before: it was thought.

    ``unopened``: the model is known to think first without saying so; if it then never says that it is done, it did
    not. A thought without end is no answer. What was held back comes before an error of the pieces.
    """
    reader = _Reader(unopened)
    try:
        for piece in pieces:
            yield from reader.feed(piece)
    except AnswererError:
        yield from reader.finish()
        raise
    yield from reader.finish()


class _Reader:
    """Text in pieces in, answer text out. ``expected``: it is taken for thought that nothing opened."""

    def __init__(self, expected: bool) -> None:
        self._held, self._begun = "", False
        self._expected, self._closing = expected, _CLOSE if expected else None

    def feed(self, piece: str) -> Iterator[str | None]:
        self._held += piece
        while self._answers() and (tag := self._tag()):
            if tag.re is _CLOSE:
                yield None
                self._held, self._begun = self._held[tag.end() :], False
            else:
                yield from self._show(tag.start())
                self._held = self._held[len(tag.group()) :]
                self._closing = _BARE_CLOSE if tag.re is _BARE_OPEN else _CLOSE
        if self._closing is None:
            yield from self._show(self._ready())

    def finish(self) -> Iterator[str | None]:
        """What was held back."""
        if self._expected:
            self._expected, self._closing = False, None
            yield from self.feed("")
        if self._closing is None:
            yield from self._show(len(self._held))

    def _answers(self) -> bool:
        """Whether what is held is answer; a thought is passed over as far as it has come."""
        if self._closing and (end := self._closing.search(self._held)):
            self._held, self._closing, self._expected = self._held[end.end() :], None, False
        elif self._closing and not self._expected:
            self._held = self._held[-_LONGEST:]
        return self._closing is None

    def _tag(self) -> re.Match[str] | None:
        """The first tag, opening or closing."""
        bare = None if self._begun else _BARE_OPEN.match(self._held)
        found = [tag for tag in (bare, _OPEN.search(self._held), _CLOSE.search(self._held)) if tag]
        return min(found, key=lambda tag: tag.start(), default=None)

    def _ready(self) -> int:
        """How much of the text cannot be the beginning of a tag."""
        begun = None if self._begun else _BARE_BEGUN.match(self._held)
        begun = begun or _BEGUN.search(self._held)
        return begun.start() if begun else len(self._held)

    def _show(self, end: int) -> Iterator[str]:
        text, self._held = self._held[:end], self._held[end:]
        text = text if self._begun else text.lstrip()
        self._begun = self._begun or bool(text)
        if text:
            yield text
