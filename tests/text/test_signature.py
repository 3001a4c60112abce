from __future__ import annotations

import numpy as np
import pytest

from rag.text.signature import NUMBER_PLACES, PLACES, RUN_PLACES, alike, read_signatures, signature_of

WORDS = [f"{'abcdefghij'[n % 10]}{'klmnop'[n % 6]}{'qrstuvwxy'[n % 9]}" for n in range(300)]
TEXT = " ".join(WORDS)
ARABIC = (
    "اجتمع رؤساء أركان الجيوش في العاصمة يوم الاثنين وبحثوا أمن الحدود مع الجزائر ومالي والنيجر "
    "وموريتانيا واتفقوا على إنشاء هيئة أركان مشتركة مقرها في تمنراست جنوب البلاد تتولى تنسيق "
    "العمليات العسكرية وتبادل المعلومات بين الدول الأربع ومكافحة تهريب السلاح القادم من ليبيا "
    "بعد سقوط النظام هناك"
)


def shares(one: str, other: str) -> tuple[float, float]:
    first, second = read_signatures([signature_of(one), signature_of(other)])
    same = first == second
    return same[:RUN_PLACES].mean(), same[RUN_PLACES:].mean()


def are_alike(one: str, other: str, publishers_differ: bool) -> bool:
    first, second = (read_signatures([signature_of(text)]) for text in (one, other))
    return bool(alike(first, second, np.array([publishers_differ]))[0])


def jaccard(one: str, other: str) -> float:
    first, second = ({tuple(text.split()[n : n + 3]) for n in range(len(text.split()) - 2)} for text in (one, other))
    return len(first & second) / len(first | second)


@pytest.mark.parametrize("kept", [300, 280, 250, 200, 150, 60])
def test_the_share_of_equal_places_is_the_similarity_of_the_runs(kept: int) -> None:
    other = " ".join([*WORDS[:kept], *(f"z{word}" for word in WORDS[kept:])])
    assert shares(TEXT, other)[0] == pytest.approx(jaccard(TEXT, other), abs=0.15)  # 2.5 standard deviations


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (TEXT, TEXT.upper()),
        (TEXT, f"  {TEXT}\n"),
        (ARABIC, ARABIC.replace("أ", "ا")),
        (ARABIC, ARABIC.replace(" ", "، ")),
    ],
)
def test_spelling_and_punctuation_do_not_count(given: str, written: str) -> None:
    assert signature_of(given) == signature_of(written)


def test_a_signature_is_the_same_tomorrow() -> None:
    # stored signatures are compared with new ones: if this fails, SCHEMA_VERSION must rise
    assert len(signature_of(ARABIC)) == 4 * PLACES == 4 * (RUN_PLACES + NUMBER_PLACES)
    assert read_signatures([signature_of(ARABIC)])[0, :3].tolist() == [199045481, 97887058, 357344269]


@pytest.mark.parametrize(
    ("least", "text"), [(True, " ".join(WORDS[:39])), (True, ""), (True, "٪" * 500), (False, " ".join(WORDS[:40]))]
)
def test_short_texts_have_none(least: bool, text: str) -> None:
    assert (signature_of(text) == b"") == least


def test_long_texts_are_read_to_the_end() -> None:
    text = " ".join(f"{word}x{n}" for n, word in enumerate(WORDS * 40))
    assert shares(text, text) == (1.0, 1.0)
    assert shares(text, text.replace("x11", "y"))[0] < 1


@pytest.mark.parametrize(
    ("change", "between_publishers", "within_one"),
    [
        (lambda text: text, True, True),
        (lambda text: "From our correspondent. " + text, True, True),
        (lambda text: text.rpartition(" بعد سقوط")[0], True, False),  # cut at the end
        (lambda text: text.replace("الاثنين", "الثلاثاء"), True, True),  # one word of the 46
        (lambda text: text.replace("الاثنين", "الثلاثاء").replace("هيئة", "لجنة"), True, False),
        (lambda text: text.replace(" و", " ثم و"), False, False),
        (lambda text: TEXT, False, False),
    ],
)
def test_what_is_one_story(change, between_publishers: bool, within_one: bool) -> None:
    assert are_alike(ARABIC, change(ARABIC), publishers_differ=True) == between_publishers
    assert are_alike(ARABIC, change(ARABIC), publishers_differ=False) == within_one


def test_reports_that_differ_in_their_numbers_are_different_stories() -> None:
    report = f"{ARABIC} وأغلق المؤشر عند {{}} نقطة مرتفعا {{}} بالمئة وبلغ سعر النفط {{}} دولارا في {{}}"
    monday, tuesday = report.format(1480, 12, 88, 2019), report.format(1395, 31, 79, 2019)
    assert shares(monday, tuesday)[0] > 0.6
    assert not are_alike(monday, tuesday, publishers_differ=True)
    assert are_alike(monday, monday.replace("وأغلق", "واغلق"), publishers_differ=True)
