"""Whether the evidence bears out the numbers of a sentence: by value, with their units, and dates as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from rag.answering.evidence import EvidenceText, KnownFacts, clocks, decades, parts_of, read_evidence
from rag.entities.dates import ISO_DATE, Date, dates_in_digits, find_dates
from rag.entities.lexicon import split_forms
from rag.entities.mentions import Mention
from rag.entities.numerals import Number, find_numbers, is_year
from rag.entities.quantities import Quantity, find_quantities
from rag.entities.units import Unit
from rag.languages.registry import of
from rag.text.folding import normalise

_OF_THE_CLOCK = re.compile(r"\s?h(?![^\W\d_])|:\d\d\b")  # 15 h, 15h30, 15:30
_THREE_DIGITS = re.compile(r"\d{1,3}[.,٫٬](\d{3})")  # a thousand in one language and a fraction in the next
_PERCENT = Unit("concentr")
_BOUNDS = ("less_than", "more_than", "about")  # keys of terms that may stand right before a number
_BEFORE = 30  # characters before a number in which such a word stands: a bound


def wrong_figures(sentence: str, language: str, names: Sequence[Mention], evidence: KnownFacts) -> Iterator[str]:
    """The words of each number, quantity and date that the evidence does not give."""
    quantities = {quantity.start: quantity for quantity in find_quantities(sentence, language)}
    dates = [match.span() for match, _ in dates_in_digits(sentence)]
    taken = [*dates, *((start, end) for _, start, end in names)]  # كانون الثاني
    for number in find_numbers(sentence, language):
        if number.vague or any(number.start < end and start < number.end for start, end in taken):
            continue
        quantity = quantities.get(number.start)
        values = readings_of(number, sentence, language)
        if quantity is not None and not quantity.loose:
            if not _is_given(quantity, values, evidence):
                yield sentence[quantity.start : quantity.end]
        elif not (values & evidence.numbers or _in_parts(number, sentence, evidence)) and not (
            quantity is not None and _is_given(quantity, values, evidence)
        ):
            yield sentence[number.start : number.end]
    yield from _mixed_dates(sentence, language, names, evidence)
    yield from _wrong_clocks(sentence, evidence)


def displaced_years(sentence: str, language: str, nearest: EvidenceText) -> Iterator[str]:
    """Years that the nearest sentence of the evidence lacks, where it has another that the sentence leaves out.

    The year then stands elsewhere, for something else. A sentence made of several says what its nearest one says too.
    """
    numbers = find_numbers(sentence, language)
    said = {number.value for number in numbers}
    if any(is_year(number, nearest.text) and number.value not in said for number in find_numbers(*nearest)):
        known = read_evidence((nearest,)).numbers
        for number in numbers:
            if is_year(number, sentence) and number.value not in known:
                yield sentence[number.start : number.end]


def borrowed_years(
    sentence: str, language: str, evidence: Sequence[EvidenceText], source: Sequence[EvidenceText]
) -> Iterator[str]:
    """Years of the sentence that are those of an article's day alone, where its source has another that it leaves out.

    "It opened on 17 November 2024", of an article of that day: «افتتحت في 17 نوفمبر 1869».
    """
    days = {match[1] for text in evidence if (match := ISO_DATE.fullmatch(text.text))}
    numbers = [number for number in find_numbers(sentence, language) if str(number.value) in days]
    if numbers:
        told = read_evidence(tuple(text for text in evidence if not ISO_DATE.fullmatch(text.text))).numbers
        said = {number.value for number in find_numbers(sentence, language)}
        found = (number for text in source for number in find_numbers(*text) if is_year(number, text.text))
        if any(number.value not in said for number in found):
            yield from (sentence[each.start : each.end] for each in numbers if each.value not in told)


def readings_of(number: Number, sentence: str, language: str) -> set[Decimal]:
    """What a number of a sentence may be in its evidence."""
    values, written = {number.value}, sentence[number.start : number.end]
    if str(number.value) in decades(sentence, language):
        values.add(number.value % 100 or number.value // 100 + 1)
    if number.value < 24 and _OF_THE_CLOCK.match(sentence, number.end):  # three in the afternoon
        values.add((number.value + 12) % 24)
    if _THREE_DIGITS.fullmatch(written):  # 655,957, copied as another language writes it
        values |= {number.value * 1000, number.value / 1000}
    return values


def _in_parts(number: Number, sentence: str, evidence: KnownFacts) -> bool:
    parts = parts_of(number, sentence)
    return bool(parts) and evidence.numbers.issuperset(parts)


def _is_given(quantity: Quantity, values: set[Decimal], evidence: KnownFacts) -> bool:
    """Whether the evidence has the amount, or the number without a unit, or as a share what is said in percent."""
    if values & evidence.bare or any(quantity.amounts_to(other) for other in evidence.quantities):
        return True
    read = [Quantity(value, quantity.units, quantity.start, quantity.end, quantity.per) for value in values]
    return any(each.amounts_to(other) for each in read for other in evidence.quantities) or (
        _PERCENT in quantity.units and quantity.value / 100 in evidence.numbers
    )


def _wrong_clocks(sentence: str, evidence: KnownFacts) -> Iterator[str]:
    """Times whose hour and minutes the evidence has, but of other times."""
    known = {(hours % 12, minutes) for hours, minutes in evidence.clocks}
    for hours, minutes, written in clocks(sentence):
        if known and (hours % 12, minutes) not in known:
            yield written


def _mixed_dates(sentence: str, language: str, names: Sequence[Mention], evidence: KnownFacts) -> Iterator[str]:
    """Dates whose parts the evidence has, but of other dates."""
    months = _month_names(sentence, names)
    for date in find_dates(sentence, language):
        given = [each for each in evidence.dates if each.month == date.month]
        if date.is_full and given and date.month in months and not any(map(date.agrees, given)):
            yield _in_words(date, months)
    for match, readings in dates_in_digits(sentence):
        if not any(date.agrees(each) for date in readings for each in evidence.dates):
            yield match.group()


def displaced_days(sentence: str, language: str, names: Sequence[Mention], nearest: EvidenceText) -> Iterator[str]:
    """Days of months that are not those of the nearest sentence, which has another that the sentence leaves out.

    "It opened on 25 April", where the nearest has the day of the opening, and another that of the first dig.
    """
    said, given = ([each for each in find_dates(*text) if each.day] for text in ((sentence, language), nearest))
    if any(not any(map(date.agrees, said)) for date in given):
        months = _month_names(sentence, names)
        yield from (
            _in_words(date, months) for date in said if date.month in months and not any(map(date.agrees, given))
        )


def reversed_bounds(sentence: str, language: str, evidence: Sequence[EvidenceText]) -> Iterator[str]:
    """Numbers that a sentence bounds from the one side, and the evidence, wherever it has them, from the other.

    "Fewer than 300", where no text says so of 300, nor about how many they are, is no more borne out.
    """
    bounded = [(number, bound) for number, bound in _bounds(sentence, language) if bound in ("less_than", "more_than")]
    if bounded:
        given = [(number.value, bound) for text in evidence for number, bound in _bounds(*text)]
        for number, bound in bounded:
            found = {other for value, other in given if value == number.value}
            allowed = {bound, "about", "" if bound == "more_than" else bound}
            if found and not found & allowed:
                yield sentence[number.start : number.end]


def _bounds(text: str, language: str) -> Iterator[tuple[Number, str]]:
    """The numbers of a text with the key of the term before each, or nothing."""
    patterns = _bound_patterns(language)
    for number in find_numbers(text, language):
        before = normalise(text[max(0, number.start - _BEFORE) : number.start])
        yield number, next((key for key, pattern in patterns if pattern.search(before)), "")


@lru_cache(maxsize=8)
def _bound_patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    known, found = of(language), []
    written_on = f"[{known.conjunctions}]?" if known.conjunctions else ""  # وأقل من
    for key in _BOUNDS:
        forms = "|".join(re.escape(normalise(form)) for form in split_forms(known.terms.get(key, "")))
        found.append((key, re.compile(rf"(?<!\w){written_on}(?:{forms or '(?!)'})\s+(?:\w{{1,3}}\s+)?\Z")))
    return found


def _month_names(sentence: str, names: Sequence[Mention]) -> dict[int, str]:
    """The months of a sentence as it writes them."""
    return {int(each.name.code): sentence[each.start : each.end] for each in names if each.name.kind == "month"}


def _in_words(date: Date, months: dict[int, str]) -> str:
    return " ".join(part for part in (str(date.day or ""), months[date.month], str(date.year or "")) if part)
