"""Whether the evidence bears out what a model wrote: its numbers, dates and names must occur there.

A sentence is checked against the passages it rests on, across languages: numbers by value, in any digits or in words;
months across calendars and the Maghrebi, Egyptian and Levantine names; countries, peoples and cities by CLDR; other
names by sound. A denial needs a denial. What cannot be checked so (a paraphrase, a cause, an order of events) is not
judged: a verdict without faults says that nothing was found wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rag.answering.denial import denial_in, may_deny
from rag.entities.lexicon import WORD, Name, base_language
from rag.entities.mentions import Mention, find_names, possible_names
from rag.entities.numerals import find_numbers, forms_of, has_dual
from rag.languages.registry import LANGUAGES, in_script, of, words_of_all
from rag.text.arabic import stem
from rag.text.folding import normalise, script_of
from rag.text.stop_words import stop_words
from rag.text.transliteration import distance, sounds

_ISO_DATE = re.compile(r"\b\d{4}-(\d{2})-\d{2}\b")
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_PAUSE = re.compile(r"[.,;:!?،؛؟()\n]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;«\"“(\n])\s*\Z")
_ADJECTIVE = re.compile(f"(?:{'|'.join(each.names.derived for each in LANGUAGES if each.names.derived)})$")
_OF_THE_CLOCK = re.compile(r" ?h(?![^\W\d_])|:\d\d\b")  # 15 h, 15h30, 15:30

# Above this the sounds of two words are too far apart for one name; see tests/quality for what it catches.
_SAME_NAME = 0.24
# The same where no other alphabet has come between, and for a name of CLDR's, whose spelling is known.
_SAME_SPELLING = {"arab": 0.1, "latn": 0.15}
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


def verify(
    sentence: str, language: str, evidence: Sequence[EvidenceText], source: Sequence[EvidenceText] = ()
) -> Verdict:
    """The verdict on one sentence of an answer in ``language``. ``source``: the sentences of the evidence it rests on.

    What it denies must be denied in its source, or anywhere in the evidence where no source is given. A sentence
    without any evidence is itself its fault.
    """
    language = base_language(language)
    if not any(text.text.strip() for text in evidence):
        return Verdict((sentence,))
    known = _known(tuple(evidence))
    names = find_names(sentence, language)
    denied = denial_in(sentence, language)
    faults = [
        *_wrong_numbers(sentence, language, names, known),
        *(sentence[start:end] for name, start, end in names if not _named(name, sentence[start:end], known)),
        *_unheard_names(sentence, language, names, known),
        *([denied] if denied and not any(may_deny(*text) for text in source or evidence) else []),
    ]
    return Verdict(tuple(dict.fromkeys(faults)))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the evidence speaks of."""

    numbers: frozenset[Decimal]
    names: frozenset[tuple[str, str]]
    words: frozenset[str]  # folded, in every form
    heard: tuple[tuple[str, str], ...]  # script and sounds of the words, of neighbours joined too (بيونغ يانغ)
    unnamed: tuple[tuple[str, str], ...]  # those of words that no name is made of


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
        for word, place in _forms(text, language):
            words[word] = words.get(word, False) or place in named
    if ("territory", "EU") in names:
        names.add(("territory", "150"))
    return _Known(
        frozenset(numbers),
        frozenset(names),
        frozenset(words),
        _sounds(word for word in words if len(word) > 1),
        _sounds(word for word, is_name in words.items() if len(word) > 1 and not is_name),
    )


