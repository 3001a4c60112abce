"""The properties and events that a text names, by the tables of its language."""

from __future__ import annotations

import pytest

from rag.entities.statements import events, properties


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("وبعمقها البالغ 24 مترا", "ar", {"depth"}),
        ("دولة قطر", "ar", set()),
        ("la plus haute tour", "fr", {"height"}),
        ("The areas around it", "en", set()),
    ],
)
def test_properties(text: str, language: str, named: set[str]) -> None:
    assert properties(text, language) == named


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("متى وُلد ومتى توفي؟", "ar", {"birth", "death"}),
        ("وافتُتحت القناة بعد أن أُغلقت", "ar", {"opening", "closing"}),
        ("ليس في الوالدين", "ar", set()),
        ("Quand Michael Bond est-il né ?", "fr", {"birth"}),
        ("Né le 24 février 1304, il ne le savait pas", "fr", {"birth"}),
        ("Il ne le sait pas, et n'en parle pas", "fr", set()),
        ("By the end of 2010 it had ended", "en", {"ending"}),
        ("By the end of 2010 all was done", "en", set()),
        ("Wann wurde er geboren, wann getötet?", "de", {"birth", "death"}),
        ("¿Cuándo nació y cuándo murió?", "es", {"birth", "death"}),
        ("Quando è nato?", "it", set()),  # has no table
    ],
)
def test_events(text: str, language: str, named: set[str]) -> None:
    assert events(text, language) == named
