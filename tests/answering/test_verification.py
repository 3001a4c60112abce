"""What the evidence bears out: numbers, dates and names across languages, scripts and calendars."""

from __future__ import annotations

import random

import pytest

from rag.answering.evidence import EvidenceText, _names_within, name_key
from rag.answering.verification import Verdict, verify
from rag.entities.lexicon import lexicon

STAFF = "أنشأت الجزائر وموريتانيا ومالي والنيجر في شهر ماي الماضي هيئة أركان مشتركة. ويقودها الرئيس آمادو توماني توري."


def faults(sentence: str, language: str, *texts: tuple[str, str]) -> tuple[str, ...]:
    return verify(sentence, language, [EvidenceText(*text) for text in texts]).faults


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
        ("a fifth goal", "en", "الهدف الخامس", ()),
        ("mercredi à 15 h", "fr", "في الساعة 3 مساءً يوم الأربعاء", ()),
        ("mercredi à 15h30", "fr", "في الساعة 3 و30 دقيقة يوم الأربعاء", ()),
        ("at 15:30", "en", "في الساعة 3 و30 دقيقة", ()),
        ("mercredi à 16 h", "fr", "في الساعة 3 مساءً يوم الأربعاء", ("16",)),
        ("15 hommes", "fr", "3 رجال", ("15",)),
        ("dans le défilé de la Fashion Week", "fr", "عرض أسبوع الموضة", ()),
        ("selon la National Security Commission", "fr", "وفقا للجنة الأمن الوطني", ()),
        ("on 15 October", "en", "في الخامس عشر من أكتوبر", ()),
        ("on 1 October", "en", "في الأول من أكتوبر", ()),
        ("in the 19th century", "en", "في القرن التاسع عشر", ()),
        ("in the 18th century", "en", "في القرن التاسع عشر", ("18",)),
        ("au XIXe siècle", "fr", "في القرن التاسع عشر", ()),
        ("au XVIIIe siècle", "fr", "في القرن التاسع عشر", ("XVIIIe",)),
        ("in the 1980s", "en", "في ثمانينيات القرن الماضي", ()),
        ("in the 1970s", "en", "في ثمانينيات القرن الماضي", ("1970",)),
        ("in the early 2000s", "en", "مطلع القرن الحادي والعشرين", ()),
        ("dans les années 1980", "fr", "في ثمانينيات القرن الماضي", ()),
        ("في ثمانينيات القرن العشرين", "ar", "in the 1980s", ()),
        ("1.5 million", "en", "مليونا ونصف مليون", ()),
        ("a third of them", "en", "ثلث السكان", ()),
        ("20 في المئة", "ar", "20 percent", ()),
        ("won 2-0", "en", "فاز بهدفين دون رد", ()),
        ("won 3-0", "en", "فاز بثلاثة أهداف لهدف", ("0",)),
        ("كميات كبيرة", "ar", "large quantities", ()),
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
        ("on 23 August", "en", "في 23 آب", ()),
        ("في آب", "ar", "in July", ("آب",)),
        # countries and peoples
        ("Algeria and Mali", "en", "الجزائر ومالي", ()),
        ("the Algerian army", "en", "جيش الجزائر", ()),
        ("the Malian army", "en", "الجيش المالي", ()),
        ("Nigeria", "en", "النيجر", ("Nigeria",)),
        ("le Maroc", "fr", "الجزائر", ("Maroc",)),
        ("Italy", "en", "في التالي", ("Italy",)),  # two consonants are heard anywhere
        ("Brexit", "en", "خروج بريطانيا", ()),
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
        ("Coach Walid Regragui", "en", "المدرب وليد الركراكي", ()),
        ("Bizerte and Tunis", "en", "تونس وباجة", ("Bizerte",)),
        ("under the Aghlabids", "en", "في عهد الأغالبة", ()),
        ("in Baja", "en", "في باخا", ()),
        ("الوزير نجوجونا", "ar", "minister Njuguna", ()),
        ("في مدينة كيب تاون، وعدد سكانها كبير", "ar", "Cape Town", ()),
        ("the Colombian army", "en", "الجيش الكولومبي", ()),
        ("القارة الأوروبية", "ar", "Europe", ()),
        # denials
        ("It was not signed", "en", "وُقع الاتفاق", ("not",)),
        ("It was not signed", "en", "لم يوقع الاتفاق", ()),
        ("Ce n’est pas signé", "fr", "وُقع الاتفاق", ("n’est pas",)),
        ("لم يوقع", "ar", "It was signed", ("لم",)),
        ("No. 10 signed it", "en", "وقعه رقم 10", ()),
        ("It was not signed", "en", "United under one flag", ("not",)),
        ("It was not signed", "en", "It remains unsigned", ()),
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


def test_several_texts_are_evidence_together() -> None:
    assert faults("In October, 1,000 missiles", "en", ("ألف صاروخ", "ar"), ("Missiles. 2011-10-12", "en")) == ()


def test_a_sentence_without_evidence_is_its_own_fault() -> None:
    assert verify("Four states.", "en", []) == Verdict(("Four states.",))
    assert verify("Four states.", "en", [EvidenceText(" ", "ar")]) == Verdict(("Four states.",))
    assert not Verdict(("x",)).supported
    assert Verdict().supported


def test_a_denial_must_stand_in_the_sentences_it_rests_on() -> None:
    signed, refused = EvidenceText("وُقع الاتفاق في الجزائر.", "ar"), EvidenceText("لم تحضر مصر.", "ar")
    assert verify("It was not signed.", "en", [signed, refused], [signed]) == Verdict(("not",))
    assert verify("Egypt did not come.", "en", [signed, refused], [refused]).supported
    assert verify("It was not signed.", "en", [signed, refused]).supported
    assert verify("It was signed in Algeria.", "en", [signed, refused], [signed]).supported


def test_a_country_of_something_else_is_a_fault_where_the_nearest_sentence_has_its_own() -> None:
    near, far = EvidenceText("وُقع الاتفاق في الجزائر.", "ar"), EvidenceText("لم تحضر مصر.", "ar")
    assert verify("It was signed in Egypt.", "en", [near, far], [near]) == Verdict(("Egypt",))
    assert verify("It was signed in Algeria without Egypt.", "en", [near, far], [near, far]).supported


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Der Staudamm liefert Strom für Millionen Haushalte.", ()),
        ("Die Kirche ist der höchste Sakralbau der Stadt.", ()),
        ("Alexander Fleming entdeckte das Penizillin.", ()),
        ("Entdeckt wurde das Penizillin von Howard Florey.", ("Howard", "Florey")),
    ],
)
def test_a_german_noun_is_no_name(sentence: str, expected: tuple[str, ...]) -> None:
    assert faults(sentence, "de", ("اكتشف ألكسندر فليمنغ البنسلين.", "ar")) == expected


@pytest.mark.parametrize("seed", range(3))
def test_names_within_a_run_of_words_are_all_that_stand_in_it(seed: int) -> None:
    drawn, known = random.Random(seed), lexicon("ar")
    forms = sorted(form for form in known if form.isalpha())
    for _ in range(20):
        word = "".join(drawn.choices(forms, k=4))
        inside = [entry for form in forms if len(form) > 4 and form in word for entry in known[form]]
        wanted = {name_key(each.name) for each in inside if each.name is not None and len(each.words) == 1}
        assert _names_within(word, "ar") == (wanted if len(word) > 14 else set())
