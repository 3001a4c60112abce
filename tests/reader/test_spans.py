"""Words are chosen by their logits, and where others are as likely that is told."""

from __future__ import annotations

import numpy as np
import pytest

from rag.documents import Float32
from rag.reader.spans import LONGEST, agreement, best_span


def logits_of(length: int, starts: dict[int, float], ends: dict[int, float]) -> Float32:
    """Those of the tokens named, and -20 elsewhere."""
    logits = np.full((length, 2), -20, dtype=np.float32)
    for column, told in enumerate((starts, ends)):
        for place, value in told.items():
            logits[place, column] = value
    return logits


@pytest.mark.parametrize(
    ("starts", "ends", "agrees"),
    [
        ({2: 9.0}, {4: 9.0}, 1.0),  # no other words
        ({2: 9.0, 20: 9.0}, {4: 9.0, 22: 9.0}, 0.42),  # others as likely elsewhere; from one to the other is likely too
        ({2: 9.0}, {4: 9.0, 5: 9.0}, 0.93),  # one word more as likely
        ({2: 9.0, 20: 6.0}, {4: 9.0, 22: 6.0}, 0.89),  # others, less likely
    ],
)
def test_agreement_falls_with_what_else_is_likely(
    starts: dict[int, float], ends: dict[int, float], agrees: float
) -> None:
    logits = logits_of(40, starts, ends)

    assert agreement(logits, best_span(logits, 0, 10)) == pytest.approx(agrees, abs=0.03)


def test_words_of_one_sentence_are_held_against_those_of_all() -> None:
    logits = logits_of(40, {2: 3.0, 20: 9.0}, {4: 3.0, 22: 9.0})

    assert best_span(logits, 0, 10)[:2] == (2, 4)
    assert agreement(logits, best_span(logits, 0, 10)) < 0.1
    assert agreement(logits, best_span(logits, 10, 40)) > 0.9


@pytest.mark.parametrize("length", [1, 2, LONGEST, LONGEST + 5])
def test_any_length_of_text_can_be_read(length: int) -> None:
    logits = np.zeros((length, 2), dtype=np.float32)

    assert 0 < agreement(logits, best_span(logits, 0, length)) <= 1
