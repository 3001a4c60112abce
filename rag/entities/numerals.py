"""Numbers in a text, in the digits of any script or written out in Arabic, English or French.

Grouping and decimal marks follow the language ("1.000" is a thousand in French and Arabic, one in English), and Arabic
number words are read through their proclitics. :mod:`rag.entities.number_sums` puts the words together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from rag.entities import number_words
from rag.entities.number_sums import HALF, Part, Role, Sum
from rag.text.folding import fold, normalise

_SPACES = "\u00a0\u202f\u2009"
_MARKS = r"\u0300-\u036f\u064b-\u065f\u0670"
_TOKEN = re.compile(
    rf"\d{{1,3}}(?:[.,٬{_SPACES}]\d{{3}})+(?:[.,٫]\d+)?(?!\d)"  # grouped: 1,000.5
    rf"|\d+(?:[.,٫]\d+)?"
    rf"|[^\W\d_](?:[^\W\d_]|[{_MARKS}])*"
)
_FRENCH_GROUPS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_ROMAN = re.compile(r"(X{0,2})(IX|IV|V?I{0,3})(?:e|er|re|ème)")  # le XIXe siècle, la Ve République
_AND = {"en": "and", "fr": "et", "ar": "و"}
_DECIMAL_MARK = {"en": ".", "fr": ","}
# Arabic words that would be misread without their first letters: "I am not", "Monday", "percent", "quantities".
_WHOLE = frozenset(map(normalise, ("لست", "الاثنين", "بالمئة", "بالمائة", "كمية", "كميات")))
# A hundred that is none, by the word before it and itself.
_PERCENT = {("pour", "cent"), *(("في", normalise(word)) for word in ("المئة", "المائة"))}


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``text[start:end]``. ``vague``: a half of one knows not what, or the word for one or first."""

    value: Decimal
    start: int
    end: int
    in_digits: bool = False
    is_ordinal: bool = False
    vague: bool = False


def find_numbers(text: str, language: str) -> list[Number]:
    """The numbers of ``text``, left to right. Digits are read in any language, words in Arabic, English and French."""
    numbers: list[Number] = []
    sum_: Sum | None = None
    for part in _parts(text, language):
        is_ordinal = part.role == "ordinal"
        if sum_ is not None and sum_.joins(part, text, language):
            last = replace(numbers[-1], value=sum_.value, end=part.end, in_digits=False)
            vague = last.vague and part.role == "half"
            numbers[-1] = replace(last, vague=vague, is_ordinal=is_ordinal or last.is_ordinal)
            continue
        sum_ = Sum.of(part)
        vague = not part.in_digits and part.value in (1, HALF)
        numbers.append(Number(part.value, part.start, part.end, part.in_digits, is_ordinal, vague))
    return numbers


def write_number(number: Number, text: str, language: str) -> str:
    """A number for a reader of ``language``: digits keep their grouping, words become digits grouped as is the custom.

    ``text`` is the one the number was found in.
    """
    if number.in_digits:
        return normalise(text[number.start : number.end]).replace("٫", ".").replace("٬", ",")
    from babel.numbers import format_decimal  # lazy: only questions that cross languages need it

    return str(format_decimal(number.value, locale=language))


def has_dual(text: str) -> bool:
    """Whether an Arabic text may speak of two of something without the word for two (عامين, مدينتين).

    A dual is told from a sound plural by what plurals of people look like (مسلمين, لاجئين, ليبيين): roughly.
    """
    words = (word for m in _TOKEN.finditer(text) for word, _ in readings(normalise(m.group())))
    return any(_is_dual(word) for word in words if not word.startswith("ال"))


def _is_dual(word: str) -> bool:
    if word in _duals() or (len(word) > 5 and word.endswith(("تين", "تان"))):
        return True
    plural = word.startswith("م") or word[1:2] == "ا" or word.endswith("يين") or word in _words("ar")
    return len(word) > 4 and word.endswith("ين") and not plural


def _parts(text: str, language: str) -> Iterator[Part]:
    if language == "fr":  # groups by plain spaces; one for one, so that offsets hold
        text = _FRENCH_GROUPS.sub("\u00a0", text)
    words, previous = _words(language), ""
    for match in _TOKEN.finditer(text):
        token = normalise(match.group())
        after_and = previous == _AND.get(language)
        if match.group()[0].isdecimal():
            yield Part(_read_digits(match.group(), language), "unit", *match.span(), True, after_and)
        elif language == "fr" and (century := _ROMAN.fullmatch(match.group())) and match.group()[0].isupper():
            yield Part(_read_roman(*century.groups()), "ordinal", *match.span(), False, after_and)
        else:
            read = readings(token) if language == "ar" else [(token, 0)]
            known = next(((words[reading], n) for reading, n in read if reading in words), None)
            if known is not None and (previous, token) not in _PERCENT:
                (value, role), dropped = known
                after_and |= dropped > 0 and token[0] == "و"
                start = match.start() + fold(match.group()).offsets[dropped]
                yield Part(value, role, start, match.end(), False, after_and)
        previous = token


def _read_digits(token: str, language: str) -> Decimal:
    digits = normalise(token).replace("٫", "d").replace("٬", "")
    for space in _SPACES:
        digits = digits.replace(space, "")
    digits = digits.replace(" ", "")
    *head, tail = re.split(r"[.,d]", digits)
    if not head:
        return Decimal(tail)
    mark = "d" if "d" in digits else digits[-len(tail) - 1]
    grouped = len(tail) == 3 and mark not in ("d", _DECIMAL_MARK.get(language)) and len(head[0]) < 4
    return Decimal("".join(head) + ("" if grouped else ".") + tail)


def _read_roman(tens: str, units: str) -> Decimal:
    small = {"IX": 9, "IV": 4}.get(units, 5 * units.count("V") + units.count("I"))
    return Decimal(10 * len(tens) + small)


def readings(folded: str) -> list[tuple[str, int]]:
    """Of a folded Arabic word, (word, letters dropped): whole, without و or ف, without ب, ك or ل, without ال."""
    found = [(folded, 0)]
    for letters in (("و", "ف"), ("ب", "ك", "ل"), ("ال", "لل")):
        size = len(letters[0])
        cut = [(word, n) for word, n in found if word.startswith(letters) and len(word) > size + 1]
        found += [(word[size:], n + size) for word, n in cut if word not in _WHOLE]
    return found


@lru_cache(maxsize=8)
def _words(language: str) -> dict[str, tuple[Decimal, Role]]:
    tables: tuple[tuple[dict[str, dict[int, str]], Role], ...] = (
        (number_words.ORDINALS, "ordinal"),
        (number_words.SCALES, "scale"),
        (number_words.UNITS, "unit"),
        (number_words.HALVES, "half"),
    )
    return {
        normalise(form): (HALF if role == "half" else Decimal(value), role)
        for table, role in tables
        for value, forms in table.get(language, {}).items()
        for form in forms.split("|")
    }


@lru_cache(maxsize=1)
def _duals() -> frozenset[str]:
    return frozenset(normalise(word) for word in number_words.DUALS.split("|"))
