"""Whether an answer in words holds what its question asks for: an amount, a time, or anything that is new.

What a model writes may be true and no answer: "Edward Jenner vaccinated", a project's purpose for its length, metres
for what a dam cost. The evidence bears it out, so that only the question tells. In languages without a table every text
answers, and so does what denies something, or says "several" or "after the war".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rag.answering.denial import denial_in
from rag.answering.measures import counts_things, is_measure_of
from rag.entities.dates import dates_in_digits, find_dates
from rag.entities.lexicon import WORD
from rag.entities.mentions import possible_names
from rag.entities.numerals import Number, find_numbers, has_dual, is_year
from rag.entities.quantities import Quantity, find_quantities
from rag.entities.statements import properties
from rag.languages.registry import in_script, of
from rag.text.analyser import analyse
from rag.text.folding import normalise, script_of

_TIMES = ("month", "hijri", "weekday")
_LASTS = {"age": 1, "length": 2, "": 2}  # how many years tell one as well: that of birth, those from and to
_LONE = 2  # words of an answer that a number is most of
_NAMING = 3  # words that may name a thing by its kind: "what rainforest", "the Amazon rainforest"
Kinds = frozenset[str]  # of the unit of an amount, none for a bare number


def responds(question: str, language: str, answer: str) -> bool:
    """Whether ``answer``, in the language of the question, tells what the question asks for as far as code can say."""
    if denial_in(answer, language):
        return True
    asked = of(language).replies
    if _asks(asked.amount, question, language):
        return _tells_amount(question, language, answer)
    if _asks(asked.time, question, language):
        return _tells_time(answer, language)
    opened = _opened(question, language)
    return opened is None or _adds(question, language, answer, _NAMING if opened["what"] else 1)


def claim_of(sentence: str, language: str) -> str:
    """A sentence without the "No," that it answers with: what is left is what the articles must bear out."""
    words = of(language).replies.yes_no
    begun = re.match(rf"\s*(?:{words})\s*[,،:–—-]\s*(?=\w)", sentence, re.IGNORECASE) if words else None
    return sentence[begun.end() :] if begun is not None else sentence


def measures_amiss(question: str, language: str, sentence: str) -> bool:
    """Whether a sentence gives the property that is asked for in a unit that cannot be its: "a coûté 145 mètres"."""
    wanted = _property(question, language)
    amounts = list(_amounts(sentence, language, wanted)) if wanted else []
    return bool(amounts) and wanted in properties(sentence, language) and not _has(wanted, False, amounts)


def _asks(pattern: str, question: str, language: str) -> bool:
    """Whether the pattern is what the question opens with, or stands anywhere in what does not open with another."""
    folded = normalise(question)
    found = re.search(pattern, folded) if pattern else None
    opened = _opened(question, language)
    return found is not None and (opened is None or found.start() < opened.end())


def _opened(question: str, language: str) -> re.Match[str] | None:
    opens = of(language).replies.opens
    return re.match(opens, normalise(question)) if opens else None


def _property(question: str, language: str) -> str:
    """The one property that a question asks to be measured; nothing where it names none, or several."""
    named = properties(question, language)
    return min(named) if len(named) == 1 and _asks(of(language).replies.amount, question, language) else ""


def _tells_amount(question: str, language: str, answer: str) -> bool:
    wanted = _property(question, language)
    counted = not wanted and counts_things(question, language)
    amounts = list(_amounts(answer, language, wanted))
    if amounts:
        return _has(wanted, counted, amounts)
    said = re.search(of(language).replies.tells_amount, normalise(answer)) is not None
    return said or has_dual(answer, language) or (counted and any(n.vague for n in find_numbers(answer, language)))


def _has(wanted: str, counted: bool, amounts: list[Kinds]) -> bool:
    return any(not kinds or is_measure_of(kinds, wanted, counted) for kinds in amounts)


def _amounts(text: str, language: str, wanted: str) -> Iterator[Kinds]:
    """The amounts of a text, without ordinals and the days and years of dates."""
    quantities = _quantities(text, language)
    yield from (_kinds(each) for each in quantities.values())
    dates = find_dates(text, language)
    dated = {each.day for each in dates} | {each.year for each in dates} - {0}
    digits = [match.span() for match, _ in dates_in_digits(text)]
    years = 0
    for number in find_numbers(text, language):
        if number.is_ordinal or number.vague or number.start in quantities:
            continue
        if any(start <= number.start < end for start, end in digits):
            continue
        if number.value in dated or (is_year(number, text) and _is_led(number, text, language)):
            years += is_year(number, text)
        else:
            yield frozenset()
    if years >= _LASTS.get(wanted, years + 1):
        yield frozenset({"duration"})


def _quantities(text: str, language: str) -> dict[int, Quantity]:
    """By their place; those too whose unit a model copied in another script: "a coûté ١٤٥ مترًا"."""
    scripts = {script_of(word) for word in WORD.findall(text)} - {of(language).script}
    others = [in_script(script)[0].code for script in sorted(scripts) if in_script(script)]
    return {each.start: each for code in (*others, language) for each in find_quantities(text, code)}


def _kinds(quantity: Quantity) -> Kinds:
    return frozenset(unit.kind.split("-")[0] for unit in quantity.units)


def _tells_time(answer: str, language: str) -> bool:
    if any(name.name.kind in _TIMES for name in possible_names(answer, language)):
        return True
    if re.search(of(language).replies.tells_time, normalise(answer)):
        return True
    quantities = _quantities(answer, language)
    if any("duration" in _kinds(each) for each in quantities.values()):
        return True
    lone = len(answer.split()) <= _LONE
    free = (number for number in find_numbers(answer, language) if number.start not in quantities)
    return any(lone or n.is_ordinal or is_year(n, answer) or _is_led(n, answer, language) for n in free)


def _is_led(number: Number, text: str, language: str) -> bool:
    """Whether a number stands where a year does: "in", "since"."""
    cue = of(language).replies.before_year
    return bool(cue) and re.search(cue, normalise(text[: number.start])) is not None


def _adds(question: str, language: str, answer: str, name: int) -> bool:
    """Whether an answer has a word, or a word once more, that its question has not; or may be one it lets choose.

    name: up to how many words may be a name that the question holds.
    """
    replies = of(language).replies
    if re.search(replies.either, question.casefold()) or re.search(replies.tells_amount, normalise(answer)):
        return True
    said, asked = (Counter(term.text for term in analyse(text, language)) for text in (answer, question))
    return len(said) <= name or bool(said - asked)
