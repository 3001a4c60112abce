"""What the evidence bears out: numbers, dates and names across languages, scripts and calendars."""

from __future__ import annotations

import pytest

from rag.answering.verification import EvidenceText, Verdict, verify

STAFF = "أنشأت الجزائر وموريتانيا ومالي والنيجر في شهر ماي الماضي هيئة أركان مشتركة. ويقودها الرئيس آمادو توماني توري."


def faults(sentence: str, language: str, *texts: tuple[str, str]) -> tuple[str, ...]:
    (verdict,) = verify([sentence], [[EvidenceText(*text) for text in texts]], language)
    return verdict.faults


@pytest.mark.parametrize(
    ("sentence", "language", "evidence", "expected"),
    [
        # numbers, by value
        ("1,000 missiles", "en", "ألف صاروخ", ()),
        ("2,000 missiles", "en", "ألف صاروخ", ("2,000",)),
        ("about six missiles", "en", "ألف صاروخ", ("six",)),
        ("en 2011", "fr", "سنة ٢٠١١", ()),
        ("1,5 million", "fr", "مليون و500 ألف", ()),
        ("two years", "en", "قبل عامين", ()),
        ("two women", "en", "امرأة", ("two",)),
        ("one of them", "en", "منهم", ()),
        ("the fourth time", "en", "المرة الرابعة", ()),
        ("خمسة رجال", "ar", "five men", ()),
        ("ستة رجال", "ar", "five men", ("ستة",)),
        # months, in any calendar's name or by number
        ("In May", "en", "في شهر ماي", ()),
        ("In March", "en", "في شهر ماي", ("March",)),
        ("في أيار", "ar", "في شهر ماي", ()),
        ("في جويلية", "ar", "في شهر ماي", ("جويلية",)),
        ("in October 2011", "en", "2011-10-12", ()),
        ("in November 2011", "en", "2011-10-12", ("November",)),
        ("في كانون الثاني", "ar", "in January", ()),
        # countries and peoples
        ("Algeria and Mali", "en", "الجزائر ومالي", ()),
        ("the Algerian army", "en", "جيش الجزائر", ()),
        ("the Malian army", "en", "الجيش المالي", ()),
        ("Nigeria", "en", "النيجر", ("Nigeria",)),
        ("le Maroc", "fr", "الجزائر", ("Maroc",)),
        ("in Tunisia", "en", "en Tunisie", ()),
        # other names, by sound
        ("president Amadou Toumani Touré", "en", STAFF, ()),
        ("president Amadou Toumani Keïta", "en", STAFF, ("Keïta",)),
        ("the forest of Wagadou", "en", "غابة واغادو", ()),
        ("New York", "en", "نيويورك", ()),
        ("in Pyongyang", "en", "في بيونغ يانغ", ()),
        ("the Security Council of the UN", "en", "مجلس الأمن للأمم المتحدة", ()),
        ("الرئيس آمادو توماني كيتا", "ar", STAFF, ("كيتا",)),
        ("الرئيس آمادو توماني توري", "ar", STAFF, ()),
        ("Bouteflika spoke", "en", "تحدث بوتفليقة", ()),
        # denials
        ("It was not signed", "en", "وُقع الاتفاق", ("not",)),
        ("It was not signed", "en", "لم يوقع الاتفاق", ()),
        ("Ce n’est pas signé", "fr", "وُقع الاتفاق", ("n’est pas",)),
        ("لم يوقع", "ar", "It was signed", ("لم",)),
        ("nicht", "de", "وُقع", ()),
        # nothing to check
        ("It is difficult.", "en", "الأمر صعب", ()),
        ("", "en", "x", ()),
    ],
)
def test_what_the_evidence_does_not_bear_out(
    sentence: str, language: str, evidence: str, expected: tuple[str, ...]
) -> None:
    script = "ar" if any("\u0600" <= c <= "\u06ff" for c in evidence) else "en"
    assert faults(sentence, language, (evidence, "fr" if "Tunisie" in evidence else script)) == expected


def test_each_sentence_is_held_to_its_own_evidence() -> None:
    evidence = [[EvidenceText("ألف صاروخ", "ar")], [EvidenceText("أربع دول", "ar")]]
    assert verify(["Four states.", "Four states."], evidence, "en") == [Verdict(("Four",)), Verdict()]


def test_several_texts_are_evidence_together() -> None:
    assert faults("In October, 1,000 missiles", "en", ("ألف صاروخ", "ar"), ("Missiles. 2011-10-12", "en")) == ()


def test_a_sentence_without_evidence_is_its_own_fault() -> None:
    assert verify(["Four states."], [[]], "en") == [Verdict(("Four states.",))]
    assert verify(["Four states."], [[EvidenceText(" ", "ar")]], "en") == [Verdict(("Four states.",))]
    assert not Verdict(("x",)).supported
    assert Verdict().supported


def test_every_sentence_needs_its_evidence() -> None:
    with pytest.raises(ValueError, match="shorter"):
        verify(["a", "b"], [[]], "en")
