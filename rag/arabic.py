"""Arabic words to stems: light stemming, after light10 (Larkey, Ballesteros and Connell 2002, "Improving stemming for
Arabic information retrieval: light stemming and co-occurrence analysis").

Light stemming takes off the conjunction, the article and the commonest endings, and never looks for the root, which
would throw unrelated words together. Everything here reads and returns folded words (:mod:`rag.text`).
"""

from __future__ import annotations

import re
from functools import lru_cache

_ARTICLE = re.compile("(?:وال|بال|كال|فال|ال|لل)(?=..)")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_SHORTEST_AFTER_CONJUNCTION = 3
_SHORTEST = 2


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# و begins these words themselves; taking it off would part "وزير" from "الوزير".
_WAW_IS_ROOT = _set(
    """
    وزير وزراء وزاره ولايه ولايات والي وفد وفود وفاه وفيات وضع اوضاع وقت وقف وكاله وكالات وثيقه وثائق ورقه وسط
    وسيط وساطه وسيله وسائل وحده وحدات وطن وطني وطنيه واحد واحده والد والده وصول وصل وصف ورشه وباء وقود وقوع
    واشنطن واقع واقعه واجب واجبات وجود وجه وجهه وعد وعود ولد ولاده وليد ولي ولايتها واسع واسعه واضح وظيفه وظائف
    وفق وفقا وصفات وثيق وحيد وحيده وادي وديان وعي وزن ورد ورود
    """
)
# One name a month, whichever of the Maghrebi, Egyptian and Levantine names the article uses. "آب" and the months
# of two words are left out: on their own their words mean other things.
_MONTHS = {
    "يناير": "جانفي",
    "فبراير": "فيفري شباط",
    "مارس": "اذار",
    "ابريل": "افريل نيسان",
    "مايو": "ماي ايار",
    "يونيو": "جوان حزيران يونيه",
    "يوليو": "جويليه تموز يوليه يوليوز",
    "اغسطس": "اوت غشت",
    "سبتمبر": "ايلول شتنبر",
    "اكتوبر": "",
    "نوفمبر": "نونبر",
    "ديسمبر": "دجنبر",
}
_FIXED = {name: month for month, names in _MONTHS.items() for name in (month, *names.split())}


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word; the names of the months become the Egyptian ones."""
    if word in _FIXED:
        return _FIXED[word]
    if word.startswith("و") and len(word) > _SHORTEST_AFTER_CONJUNCTION and word not in _WAW_IS_ROOT:
        word = word[1:]
    if match := _ARTICLE.match(word):
        word = word[match.end() :]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST:
            word = word[: -len(suffix)]
    return word
