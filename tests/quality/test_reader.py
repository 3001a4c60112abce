"""The reader that ships: hand-written questions over hand-written texts, in and across languages."""

from __future__ import annotations

import pytest

from rag.documents import Span
from rag.encoding.encoder import Encoder
from rag.evaluation.metrics import f1, mean
from rag.reader.bundled_reader import BundledReader
from rag.reader.loading import load_reader
from rag.reader.weights import WEIGHTS
from rag.reader.windows import Marked, Window
from rag.settings import Settings

EN = "The bridge was opened in 1932. It was designed by Amina Haddad, and it cost four million pounds."
AR = "افتتح الجسر عام 1932 في مدينة الإسكندرية. وقد صممته المهندسة أمينة حداد، وبلغت كلفته أربعة ملايين جنيه."
FR = "Le pont fut inauguré en 1932 à Alexandrie. Il fut dessiné par Amina Haddad et coûta quatre millions de livres."
ASKED = (
    ("When was the bridge opened?", EN, "1932"),
    ("Who designed the bridge?", EN, "Amina Haddad"),
    ("How much did the bridge cost?", EN, "four million pounds"),
    ("متى افتتح الجسر؟", AR, "1932"),
    ("من صمم الجسر؟", AR, "أمينة حداد"),
    ("أين يقع الجسر؟", AR, "الإسكندرية"),
    ("When was the bridge opened?", AR, "1932"),
    ("Who designed the bridge?", AR, "أمينة حداد"),
    ("Qui a dessiné le pont ?", FR, "Amina Haddad"),
    ("متى افتتح الجسر؟", EN, "1932"),
    ("Who designed the bridge?", FR, "Amina Haddad"),
    ("Quand le pont a-t-il été inauguré ?", AR, "1932"),
)
BESIDE = "Coffee is drunk with dates in the evening. Guests are offered three small cups."


@pytest.fixture(scope="module")
def reader(bundled_encoder: Encoder) -> BundledReader:
    found = load_reader(Settings(), bundled_encoder)
    assert isinstance(found, BundledReader)
    return found


def read(reader: BundledReader, question: str, text: str) -> Marked:
    ((mark,),) = reader.read(question, [Window(text, (Span(0, len(text)),))])
    assert mark is not None
    return mark


def test_it_marks_the_words_that_answer(reader: BundledReader) -> None:
    marks = [(read(reader, question, text), text, wanted) for question, text, wanted in ASKED]
    shares = [f1(text[mark.start : mark.end], [wanted]) for mark, text, wanted in marks]
    assert mean(shares) >= 0.75, [(text[mark.start : mark.end], wanted) for mark, text, wanted in marks]


def test_it_tells_a_text_that_answers_from_one_that_does_not(reader: BundledReader) -> None:
    right = [read(reader, question, text).margin for question, text, _ in ASKED]
    wrong = [read(reader, question, BESIDE).margin for question, _, _ in ASKED]
    assert all(answers > beside for answers, beside in zip(right, wrong, strict=True))
    assert mean(margin < 0 for margin in wrong) >= 0.75


def test_the_same_question_and_text_give_the_same_marks_in_any_company(reader: BundledReader) -> None:
    window = Window(EN, (Span(0, 30), Span(31, len(EN))))
    alone = reader.read("Who designed the bridge?", [window])[0]
    together = reader.read("Who designed the bridge?", [Window(AR, (Span(0, len(AR)),)), window])[1]
    assert [(m.start, m.end) for m in alone if m] == [(m.start, m.end) for m in together if m]


def test_its_weights_are_small(reader: BundledReader) -> None:
    assert WEIGHTS.stat().st_size < 20 * 2**20
