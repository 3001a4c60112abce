import pytest

from rag.answering.expectation import Expectation, expectation_of, find_expected


@pytest.mark.parametrize(
    ("question", "language", "kind", "wanted"),
    [
        ("which countries formed the joint staff?", "en", "country", 3),
        ("Which country hosted the meeting?", "en", "country", 1),
        ("Quels pays ont formé l'état-major commun ?", "fr", "country", 3),
        ("Quels sont les pays du Sahel ?", "fr", "country", 3),
        ("Quel pays envoie des experts ?", "fr", "country", 1),
        ("ما الدول التي شكلت هيئة الأركان المشتركة؟", "ar", "country", 3),
        ("في أي دولة يقع السد؟", "ar", "country", 1),
        ("متى أنشئت هيئة الأركان المشتركة؟", "ar", "time", 1),
        ("في أي عام تأسست الجامعة؟", "ar", "time", 1),
        ("When was it founded?", "en", "time", 1),
        ("Quand l'euro est-il entré en circulation ?", "fr", "time", 1),
        ("How many missiles disappeared in Libya?", "en", "number", 1),
        ("Combien de missiles ont disparu ?", "fr", "number", 1),
        ("كم صاروخا اختفى؟", "ar", "number", 1),
        ("Which languages are official in Mali?", "en", "language", 3),
        ("¿Cuántos puntos anotaron?", "es", "number", 1),
        ("Wann begann der Krieg?", "de", "time", 1),
    ],
)
def test_the_interrogative_names_the_kind(question: str, language: str, kind: str, wanted: int) -> None:
    assert expectation_of(question, language) == Expectation(kind, wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who invited the president?", "en"),
        ("Whenever it rains, what happens?", "en"),
        ("من دعا الرئيس المالي؟", "ar"),
        ("Pourquoi ?", "fr"),
        ("何ですか", "ja"),
    ],
)
def test_most_questions_name_no_kind(question: str, language: str) -> None:
    assert expectation_of(question, language) is None


@pytest.mark.parametrize(
    ("kind", "text", "language", "found"),
    [
        (
            "country",
            "وكانت الجزائر قد بادرت برفقة موريتانيا ومالي والنيجر",
            "ar",
            ["الجزائر", "موريتانيا", "مالي", "النيجر"],
        ),
        ("country", "L’Algérie et le Mali ont formé un état-major.", "fr", ["Algérie", "Mali"]),
        ("time", "It opened on Monday, 3 May 1998, with 400 guests.", "en", ["Monday", "May", "1998"]),
        ("number", "اختفاء قرابة ألف صاروخ", "ar", ["ألف"]),
        ("language", "They speak Swahili there.", "en", ["Swahili"]),
        ("country", "Rain fell on the north.", "en", []),
    ],
)
def test_finding_what_was_asked_for(kind: str, text: str, language: str, found: list[str]) -> None:
    assert [span.of(text) for span in find_expected(kind, text, language)] == found  # type: ignore[arg-type]


@pytest.mark.parametrize(("found", "wanted", "share"), [(0, 1, 0.0), (1, 1, 1.0), (1, 3, 1 / 3), (5, 3, 1.0)])
def test_a_plural_wants_several(found: int, wanted: int, share: float) -> None:
    assert Expectation("country", wanted).met(found) == pytest.approx(share)
