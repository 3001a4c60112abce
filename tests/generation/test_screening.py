"""What a model writes that is no answer never reaches the reader, however it is cut into pieces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.errors import AnswererError
from rag.generation.screening import Refused, Screen, screened

CODE = "0123456789abcdef"


def read(text: str, size: int) -> str:
    screen = Screen(CODE)
    shown = [screen.feed(text[i : i + size]) for i in range(0, len(text), size)]
    return "".join([*shown, screen.finish()])


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Four states met [1].", "Four states met [1]."),
        (f"Four {CODE} met.\nTwo {CODE.upper()} left.", "Four \nTwo "),
        (f"{CODE} end of passage 2", ""),
        (f"{CODE} passage 1 | title: x\nFour met.\n{CODE} end of passage 1\n", "\nFour met.\n\n"),
        ("A NOT", "A NOT"),
        ("A NOT_IN_THE news", "A NOT_IN_THE news"),
        ("", ""),
    ],
)
def test_text_passes_and_the_rest_does_not(text: str, shown: str, size: int) -> None:
    assert read(text, size) == shown


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NOT_IN_PASSAGES", ""),
        ("not_in_passages.", ""),
        ("**NOT_IN_PASSAGES**", "**"),
        ("NOT IN PASSAGES", ""),
        (r"NOT\_IN\_PASSAGES", ""),
        ("Not-in", "Not-in"),
        ("It is not in passages that I know.", "It is not in passages that I know."),
        ("Four met [1]. NOT_IN_PASSAGES since then", "Four met [1]. "),
        (f"{CODE} NOT_IN_PASSAGES", ""),
    ],
)
def test_the_token_ends_the_answer_however_it_is_written(text: str, shown: str, size: int) -> None:
    screen = Screen(CODE)
    pieces = [screen.feed(text[i : i + size]) for i in range(0, len(text), size)]
    refused = shown != text
    assert ("".join([*pieces, screen.finish()]), screen.refused) == (shown, refused)


def test_no_part_of_the_token_is_shown_before_it_is_whole() -> None:
    screen = Screen(CODE)
    assert screen.feed("Sorry. NOT_IN_PASS") == "Sorry. "


def test_a_refusal_that_was_only_thought_does_not_count() -> None:
    parts = ["I would say NOT_IN_PASSAGES. ", "But no.", None, "Four met."]
    assert "".join(part or "|" for part in screened(parts, CODE) if part != "") == "I would say |Four met."
    with pytest.raises(Refused):
        list(screened([*parts, "NOT_IN_PASSAGES"], CODE))


def test_what_was_held_comes_before_an_error_and_a_refusal_instead_of_one() -> None:
    def cut(said: str) -> Iterator[str]:
        yield said
        raise AnswererError("cut", outcome="cut_short")

    shown = screened(cut("Four met. NOT"), CODE)
    assert [next(shown), next(shown)] == ["Four met. ", "NOT"]
    with pytest.raises(AnswererError):
        next(shown)
    with pytest.raises(Refused):
        list(screened(cut("NOT_IN_PASSAGES, since"), CODE))
