"""Whether the evidence bears out what a model wrote: its numbers, dates and names must occur there.

A sentence is checked against the passages it rests on, across languages: numbers by value, in any digits or in words;
months across calendars and the Maghrebi, Egyptian and Levantine names; countries, peoples and cities by CLDR; other
names by sound. A denial needs a denial. What cannot be checked so (a paraphrase, a cause, an order of events) is not
judged: a verdict without faults says that nothing was found wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from rag.entities.common_names import ARABIC_NAME_CUES, PARTICLES, TRANSLATED
from rag.entities.lexicon import WORD, Name, base_language
from rag.entities.mentions import Mention, find_names, possible_names
from rag.entities.numerals import find_numbers, has_dual, readings
from rag.text.arabic import stem
from rag.text.folding import normalise, script_of
from rag.text.stop_words import stop_words
from rag.text.transliteration import distance, sounds

_ISO_DATE = re.compile(r"\b\d{4}-(\d{2})-\d{2}\b")
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;«\"“(\n])\s*\Z")
_ADJECTIVE = re.compile(r"(?:ians?|ans?|ese|ish|ics?|istes?|ists?|iennes?|iens?|aises?|ais|ois|oises?|s)$")

# A denial in an answer, and what in the evidence can be told as one.
_DENIALS = {
    "en": re.compile(r"\b(?:not|never|nobody|nothing|neither|cannot|no)\b|n['’]t\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:ne\b|n['’]).{1,40}\b(?:pas|jamais|aucune?|rien|personne)\b", re.IGNORECASE),
    "ar": re.compile(r"\b[وف]?(?:لم|لن|ليس|ليست|ليسوا)\b"),
}
_NEGATIVES = {
    "en": re.compile(
        rf"{_DENIALS['en'].pattern}|\b(?:without|nor|none|den(?:y|ied|ies)|refus|reject|fail|lack|un)", re.I
    ),
    "fr": re.compile(
        r"\bne\b|\bn['’]|\b(?:pas|jamais|aucun|rien|sans|ni|non|refus|rejet|échou|nie|démen|manqu|in|im)", re.I
    ),
    "ar": re.compile(
        r"\b[وف]?(?:لا|لم|لن|ليس\w*|ما|دون|بدون|غير|عدم|بلا|بعدم|لعدم|انعدام|نف[ىتي]\w*|رفض\w*|فشل\w*|منع\w*|سوى|قبل|لست|مستحيل)\b"
    ),
}
# Above this the sounds of two words are too far apart for one name; see tests/quality for what it catches.
_SAME_NAME = 0.24
# The same where the evidence should have a known spelling: a name of CLDR's, an Arabic name in Arabic.
_SAME_KNOWN_NAME = 0.1


class EvidenceText(NamedTuple):
    """A text an answer may rest on. Give the title and date of the article as one too: they are evidence."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of a sentence its evidence does not bear out, in the sentence's words; empty when nothing was found."""

    faults: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults


def verify(sentences: Sequence[str], evidence: Sequence[Sequence[EvidenceText]], language: str) -> list[Verdict]:
    """One verdict a sentence; ``evidence[i]`` is what ``sentences[i]`` rests on. ``language`` is the answer's.

    A sentence without any evidence has all its numbers and names for faults, and itself when it has none.
    """
    return [
        _verdict(sentence, tuple(texts), base_language(language))
        for sentence, texts in zip(sentences, evidence, strict=True)
    ]


