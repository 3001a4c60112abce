"""The filters as chips: beside the question each can be taken off, in an exchange they say what it was limited to.

Pure functions; markup comes from :mod:`rag.rendering` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode

from rag.chat.conversation import Exchange
from rag.chat.interface_texts import Texts
from rag.documents import Filters
from rag.rendering import EMPTY, Html, Value, button, element, text_in

NOTHING_CHOSEN: tuple[Any, ...] = ([], [], "any", "", "")  # the five controls, as :func:`chosen_in` tells them


def chosen_in(filters: Filters) -> tuple[Any, ...]:
    """What the five controls show for filters: languages, sources, period, since, until."""
    dates = "dates" if filters.since or filters.until else "any"
    return list(filters.languages), list(filters.sources), dates, filters.since, filters.until


def without(chosen: Sequence[Any], name: str, value: str) -> tuple[Any, ...]:
    """What the controls show once the chip of that name and value is taken off; ``all``: once all are."""
    languages, sources, *period = chosen
    if name == "all":
        return NOTHING_CHOSEN
    if name == "period":
        return languages, sources, *NOTHING_CHOSEN[2:]
    kept = [
        [each for each in given or () if (name, each) != (kind, value)]
        for kind, given in (("language", languages), ("source", sources))
    ]
    return (*kept, *period)


def removable(chosen: Sequence[Any], texts: Texts) -> Html:
    """A chip for each filter chosen, whose click takes it off, and one for all of them where there are several."""
    languages, sources, period, since, until = chosen
    chips = [_chip(texts.language_name(code), "language", code, texts) for code in languages or ()]
    chips += [_chip(source, "source", source, texts) for source in sources or ()]
    if period != "any" and (period != "dates" or since or until):
        words = days(since, until, texts) if period == "dates" else texts.say(f"period_{period}")
        chips.append(_chip(words, "period", "", texts))
    if len(chips) > 1:
        chips.append(button(texts.say("filters_clear"), "tool", data_event="unfilter", data_name="all"))
    return element("div", {"class": "chips"}, *chips) if chips else EMPTY


def limits(exchange: Exchange, texts: Texts) -> Html:
    """What an exchange was limited to; a period that its own words name can be taken off by asking again."""
    shown = [text_in("und", "bdi", {"class": "limit"}, each) for each in _given(exchange.filters, texts)]
    if named := _named(exchange, texts):
        marks: dict[str, Value] = {"data_event": "again", "data_key": exchange.key, "data_any": "true"}
        shown.append(button(named, "chip icon-off", aria_label=texts.say("limit_off", words=named), **marks))
    if not shown:
        return EMPTY
    return element("p", {"class": "limits"}, element("span", {}, texts.say("limited_to")), *shown)


def limited_words(exchange: Exchange, texts: Texts) -> list[str]:
    """The same in words: the filters given, and the period that the question names."""
    return [*_given(exchange.filters, texts), *filter(None, [_named(exchange, texts)])]


def link_to(exchange: Exchange) -> str:
    """The query that asks its question with its filters when the page is opened."""
    filters = exchange.filters
    given = {"q": exchange.question, "language": filters.languages, "source": filters.sources}
    given |= {"since": filters.since, "until": filters.until}
    return "?" + urlencode({name: value for name, value in given.items() if value}, doseq=True)


def linked(query: str) -> tuple[Any, ...]:
    """What the five controls show where the page was opened by such a link; nothing chosen where it asks nothing."""
    given = parse_qs(query.removeprefix("?"))
    if "q" not in given:
        return NOTHING_CHOSEN
    since, until = (given.get(name, [""])[0] for name in ("since", "until"))
    return chosen_in(Filters(tuple(given.get("language", ())), tuple(given.get("source", ())), since, until))


def days(since: str, until: str, texts: Texts) -> str:
    """From which day to which; what is no date stands as it was typed."""
    return " – ".join(texts.date(day) if day else "…" for day in (since, until))


def _given(filters: Filters, texts: Texts) -> list[str]:
    words = [texts.language_name(code) for code in filters.languages] + list(filters.sources)
    return [*words, days(filters.since, filters.until, texts)] if filters.since or filters.until else words


def _named(exchange: Exchange, texts: Texts) -> str:
    applied = exchange.answer.applied_filters if exchange.answer else None
    return days(applied.since, applied.until, texts) if applied and applied.from_question else ""


def _chip(words: str, name: str, value: str, texts: Texts) -> Html:
    marks = {"data_event": "unfilter", "data_name": name, "data_value": value}
    return button(words, "chip icon-off", aria_label=texts.say("limit_off", words=words), **marks)
