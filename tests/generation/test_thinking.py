"""Thoughts never reach the reader as an answer, however a server lets them through and however they are cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import AnswererError
from rag.generation.model_answerer import joined
from rag.generation.thinking import without_thoughts

FOUR = "Four states met [1]."


def read(text: str, size: int, unopened: bool = False) -> list[str | None]:
    return list(without_thoughts((text[i : i + size] for i in range(0, len(text), size)), unopened))


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (FOUR, FOUR),
        ("  Four.", "Four."),
        (f"<think>six?</think>\n\n{FOUR}", FOUR),
        ("<think>a</think><think>b</think>Four.", "Four."),
        (f"<think >a\n</think >{FOUR}", FOUR),
        (f"<Thinking>\nHm. [1]\n</Thinking>\n{FOUR}", FOUR),
        (f"<thought>Hm.</thought>{FOUR}", FOUR),
        (f"<REASONING>Hm.</REASONING>{FOUR}", FOUR),
        (f"[THINK]Hm.[/THINK]{FOUR}", FOUR),
        (f"◁think▷Hm.◁/think▷{FOUR}", FOUR),
        (f"<|begin_of_thought|>Hm.<|end_of_thought|>{FOUR}", FOUR),
        (f"<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>{FOUR}", FOUR),
        (f"<|START_THINKING|>Hm.<|END_THINKING|>{FOUR}", FOUR),
        (f"<chain_of_thought>Hm.</chain_of_thought>{FOUR}", FOUR),
        (f"<antThinking>Hm.</antThinking>{FOUR}", FOUR),
        (f"<reasoning_content>Hm.</reasoning_content>{FOUR}", FOUR),
        (f"analysisWe need it.assistantfinal{FOUR}", FOUR),
        (f"analysis\nWe need it.\n\nfinal\n{FOUR}", FOUR),
        (f"So. <think>Hm.</think>{FOUR}", f"So. {FOUR}"),
        ("<think>no end", ""),
        ("analysisNo end", ""),
        ("<thin ice", "<thin ice"),
        ("A < b [sic] and [12] & c", "A < b [sic] and [12] & c"),
        ("Analysis of the treaty.", "Analysis of the treaty."),
        ("analysis of it, and the final\nword", "analysis of it, and the final\nword"),
        ("", ""),
    ],
)
def test_what_is_thought_is_left_out(text: str, shown: str, size: int) -> None:
    pieces = read(text, size)
    assert None not in pieces
    assert joined(pieces) == shown


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "end", ["</think>", "</Thinking>\n", "</thought>", "[/THINK]", "<|start|>assistant<|channel|>final<|message|>"]
)
def test_a_thought_that_nothing_opened_is_taken_back(end: str, size: int) -> None:
    pieces = read(f"Okay, who met? Passage 1 [1] says four.{end}{FOUR}", size)
    assert pieces.count(None) == 1
    assert joined(pieces) == FOUR


def test_of_a_model_known_for_it_nothing_is_shown_before_the_end_of_its_thought() -> None:
    assert "".join(filter(None, read(f"Okay. Four [1].</think>{FOUR}", 3, unopened=True))) == FOUR


@pytest.mark.parametrize(("text", "shown"), [(FOUR, FOUR), (f"Hm. <think>no {FOUR}", "Hm. "), ("", "")])
def test_a_model_known_for_it_may_answer_at_once(text: str, shown: str) -> None:
    assert "".join(filter(None, read(text, 4, unopened=True))) == shown


@pytest.mark.parametrize(("said", "shown"), [("Four met <", "Four met <"), ("<think>Four met.", "")])
def test_what_was_held_comes_before_an_error(said: str, shown: str) -> None:
    def broken() -> Iterator[str]:
        yield said
        raise AnswererError("cut", outcome="cut_short")

    pieces: list[str | None] = []
    with pytest.raises(AnswererError):
        pieces += without_thoughts(broken())
    assert joined(pieces) == shown


@given(st.text(alphabet="<>/|[]◁▷thinkTHINK analysis\nF.", max_size=60), st.integers(1, 7), st.booleans())
def test_pieces_make_no_difference(text: str, size: int, unopened: bool) -> None:
    assert joined(read(text, size, unopened)) == joined(read(text, len(text) or 1, unopened))
