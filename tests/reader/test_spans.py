"""The best span against every span tried in turn."""

from __future__ import annotations

import numpy as np
import pytest

from rag.reader.spans import LONGEST, best_span


@pytest.mark.parametrize("seed", range(20))
def test_the_best_of_all_spans(seed: int) -> None:
    random = np.random.default_rng(seed)
    logits = random.standard_normal((50, 2)).astype(np.float32)
    start, stop = sorted(random.choice(51, 2, replace=False).tolist())
    spans = [(i, j) for i in range(start, stop) for j in range(i, min(stop, i + LONGEST))]
    best = max(spans, key=lambda span: logits[span[0], 0] + logits[span[1], 1])
    found = best_span(logits, start, stop)
    assert (found.first, found.last) == best
    assert found.score == pytest.approx(logits[best[0], 0] + logits[best[1], 1])


def test_an_answer_is_never_longer_than_an_answer() -> None:
    logits = np.zeros((100, 2), dtype=np.float32)
    logits[0, 0] = logits[99, 1] = 5.0
    found = best_span(logits, 0, 100)
    assert found.last - found.first < LONGEST
    assert found.score == 5.0
