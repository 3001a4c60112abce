"""What the values say of themselves."""

from __future__ import annotations

import pytest

from rag.documents import HEADING_CHARS, Article


@pytest.mark.parametrize(
    ("title", "text", "heading"),
    [
        ("Sahel", "A report.", "Sahel"),
        ("", "أربع دول\n تنسق.", "أربع دول تنسق."),
        ("", "word " * 100, "word " * 11 + "word…"),
        ("", "字" * 100, "字" * HEADING_CHARS + "…"),
        ("", "", ""),
    ],
)
def test_an_article_is_called_by_its_title_or_its_first_words(title: str, text: str, heading: str) -> None:
    assert Article(id="1", text=text, title=title).heading == heading
