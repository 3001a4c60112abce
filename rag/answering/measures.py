"""Whether words measure something else than what a question asks to be measured.

A reader marks the length of a canal for its depth as surely as for its length: both are kilometres after its name. What
tells is which property question and sentence name, and the unit: of metres nothing is told where ships are counted.
"""

from __future__ import annotations

import re

from rag.entities.quantities import find_quantities
from rag.entities.statements import properties
from rag.entities.units import pattern, unit_names
from rag.languages.registry import of
from rag.text.folding import normalise

# What each property is measured in: kinds of rag.entities.units.
_KINDS = {
    "depth": {"length"},
    "height": {"length"},
    "length": {"length", "duration"},
    "width": {"length"},
    "distance": {"length", "duration"},
    "age": {"duration"},
    "area": {"area", "length"},  # 30 kilometres by 20
    "mass": {"mass"},
    "speed": {"speed"},
    "temperature": {"temperature"},
    "price": {"money"},
    "capacity": {"volume", "mass", "power", "energy", "digital", "area"},
}
_SHAPES = ("depth", "height", "length", "width")  # one thing has all of these, in the same unit
_NO_COUNT = {"money", "length", "area", "volume", "mass", "power", "energy", "speed", "temperature"}


def measures_other(question: str, language: str, words: str, sentence: str, passage: str, told_in: str) -> bool:
    """Whether marked words are not of what is asked to be measured or counted.

    words, sentence: what is marked and where; passage: with the sentence's neighbours, all in the language ``told_in``.
    """
    measured = [{unit.kind.split("-")[0] for unit in each.units} for each in find_quantities(words, told_in)]
    kinds = [each for each in measured if "concentr" not in each]  # of anything there may be so many per cent
    asked = properties(question, language)
    if len(asked) == 1:
        (wanted,) = asked
        if kinds and all(each.isdisjoint(_KINDS[wanted]) for each in kinds):
            return True
        others = properties(sentence, told_in) & set(_SHAPES) - asked
        return wanted in _SHAPES and bool(others) and wanted not in properties(passage, told_in)
    return not asked and counts_things(question, language) and any(each <= _NO_COUNT for each in kinds)


def is_measure_of(kinds: frozenset[str], wanted: str, counted: bool) -> bool:
    """Whether an amount of such a unit may be one of a property, or of things counted; of neither, any may."""
    if kinds & {"things", "concentr"}:  # of anything there may be so many, or so many per cent
        return True
    return not kinds <= _NO_COUNT if counted else not wanted or not kinds.isdisjoint(_KINDS[wanted])


def counts_things(question: str, language: str) -> bool:
    """Whether it asks how many there are of something that is no unit."""
    folded, how_many = normalise(question), of(language).statements.counts
    if not how_many or not re.search(how_many, folded):
        return False
    unit = re.search(rf"(?:{how_many})\W*(?:\w+\W+)?{pattern(unit_names(language))}", folded)
    return unit is None or any(each.kind == "things" for each in unit_names(language)[unit["unit"]])
