"""What a text that an answer rests on speaks of: its numbers, quantities and dates, its names, its words by sound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

from rag.answering.denial import may_deny
from rag.entities.dates import ISO_DATE, Date, find_dates
from rag.entities.lexicon import WORD, Name, lexicon, split_forms
from rag.entities.mentions import possible_names
from rag.entities.numerals import Number, find_numbers, forms_of, has_dual
from rag.entities.quantities import Quantity, find_quantities
from rag.languages.registry import of
from rag.text.arabic import stem
from rag.text.folding import normalise, script_of
from rag.text.transliteration import sounds

_CLOCK = re.compile(r"(?<![\d.:])([01]?\d|2[0-3])[.:hH]([0-5]\d)(?!\d|[.:]\d)")
_COLON = re.compile(r"(?<![\d.:])(\d{1,2})\s?[:hH]\s?([0-5]\d)(?!\d|[.:]\d)")
_GROUP = re.compile(r"\d+")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_BEFORE = 400  # characters in which the year stands that "the following year" follows: a guess
_JOINED = 15  # letters from which an Arabic word is taken for several run together; the longest that are none have 14
_INSIDE = 5  # letters from which a name is looked for within such a word


class EvidenceText(NamedTuple):
    """A text an answer may rest on. Give the title and date of the article as one too: they are evidence."""

    text: str
    language: str


@dataclass(frozen=True)
class KnownFacts:
    """What texts speak of.

    bare: the numbers that stand there without a unit, or may. words: folded, in every form, of neighbours joined too
    (بيونغ يانغ), and whether each is part of a name.
    """

    numbers: frozenset[Decimal]
    bare: frozenset[Decimal]
    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    clocks: frozenset[tuple[int, int]]
    names: frozenset[tuple[str, str]]
    words: Mapping[str, bool]

    @cached_property
    def heard(self) -> tuple[tuple[str, str], ...]:
        """Script and sounds of the words. Worked out when first asked for: a name found as it is written is not."""
        return _sounds(word for word in self.words if len(word) > 1)

    @cached_property
    def unnamed(self) -> tuple[tuple[str, str], ...]:
        """The same of those words that no name is made of."""
        return _sounds(word for word, is_name in self.words.items() if len(word) > 1 and not is_name)


@lru_cache(maxsize=256)
def read_evidence(texts: tuple[EvidenceText, ...]) -> KnownFacts:
    """What the texts speak of, taken together. Kept, since sentence after sentence rests on the same."""
    bare: set[Decimal] = set()
    quantities: list[Quantity] = []
    dates: list[Date] = []
    names: set[tuple[str, str]] = set()
    words: dict[str, bool] = {}
    today = _days(texts)
    for text, language in texts:
        found = find_quantities(text, language)
        measured = {quantity.start for quantity in found if not quantity.loose}
        numbers = find_numbers(text, language)
        unmeasured = [number for number in numbers if number.start not in measured]
        bare |= {number.value for number in unmeasured}
        read = [number for number in numbers if number in unmeasured or not number.in_digits]  # 100 of "100 billion"
        bare |= _implied_numbers(text, language, read) | _years_told(text, language, today)
        quantities += found
        dates += [*find_dates(text, language), *_days_told(text, language, today)]
        mentions = possible_names(text, language)
        named = {place for _, start, end in mentions for place in range(start, end)}
        names |= {name_key(mention.name) for mention in mentions}
        for word, place in _forms(text, language):
            words[word] = words.get(word, False) or place in named
            names |= _names_within(word, language)
    if ("territory", "EU") in names:
        names.add(("territory", "150"))
    names |= {("month", str(each.month)) for each in dates} | _weekdays(dates)
    bare |= {Decimal(each.day) for each in dates}
    return KnownFacts(
        frozenset(bare | {quantity.value for quantity in quantities}),
        frozenset(bare),
        tuple(quantities),
        tuple(dates),
        frozenset(clock[:2] for text, _ in texts for clock in clocks(text)),
        frozenset(names),
        words,
    )


def name_key(name: Name) -> tuple[str, str]:
    """A country and its people are one, and what is European may be of Europe or of its union."""
    if name.kind != "people":
        return name.kind, name.code
    return "territory", "150" if name.code == "EU" else name.code


def decades(text: str, language: str) -> list[str]:
    """The years that stand for a decade: the 1980s are ثمانينيات القرن العشرين."""
    pattern = of(language).numbers.decade
    return pattern.findall(text) if pattern is not None else []


def parts_of(number: Number, text: str) -> list[Decimal]:
    """What a number in digits may be read as part by part: a telephone number, a time of the day (7.55, 07h55)."""
    written = normalise(text[number.start : number.end])
    clock = _CLOCK.fullmatch(written)
    grouped = " " in written.replace("\u00a0", " ").replace("\u202f", " ")
    return [Decimal(part) for part in _GROUP.findall(written)] if grouped or clock else []


def clocks(text: str) -> list[tuple[int, int, str]]:
    """The times of the clock, or of a match, in a text: hours or minutes, what follows the colon, and as written."""
    return [(int(match[1]), int(match[2]), match.group()) for match in _COLON.finditer(normalise(text))]


def _implied_numbers(text: str, language: str, numbers: Sequence[Number]) -> set[Decimal]:
    """Numbers that no number word says: duals, "to nil", decades, hours and minutes, the groups of long numbers."""
    dual = {Decimal(2)} if has_dual(text, language) else set()
    nothing = {Decimal(0)} if may_deny(text, language) else set()
    years = [int(year) for year in decades(text, language)]
    spelt = {Decimal(part) for year in years for part in (year % 100, year // 100 + 1)}
    clock = {Decimal(part) for match in _CLOCK.findall(normalise(text)) for part in match}
    groups = {part for number in numbers for part in parts_of(number, text)}
    return dual | nothing | spelt | clock | groups


def _days(texts: Sequence[EvidenceText]) -> list[date]:
    """The dates that are a text by themselves: those of the articles."""
    found = []
    for text, _ in texts:
        match = ISO_DATE.fullmatch(text)
        try:
            found += [date(*map(int, match.groups()))] if match else []
        except ValueError:  # the 31st of June: no day
            continue
    return found


def _years_told(text: str, language: str, today: Sequence[date]) -> set[Decimal]:
    """Years that are not written: "last year" from the article's date, "the following year" from the one before it."""
    folded, periods = normalise(text), of(language).periods
    told = {Decimal(day.year + by) for by in (0, -1) if _says(folded, periods.relative, f"year {by}") for day in today}
    for by, forms in periods.years_on.items():
        for form in split_forms(forms):
            for match in re.finditer(rf"{re.escape(normalise(form))}\b", folded):
                years = _YEAR.findall(folded, max(0, match.start() - _BEFORE), match.start())
                told |= {Decimal(int(year) + by) for year in years[-1:]}
    return told


