"""Numbers in a text, in the digits of any script or written out in words that the language's file knows.

Grouping and decimal marks follow the language ("1.000" is a thousand in French and Arabic, one in English), and Arabic
number words are read through their proclitics. :mod:`rag.entities.number_sums` puts the words together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from rag.entities.number_sums import HALF, Part, Role, Sum
from rag.languages.language import Language, NumberTable
from rag.languages.registry import of
from rag.text.folding import fold, normalise

_SPACES = "\u00a0\u202f\u2009"
_MARKS = r"\u0300-\u036f\u064b-\u065f\u0670"
_TOKEN = re.compile(
    rf"\d{{1,3}}(?:[.,٬{_SPACES}]\d{{3}})+(?:[.,٫]\d+)?(?!\d)"  # grouped: 1,000.5
    rf"|\d+(?:[.,٫]\d+)?"
    rf"|[^\W\d_](?:[^\W\d_]|[{_MARKS}])*"
)
_MARK = re.compile(rf"[\u0640{_MARKS}]")
_SPACED_GROUPS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``text[start:end]``.

    ``vague``: a half of one knows not what, or the word for one or first. ``rough``: a plural such as "hundreds", or
    "tens of thousands", which says no number, though its value is that of one.
    """

    value: Decimal
    start: int
    end: int
    in_digits: bool = False
    is_ordinal: bool = False
    vague: bool = False
    rough: bool = False


def is_year(number: Number, text: str) -> bool:
    """Whether a number of the text looks like a year of our time: four digits together, from 1000 to 2999."""
    return 1000 <= number.value <= 2999 and text[number.start : number.end].isdecimal()


def find_numbers(text: str, language: str) -> list[Number]:
    """The numbers of ``text``, left to right. Digits are read in any language, words where it has a table."""
    numbers: list[Number] = []
    sum_: Sum | None = None
    known = of(language)
    for part in _parts(text, known):
        is_ordinal = part.role == "ordinal"
        if sum_ is not None and sum_.joins(part, text, known.numbers):
            last = replace(numbers[-1], value=sum_.value, end=part.end, in_digits=False)
            vague = last.vague and part.role == "half"
            numbers[-1] = replace(last, vague=vague, is_ordinal=is_ordinal or last.is_ordinal)
            continue
        sum_ = Sum.of(part)
        vague = not part.in_digits and part.value in (1, HALF)
        numbers.append(Number(part.value, part.start, part.end, part.in_digits, is_ordinal, vague, part.rough))
    return numbers


def write_number(number: Number, text: str, language: str) -> str:
    """A number for a reader of ``language``: digits keep their grouping, words become digits grouped as is the custom.

    Millions and more stay words beside their digits ("6 million"); a rough number becomes the word for it ("hundreds"),
    or digits after "~". ``text`` is the one the number was found in.
    """
    if number.rough:
        shown = of(language).numbers.rough_shown.get(int(number.value), "")
        return shown.split("|")[0] or f"~{_in_digits(number.value, language)}"
    if number.in_digits:
        return normalise(text[number.start : number.end]).replace("٫", ".").replace("٬", ",")
    return _in_digits(number.value, language)


def _in_digits(value: Decimal, language: str) -> str:
    from babel import Locale  # lazy: only questions that cross languages need it
    from babel.numbers import format_decimal

    locale = Locale.parse(language)
    scale = next((scale for scale in (10**9, 10**6) if value >= scale), 1)
    count = value / scale
    formats = locale.compact_decimal_formats
    patterns = formats["long" if "long" in formats else "short"]  # Chinese, Japanese and Korean have one form
    pattern = str(patterns.get(locale.plural_form(count), patterns["other"])[str(scale)].pattern) if scale > 1 else ""
    if pattern.count("0") != 1 or count != round(count, 2):
        return str(format_decimal(value, locale=locale))
    return pattern.replace("0", format_decimal(count, locale=locale))


def has_dual(text: str, language: str) -> bool:
    """Whether a text may speak of two of something without the word for two (عامين, مدينتين).

    A dual is told from a sound plural by what plurals of people look like (مسلمين, لاجئين, ليبيين): roughly.
    """
    known = of(language)
    if known.numbers.dual is None:
        return False
    words = (word for m in _TOKEN.finditer(text) for word, _ in forms_of(normalise(m.group()), language))
    return any(_is_dual(word, known) for word in words if not word.startswith(known.articles))


def _is_dual(word: str, language: Language) -> bool:
    if word in _folded(language.numbers.duals):
        return True
    dual = language.numbers.dual
    return dual is not None and dual.fullmatch(word) is not None and word not in _words(language.code)


