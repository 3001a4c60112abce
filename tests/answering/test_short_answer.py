"""Glosses of short answers: names, dates and numbers as a whole, and otherwise none."""

from __future__ import annotations

import pytest

from rag.answering.short_answer import certainty, gloss_of, whole_list
from rag.documents import Span


@pytest.mark.parametrize(
    ("text", "language", "reader", "gloss"),
    [
        ("الجزائر", "ar", "en", "Algeria"),
        ("الجزائر وموريتانيا ومالي والنيجر", "ar", "en", "Algeria, Mauritania, Mali, Niger"),
        ("الجزائر ومالي", "ar", "fr", "Algérie, Mali"),
        ("الجزائر، موريتانيا، مالي والنيجر", "ar", "fr", "Algérie, Mauritanie, Mali, Niger"),
        ("L’Algérie, la Mauritanie, le Mali et le Niger", "fr", "en", "Algeria, Mauritania, Mali, Niger"),
        ("Algeria, Mali and Niger", "en", "ar", "الجزائر، مالي، النيجر"),
        ("le Mali et le Niger", "fr", "en", ""),  # reads the same
        ("12 أكتوبر 2011", "ar", "en", "12 October 2011"),
        ("octobre 2011", "fr", "ar", "أكتوبر 2011"),
        ("الفرنسية", "ar", "en", "French"),
        ("رئيس الجزائر", "ar", "en", ""),  # more than a name
        ("تمنراست", "ar", "en", ""),
        ("308", "ar", "en", ""),  # reads the same
        ("Algeria", "en", "en", ""),
        ("الجزائر", "ar", "ar", ""),
        ("", "ar", "en", ""),
    ],
)
def test_a_gloss_only_for_what_is_nothing_else(text: str, language: str, reader: str, gloss: str) -> None:
    assert gloss_of(text, language, reader) == gloss


def test_certainty_grows_with_the_margin_and_stays_a_share() -> None:
    values = [certainty(margin) for margin in (-1e9, -5.0, 0.0, 5.0, 1e9)]
    assert values == sorted(values)
    assert 0 <= values[0] < values[-1] <= 1


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
