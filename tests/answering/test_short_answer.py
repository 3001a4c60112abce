"""Glosses of short answers: names, dates and numbers as a whole, and otherwise none."""

from __future__ import annotations

import pytest

from rag.answering.short_answer import whole_list
from rag.documents import Span


@pytest.mark.parametrize(
    ("text", "marked", "names", "whole"),
    [
        (
            "L’Algérie, la Mauritanie, le Mali et le Niger ont formé",
            "Mauritanie, le Mali",
            ["Algérie", "Mauritanie", "Mali", "Niger"],
            "Algérie, la Mauritanie, le Mali et le Niger",
        ),
        (
            "أنشأت الجزائر وموريتانيا ومالي هيئة",
            "موريتانيا",
            ["الجزائر", "موريتانيا", "مالي"],
            "الجزائر وموريتانيا ومالي",
        ),
        ("Mali hosted France", "Mali", ["Mali", "France"], "Mali"),
        ("Mali and some of Niger", "Mali", ["Mali", "Niger"], "Mali"),
        ("Mali, Niger and Chad met", "Niger", [], "Niger"),
    ],
)
def test_a_list_is_given_whole(text, marked, names, whole):
    def place(words):
        return Span(text.index(words), text.index(words) + len(words))

    assert whole_list(place(marked), [place(name) for name in names], text).of(text) == whole
