"""Which words deny, and what can be told as a denial."""

from __future__ import annotations

import pytest

from rag.answering.denial import denial_in, denied_clauses, may_deny


@pytest.mark.parametrize(
    ("sentence", "language", "words"),
    [
        ("It was not signed.", "en", "not"),
        ("Nobody came.", "en", "Nobody"),
        ("It wasn’t signed.", "en", "n’t"),
        ("No. 10 signed it.", "en", ""),
        ("There is no agreement.", "en", "no"),
        ("It was signed.", "en", ""),
        ("Ce n’est pas signé.", "fr", "n’est pas"),
        ("Personne ne sait rien.", "fr", "ne sait rien"),
        ("Il est signé.", "fr", ""),
        ("لم يوقع الاتفاق.", "ar", "لم"),
        ("ولن يوقع.", "ar", "ولن"),
        ("وُقع الاتفاق.", "ar", ""),
        ("Der Vertrag wurde nicht unterzeichnet.", "de", ""),
    ],
)
def test_the_words_that_deny(sentence: str, language: str, words: str) -> None:
    assert denial_in(sentence, language) == words


@pytest.mark.parametrize(
    ("text", "language", "may"),
    [
        ("It remains unsigned.", "en", True),
        ("He refused to sign.", "en", True),
        ("United under one flag.", "en", False),
        ("Il a refusé.", "fr", True),
        ("Il a signé.", "fr", False),
        ("رفض التوقيع.", "ar", True),
        ("فاز بهدفين دون رد.", "ar", True),
        ("وقع الاتفاق.", "ar", False),
        ("Er hat unterschrieben.", "de", True),
    ],
)
def test_what_can_be_told_as_a_denial(text: str, language: str, may: bool) -> None:
    assert may_deny(text, language) is may


@pytest.mark.parametrize("sentence", ["It was not signed.", "Ce n’est pas signé.", "لم يوقع الاتفاق."])
def test_what_denies_may_be_told_as_a_denial_too(sentence: str) -> None:
    language = next(each for each in ("en", "fr", "ar") if denial_in(sentence, each))
    assert may_deny(sentence, language)


@pytest.mark.parametrize(
    ("text", "language", "clauses"),
    [
        ("يبلغ طولها 193 كيلومترا، ولا توجد فيها أهوسة.", "ar", ["ولا توجد فيها أهوسة."]),
        ("يبلغ طولها 193 كيلومترا ولا توجد فيها أهوسة.", "ar", ["ولا توجد فيها أهوسة."]),
        ("لم يتبادل البلدان السفراء منذ عام 1962.", "ar", []),
        ("لا يحتفظ به إلا في مختبرين.", "ar", []),
        ("لا تزال كارثة.", "ar", []),
        ("It is long, and it has no locks.", "en", [" and it has no locks."]),
        ("They did not meet until May.", "en", []),
        ("Il est long, et n'a aucune écluse.", "fr", [" et n'a aucune écluse."]),
        ("Sie hat keine Schleusen.", "de", []),
    ],
)
def test_short_clauses_that_deny(text: str, language: str, clauses: list[str]) -> None:
    assert [each.of(text) for each in denied_clauses(text, language)] == clauses
