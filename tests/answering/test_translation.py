"""Quotes in another language: the model's words, verified against the quote and kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from rag.answering.answerers import Answerers
from rag.answering.translation import MOST_CHARS, MOST_KEPT, Translator, is_borne_out
from rag.errors import QuestionError, SettingsError

QUOTE = "بلغ طول القناة 193 كيلومترا في مصر."


@dataclass
class Scripted:
    """Says what it is told to."""

    said: str = "The canal in Egypt is 193 kilometres long."
    name: str = "llm:scripted"
    asked: list[tuple[str, str]] = field(default_factory=list)

    def translate(self, text: str, language: str) -> str:
        self.asked.append((text, language))
        return self.said


def test_a_quote_is_translated_once() -> None:
    model = Scripted()
    translator = Translator(model)
    first, second = (translator.translate(QUOTE, "ar", "en") for _ in range(2))
    assert first is second
    assert (first.text, first.language, first.model, first.verified) == (model.said, "en", model.name, True)
    translator.translate(QUOTE, "ar", "fr")
    assert model.asked == [(QUOTE, "en"), (QUOTE, "fr")]


def test_only_so_many_are_kept() -> None:
    model = Scripted()
    translator = Translator(model)
    for number in range(MOST_KEPT + 1):
        translator.translate(str(number), "ar", "en")
    translator.translate(str(MOST_KEPT), "ar", "en")
    assert len(model.asked) == MOST_KEPT + 1
    translator.translate("0", "ar", "en")
    assert len(model.asked) == MOST_KEPT + 2


@pytest.mark.parametrize(
    ("said", "verified"),
    [
        ("The canal in Egypt is 193 kilometres long.", True),
        ("In Egypt the canal is one hundred and ninety-three kilometres long.", True),
        ("The canal in Egypt is 139 kilometres long.", False),
        ("The canal in Libya is 193 kilometres long.", False),
        ("The canal in Egypt is long.", False),
    ],
)
def test_numbers_and_names_are_held_to_the_quote(said: str, verified: bool) -> None:
    assert is_borne_out(said, "en", QUOTE, "ar") is verified
    assert Translator(Scripted(said)).translate(QUOTE, "ar", "en").verified is verified


def test_what_a_model_writes_leads_nowhere() -> None:
    made = Translator(Scripted("See ![x](https://evil.example/193) <img> of Egypt: 193.")).translate(QUOTE, "ar", "en")
    assert "evil" not in made.text
    assert "<img" not in made.text


@pytest.mark.parametrize(("text", "language"), [("x", "qq"), ("x", ""), ("x" * (MOST_CHARS + 1), "en")])
def test_what_cannot_be_translated_is_an_error(text: str, language: str) -> None:
    with pytest.raises(QuestionError):
        Translator(Scripted()).translate(text, "ar", language)


def test_without_a_model_there_is_none() -> None:
    with pytest.raises(SettingsError, match="No language model"):
        Answerers({}).translate(QUOTE, "ar", "en")
    assert Answerers({}, Translator(Scripted())).translate(QUOTE, "ar", "en").verified
