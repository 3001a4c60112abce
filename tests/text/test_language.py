"""Languages told from very little: questions of one word up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.languages.language import Language
from rag.languages.registry import LANGUAGES
from rag.text.folding import script_of
from rag.text.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("which countries formed the joint staff?", "en"),
        ("When?", "en"),
        ("How many missiles disappeared in Libya?", "en"),
        ("Name the president of Mali", "en"),
        ("Qui a invité le président malien ?", "fr"),
        ("Où ?", "fr"),
        ("Quand ?", "fr"),
        ("qui dirige l'armee", "fr"),
        ("¿Cuándo?", "es"),
        ("quien invito al presidente", "es"),
        ("Wer hat den Präsidenten eingeladen?", "de"),
        ("Wann?", "de"),
        ("Chi ha invitato il presidente?", "it"),
        ("Quem convidou o presidente?", "pt"),
        ("Wie heeft de president uitgenodigd?", "nl"),
        ("Cumhurbaşkanını kim davet etti?", "tr"),
        ("Cine l-a invitat pe președinte?", "ro"),
        ("Kto zaprosił prezydenta?", "pl"),
        ("Vem bjöd in presidenten?", "sv"),
        ("متى؟", "ar"),
        ("متى أنشئت هيئة الأركان المشتركة؟", "ar"),
        ("ما عاصمة اليابان؟", "ar"),
        ("اين تقع الصين", "ar"),
        ("ليبيا", "ar"),
        ("چه کسی؟", "fa"),
        ("رئیس جمهور مالی کیست؟", "fa"),
        ("صدر کو کس نے بلایا؟", "ur"),
        ("Кто пригласил президента?", "ru"),
        ("Хто запросив президента?", "uk"),
        ("Кой е поканил президента?", "bg"),
        ("राष्ट्रपति को किसने बुलाया?", "hi"),
        ("谁邀请了总统？", "zh"),
        ("誰が大統領を招待しましたか", "ja"),
        ("누가 대통령을 초대했습니까?", "ko"),
        ("ใครเชิญประธานาธิบดี", "th"),
        ("Ποιος κάλεσε τον πρόεδρο;", "el"),
        ("מי הזמין את הנשיא?", "he"),
        # names in another script do not hide the language
        ("ما هو الـGDP؟", "ar"),
        ("Sky Digital是什么时候推出的？", "zh"),
        ("What does الأركان mean here?", "en"),
    ],
)
def test_questions(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", " ", "2010?", "😀", "?!", "\x00", "\ud800", "Mali", "Julien Darui", "ⵜⴰⵎⴰⵣⵉⵖⵜ"])
def test_what_tells_nothing_is_the_default(text: str) -> None:
    assert detect_language(text) == "und"
    assert detect_language(text, "fr") == "fr"


@pytest.mark.parametrize(
    ("text", "default"), [("la de", "es"), ("la de", "fr"), ("رسالة ديوان", "ar"), ("مدرسه", "fa")]
)
def test_the_default_settles_a_draw(text: str, default: str) -> None:
    assert detect_language(text, default) == default


def test_most_of_the_text_decides() -> None:
    arabic = "وكشفت مصادر مطلعة أن ممثلين عن الدول الأربع عقدوا اجتماعا أمنيا. "
    english = "Sources said that the four countries had met. "
    assert detect_language(arabic * 2 + english) == "ar"
    assert detect_language(arabic + english * 4) == "en"


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each.function_words], ids=lambda each: each.code)
def test_function_words_are_lower_case_and_in_one_script(language: Language) -> None:
    words = language.function_words.split()
    assert all(word == word.lower() and word.isalpha() for word in words)
    assert len({script_of(word) for word in words}) == 1


@given(st.text(max_size=200), st.sampled_from(["und", "ar", "xx"]))
def test_any_text_has_an_answer(text: str, default: str) -> None:
    assert detect_language(text, default)


@pytest.mark.timeout(60)  # looking through all of it would take minutes
def test_a_long_text_costs_no_more_than_its_beginning() -> None:
    text = "Sources said that the four countries had met. " * 200_000
    assert {detect_language(text) for _ in range(200)} == {"en"}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("folder", "languages", "floor"),
    [
        ("xquad-mixed", ("ar", "en", "de", "es", "ru", "tr"), 0.99),
        ("news-ar", ("en", "fr"), 0.98),
        ("arcd", ("ar",), 0.99),
    ],
)
def test_real_questions(shared_dir: Path, folder: str, languages: tuple[str, ...], floor: float) -> None:
    lines = (shared_dir / "data" / folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    asked = [question for question in questions if question["language"] in languages]
    right = sum(detect_language(question["question"]) == question["language"] for question in asked)
    assert len(asked) > 50
    assert right / len(asked) >= floor
