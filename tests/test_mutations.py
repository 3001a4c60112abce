"""A few spoilt files of every format; ``python -m bench.mutations`` makes a hundred of each."""

from __future__ import annotations

import pytest

from bench.mutations import SAMPLES, outcomes
from rag.formats.registry import FORMATS, suffix_of


def test_every_format_is_among_the_samples() -> None:
    given = {suffix_of(name) for name in SAMPLES}
    assert not {suffix for kind in FORMATS.values() for suffix in kind.suffixes} - given


@pytest.mark.timeout(120)
def test_spoilt_files_are_read_or_refused() -> None:
    found = list(outcomes(SAMPLES, 2, seed=7))
    assert len(found) == 2 * len(SAMPLES)
    assert [outcome for outcome in found if outcome.wrong] == []
