"""What measures or counts something else than was asked for is told by its property and its unit."""

from __future__ import annotations

import pytest

from rag.answering.measures import measures_other

CANAL = "يبلغ طول القناة اليوم نحو ١٩٣ كيلومترًا، وهي تصل بورسعيد بمدينة السويس."
DAM = "تبلغ سعة الخزان ٧٤ مليار متر مكعب من الماء، ويقارب ارتفاع السد ١٤٥ مترًا."
RING = "The collider is a ring 27 kilometres long buried about 100 metres underground."
BRIDGE = "Le pont, long de 800 mètres, a coûté 30 millions d'euros."


@pytest.mark.parametrize(
    ("question", "asked_in", "words", "sentence", "told_in"),
    [
        ("How deep is the Suez Canal?", "en", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("ما عمق قناة السويس؟", "ar", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("Quelle est la profondeur du canal ?", "fr", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("Wie tief ist der Suezkanal?", "de", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("¿Qué profundidad tiene el canal?", "es", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("How many ships pass through the canal each day?", "en", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("كم عدد السفن التي تعبر القناة؟", "ar", "١٩٣ كيلومترًا", CANAL, "ar"),
        ("How old is the canal?", "en", "١٩٣ كيلومترًا", CANAL, "ar"),
        ("How wide is the collider?", "en", "27 kilometres", RING, "en"),
        ("Quelle est la hauteur du pont ?", "fr", "800 mètres", BRIDGE, "fr"),
        ("How much did the bridge cost?", "en", "800 mètres", BRIDGE, "fr"),
        ("Combien de voitures passent le pont ?", "fr", "800 mètres", BRIDGE, "fr"),
    ],
)
def test_something_else_is_measured(question: str, asked_in: str, words: str, sentence: str, told_in: str) -> None:
    assert measures_other(question, asked_in, words, sentence, sentence, told_in)


@pytest.mark.parametrize(
    ("question", "asked_in", "words", "sentence", "told_in"),
    [
        ("How long is the Suez Canal?", "en", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("كم طول القناة؟", "ar", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("How many kilometres long is the canal?", "en", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("How many square kilometres does it cover?", "en", "50 km²", "It covers 50 km².", "en"),
        ("Combien de kilomètres fait le canal ?", "fr", "نحو ١٩٣ كيلومترًا", CANAL, "ar"),
        ("How tall is the dam?", "en", "١٤٥ مترًا", DAM, "ar"),
        ("How deep underground is the collider?", "en", "100 metres", RING, "en"),
        ("Combien le pont a-t-il coûté ?", "fr", "30 millions d'euros", BRIDGE, "fr"),
        ("How much taller is it?", "en", "18 %", "It is 18 % taller.", "en"),
        ("How many ships waited?", "en", "300", "300 ships waited.", "en"),
        ("Who dug the canal?", "en", "١٩٣ كيلومترًا", CANAL, "ar"),  # nothing is measured
        ("How long was the canal blocked?", "en", "ستة أيام", "وسدّت المجرى ستة أيام.", "ar"),
    ],
)
def test_what_was_asked_is_measured(question: str, asked_in: str, words: str, sentence: str, told_in: str) -> None:
    assert not measures_other(question, asked_in, words, sentence, sentence, told_in)


def test_a_property_named_beside_the_sentence_is_enough() -> None:
    beside = f"عمق القناة ٢٤ مترًا. {CANAL}"

    assert not measures_other("How deep is the canal?", "en", "٢٤ مترًا", CANAL, beside, "ar")
