"""Answers in JSON by a schema, where an endpoint offers it, as the text with markers that every other answer is.

The schema has the model give the words of the passage before the sentence that rests on them, and the passages as
numbers, so that no marker can be wrong in form. What is no JSON passes as it is: many endpoints take a schema and
leave it at that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any, Final

from rag.generation.endpoint_outcomes import failure
from rag.generation.prompt_passages import REFUSAL_TOKEN
from rag.text.answer_text import without_markup

_ITEM: Final = {
    "words_of_the_passage": {"type": "string", "description": "the few words of a passage that bear the sentence out"},
    "sentence": {"type": "string", "description": "one sentence of the answer, without passage numbers"},
    "passages": {"type": "array", "items": {"type": "integer"}, "description": "numbers of the passages it rests on"},
}
_SENTENCES: Final = {
    "type": "array",
    "description": "the answer; empty where the passages do not hold it",
    "items": {"type": "object", "properties": _ITEM, "required": list(_ITEM), "additionalProperties": False},
}
RESPONSE_FORMAT: Final = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"sentences": _SENTENCES},
            "required": ["sentences"],
            "additionalProperties": False,
        },
    },
}
_LIST = re.compile(r'\s*\{\s*"sentences"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
# What a small model gives for a sentence: the schema's own words, as in "sentence_number_2".
_ITS_OWN = frozenset(
    {"sentence", "sentences", "passage", "passages", "word", "words", "number", "answer", "string", "of", "the"}
)
_WORD = re.compile(r"[^\W\d_]+")
_MARKED = re.compile(r"\[\s*\d")
_BLOCK = re.compile(r"\s*(?:[-*+•]\s|\d{1,3}[.)]\s|\|)")


def unfolded(parts: Iterable[str | None], supports: MutableMapping[str, str]) -> Iterator[str | None]:
    """The parts of an answer as text, sentence by sentence where they are JSON; None passes.

    supports: gets for each sentence, as its words alone, the words that the model says bear it out. Raises
    AnswererError (``malformed``) for JSON of another shape.
    """
    reader = _Reader(supports)
    for part in parts:
        if part is None:
            reader = _Reader(supports)
            yield None
        else:
            yield from reader.feed(part)
    yield from reader.finish()


def _says(sentence: str) -> bool:
    """Whether there is anything in a sentence but the words of the schema."""
    words = _WORD.findall(sentence.lower())
    return not _ITS_OWN.issuperset(words) if words else any(char.isdecimal() for char in sentence)


class _Reader:
    def __init__(self, supports: MutableMapping[str, str]) -> None:
        self._supports = supports
        self._held, self._read = "", 0  # of JSON: how much of it was read
        self._plain = self._said = False

    def feed(self, part: str) -> Iterator[str]:
        self._held += part
        self._plain = self._plain or self._held.lstrip()[:1] not in ("", "{")
        if self._plain:
            text, self._held = self._held, ""
            yield text
        elif self._read or (begun := _LIST.match(self._held)):
            self._read = self._read or (begun.end() if begun else 0)
            yield from self._items()

    def finish(self) -> Iterator[str]:
        """Nothing of a whole answer; the token of a refusal where it has no sentence."""
        if self._plain or self._said or not self._held.strip():
            return
        if not self._read or not self._held[self._read :].strip().startswith("]"):
            raise failure("malformed")
        yield REFUSAL_TOKEN

    def _items(self) -> Iterator[str]:
        while True:
            between = _BETWEEN.match(self._held, self._read)
            start = between.end() if between else self._read
            try:
                item, self._read = json.JSONDecoder().raw_decode(self._held, start)
            except (ValueError, RecursionError):  # not yet whole, or the end of the list
                return
            yield from self._text(item)

    def _text(self, item: Any) -> Iterator[str]:
        if not isinstance(item, dict) or not isinstance(said := item.get("sentence"), str) or not _says(said):
            return
        words, passages = item.get("words_of_the_passage"), item.get("passages")
        if isinstance(words, str):
            self._supports[without_markup(said)] = words
        numbers = [n for n in passages if type(n) is int and n > 0] if isinstance(passages, list) else []
        markers = "" if _MARKED.search(said) else "".join(f"[{number}]" for number in numbers)
        lead = ("\n" if _BLOCK.match(said) else " ") if self._said else ""
        self._said = True
        yield f"{lead}{said.strip()} {markers}".rstrip()
