"""Numbers of a sentence held to its evidence: with their units, as whole dates, in the formats of its language."""

from __future__ import annotations

import pytest

from rag.answering.evidence import EvidenceText
from rag.answering.verification import verify

CANAL = "يبلغ طول القناة 193 كيلومترا. افتتحت في 17 نوفمبر 1869 وأممت في 26 يوليو 1956."


def faults(sentence: str, language: str, evidence: str, written: str = "ar", date: str = "") -> tuple[str, ...]:
    texts = [EvidenceText(text, written) for text in (evidence, date) if text]
    return verify(sentence, language, texts).faults


@pytest.mark.parametrize(
    ("sentence", "language", "evidence", "expected"),
    [
        ("It is 193 km long.", "en", CANAL, ()),
        ("It is 120 miles long.", "en", CANAL, ()),
        ("It is 193 miles long.", "en", CANAL, ("193 miles",)),
        ("It is 193 metres long.", "en", CANAL, ("193 metres",)),
        ("It cost 193 dollars.", "en", CANAL, ("193 dollars",)),
        ("Elle fait 193 milles.", "fr", CANAL, ("193 milles",)),
        ("Sie ist 193 Meilen lang.", "de", CANAL, ("193 Meilen",)),
        ("طولها 193 ميلا.", "ar", CANAL, ("193 ميلا",)),
        ("It was opened on 17 November 1869.", "en", CANAL, ()),
        ("It was opened on 26 November 1869.", "en", CANAL, ("26 November 1869",)),
        ("It was nationalised in July 1869.", "en", CANAL, ("July 1869",)),
        ("Elle fut nationalisée le 17 juillet.", "fr", CANAL, ("17 juillet",)),
        ("50 percent of them", "en", "نصف السكان", ()),
        ("Half of them, 60 percent", "en", "نصف السكان", ("60 percent",)),
        ("الفرنك 655,957", "ar", "655.957", ()),
        ("655,957 francs", "en", "655,957 فرنكا", ()),
        ("655.957 francs", "en", "655,957 فرنكا", ()),
        ("655.975 francs", "en", "655,957 فرنكا", ("655.975 francs",)),
        ("In 1998 it closed.", "en", "افتتح عام 1997 وأغلق في العام التالي", ()),
        ("In 1999 it closed.", "en", "افتتح عام 1997 وأغلق بعد عامين", ()),
        ("In 1999 it closed.", "en", "افتتح عام 1997 وأغلق في العام التالي", ("1999",)),
        ("Call 0800 555 111.", "en", "الرقم 111 555 0800", ()),
        ("À 07h55", "fr", "في الساعة 7.55 صباحا", ()),
        ("He scored at 22:10.", "en", "سجل في 13:10 وخرج في الدقيقة 22", ("22:10",)),
        ("It began at 3:30.", "en", "بدأ في 15:30", ()),
        ("Opened: 1869-11-17.", "en", CANAL, ()),
        ("Eröffnet am 17.11.1869.", "de", CANAL, ()),
        ("Opened on 11/17/1869.", "en", CANAL, ()),
        ("Opened: 1869-11-26.", "en", CANAL, ("1869-11-26",)),
        ("Opened: 1956-11-17.", "en", CANAL, ("1956-11-17",)),
        ("Held for more than 150 years.", "en", "منذ أكثر من 150 عاما", ()),
        ("Held for over 150 years.", "en", "منذ 150 عاما", ()),
        ("Held for nearly 150 years.", "en", "منذ أقل من 150 عاما", ()),
        ("Held for under 150 years.", "en", "منذ قرابة 150 عاما", ()),
        ("Held for 151 minutes, or less than 48.", "en", "151 دقيقة وأقل من 48", ()),
        ("Held for fewer than 150 years.", "en", "منذ أكثر من 150 عاما", ("150",)),
        ("Depuis moins de 150 ans.", "fr", "منذ 150 عاما", ("150",)),
        ("منذ أكثر من 150 عاما.", "ar", "منذ ما يقل عن 150 عاما", ("150",)),
    ],
)
def test_figures_are_compared_as_what_they_are(
    sentence: str, language: str, evidence: str, expected: tuple[str, ...]
) -> None:
    assert faults(sentence, language, evidence) == expected


def test_days_and_years_are_told_from_the_date_of_the_article() -> None:
    assert faults("On 1 May 2011 it rained.", "en", "هطلت أمطار أمس.", date="2011-05-02") == ()
    assert faults("It rained on Sunday.", "en", "هطلت أمطار أمس.", date="2011-05-02") == ()
    assert faults("It rained on Friday.", "en", "هطلت أمطار أمس.", date="2011-05-02") == ("Friday",)
    assert faults("In 2010 it rained.", "en", "هطلت أمطار العام الماضي.", date="2011-05-02") == ()
    assert faults("In 2009 it rained.", "en", "هطلت أمطار العام الماضي.", date="2011-05-02") == ("2009",)


def test_a_year_of_something_else_is_a_fault_where_the_nearest_sentence_has_its_own() -> None:
    near, far = EvidenceText("تأسس الاتحاد عام 1998.", "ar"), EvidenceText("وانتخب رئيسه عام 2004.", "ar")
    assert verify("It was founded in 2004.", "en", [near, far], [near]).faults == ("2004",)
    assert verify("It was founded in 1998 and chose a president in 2004.", "en", [near, far], [near]).supported


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It opened on 25 April.", ("25 April",)),
        ("It opened on 17 November.", ()),
        ("It opened in November.", ()),
        ("It was dug from 25 April on and opened on 17 November.", ()),
    ],
)
def test_a_day_of_something_else_is_a_fault_where_the_nearest_sentence_has_its_own(
    sentence: str, expected: tuple[str, ...]
) -> None:
    near, far = EvidenceText("افتتحت القناة في 17 نوفمبر.", "ar"), EvidenceText("بدأ الحفر في 25 أبريل.", "ar")
    assert verify(sentence, "en", [near, far], [near]).faults == expected


def test_a_name_that_no_word_sounds_like_is_left_to_the_encoder() -> None:
    evidence = [EvidenceText("يتصدر فريق القلوب الدوري.", "ar")]
    assert verify("The leaders are the Hearts.", "en", evidence).faults == ("Hearts",)
    assert verify(
        "The leaders are the Hearts.", "en", evidence, echo=lambda start, end: (start, end) == (20, 26)
    ).supported


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It opened on 17 November 2024.", ("2024",)),
        ("It opened on 17 November 1869.", ()),
        ("In 2024 it was remembered that it opened in 1869.", ()),
    ],
)
def test_the_day_of_an_article_is_not_that_of_what_it_tells(sentence: str, expected: tuple[str, ...]) -> None:
    source = EvidenceText("افتتحت في 17 نوفمبر 1869.", "ar")
    texts = [
        EvidenceText("تمر في 17 نوفمبر ذكرى افتتاح القناة. " + source.text, "ar"),
        EvidenceText("2024-11-17", "ar"),
    ]
    near = [EvidenceText("تمر في 17 نوفمبر ذكرى افتتاح القناة.", "ar"), source]
    assert verify(sentence, "en", texts, near).faults == expected