def _verdict(sentence: str, texts: tuple[EvidenceText, ...], language: str) -> Verdict:
    if not any(text.text.strip() for text in texts):
        return Verdict((sentence,))
    known = _known(texts)
    names = find_names(sentence, language)
    faults = [
        *_wrong_numbers(sentence, language, names, known),
        *(sentence[start:end] for name, start, end in names if not _named(name, sentence[start:end], known)),
        *_unheard_names(sentence, language, names, known),
        *_wrong_denial(sentence, language, known),
    ]
    return Verdict(tuple(dict.fromkeys(faults)))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the evidence speaks of."""

    numbers: frozenset[Decimal]
    names: frozenset[tuple[str, str]]
    words: frozenset[str]  # folded, in every reading
    heard: tuple[str, ...]  # the sounds of the words, of neighbours joined too (بيونغ يانغ)
    unnamed: tuple[str, ...]  # those of words that no name is made of
    denies: bool


@lru_cache(maxsize=256)
def _known(texts: tuple[EvidenceText, ...]) -> _Known:
    numbers: set[Decimal] = set()
    names: set[tuple[str, str]] = set()
    words: dict[str, bool] = {}  # word -> whether it is part of a name
    for text, language in texts:
        numbers |= _numbers(text, language)
        mentions = possible_names(text, language)
        names |= {_key(mention.name) for mention in mentions} | _months(text)
        named = {place for _, start, end in mentions for place in range(start, end)}
        for word, place in _readings(text, language):
            words[word] = words.get(word, False) or place in named
    if ("territory", "EU") in names:
        names.add(("territory", "150"))
    return _Known(
        frozenset(numbers),
        frozenset(names),
        frozenset(words),
        tuple({sounds(word): None for word in words if len(word) > 1}),
        tuple({sounds(word): None for word, is_name in words.items() if len(word) > 1 and not is_name}),
        any(_denies(text.text, text.language) for text in texts),
    )


def _numbers(text: str, language: str) -> set[Decimal]:
    dual = {Decimal(2)} if language == "ar" and has_dual(text) else set()
    return {number.value for number in find_numbers(text, language)} | dual


def _months(text: str) -> set[tuple[str, str]]:
    """The months a text gives by number."""
    parts = [*_ISO_DATE.findall(text), *(part for match in _NUMERIC_DATE.findall(text) for part in match)]
    return {("month", str(int(part))) for part in parts if 1 <= int(part) <= 12}


def _readings(text: str, language: str) -> Iterator[tuple[str, int]]:
    """(folded word, the place of its last letter), in every reading of an Arabic word, and neighbours joined."""
    before = ""
    for match in WORD.finditer(text):
        folded, place = normalise(match.group()), match.end() - 1
        if not folded:
            continue
        yield folded, place
        if language == "ar":
            yield from ((word, place) for word in {stem(folded), *(word for word, _ in readings(folded))})
        yield before + folded, place
        before = folded


def _wrong_numbers(sentence: str, language: str, names: Sequence[Mention], known: _Known) -> Iterator[str]:
    for number in find_numbers(sentence, language):
        named = any(number.start < end and start < number.end for _, start, end in names)  # كانون الثاني
        if not named and not number.vague and number.value not in known.numbers:
            yield sentence[number.start : number.end]


def _named(name: Name, written: str, known: _Known) -> bool:
    """Whether the evidence names it, or has a word of its sound that is no other name (Nigeria is not Niger)."""
    return _key(name) in known.names or (
        name.kind in ("territory", "people", "place") and _sounds_like(written, known.unnamed, _SAME_KNOWN_NAME)
    )


def _key(name: Name) -> tuple[str, str]:
    """A country and its people are one."""
    return ("territory" if name.kind == "people" else name.kind, name.code)


def _unheard_names(sentence: str, language: str, names: Sequence[Mention], known: _Known) -> Iterator[str]:
    """Proper names that no word of the evidence sounds like."""
    doubtful = [m for m in possible_names(sentence, language) if _key(m.name) in known.names]
    taken = {place for _, start, end in (*names, *doubtful) for place in range(start, end)}
    words = _arabic_name_words(sentence) if language == "ar" else _capitalised_words(sentence, language)
    for match in words:
        if match.start() not in taken and not _heard(match.group(), _word_before(sentence, match.start()), known):
            yield match.group()


def _word_before(sentence: str, place: int) -> str:
    """The word right before a place, to be read as one with the next (New York is نيويورك)."""
    match = re.search(r"(\w+)[ -]\Z", sentence[:place])
    return match.group(1) if match is not None else ""


def _capitalised_words(sentence: str, language: str) -> Iterator[re.Match[str]]:
    """Words written with a capital that are neither translated nor only the first of their sentence."""
    common, stop = _words(TRANSLATED.get(language, "")), stop_words(language)
    matches = list(WORD.finditer(sentence))
    for match, after in zip_longest(matches, matches[1:]):
        word, folded = match.group(), normalise(match.group())
        if not word[0].isupper() or len(word) < 3 or word[:-1].isupper():  # abbreviations are translated too
            continue
        if folded in common or folded in stop or folded in _words(PARTICLES):
            continue
        begins = _SENTENCE_START.search(sentence, 0, match.start()) is not None
        named = after is not None and after.group()[0].isupper() and normalise(after.group()) not in common
        if not begins or (named and after is not None and after.start() == match.end() + 1):
            yield match


def _arabic_name_words(sentence: str) -> Iterator[re.Match[str]]:
    """Up to three words after a title or a word such as "city" that may be a name: Arabic has no capitals to tell."""
    run = 0
    stop = stop_words("ar")
    for match in WORD.finditer(sentence):
        folded = normalise(match.group())
        if any(word in _words(ARABIC_NAME_CUES) for word, _ in readings(folded)):
            run = 3
        elif run and folded.startswith(("ال", "ي", "ت")):  # an adjective, a verb: a name may still follow
            continue
        elif run and folded not in stop:
            run -= 1
            yield match
        else:
            run = 0


def _heard(word: str, before: str, known: _Known) -> bool:
    folded = normalise(word)
    if folded in known.words or any(folded.startswith(w) or w.startswith(folded) for w in known.words if len(w) > 4):
        return True
    if script_of(word) == "arab" and any(w in known.words for w in (stem(folded), *(w for w, _ in readings(folded)))):
        return True
    if script_of(word) == "arab":  # no spelling of another alphabet to allow for
        return _sounds_like(word, known.heard, _SAME_KNOWN_NAME)
    adjective = _ADJECTIVE.sub("", folded)
    said = [word, *([adjective] if len(adjective) > 2 else []), *([before + word] if before else [])]
    return any(_sounds_like(form, known.heard) for form in said)


def _sounds_like(word: str, heard: Sequence[str], most: float = _SAME_NAME) -> bool:
    said = sounds(word.replace(" ", ""))
    return said != "" and any(distance(said, other) <= most for other in heard)


@lru_cache(maxsize=8)
def _words(text: str) -> frozenset[str]:
    """The folded words of a list, and their plurals."""
    words = {normalise(word) for word in text.split()}
    return frozenset(words | {word + "s" for word in words})


def _denies(text: str, language: str) -> bool:
    negatives = _NEGATIVES.get(language)
    return negatives is None or negatives.search(text) is not None


def _wrong_denial(sentence: str, language: str, known: _Known) -> Iterator[str]:
    denial = _DENIALS.get(language)
    match = denial.search(sentence) if denial is not None else None
    if match is not None and not known.denies:
        yield match.group()
