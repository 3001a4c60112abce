"""What is learnt from, in which shares: a seeded plan of (question, window of a context, span) triples.

Most useful first are pairs whose question and context differ in language: XQuAD has the same questions over the same
paragraphs in nine languages, so any question goes with any context. Windows are cut at random around the answer. Some
lie beside it, and some in the text that a search would have found instead: they teach when to say "not here".
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.encoding.bundled_tokenizer import BundledTokenizer, Tokens
from rag.reader.bundled_reader import Pair, ReadingTokens
from training.examples import ARCD, XQUAD, Example
from training.neighbours import Neighbours

QUESTION_WEIGHTS = {"en": 5.0, "ar": 3.0, "es": 2.0}  # of a pair's question language; others 1
CONTEXT_WEIGHTS = {"ar": 7.0, "en": 2.5}  # of its context language; others 1
SHARES = {  # of all draws
    XQUAD: 0.22,
    "squadshifts-new_wiki": 0.22,
    "squadshifts-reddit": 0.1,
    "squadshifts-amazon_reviews": 0.08,
    "piaf": 0.11,
    "pquad": 0.17,
    ARCD: 0.05,
    "qamr": 0.05,
}
WINDOWS = ((96, 0.2), (192, 0.35), (352, 0.45))  # tokens of context shown, with the share of draws
BESIDE, STRANGE = 0.10, 0.14  # shares of draws whose window lies beside the answer, or in another context
NEAREST = 4  # contexts, by the keywords they share with the question, of which a strange one is drawn


class Lesson(NamedTuple):
    """Token ids of one sequence and the span to mark, both ends inside; (0, 0) is "not here"."""

    ids: list[int]
    context_at: int
    start: int
    end: int


@dataclass(frozen=True)
class _Reading:
    """An example with its tokens."""

    example: Example
    context: Tokens

    def spans(self) -> list[tuple[int, int]]:
        """Token spans (both ends inside) of the answers."""
        return [span for start, end in self.example.answers if (span := token_span(self.context, start, end))]


def token_span(tokens: Tokens, start: int, end: int) -> tuple[int, int] | None:
    """First and last token that touch the characters [start, end); None where none does."""
    inside = [i for i, (left, right) in enumerate(tokens.spans.tolist()) if left < end and right > start]
    return (inside[0], inside[-1]) if inside else None


class Mixture:
    """Draws lessons; the same seed gives the same lessons."""

    def __init__(self, examples: Sequence[Example], tokenizer: BundledTokenizer, seed: int) -> None:
        self._random = random.Random(seed)
        self._tokens = ReadingTokens(tokenizer)
        self._contexts: dict[str, Tokens] = {}
        self._tokenizer = tokenizer
        self._pools: dict[str, list[Example]] = defaultdict(list)
        self._parallel: dict[str, dict[str, Example]] = defaultdict(dict)
        texts: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for one in examples:
            if not one.held_out:
                self._add(one)
                texts[one.source, one.language][one.context] = None
        for pool in self._pools.values():
            self._random.shuffle(pool)
        self._neighbours = {
            (source, language): Neighbours.of(list(held), language) for (source, language), held in texts.items()
        }

    def lessons(self, count: int) -> Iterator[Lesson]:
        """``count`` lessons, sources interleaved; each source is gone through in order before any of it repeats.

        Fewer lessons of the same seed are the beginning of more, so that a run can be cut short.
        """
        names, shares = zip(*SHARES.items(), strict=True)
        taken: dict[str, int] = defaultdict(int)
        for _ in range(count):
            (name,) = self._random.choices(names, shares)
            pool = self._pools[name]
            yield self._lesson(pool[taken[name] % len(pool)])
            taken[name] += 1

    def _add(self, one: Example) -> None:
        if one.source == XQUAD:
            if one.language == "ar":
                self._pools[XQUAD].append(one)
            self._parallel[one.id][one.language] = one
        else:
            self._pools[one.source].append(one)

    def _lesson(self, one: Example) -> Lesson:
        question = one.question
        if one.source == XQUAD:
            question = self._pick(self._parallel[one.id], QUESTION_WEIGHTS).question
            one = self._pick(self._parallel[one.id], CONTEXT_WEIGHTS)
        kind = self._random.random()
        if kind < STRANGE and (other := self._stranger(one)):
            return self._window(question, self._tokenize(other), None)
        reading = _Reading(one, self._tokenize(one.context))
        spans = reading.spans()
        span = self._random.choice(spans) if spans else None
        if span and STRANGE <= kind < STRANGE + BESIDE and (beside := self._beside(reading, spans)):
            return self._window(question, beside, None)
        return self._window(question, reading.context, span)

    def _pick(self, versions: dict[str, Example], weights: dict[str, float]) -> Example:
        languages = sorted(versions)
        (language,) = self._random.choices(languages, [weights.get(each, 1.0) for each in languages])
        return versions[language]

    def _stranger(self, one: Example) -> str | None:
        """Another context that shares keywords with the question, in the context's language, and holds no answer."""
        answers = [one.context[start:end] for start, end in one.answers]
        others = [
            text
            for text in self._neighbours[one.source, one.language].nearest(one.question, 2 * NEAREST)
            if text != one.context and not any(answer in text for answer in answers)
        ]
        return self._random.choice(others[:NEAREST]) if others else None

    def _beside(self, reading: _Reading, spans: list[tuple[int, int]]) -> Tokens | None:
        """The longer part of the context before or after all answers; None where too little is left."""
        first, last = min(start for start, _ in spans), max(end for _, end in spans)
        ids, places = reading.context
        before, after = Tokens(ids[:first], places[:first]), Tokens(ids[last + 1 :], places[last + 1 :])
        longer = max(before, after, key=lambda part: len(part.ids))
        return longer if len(longer.ids) >= 24 else None

    def _window(self, question: str, context: Tokens, span: tuple[int, int] | None) -> Lesson:
        sizes, shares = [size for size, _ in WINDOWS], [share for _, share in WINDOWS]
        (size,) = self._random.choices(sizes, shares)
        total = len(context.ids)
        low, high = (max(0, span[1] + 1 - size), min(span[0], max(0, total - size))) if span else (0, total - size)
        at = self._random.randint(min(low, high), high) if total > size else 0  # a longer answer is cut at its end
        pair: Pair = self._tokens.pair(self._question(question), context.ids[at : at + size])
        if span is None:
            return Lesson(pair.ids, pair.context_at, 0, 0)
        shift = pair.context_at - at
        return Lesson(pair.ids, pair.context_at, span[0] + shift, min(span[1], at + size - 1) + shift)

    def _question(self, question: str) -> list[int]:
        return self._tokenize(question).ids

    def _tokenize(self, text: str) -> Tokens:
        if text not in self._contexts:
            (self._contexts[text],) = self._tokenizer.tokenize([text])
        return self._contexts[text]
