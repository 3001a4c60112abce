"""The interface says the same things in its three languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from rag.chat.interface_texts import LANGUAGES, Problem, preferred_language, texts_in
from rag.errors import EncoderError, IndexMissingError, LimitError

RAG = Path(__file__).resolve().parents[2] / "rag"


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_fields(language: str) -> None:
    english, other = texts_in("en").lines, texts_in(language).lines
    assert list(other) == list(english)
    for key, text in english.items():
        assert fields_of(other[key]) == fields_of(text), key
        assert other[key].count("|") == text.count("|"), key
        assert other[key].strip() == other[key] != "", key


def test_every_text_is_used() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in RAG.rglob("*.py"))
    used = r'(say|problem)\(\s*"{0}"|lines\["{0}"\]|\("{0}", "'
    composed = ("error_code_", "period_", "label_", "reason_")
    keys = [key for key in texts_in("en").lines if not key.startswith(composed)]
    assert [key for key in keys if not re.search(used.replace("{0}", key), source)] == []


@pytest.mark.parametrize(
    ("language", "direction"), [("ar", "rtl"), ("en", "ltr"), ("fr", "ltr"), ("es", "ltr"), ("", "ltr")]
)
def test_direction(language: str, direction: str) -> None:
    assert texts_in(language).direction == direction


def test_an_unknown_language_is_spoken_to_in_english() -> None:
    assert texts_in("sw").language == "en"


def test_a_missing_text_or_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts_in("en").say("no_such_text")
    with pytest.raises(KeyError):
        texts_in("en").say("articles")
    assert texts_in("en").say("articles", count=3) == "Articles: 3"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ar-DZ,ar;q=0.9,fr;q=0.8", "ar"),
        ("fr", "fr"),
        ("de-DE,de;q=0.9,fr;q=0.4,en;q=0.5", "en"),
        ("FR-ca", "fr"),
        ("en;q=0, fr;q=0.1", "fr"),
        ("de, es", "en"),
        ("", "en"),
        ("*", "en"),
        ("ar;q=much, fr;q=0.2", "fr"),
        ("fr;q=nan", "en"),
        (";;;,,,;q=", "en"),
    ],
)
def test_preferred_language(header: str, language: str) -> None:
    assert preferred_language(header) == language


@pytest.mark.parametrize(
    ("language", "iso", "shown"),
    [
        ("en", "2011-10-12", "12 October 2011"),
        ("fr", "2011-10-12", "12 octobre 2011"),
        ("ar", "2011-10-12", "12 أكتوبر 2011"),
        ("en", "2011", "2011"),
        ("en", "yesterday", "yesterday"),
        ("en", "", ""),
    ],
)
def test_dates(language: str, iso: str, shown: str) -> None:
    assert texts_in(language).date(iso) == shown


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [("en", "ar", "Arabic"), ("fr", "ar", "arabe"), ("ar", "fr", "الفرنسية"), ("en", "<i>", "<i>")],
)
def test_language_names(language: str, code: str, name: str) -> None:
    assert texts_in(language).language_name(code) == name


def test_errors_keep_their_words_in_english_and_are_translated_by_code_elsewhere() -> None:
    error = IndexMissingError("No index at .isnad.", "Run it.")
    assert texts_in("en").problem_of(error) == Problem("No index at .isnad.", "Run it.")
    assert texts_in("fr").problem_of(error).message == "Les articles ne sont pas encore indexés."
    assert texts_in("fr").problem_of(EncoderError("x")) == texts_in("fr").problem("error_other")
    assert texts_in("ar").problem_of(LimitError("x")) == texts_in("ar").problem("error_code_limit_exceeded")


def test_the_words_of_a_problem_are_not_read_as_fields() -> None:
    problem = texts_in("en").problem("error_dates", value="{limit} | {0}")
    assert problem.message == "“{limit} | {0}” is not a date."
