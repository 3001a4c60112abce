from __future__ import annotations

from collections import Counter
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

from tests.fakes import HashEncoder
from tests.faults.serving import ask_until, run


@pytest.mark.parametrize(("changes", "questions"), [(10, 50), pytest.param(50, 1000, marks=pytest.mark.slow)])
def test_no_question_meets_half_a_change(tmp_path: Path, changes: int, questions: int) -> None:
    done = run(tmp_path, changes, questions, HashEncoder())
    assert done["questions"] >= questions
    assert (done["restored"], done["rebuilt"]) == (changes // 10, changes // 10)
    assert done["re-indexed"] == changes - 2 * (changes // 10)


def test_half_a_change_would_be_seen() -> None:
    passages = [SimpleNamespace(text=f"the news of turn {turn}") for turn in (6, 7)]
    mixing = SimpleNamespace(ask=lambda _: SimpleNamespace(citations=(), passages=passages))
    with pytest.raises(AssertionError, match="turns \\['6', '7'\\]"):
        ask_until(Event(), mixing, Counter())  # type: ignore[arg-type]
