"""The languages: each is there once, and its tables are written as their readers expect."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from rag.languages.language import Language, numbered, table
from rag.languages.registry import LANGUAGES, in_script, of, words_of_all

WHOLE = ("ar", "en", "fr")  # the languages of the articles


def test_each_language_is_there_once() -> None:
    assert not [code for code, count in Counter(each.code for each in LANGUAGES).items() if count > 1]
    assert all(of(each.code) is each for each in LANGUAGES)


def test_of_another_nothing_is_known() -> None:
    unknown = of("xx")
    assert (unknown.code, unknown.stop_words, unknown.stemmer, unknown.numbers.units) == ("xx", "", "", {})
    assert of("xx") is unknown


@pytest.mark.parametrize(("script", "first"), [("arab", "ar"), ("latn", "en"), ("cyrl", "ru")])
def test_the_first_of_a_script_is_the_one_meant_where_nothing_tells(script: str, first: str) -> None:
    assert in_script(script)[0].code == first


def test_tables_of_all_languages_are_read_together() -> None:
    titles = words_of_all(lambda language: language.sentences.titles)
    assert {"Mr", "Mme", "Sra", "د"} <= titles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AE Emirati; AF Afghan", {"AE": "Emirati", "AF": "Afghan"}),
        ("\n  CI Ivory Coast;\n  GB Britain|Great\n  Britain\n", {"CI": "Ivory Coast", "GB": "Britain|Great Britain"}),
    ],
)
def test_a_table_is_entries_between_semicolons(text: str, expected: dict[str, str]) -> None:
    assert table(text) == expected


def test_the_keys_of_a_table_may_be_numbers() -> None:
    assert numbered("1 one; 12 twelve|dozen") == {1: "one", 12: "twelve|dozen"}


def every_form(value: Any) -> list[str]:
    """The forms of every table below a language."""
    if is_dataclass(value):
        return [form for each in fields(value) for form in every_form(getattr(value, each.name))]
    if isinstance(value, dict):
        return [form for forms in value.values() for form in forms.split("|")]
    return []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_no_form_of_a_table_is_empty_or_padded(language: Language) -> None:
    assert [form for form in every_form(language) if form != form.strip() or not form] == []


@pytest.mark.parametrize("code", WHOLE)
def test_the_languages_of_the_articles_have_the_same_tables(code: str) -> None:
    names, english = of(code).names, of("en").names
    assert names.places.keys() == english.places.keys()
    assert names.peoples.keys() == english.peoples.keys()
    assert len(names.months) == len(names.hijri_months) == 12
    assert of(code).statements.asks.keys() == of("en").statements.asks.keys()