def _parts(text: str, language: Language) -> Iterator[Part]:
    numbers = language.numbers
    if " " in numbers.groups:  # one for one, so that offsets hold
        text = _SPACED_GROUPS.sub("\u00a0", text)
    matches = list(_TOKEN.finditer(text))
    tokens = ["", *(normalise(match.group()) for match in matches), ""]
    blocked = _folded(numbers.blocked)
    for at, match in enumerate(matches):
        previous, token, following = tokens[at : at + 3]
        written, after_and = match.group(), previous == numbers.conjunction != ""
        if written[0].isdecimal():
            yield Part(_from_digits(written, numbers.decimal_mark), "unit", *match.span(), True, after_and)
        elif numbers.roman and (roman := numbers.roman.fullmatch(written)) and written[0].isupper():
            yield Part(_from_roman(*roman.groups()), "ordinal", *match.span(), False, after_and)
        elif (part := _word(match, token, after_and, language)) and blocked.isdisjoint(
            (f"{previous} {token}", f"{token} {following}")
        ):
            yield part


def _word(match: re.Match[str], token: str, after_and: bool, language: Language) -> Part | None:
    """The number a word says, in the first of its forms that is one."""
    words, numbers = _words(language.code), language.numbers
    form, dropped = next(((each, n) for each, n in forms_of(token, language.code) if each in words), ("", 0))
    if not form or (numbers.never and numbers.never.search(match.group())):
        return None
    written = _MARK.sub("", match.group())
    if form in _folded(numbers.exact) and written[dropped:] not in numbers.exact.split("|"):
        return None
    if written[:dropped] != token[:dropped]:  # ألستون: no article is written with a hamza
        return None
    value, role = words[form]
    after_and |= dropped > 0 and token[0] == language.and_letter
    start = match.start() + fold(match.group()).offsets[dropped]
    return Part(value, role, start, match.end(), False, after_and, form in _folded(numbers.rough))


def _from_digits(token: str, decimal_mark: str) -> Decimal:
    digits = normalise(token).replace("٫", "d").replace("٬", "")
    for space in _SPACES:
        digits = digits.replace(space, "")
    digits = digits.replace(" ", "")
    *head, tail = re.split(r"[.,d]", digits)
    if not head:
        return Decimal(tail)
    mark = "d" if "d" in digits else digits[-len(tail) - 1]
    grouped = len(tail) == 3 and mark not in ("d", decimal_mark) and len(head[0]) < 4
    return Decimal("".join(head) + ("" if grouped else ".") + tail)


def _from_roman(tens: str, units: str) -> Decimal:
    small = {"IX": 9, "IV": 4}.get(units, 5 * units.count("V") + units.count("I"))
    return Decimal(10 * len(tens) + small)


@lru_cache(maxsize=20_000)
def forms_of(folded: str, language: str) -> tuple[tuple[str, int], ...]:
    """(word, letters dropped): a folded word whole, without "and" or "so", without a preposition, without its article.

    Only the first in a language that writes none of them onto the next word.
    """
    found = [(folded, 0)]
    clitics, whole = _clitics(language)
    for letters, size in clitics:
        cut = [(word, n) for word, n in found if word.startswith(letters) and len(word) > size + 1]
        found += [(word[size:], n + size) for word, n in cut if word not in whole]
    return tuple(found)


@lru_cache(maxsize=8)
def _clitics(language: str) -> tuple[list[tuple[tuple[str, ...], int]], frozenset[str]]:
    """What is written onto a word, outermost first, with its length; and the words that keep it."""
    known = of(language)
    written = [each for each in (known.conjunctions, known.prepositions, known.articles) if each]
    return [(letters, len(letters[0])) for letters in written], _folded(known.whole)


@lru_cache(maxsize=8)
def _words(language: str) -> dict[str, tuple[Decimal, Role]]:
    numbers = of(language).numbers
    tables: tuple[tuple[NumberTable, Role], ...] = (
        (numbers.ordinals, "ordinal"),
        (numbers.decades, "ordinal"),
        (numbers.scales, "scale"),
        (numbers.units, "unit"),
    )
    words: dict[str, tuple[Decimal, Role]] = {
        normalise(form): (Decimal(value), role)
        for table, role in tables
        for value, forms in table.items()
        for form in forms.split("|")
    }
    return words | {normalise(form): (HALF, "half") for form in numbers.half.split("|") if form}


@lru_cache(maxsize=32)
def _folded(forms: str) -> frozenset[str]:
    return frozenset(normalise(form) for form in forms.split("|") if form)
