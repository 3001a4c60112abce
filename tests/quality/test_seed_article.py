"""The seed article, asked in three languages: the sentences found, marked and glossed, and what it does not tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from rag.assistant import Assistant
from rag.documents import Answer
from rag.ingestion.indexing import index_articles
from rag.settings import Settings

STAFF = "وكانت الجزائر قد بادرت"
MISSILES = "عن اختفاء قرابة ألف صاروخ أرض جو بليبيا"
INVITATION = "بدعوة من الرئيس بوتفليقة"
COUNTRIES = {
    "en": {"Algeria", "Mauritania", "Mali", "Niger"},
    "fr": {"Algérie", "Mauritanie", "Mali", "Niger"},
}


@pytest.fixture(scope="module")
def ask(seed_path, bundled_encoder, tmp_path_factory) -> Callable[[str], Answer]:
    settings = replace(Settings(), index_dir=tmp_path_factory.mktemp("seed"))
    index_articles([seed_path], index_dir=settings.index_dir, encoder=bundled_encoder)
    return Assistant.load(settings, encoder=bundled_encoder).ask


@pytest.mark.parametrize(
    ("question", "language", "sentence"),
    [
        ("which countries formed the joint staff?", "en", STAFF),
        ("ما الدول التي شكلت هيئة الأركان المشتركة؟", "ar", STAFF),
        ("Quels pays ont formé l'état-major commun ?", "fr", STAFF),
        ("متى أنشئت هيئة الأركان المشتركة؟", "ar", STAFF),
        ("How many missiles disappeared in Libya?", "en", MISSILES),
        ("Qui a invité le président malien ?", "fr", INVITATION),
    ],
)
def test_the_sentence_that_answers_is_quoted(ask, question, language, sentence):
    answer = ask(question)
    assert answer.language == language
    assert answer.status in ("answered", "related")
    assert any(sentence in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("which countries formed the joint staff?", "en"),
        ("Quels pays ont formé l'état-major commun ?", "fr"),
    ],
)
def test_the_countries_are_marked_and_glossed_in_the_language_of_the_question(ask, question, language):
    citation = next(c for c in ask(question).citations if STAFF in c.quote)
    assert {gloss.gloss for gloss in citation.glosses} >= COUNTRIES[language]
    marked = [citation.quote[start - citation.start : end - citation.start] for start, end in citation.highlights]
    for country in ("الجزائر", "موريتانيا", "مالي", "النيجر"):
        assert any(country in words for words in marked), f"{country} is not highlighted in {marked}"


@pytest.mark.parametrize(("question", "language"), [("Who won the 2010 World Cup?", "en"), ("ما عاصمة اليابان؟", "ar")])
def test_what_the_article_does_not_tell_is_refused(ask, question, language):
    answer = ask(question)
    assert (answer.status, answer.language) == ("not_found", language)
    assert answer.citations == ()
    assert answer.passages, "the nearest passages are kept"
