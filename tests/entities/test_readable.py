"""A short answer in another script is made readable from tables, and says where it is only near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.entities.readable import APPROXIMATE, readable


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        # dates and numbers, with what stands before and after them
        ("في يونيو 1325", "in June 1325", "en juin 1325"),
        ("أكثر من ٤٠٠ مليون شخص", "more than 400 million people", "plus de 400 millions de personnes"),
        ("12 أكتوبر 2011", "12 October 2011", "12 octobre 2011"),
        ("آذار/مارس 1920", "March 1920", "mars 1920"),
        ("سنة 2005", "2005", "2005"),
        ("في القرن التاسع عشر", "in the 19th century", "au XIXe siècle"),
        ("يوليو الماضي", "last July", "juillet dernier"),
        ("7 إلى 10 في المئة", "7 to 10%", "7 à 10%"),
        ("140 مليون دولار", "140 million dollars", "140 millions de dollars"),
        ("ستة أيام", "6 days", "6 jours"),
        ("17 ثانية", "17 seconds", "17 secondes"),
        ("687 و760 نانومتر", "687, 760 nm", "687, 760 nm"),
        ("عامين", "two years", "deux ans"),
        ("مئات الأشخاص", "hundreds of people", "centaines de personnes"),
        ("1500 و 1850", "1500, 1850", "1500, 1850"),
        ("التاسع عشر", "19th", "19e"),
        ("الثالث من يناير 1998", "3 January 1998", "3 janvier 1998"),
        ("صيف سنة 1521", "summer 1521", "été 1521"),
        ("ثلث السكان", "a third …", "un tiers …"),
        ("أكثر من نصف", "more than half", "plus de la moitié"),
        ("110 ميل في الساعة", "110 mph", "110 milles à l'heure"),
        ("الخمسينيات", "50s", "années 50"),
        ("في السيول", "", ""),
        ("في جدة", "in Jeddah", "à Jeddah"),
        ("1,160,000 ميلا مربّعا (3 كم)", "1,160,000 square miles (3 km)", "1,160,000 milles carrés (3 km)"),
        # countries, peoples, places
        ("الجزائر وموريتانيا ومالي والنيجر", "Algeria, Mauritania, Mali, Niger", "Algérie, Mauritanie, Mali, Niger"),
        ("الجزائر، موريتانيا، مالي والنيجر", "Algeria, Mauritania, Mali, Niger", "Algérie, Mauritanie, Mali, Niger"),
        ("الفرنسية", "French", "française"),
        ("رئيس الجزائر", "president of Algeria", "le président d'Algérie"),
        ("في الجنوب الغربي", "in the south-west", "au sud-ouest"),
        ("شمال مالي", "the north of Mali", "le nord de Mali"),
        ("من بغداد إلى القاهرة", "from Baghdad to Cairo", "de Bagdad au Caire"),
        ("في نواذيبو", "in Nouadhibou", "à Nouadhibou"),
        ("مدينة فريسنو", "Fresno", "Fresno"),
        ("جامعة نيوكاسل", "the university of Newcastle", "l'université de Newcastle"),
        # ordinary words are a gap, and too many of them show nothing
        ("قرابة ألف صاروخ", "about 1,000 …", "environ 1\u202f000 …"),
        ("ليلة 12 أكتوبر 2011", "… 12 October 2011", "… 12 octobre 2011"),
        ("بسبب الجفاف", "", ""),
        ("العنف المحدود", "", ""),
        ("يمكن تحليل أي عدد إلى مكوناته الأولية في مالي", "", ""),
        ("شركة BMW في 2011", "… BMW in 2011", "… BMW en 2011"),
        ("308", "", ""),
        ("308 صفحة", "", ""),
        ("", "", ""),
    ],
)
def test_what_tables_know_is_rendered(text: str, english: str, french: str) -> None:
    assert readable(text, "ar", "en") == english
    assert readable(text, "ar", "fr") == french


@pytest.mark.parametrize(
    ("text", "asks_name", "english", "french"),
    [
        ("جندون سوباندونو", True, "≈ Jandon Sobandono", "≈ Djandon Sobandono"),
        ("جندون سوباندونو", False, "", ""),
        ("جمال عبد الناصر", False, "≈ Gamal Abd al-Nasser", "≈ Gamal Abd Nasser"),
        ("الرئيس جمال عبد الناصر", True, "≈ president Gamal Abd al-Nasser", "≈ le président Gamal Abd Nasser"),
        (
            "الرئيس الجزائري عبد العزيز بوتفليقة",
            True,
            "≈ Algerian president Abd al-Aziz Bouteflika",
            "≈ le président algérien Abd Aziz Bouteflika",
        ),
        ("مايك كوب وتوم وود", True, "≈ Mike Kob, Tom Wod", "≈ Mike Kob, Tom Wod"),
        ("وليد المعلم", True, "≈ Walid al-Malm", "≈ Walid al-Malm"),
        ("في راشدين", True, "≈ in Rashdin", "≈ à Rachdin"),
        ("رئيس الشركة", False, "", ""),
        ("الذي قاد الحملة", True, "", ""),
        ("رجال الشرطة", True, "", ""),
        ("جده", True, "≈ Jada", "≈ Djada"),
        ("كان أبو القاسم", True, "≈ Abu al-Qasim", "≈ Abou al-Kacem"),
        ("ء", True, "", ""),
    ],
)
def test_a_name_no_table_has_is_written_by_its_sound_and_marked(
    text: str, asks_name: bool, english: str, french: str
) -> None:
    assert readable(text, "ar", "en", asks_name) == english
    assert readable(text, "ar", "fr", asks_name) == french
    assert all(shown.startswith(APPROXIMATE) for shown in (english, french) if shown)


@pytest.mark.parametrize(
    ("text", "language", "reader", "expected"),
    [
        ("L’Algérie, la Mauritanie, le Mali et le Niger", "fr", "en", "Algeria, Mauritania, Mali, Niger"),
        ("en juin 1325", "fr", "en", "in June 1325"),
        ("Algeria, Mali and Niger", "en", "ar", "الجزائر، مالي، النيجر"),
        ("the president of Mali", "en", "ar", "رئيس مالي"),  # before a name Arabic has no article
        ("prime minister of France", "en", "ar", "رئيس وزراء فرنسا"),
        ("the president", "en", "ar", "الرئيس"),
        ("مئات الآلاف من القتلى", "ar", "en", "hundreds of thousands of …"),
        ("آلاف الكيلومترات", "ar", "de", "Tausende …"),
        ("octobre 2011", "fr", "ar", "أكتوبر 2011"),
        ("more than 400 million people", "en", "ar", "أكثر من 400 مليون شخص"),
        ("six days", "en", "ar", "6 أيام"),
        ("1er janvier 2023", "fr", "en", "1 January 2023"),
        ("1er janvier 2023", "fr", "ar", "1 يناير 2023"),
        ("le 1ᵉʳ juin 1999", "fr", "en", "1 June 1999"),
        ("the 21st of June 2019", "en", "fr", "21 juin 2019"),
        ("June 21st", "en", "fr", "juin 21"),
        ("2nd of March 1990", "en", "ar", "2 مارس 1990"),
        ("1.º de enero de 2020", "es", "en", "1 January 2020"),
        ("5 de maio de 2001", "pt", "ar", "5 مايو 2001"),
        ("19th century", "en", "fr", ""),  # no century is known to be meant: nothing is shown
        ("1. Januar 2020", "de", "en", "1 January 2020"),
        ("le Mali et le Niger", "fr", "en", ""),  # reads the same
        ("one thousand", "en", "fr", "1\u202f000"),
        ("about two hundred people", "en", "fr", "environ 200 personnes"),
        ("mille cinq cents", "fr", "en", "1,500"),
        ("one", "en", "fr", ""),
        ("4 000 manuscrits", "fr", "en", ""),
        ("the Algerian army", "en", "fr", ""),  # a reader of French can read the rest
        ("Германия", "ru", "en", "Germany"),
        ("الجزائر", "ar", "es", "Argelia"),
        ("الجزائر", "ar", "ar", ""),
        ("الجزائر", "ar", "und", ""),
    ],
)
def test_other_languages(text: str, language: str, reader: str, expected: str) -> None:
    assert readable(text, language, reader) == expected


@given(
    st.text(max_size=60), st.sampled_from(["ar", "en", "fr", "ru", "und"]), st.sampled_from(["ar", "en", "fr", "xx"])
)
def test_any_text_is_survived(text: str, language: str, reader: str) -> None:
    shown = readable(text, language, reader, asks_name=True)
    assert shown == shown.strip()