def _sounds(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple({(script_of(word), sounds(word)): None for word in words})


def _numbers(text: str, language: str) -> set[Decimal]:
    dual = {Decimal(2)} if has_dual(text, language) else set()
    nothing = {Decimal(0)} if may_deny(text, language) else set()  # "two goals to nil"
    years = [int(year) for year in _decades(text, language)]
    decades = {Decimal(part) for year in years for part in (year % 100, year // 100 + 1)}
    return {number.value for number in find_numbers(text, language)} | dual | nothing | decades


def _decades(text: str, language: str) -> list[str]:
    """The years that stand for a decade: the 1980s are ثمانينيات القرن العشرين."""
    pattern = of(language).numbers.decade
    return pattern.findall(text) if pattern is not None else []


def _months(text: str) -> set[tuple[str, str]]:
    """The months a text gives by number."""
    parts = [*_ISO_DATE.findall(text), *(part for match in _NUMERIC_DATE.findall(text) for part in match)]
    return {("month", str(int(part))) for part in parts if 1 <= int(part) <= 12}


def _forms(text: str, language: str) -> Iterator[tuple[str, int]]:
    """(folded word, the place of its last letter), in every form of an Arabic word, and neighbours joined."""
    before = ""
    for match in WORD.finditer(text):
        folded, place = normalise(match.group()), match.end() - 1
        if not folded:
            continue
        yield folded, place
        if of(language).stemmer == "light10":
            yield from ((word, place) for word in {stem(folded), *(word for word, _ in forms_of(folded, language))})
        yield before + folded, place
        before = folded


def _wrong_numbers(sentence: str, language: str, names: Sequence[Mention], known: _Known) -> Iterator[str]:
    decades = _decades(sentence, language)
    for number in find_numbers(sentence, language):
        named = any(number.start < end and start < number.end for _, start, end in names)  # كانون الثاني
        values = {number.value}
        if str(number.value) in decades:
            values.add(number.value % 100 or number.value // 100 + 1)
        if 12 < number.value < 24 and _OF_THE_CLOCK.match(sentence, number.end):  # three in the afternoon
            values.add(number.value - 12)
        if not named and not number.vague and not values & known.numbers:
            yield sentence[number.start : number.end]


def _named(name: Name, written: str, known: _Known) -> bool:
    """Whether the evidence names it, or has a word of its sound that is no other name (Nigeria is not Niger)."""
    return _key(name) in known.names or (
        name.kind in ("territory", "people", "place") and _sounds_like(written, known.unnamed, _SAME_KNOWN_NAME)
    )


def _key(name: Name) -> tuple[str, str]:
    """A country and its people are one, and what is European may be of Europe or of its union."""
    if name.kind != "people":
        return name.kind, name.code
    return "territory", "150" if name.code == "EU" else name.code


def _unheard_names(sentence: str, language: str, names: Sequence[Mention], known: _Known) -> Iterator[str]:
    """Proper names that no word of the evidence sounds like."""
    doubtful = [m for m in possible_names(sentence, language) if _key(m.name) in known.names]
    taken = {place for _, start, end in (*names, *doubtful) for place in range(start, end)}
    cued = of(language).names.before_names
    words = _words_after_cues(sentence, language) if cued else _capitalised_words(sentence, language)
    for match in words:
        if match.start() not in taken and not _heard(match.group(), _word_before(sentence, match.start()), known):
            yield match.group()


def _word_before(sentence: str, place: int) -> str:
    """The word right before a place, to be read as one with the next (New York is نيويورك)."""
    match = re.search(r"(\w+)[ -]\Z", sentence[:place])
    return match.group(1) if match is not None else ""


def _capitalised_words(sentence: str, language: str) -> Iterator[re.Match[str]]:
    """Words written with a capital that are neither translated nor the first of their sentence, where any word is.

    English ones may stand in any language, as in "la Fashion Week de Paris".
    """
    names, stop = of(language).names, stop_words(language)
    common = _words(f"{names.translated} {of('en').names.translated}")
    and_name = _and_name(of(language).numbers.conjunction)
    for match in WORD.finditer(sentence):
        word, folded = match.group(), normalise(match.group())
        if not word[0].isupper() or len(word) < 3 or word[:-1].isupper():  # abbreviations are translated too
            continue
        if folded in common or folded in stop or folded in _particles():
            continue
        if _SENTENCE_START.search(sentence, 0, match.start()) is None or and_name.match(sentence, match.end()):
            yield match


def _words_after_cues(sentence: str, language: str) -> Iterator[re.Match[str]]:
    """Up to three words after a title or a word such as "city" that may be a name: Arabic has no capitals to tell."""
    run, last = 0, 0
    names, stop = of(language).names, stop_words(language)
    for match in WORD.finditer(sentence):
        folded = normalise(match.group())
        if _PAUSE.search(sentence, last, match.start()):
            run = 0
        last = match.end()
        if any(word in _words(names.before_names) for word, _ in forms_of(folded, language)):
            run = 3
        elif folded in stop or (names.no_name and names.no_name.search(match.group())):
            run = 0
        elif run and not folded.startswith(names.adjectives):  # an adjective, a verb: a name may still follow
            run -= 1
            yield match


def _heard(word: str, before: str, known: _Known) -> bool:
    folded = normalise(word)
    if folded in known.words or any(
        folded.startswith(w) or w.startswith(folded) for w in known.words if min(len(w), len(folded)) > 4
    ):
        return True
    if script_of(word) == "arab":
        forms = (stem(folded), *(w for w, _ in forms_of(folded, in_script("arab")[0].code)))
        return any(w in known.words for w in forms) or _sounds_like(word, known.heard)
    adjective = _ADJECTIVE.sub("", folded)
    said = [word, *([adjective] if len(adjective) > 2 else []), *([before + word] if before else [])]
    return any(_sounds_like(form, known.heard) for form in said)


def _sounds_like(word: str, heard: Sequence[tuple[str, str]], most: float = _SAME_NAME) -> bool:
    said, script = sounds(word.replace(" ", "")), script_of(word)
    if not said:
        return False
    most_written = min(most, _SAME_SPELLING.get(script, most))
    limits = ((other, most_written if script == written else most) for written, other in heard)
    return any(distance(said, other, limit) <= limit for other, limit in limits)


@lru_cache(maxsize=1)
def _particles() -> frozenset[str]:
    return words_of_all(lambda language: language.names.particles)


@lru_cache(maxsize=8)
def _and_name(conjunction: str) -> re.Pattern[str]:
    return re.compile(rf" {conjunction} [^\W\d_a-zà-ÿ]")


@lru_cache(maxsize=8)
def _words(text: str) -> frozenset[str]:
    """The folded words of a list, and their plurals."""
    words = {normalise(word) for word in text.split()}
    return frozenset(words | {word + "s" for word in words})
