"""The stand-in keeps the promises that the real assistant makes."""

from __future__ import annotations

import pytest

from rag.asking import Delta, Ended, Started
from rag.documents import Filters, Question
from rag.errors import EncoderError, NotFoundError, QuestionError
from tests.fake_assistant import FAILING, STAFF_SENTENCE, FakeAssistant


@pytest.mark.parametrize(
    ("question", "language", "glosses"),
    [
        ("Which countries formed the joint staff?", "en", ["Algeria", "Mauritania", "Mali", "Niger"]),
        ("Quels pays ont formé l'état-major commun ?", "fr", ["Algérie", "Mauritanie", "Mali", "Niger"]),
        ("متى أنشئت هيئة الأركان المشتركة؟", "ar", []),
    ],
)
def test_answers_in_three_languages(question: str, language: str, glosses: list[str]) -> None:
    answer = FakeAssistant().ask(question)
    assert (answer.status, answer.language, answer.citations[0].quote) == ("answered", language, STAFF_SENTENCE)
    assert [g.gloss for g in answer.citations[0].glosses] == glosses


@pytest.mark.parametrize("question", ["countries", "missiles", "summary", "hostile", "visit"])
def test_quotes_are_exact(question: str) -> None:
    fake = FakeAssistant()
    for citation in fake.ask(question).citations:
        text = fake.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote
        assert all(text[g.start : g.end] == g.text for g in citation.glosses)


def test_refuses_what_it_does_not_know() -> None:
    answer = FakeAssistant().ask("ما عاصمة اليابان؟")
    assert (answer.status, answer.language, answer.citations) == ("not_found", "ar", ())
    assert answer.passages


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("What did the visit cost?", "The articles may not answer this question. The nearest they say:"),
        ("كم كلفت الزيارة؟", "قد لا تجيب المقالات عن هذا السؤال. أقرب ما ورد فيها:"),
    ],
)
def test_quotes_what_is_only_related_as_such(question: str, lead: str) -> None:
    answer = FakeAssistant().ask(question)
    assert (answer.status, answer.lead, answer.short_answer) == ("related", lead, None)
    assert [c.language for c in answer.citations] == ["ar", "fr"]
    assert [s.citations for s in answer.sentences] == [(1,), (2,)]


def test_filters_and_failures() -> None:
    fake = FakeAssistant()
    assert [c.language for c in fake.ask(Question("missiles", filters=Filters(languages=("fr",)))).citations] == ["fr"]
    with pytest.raises(QuestionError):
        fake.ask("  ")
    with pytest.raises(EncoderError):
        fake.ask(FAILING)
    with pytest.raises(NotFoundError):
        fake.article("nowhere")


def test_stream_ends_with_the_answer_it_spelt_out() -> None:
    events = list(FakeAssistant().stream("missiles"))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Ended)
    assert "".join(e.text for e in events if isinstance(e, Delta)) == events[-1].answer.answer
