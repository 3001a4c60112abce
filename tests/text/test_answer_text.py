"""A model's text is shown with nothing in it that loads, leads away or hides."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.answer_text import neutralise, strip_template_tokens, without_markup


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Algeria, Mali and Niger met [1].", "Algeria, Mali and Niger met [1]."),
        ("قال 3 < 5 و [1][2].", "قال 3 < 5 و [1][2]."),
        ("![x](https://evil.example/p.png?d=1)", "[x] (…"),
        ("[click](https://evil.example)", "[click] (…"),
        ("[click](javascript:alert(1))", "[click] (…"),
        ("[1](http://evil.example) said", "[1] (… said"),
        ("![x][ref]", "[x] [ref]"),
        ("!![![x](u)", "[[x] (u)"),
        ("<img src=x onerror=alert(1)>", "‹img src=x onerror=alert(1)>"),
        ("a</script>b<!--c", "a‹/script>b‹!--c"),
        ("see www.evil.example now", "see … now"),
        ("see //evil.example/x now", "see … now"),
        ("https://evil.example/[1]", "…[1]"),
        ("data:text/html,x", "…"),
        ("the data: five", "the data: five"),
        ("a\u202eb\u200bc", "abc"),
        ("Yes.<|im_end|>", "Yes."),
        ("line\n\nline", "line\n\nline"),
        ("", ""),
    ],
)
def test_text_is_made_harmless(text: str, expected: str) -> None:
    assert neutralise(text) == expected


@pytest.mark.parametrize("token", ["<|im_start|>", "<|end|>", "[INST]", "[/INST]", "<<SYS>>", "<s>", "<start_of_turn>"])
def test_template_tokens_go(token: str) -> None:
    assert strip_template_tokens(f"a{token}b") == "ab"


@given(
    st.lists(st.sampled_from(["![", "](", "http://a.b/", "<img", "www.a.b", "<|", "|>", "[1]", " ", "x", "://", "<"]))
)
def test_no_way_of_joining_the_parts_gets_through(parts: list[str]) -> None:
    shown = neutralise("".join(parts))
    assert not re.search(r"!\[|\]\(|<[A-Za-z/!?]|[a-z]://|www\.\w", shown)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- **Mali** sent 3,000 men.", "Mali sent 3,000 men."),
        ("12. *Mali* joined_in", "Mali joined_in"),
        ("| Mali | 200 |", "Mali 200"),
        ("## The answer", "The answer"),
        ("|---|:-:|", ""),
        ("NOT\\_IN", "NOT_IN"),
        ("1990 was hot, 2 * 3 is 6.", "1990 was hot, 2 * 3 is 6."),
        ("• مالي", "مالي"),
    ],
)
def test_markdown_without_its_marks(text: str, words: str) -> None:
    assert without_markup(text) == words
