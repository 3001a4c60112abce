"""A sentence that tells of the contrary of what is asked."""

from __future__ import annotations

import pytest

from rag.answering.contraries import tells_contrary

BORN = "وُلد ابن بطوطة في مدينة طنجة بالمغرب يوم 24 فبراير 1304."
BOTH = "Born in 1304, he died in 1369."


@pytest.mark.parametrize(
    ("question", "asked_in", "sentence", "told_in"),
    [
        ("When did Ibn Battuta die?", "en", BORN, "ar"),
        ("متى توفي ابن بطوطة؟", "ar", BORN, "ar"),
        ("Quand Ibn Battuta est-il mort ?", "fr", BORN, "ar"),
        ("Wann starb Ibn Battuta?", "de", BORN, "ar"),
        ("¿Cuándo murió Ibn Battuta?", "es", BORN, "ar"),
        ("When was the canal closed?", "en", "افتُتحت القناة في ١٧ نوفمبر ١٨٦٩.", "ar"),
        ("When did the war end?", "en", "The war broke out in April 1861.", "en"),
        ("When did Greece leave the euro?", "en", "Greece joined the euro in 2001.", "en"),
        ("De combien les prix ont-ils baissé ?", "fr", "ارتفعت الأسعار بنسبة 3 في المائة.", "ar"),
        ("When was the reporter released?", "en", "اعتُقل الصحفي في 3 مايو.", "ar"),
        ("متى دخل الاتفاق حيز التنفيذ؟", "ar", "The agreement was adopted on 12 December 2015.", "en"),
        ("When was the treaty signed?", "en", "Der Vertrag trat am 1. Mai in Kraft.", "de"),
        ("متى استقال الوزير؟", "ar", "Le ministre a été nommé en mai.", "fr"),
    ],
)
def test_the_contrary_is_told(question: str, asked_in: str, sentence: str, told_in: str) -> None:
    assert tells_contrary(question, asked_in, sentence, told_in)


@pytest.mark.parametrize(
    ("question", "asked_in", "sentence", "told_in"),
    [
        ("When was Ibn Battuta born?", "en", BORN, "ar"),
        ("When did he die?", "en", BOTH, "en"),
        ("When was he born and when did he die?", "en", BORN, "ar"),
        ("Where does he live?", "en", BORN, "ar"),
        ("When did the work begin?", "en", "By the end of 2010 the work was under way.", "en"),
        ("Who lost the match?", "en", "Ayr won the match against Melrose.", "en"),  # who won tells who lost
    ],
)
def test_the_contrary_is_not_told(question: str, asked_in: str, sentence: str, told_in: str) -> None:
    assert not tells_contrary(question, asked_in, sentence, told_in)
