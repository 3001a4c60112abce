"""Words run together, against a dictionary of what the articles hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from rag.documents import Float32
from rag.retrieval.joined_words import separate
from rag.text.analyser import analyse

HELD = {
    "الولايات": 2.0,
    "المتحدة": 1.0,
    "هيئة": 1.5,
    "أركان": 2.0,
    "الجزائر": 0.5,
    "جمهورية": 1.0,
    "رية": 2.5,
    "جمهو": 2.5,
}
RARITIES = {analyse(word, "ar")[0].text: rarity for word, rarity in HELD.items()}


def idf(terms: Sequence[str]) -> Float32:
    return np.array([RARITIES.get(term, 9.0) for term in terms], dtype=np.float32)


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("من رئيس الولاياتالمتحدة؟", "من رئيس الولايات المتحدة؟"),
        ("هيئةأركان الجزائر", "هيئة أركان الجزائر"),
        ("هيئةأركان والولاياتالمتحدة", "هيئة أركان والولايات المتحدة"),
        ("الوِلاياتالمُتَّحِدة", "الوِلايات المُتَّحِدة"),
        ("هيئةٌأركان", "هيئةٌ أركان"),
        ("كانتالجزائر", "كانت الجزائر"),  # a stop word and another
        ("خلالالجزائر", "خلال الجزائر"),
        ("الولايات المتحدة", "الولايات المتحدة"),
        ("جمهورية", "جمهورية"),  # held as it is, so its parts do not count
        ("الولاياتالغريبة", "الولاياتالغريبة"),  # no article holds the second
        ("الأشرطة", "الأشرطة"),  # an article and a letter are no word
        ("تمنراست", "تمنراست"),
        ("UnitedStates of الجزائر 2011", "UnitedStates of الجزائر 2011"),
        ("", ""),
    ],
)
def test_a_word_is_two_where_the_articles_hold_both(asked: str, read: str) -> None:
    assert separate(asked, "ar", idf) == read


def test_of_several_places_the_commonest_words_are_taken() -> None:
    held = {"الف": 3.0, "كرةالقدم": 3.0, "الفكرة": 1.0, "القدم": 1.0}
    rarities = {analyse(word, "ar")[0].text: rarity for word, rarity in held.items()}
    read = separate("الفكرةالقدم", "ar", lambda terms: np.array([rarities.get(t, 9.0) for t in terms], np.float32))
    assert read == "الفكرة القدم"


def test_a_word_without_end_is_left_alone() -> None:
    assert separate("هيئةأركان" * 300, "ar", idf) == "هيئةأركان" * 300


def test_an_empty_index_separates_nothing() -> None:
    assert separate("الولاياتالمتحدة", "ar", lambda terms: np.zeros(len(terms), np.float32)) == "الولاياتالمتحدة"
