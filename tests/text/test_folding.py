"""The folding tables as a specification, and the way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.folding import fold, normalise, script_of, scripts_of

anything = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("أحمد إبراهيم آل ٱلله", "احمد ابراهيم ال الله"),
        ("مسؤول شيء هيئة ماء", "مسوول شيء هييه ماء"),
        ("مصطفى على", "مصطفي علي"),
        ("الولاياتُ المُتَّحِدَةُ", "الولايات المتحده"),
        ("الـــجزائر", "الجزائر".replace("ئ", "ي")),
        ("ﻻ ﷲ ﺔ", "لا الله ه"),
        ("کتاب ایرانی", "كتاب ايراني"),
        ("٢٠١١ و ۱۲", "2011 و 12"),
        ("१२३ ๔", "123 4"),
        ("Élysée GARÇON Ñandú", "elysee garcon nandu"),
        ("Straße ŒUVRE Łódź Ørsted", "strasse oeuvre lodz orsted"),
        ("İstanbul ılık", "istanbul ilik"),
        ("ＡＢＣ１２ ﬁn", "abc12 fin"),
        ("l’armée", "l'armee"),
        ("“citation”", '"citation"'),
        ("e\u0301te\u0301", "ete"),
        ("Ёлка Йод", "елка йод"),
        ("Αθήνα", "αθηνα"),
        ("हिन्दी में", "हिन्दी में"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("한국어 がぱ", "한국어 がぱ"),
        ("می‌خواهم", "ميخواهم"),
        ("a\u202eb\u200bc", "abc"),
        ("", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert normalise(text) == folded
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "part", "original"),
    [
        ("قال مُحَمَّدٌ أمس", "محمد", "مُحَمَّدٌ"),
        ("بالـــجزائر.", "بالجزاير", "بالـــجزائر"),
        ("Mali’s ÉLYSÉE!", "elysee", "ÉLYSÉE"),
        ("(ﻻ)", "لا", "ﻻ"),
        ("(ﻻ)", "ا", "ﻻ"),
    ],
)
def test_the_way_back(text: str, part: str, original: str) -> None:
    folded = fold(text)
    at = folded.text.index(part)
    start, end = folded.original(at, at + len(part))
    assert text[start:end] == original


def test_an_empty_range_stays_empty() -> None:
    assert fold("مُ").original(1, 1) == (2, 2)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("متى أنشئت هيئة الأركان؟", "arab"),
        ("Qui ?", "latn"),
        ("ＡＢＣ", "latn"),
        ("Где?", "cyrl"),
        ("日本語のテキスト", "kana"),
        ("中文", "hani"),
        ("한국어", "hang"),
        ("हिन्दी", "deva"),
        ("Πού;", "grek"),
        ("מתי", "hebr"),
        ("ใคร", "thai"),
        ("2010?", "zyyy"),
        ("😀 !", "zyyy"),
        ("", "zyyy"),
        ("الناتج الـGDP في عام 2011", "arab"),
    ],
)
def test_dominant_script(text: str, script: str) -> None:
    assert script_of(text) == script


def test_scripts_are_counted_most_frequent_first() -> None:
    assert scripts_of("NATO في ليبيا 2011") == {"arab": 7, "latn": 4}


@given(anything)
def test_folding_is_stable_and_the_way_back_never_leaves_the_text(text: str) -> None:
    folded = fold(text)
    assert folded.text == normalise(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    assert folded.offsets[-1] == len(text)
    assert all(0 <= offset < len(text) for offset in folded.offsets[:-1])
    for i in range(len(folded.text)):
        start, end = folded.original(i, i + 1)
        assert start < end
        assert folded.text[i] in normalise(text[start:end])


@given(anything)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(anything)
def test_script_of_never_fails(text: str) -> None:
    assert len(script_of(text)) == 4
