"""Arabic words to stems: light stemming, after light10 (Larkey, Ballesteros and Connell 2002, "Improving stemming for
Arabic information retrieval: light stemming and co-occurrence analysis").

Light stemming takes off the conjunction, the article and the commonest endings, and never looks for the root, which
would throw unrelated words together. To light10 this adds the prepositions "ب" and "ل" and a few endings, which gained
a point of recall on Arabic questions, and a list of words that begin with such a letter by nature, so that "وزير" and
"الوزير", "ليبيا" and "بليبيا" stay together. Everything here reads and returns folded words (:mod:`rag.text.folding`).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rag.languages.ar import AR
from rag.text.folding import normalise

_ARTICLE = re.compile("(?:بال|كال|فال|ال|لل)(?=..)")
_PREPOSITIONS = "بل"
_SUFFIXES = ("هما", "هم", "كم", "نا", "ها", "وا", "ا", "تين", "تان", "ان", "ات", "ون", "ين", "يه", "ه", "ت", "ي")
# Letters that must remain. Four before an ending, where light10 keeps two or three, gained a point of recall.
_SHORTEST_AFTER_PREFIX = 3
_SHORTEST_BEFORE_ENDING = 4


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word; the names of the months become the Egyptian ones."""
    if month := _month_names().get(word):
        return month
    if word[0] == "و" and len(word) > _SHORTEST_AFTER_PREFIX and not _is_whole(word):
        word = word[1:]
        if month := _month_names().get(word):
            return month
    return _without_suffixes(_without_article(word))


def _without_article(word: str) -> str:
    if _is_whole(word):
        return word
    if word[0] in _PREPOSITIONS and _is_whole(word[1:]):  # "لليبيا" is "ل" and "ليبيا"
        return word[1:]
    if match := _ARTICLE.match(word):
        return word[match.end() :]
    return word[1:] if word[0] in _PREPOSITIONS and len(word) > _SHORTEST_AFTER_PREFIX else word


def _without_suffixes(word: str) -> str:
    while (shorter := _without_suffix(word)) != word:
        word = shorter
    return word


def _without_suffix(word: str) -> str:
    for suffix in _SUFFIXES:
        if len(word) - len(suffix) >= _SHORTEST_BEFORE_ENDING and word.endswith(suffix):
            word = word[: -len(suffix)]
    return word


def _is_whole(word: str) -> bool:
    return _without_suffixes(word) in _whole_stems()


@cache
def _whole_stems() -> frozenset[str]:
    return frozenset(_without_suffixes(word) for word in normalise(AR.whole_words).split())


@cache
def _month_names() -> dict[str, str]:
    """Names of one word, folded, to the first of their month. Not "آب": folded, it is the word for father."""
    months = [forms.split("|") for forms in AR.names.months]
    exact = AR.names.exact.split("|")
    return {
        normalise(name): normalise(names[0])
        for names in months
        for name in names
        if " " not in name and name not in exact
    }
