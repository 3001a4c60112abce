"""Signatures that tell reprints: two texts have signatures as alike as the words they share, in order.

MinHash (Broder 1997, "On the resemblance and containment of documents") over runs of three folded words: the share of
equal places estimates the Jaccard similarity of the two sets of runs. A second, shorter signature of the numbers tells
daily reports that differ in little else (weather, markets, scores) from reprints of one.

Between two publishers a story is reworded and cut, and still one story. Within one, or where none is told, texts that
share a form of words are often about different things, so that only next to the same text counts as the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.documents import UInt64
from rag.text.folding import normalise

RUN_PLACES: Final = 64
NUMBER_PLACES: Final = 16
PLACES: Final = RUN_PLACES + NUMBER_PLACES
REPRINT: Final = (0.6, 0.5)  # shares of the two signatures; one word in ten changed leaves about .6 of the runs
SAME_TEXT: Final = (0.9, 0.9)
_RUN_WORDS: Final = 3
_LEAST_WORDS: Final = 40  # fewer say too little to be told from a form of words
_AT_A_TIME: Final = 4096
_WORD = re.compile(r"\w+")

UInt32 = NDArray[np.uint32]

# Changing any of these, or the folding, needs another store.schema.SCHEMA_VERSION: signatures are stored.
_random = np.random.Generator(np.random.PCG64(2011))
_MIXERS: Final[UInt64] = _random.integers(0, 2**63, PLACES, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_ORDER: Final[UInt64] = _random.integers(0, 2**63, _RUN_WORDS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def signature_of(text: str) -> bytes:
    """(PLACES,) uint32, little endian; empty for a text too short to compare."""
    words = _WORD.findall(normalise(text))
    if len(words) < _LEAST_WORDS:
        return b""
    hashed = [_hash(word) for word in words]
    hashes = np.array([value for value, _ in hashed], dtype=np.uint64)
    ends = len(words) - _RUN_WORDS + 1
    runs = sum((hashes[place : place + ends] * _ORDER[place] for place in range(_RUN_WORDS)), np.zeros(ends, np.uint64))
    numbers = np.array([value for value, has_digit in hashed if has_digit], dtype=np.uint64)
    parts = (_least(_mixed(runs), _MIXERS[:RUN_PLACES]), _least(numbers, _MIXERS[RUN_PLACES:]))
    return np.concatenate(parts).astype("<u4").tobytes()


def read_signatures(stored: Sequence[bytes]) -> UInt32:
    """(n, PLACES), from signatures that are not empty."""
    return np.frombuffer(b"".join(stored), dtype="<u4").reshape(-1, PLACES)


def alike(first: UInt32, second: UInt32, publishers_differ: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows of two (n, PLACES) arrays are of one story; publishers_differ: (n,), both told and not the same."""
    same = first == second
    runs, numbers = same[:, :RUN_PLACES].mean(axis=1), same[:, RUN_PLACES:].mean(axis=1)
    reprint = publishers_differ & (runs >= REPRINT[0]) & (numbers >= REPRINT[1])
    return np.asarray(reprint | ((runs >= SAME_TEXT[0]) & (numbers >= SAME_TEXT[1])))


@lru_cache(1 << 16)
def _hash(word: str) -> tuple[int, bool]:
    """Of a word, and whether it holds a digit."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little"), any(map(str.isdigit, word))


def _mixed(values: UInt64) -> UInt64:
    """The finaliser of splitmix64: every bit of a sum comes to depend on every other."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: UInt64 = values ^ (values >> np.uint64(31))
    return mixed


def _least(values: UInt64, mixers: UInt64) -> UInt32:
    """For each mixer the least of the values it gives; the highest number there is where there are no values."""
    least = np.full(len(mixers), np.iinfo(np.uint32).max, dtype=np.uint32)
    for start in range(0, len(values), _AT_A_TIME):
        products = values[start : start + _AT_A_TIME, None] * mixers
        np.minimum(least, (products >> np.uint64(32)).astype(np.uint32).min(axis=0), out=least)
    return least
