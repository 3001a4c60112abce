"""Names across languages: what must be taken for a name, what must not, and how it is rendered."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rag.entities.glossary import expand_query, find_glosses
from rag.entities.lexicon import Name, forms, lexicon, render
from rag.entities.mentions import find_names, possible_names
from rag.languages.registry import of

SEED = Path(__file__).parents[3] / "shared" / "seed" / "sahel-joint-staff.ar.txt"
LIST = "وكانت الجزائر قد بادرت شهر ماي الماضي برفقة دول الساحل مثل موريتانيا ومالي والنيجر"


def rendered(text: str, source: str, reader: str) -> list[tuple[str, str]]:
    return [(gloss.text, gloss.gloss) for gloss in find_glosses(text, source, reader)]


@pytest.mark.parametrize(
    ("text", "reader", "expected"),
    [
        (LIST, "en", "Algeria May Mauritania Mali Niger"),
        (LIST, "fr", "Algérie mai Mauritanie Mali Niger"),
        (LIST, "es", "Argelia mayo Mauritania Mali Níger"),
        ("الجزائر، موريتانيا، مالي والنيجر", "en", "Algeria Mauritania Mali Niger"),
        ("نيجيريا والنيجر وتشاد", "en", "Nigeria Niger Chad"),
        ("للسودان وبالجزائر وللنيجر وكندا", "en", "Sudan Algeria Niger Canada"),
        ("جنوب السودان والسودان", "en", "South Sudan|Sudan"),
        ("غينيا بيساو وغينيا الاستوائية وغينيا", "en", "Guinea-Bissau|Equatorial Guinea|Guinea"),
        ("الولايات المتحدة الأمريكية وأمريكا", "en", "United States|United States"),
        ("الولاياتالمتحدةالأمريكية", "en", "United States|"),
        ("وَالْجَزَائِر", "en", "Algeria"),
        ("الجيش الموريتاني والأزمة الليبية", "fr", "mauritanien libyenne"),
        ("باللغة الفرنسية وبالعربية", "en", "French Arabic"),
        ("الحكومة الهندية", "en", "Indian"),
        ("سلطنة عمان", "en", "Oman"),
        ("يوم الاثنين 12 أكتوبر", "en", "Monday October"),
        ("آذار/مارس", "en", "March March"),
        ("جويلية وأوت 2011", "en", "July August"),
        ("كانون الثاني وتشرين الأول", "en", "January October"),
        ("قرابة ألف صاروخ من أربع دول", "en", "1,000 4"),
        ("في ٢٠١١ و2012", "en", "2011"),
        ("في شهر رجب", "en", "Rajab"),
        ("لمالي", "en", "Mali"),
        ("الجيش الموريتاني والمالي", "en", "Mauritanian Malian"),
        ("من باريس إلى القاهرة", "fr", "Paris|Le Caire"),
        ("نهر النيل", "en", "Nile"),
        ("الشعب اليمني", "en", "Yemeni"),
        ("المغرب العربي", "en", "Maghreb"),
        ("سانت مارتن وغوادلوب", "en", "Sint Maarten|Guadeloupe"),
        ("مئات المتاجر في ثمانينيات القرن العشرين", "en", "hundreds|1980s"),
    ],
)
def test_arabic_names_are_rendered(text: str, reader: str, expected: str) -> None:
    wanted = expected.rstrip("|").split("|" if "|" in expected else " ")
    assert [gloss for _, gloss in rendered(text, "ar", reader)] == wanted


@pytest.mark.parametrize(
    ("text", "source", "reader", "expected"),
    [
        ("In May 2011 Algeria may meet Chad and Niger.", "en", "ar", ["مايو", "الجزائر", "تشاد", "النيجر"]),
        ("They march in March, says Michael Jordan in Jordan.", "en", "ar", ["مارس", "الأردن"]),
        ("Bosnia and Herzegovina", "en", "ar", ["البوسنة والهرسك"]),
        ("Côte d'Ivoire, Cote d’Ivoire", "en", "ar", ["ساحل العاج", "ساحل العاج"]),
        ("the US, the U.S. and the UK", "en", "fr", ["États-Unis", "États-Unis", "Royaume-Uni"]),
        ("Turkey, not turkey", "en", "fr", ["Turquie"]),
        ("Le 5 mars, la planète Mars et l'Algérie", "fr", "en", ["March", "Algeria"]),
        ("Maurice est à l'île Maurice", "fr", "en", ["Mauritius"]),
        ("La réunion à La Réunion en mai", "fr", "en", ["Réunion", "May"]),
        ("les États-Unis et la RDC, le lundi 3", "fr", "en", ["United States", "DR Congo", "Monday"]),
        ("la présidente algérienne", "fr", "ar", ["جزائرية"]),
        ("en arabe", "fr", "en", ["Arabic"]),
        ("the Malian army in Timbuktu", "en", "ar", ["مالي", "تمبكتو"]),
        ("nine men in 2011", "en", "ar", ["9"]),
        ("nine men in 2011", "en", "fr", []),
    ],
)
def test_latin_names_are_rendered(text: str, source: str, reader: str, expected: list[str]) -> None:
    assert [gloss for _, gloss in rendered(text, source, reader)] == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("دعم مالي كبير", "ar"),
        ("فساد إداري ومالي", "ar"),
        ("الجيش المالي", "ar"),
        ("تيريزا ماي", "ar"),
        ("مارس الضغط على الحكومة", "ar"),
        ("رجب طيب أردوغان", "ar"),
        ("أب وأم", "ar"),
        ("في عمان", "ar"),
        ("نصف قطر الدائرة", "ar"),
        ("المغرب الإسلامي", "ar"),
        ("الوزير المالي", "ar"),
        ("يده اليمنى", "ar"),
        ("تركي بن عبد الله", "ar"),
        ("St. Martin's bells", "en"),
        ("les cloches de l'église Saint Martin", "fr"),
        ("كنيسة سانت مارتن، في سانت مارتن", "ar"),
        ("les cloches de Saint Martin", "fr"),
        ("a church of St. Martin", "en"),
        ("النيل من سمعته", "ar"),
        ("ء", "ar"),
        ("New Jersey and New Guinea", "en"),
        ("Chad Smith met Georgia Brown", "en"),
        ("May I march with us?", "en"),
        ("Mars est une planète", "fr"),
        ("Maurice Dupont", "fr"),
        ("", "en"),
    ],
)
def test_common_words_are_left_alone(text: str, language: str) -> None:
    assert find_glosses(text, language, "es") == ()


def test_a_gloss_is_the_exact_slice_of_the_article() -> None:
    article = "مقدمة. " + LIST
    glosses = find_glosses(LIST, "ar", "en", offset=7)
    assert [article[g.start : g.end] for g in glosses] == ["الجزائر", "ماي", "موريتانيا", "مالي", "النيجر"]
    assert all(article[g.start : g.end] == g.text for g in glosses)


def test_within_keeps_what_touches_a_range_of_the_article() -> None:
    start = 100 + LIST.index("موريتانيا")
    glosses = find_glosses(LIST, "ar", "en", offset=100, within=[(start, start + 3)])
    assert [g.gloss for g in glosses] == ["Mauritania"]
    assert find_glosses(LIST, "ar", "en", within=[]) == ()


@pytest.mark.parametrize(
    ("source", "reader"), [("ar", "ar"), ("ar-DZ", "ar"), ("und", "en"), ("ar", "und"), ("zz", "")]
)
def test_nothing_is_glossed_within_a_language_or_across_an_unknown_one(source: str, reader: str) -> None:
    assert find_glosses(LIST, source, reader) == ()
    assert expand_query(LIST, source, reader) == []


def test_a_rendering_that_reads_the_same_is_not_a_gloss() -> None:
    assert rendered("Le Mali et le Canada", "fr", "en") == []


def test_a_query_is_expanded_with_every_form() -> None:
    assert expand_query("When did Algeria and Mali meet in May?", "en", "ar") == [
        *("الجزائر", "مالي", "مايو", "ماي", "أيار", "مايس"),
    ]
    assert expand_query("متى اجتمعت الجزائر؟", "ar", "fr") == ["Algérie"]
    assert "أمريكا" in expand_query("What did the United States send?", "en", "ar")


def test_mentions_keep_the_code() -> None:
    found = find_names("في ماي بالجزائر", "ar")
    assert [m.name for m in found] == [Name("month", "5"), Name("territory", "DZ")]


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("الرئيس المالي", "ar", Name("people", "ML")),
        ("دعم مالي", "ar", Name("territory", "ML")),
        ("مارس الضغط", "ar", Name("month", "3")),
        ("Chad Smith", "en", Name("territory", "TD")),
    ],
)
def test_what_may_be_a_name_is_told_apart_from_what_is(text: str, language: str, name: Name) -> None:
    assert name in {mention.name for mention in possible_names(text, language)}
    assert name not in {mention.name for mention in find_names(text, language)}
    assert possible_names(text, "und") == []


def test_the_month_of_two_letters_is_told_from_the_father() -> None:
    assert [m.name for m in find_names("في 23 آب، وفي تموز وآب", "ar")] == [
        Name("month", code) for code in ("8", "7", "8")
    ]
    assert find_names("قال أب الطفل", "ar") == []


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_every_entry_of_the_tables_is_found_by_its_own_form(language: str) -> None:
    """An ambiguous form needs its cue, a blocked phrase is meant not to be found; every other form must be."""
    lost = [
        entry.form
        for entries in lexicon(language).values()
        for entry in entries
        if entry.name is not None
        and not entry.ambiguous
        and entry.name.kind not in ("language", "people")
        and not any(render(m.name, "en") for m in find_names(entry.form, language))
    ]
    assert lost == []


def test_the_tables_name_codes_that_exist() -> None:
    tables = [of(language).names for language in ("ar", "en", "fr")]
    for code in {code for names in tables for code in (*names.aliases, *names.shown, *names.peoples)}:
        assert forms(Name("territory", code), "en"), code


@pytest.mark.shared
def test_the_seed_article_is_glossed_quickly() -> None:
    if not SEED.is_file():
        pytest.skip("the seed article is not beside the repository")
    text = SEED.read_text(encoding="utf-8")
    find_glosses("مالي", "ar", "en")  # builds the tables
    begun = time.process_time()
    glosses = find_glosses(text, "ar", "en")
    assert time.process_time() - begun < 0.15
    assert all(text[g.start : g.end] == g.text for g in glosses)
    assert {"Algeria", "Mali", "Niger", "Mauritania", "Libya", "France", "United States", "May", "Libyan"} <= {
        g.gloss for g in glosses
    }