def _days_told(text: str, language: str, today: Sequence[date]) -> list[Date]:
    """The days that a text means by today and yesterday."""
    folded, relative = normalise(text), of(language).periods.relative
    days = [day + timedelta(by) for by in (0, -1) if _says(folded, relative, f"day {by}") for day in today]
    return [Date(day.day, day.month, day.year) for day in days]


def _says(folded: str, table: object, key: str) -> bool:
    forms = split_forms(table.get(key, "")) if isinstance(table, dict) else []
    return any(re.search(rf"\b{re.escape(normalise(form))}\b", folded) for form in forms)


def _weekdays(dates: Iterable[Date]) -> set[tuple[str, str]]:
    found = set()
    for each in dates:
        try:
            found.add(("weekday", str(date(each.year, each.month, each.day).weekday())))
        except ValueError:  # not a whole date, or none there is
            continue
    return found


def _names_within(word: str, language: str) -> set[tuple[str, str]]:
    """The names in several words run together, as the press loses spaces: غادربيونغيانغفييوليو."""
    if len(word) < _JOINED or not of(language).names.loses_spaces:
        return set()
    known = lexicon(language)
    sizes = range(_INSIDE, min(len(word), _longest_form(language)) + 1)
    parts = {word[at : at + size] for size in sizes for at in range(len(word) - size + 1)}
    entries = (entry for part in parts & known.keys() for entry in known[part])
    return {name_key(entry.name) for entry in entries if entry.name is not None and len(entry.words) == 1}


@lru_cache(maxsize=8)
def _longest_form(language: str) -> int:
    return max(map(len, lexicon(language)), default=0)


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


def _sounds(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple({(script_of(word), sounds(word)): None for word in words})
