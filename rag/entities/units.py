"""Units of measure and of money by their names in a language, with their sizes, so that amounts can be compared.

The names are CLDR's, by way of Babel, and those that a language's own file adds (:mod:`rag.languages.language`); the
sizes are definitions (SI, the international yard and pound, the Gregorian year). Money is a kind of its own for each
currency, since no rate is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rag.entities.lexicon import is_known, split_forms
from rag.languages.registry import of
from rag.text.folding import normalise
from rag.text.stop_words import stop_words

# CLDR's kind and name of each unit, and its size in a base unit of that kind.
_SIZES = {
    "length": "kilometer 1000 meter 1 centimeter .01 millimeter .001 nanometer 1e-9 mile 1609.344 nautical-mile 1852 "
    "yard .9144 foot .3048 inch .0254 light-year 9.4607e15",
    "area": "square-kilometer 1e6 square-meter 1 hectare 1e4 acre 4046.86 square-mile 2589988 square-foot .092903",
    "volume": "cubic-kilometer 1e9 cubic-meter 1 liter .001 milliliter 1e-6 gallon .0037854 barrel .158987 "
    "cubic-foot .0283168",
    "mass": "milligram 1e-6 gram .001 kilogram 1 tonne 1000 ton 907.185 pound .453592 ounce .0283495",
    "power": "watt 1 kilowatt 1e3 megawatt 1e6 gigawatt 1e9 horsepower 745.7",
    "energy": "kilowatt-hour 3.6e6 joule 1 kilocalorie 4184",
    "speed": "kilometer-per-hour .277778 mile-per-hour .44704 meter-per-second 1 knot .514444",
    "temperature": "celsius 1 fahrenheit .555556",
    "duration": "second 1 minute 60 hour 3600 day 86400 week 604800 month 2629746 year 31556952 decade 315569520 "
    "century 3155695200",
    "digital": "megabyte 1 gigabyte 1e3 terabyte 1e6",
    "concentr": "percent 1",
}
# The keys of the languages' own tables. What they count that CLDR does not measure is of one kind: things.
_OWN = {
    "mph": "speed-mile-per-hour", "kmh": "speed-kilometer-per-hour", "km": "length-kilometer", "metre": "length-meter",
    "cm": "length-centimeter", "nm": "length-nanometer", "km2": "area-square-kilometer", "m2": "area-square-meter",
    "mile2": "area-square-mile", "foot2": "area-square-foot", "m3": "volume-cubic-meter", "kg": "mass-kilogram",
    "litre": "volume-liter", "celsius": "temperature-celsius", "degree": "temperature-celsius temperature-fahrenheit",
    "sterling": "money-pound", "percent": "concentr-percent",
    **dict.fromkeys(("person", "soldier", "country", "times"), "things"),
    **{key: f"length-{key}" for key in ("mile", "foot", "inch", "yard")},
    **{key: f"power-{key}" for key in ("kilowatt", "megawatt", "gigawatt")},
    **{key: f"money-{key}" for key in (
        "dollar", "euro", "pound", "dinar", "riyal", "dirham", "franc", "yen", "yuan", "rouble", "lira", "rupee",
        "shekel",
    )},
    **{f"two_{key}s": f"duration-{key}" for key in ("year", "month", "week", "day", "hour")},
    **{key: f"duration-{key}" for key in (
        "century", "decade", "year", "month", "week", "day", "hour", "minute", "second",
    )},
    "hectare": "area-hectare", "tonne": "mass-tonne", "barrel": "volume-barrel",
}  # fmt: skip
# Signs and codes of money, folded, in any language.
_SIGNS = {
    "$": "dollar", "us$": "dollar", "usd": "dollar", "€": "euro", "eur": "euro", "£": "pound", "gbp": "pound",
    "¥": "yen", "₹": "rupee", "₪": "shekel", "₺": "lira", "₽": "rouble", "dzd": "dinar", "mad": "dirham",
    "aed": "dirham", "sar": "riyal", "xof": "franc",
}  # fmt: skip
_FREEZING = Decimal(32)  # Fahrenheit's nought is another


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its kind and its size in the base unit of that kind; ``nought``: where the base unit has 0."""

    kind: str
    size: Decimal = Decimal(1)
    nought: Decimal = Decimal(0)


UnitNames = dict[str, tuple[Unit, ...]]


@lru_cache(maxsize=8)
def unit_names(language: str) -> UnitNames:
    """Folded form -> the units that it may mean ("pound" is mass and money)."""
    found: dict[str, dict[Unit, None]] = {}
    for form, unit in _forms(language):
        found.setdefault(form, {})[unit] = None
    return {form: tuple(units) for form, units in found.items()}


@lru_cache(maxsize=8)
def duals(language: str) -> UnitNames:
    """Folded forms that say two of a unit by themselves (عقدين)."""
    own = (
        (_OWN[key], form) for key, forms in of(language).units.items() if key[:4] == "two_" for form in _split(forms)
    )
    found = [*own, *((name, form) for name, form, is_dual in _cldr_forms(language) if is_dual)]
    found += [(name, form[:-2] + "ين") for name, form in found if form.endswith("ان")]  # after a preposition
    return {form: (_unit(name),) for name, form in found if " " not in form}


def money_signs() -> UnitNames:
    """The signs and codes of money, which stand before a number too."""
    return {sign: (_unit(_OWN[money]),) for sign, money in _SIGNS.items()}


def pattern(names: UnitNames) -> str:
    """A pattern of any of the names, as the group ``unit``; of nothing where there are none."""
    forms = sorted(names, key=len, reverse=True)
    return rf"(?P<unit>{'|'.join(map(re.escape, forms))})(?!\w)" if forms else "(?P<unit>(?!))"


@lru_cache(maxsize=256)
def _unit(name: str) -> Unit:
    kind, _, rest = name.partition("-")
    if kind not in _SIZES:
        return Unit(name)
    sizes = _SIZES[kind].split()
    size = Decimal(sizes[sizes.index(rest) + 1])
    return Unit(kind, size, _FREEZING if rest == "fahrenheit" else Decimal(0))


def _forms(language: str) -> Iterator[tuple[str, Unit]]:
    known, stop = of(language), stop_words(language)
    tables = (*known.units.items(), ("percent", known.terms.get("percent", "%")))
    for key, forms in tables:
        if key in _OWN and key[:4] != "two_":
            yield from ((form, _unit(name)) for name in _OWN[key].split() for form in _split(forms))
    yield from ((sign, unit) for sign, (unit,) in money_signs().items())
    for name, form, is_dual in _cldr_forms(language):
        if not is_dual and form not in stop and (len(form) > 1 or form == "%"):  # 5 in, 5 m
            yield form, _unit(name)


@lru_cache(maxsize=8)
def _cldr_forms(language: str) -> tuple[tuple[str, str, bool], ...]:
    """(unit, folded form, whether that means two of it), as CLDR writes it beside numbers of every plural."""
    from babel.units import format_unit  # lazy: only what a model wrote needs it

    found: dict[tuple[str, str, bool], None] = {}
    names = [f"{kind}-{name}" for kind, sizes in _SIZES.items() for name in sizes.split()[::2]]
    for name in names if is_known(language) else ():
        for count in (1, 2, 3, 11, 100):
            for length in ("long", "short"):
                written = normalise(format_unit(count, name, length=length, locale=language))
                form = re.sub(r"\d+", "", written).strip(" \u00a0\u202f.")
                if form and name not in written:
                    found[name, form, count == 2 and form == written] = None
    return tuple(found)


def _split(forms: str) -> Iterator[str]:
    return map(normalise, split_forms(forms))
