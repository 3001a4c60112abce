"""What happens around the filters: their chips beside the question, their count, and the dates asked for."""

# Annotations are evaluated here (no `from __future__`): Gradio reads them to fill in event data.

from collections.abc import Sequence
from typing import Any

import gradio as gr

from rag.chat.filter_chips import removable, without
from rag.chat.interface_texts import DEFAULT_LANGUAGE, Texts, texts_in
from rag.chat.layout import Parts

_AT_ONCE = {"show_progress": "hidden", "api_visibility": "private", "queue": False}


def connect_filters(parts: Parts) -> None:
    """Each filter in force is a chip; dates are asked for where the period is between two of them."""

    def changed(language: str | None, *chosen: Any) -> dict[Any, Any]:
        return _told(parts, chosen, _texts(language))

    def taken_off(language: str | None, event: gr.EventData, *chosen: Any) -> dict[Any, Any]:
        off = str(event._data.get("name", "")), str(event._data.get("value", ""))
        return filtered(parts, without(chosen, *off), _texts(language))

    told = list(_told(parts, ([], [], "any", "", ""), texts_in(DEFAULT_LANGUAGE)))
    typed = (parts.since, parts.until)  # asked about once they are written, not at every letter
    for control in parts.chosen:
        settled = control.blur if control in typed else control.change
        settled(changed, [parts.language, *parts.chosen], told, **_AT_ONCE)
    parts.chips.unfilter(taken_off, [parts.language, *parts.chosen], [*parts.chosen, *told], **_AT_ONCE)


def filtered(parts: Parts, chosen: Sequence[Any], texts: Texts) -> dict[Any, Any]:
    """The five controls with these values, and what is told of them."""
    values = {control: gr.update(value=value) for control, value in zip(parts.chosen, chosen, strict=True)}
    return values | _told(parts, chosen, texts)


def _told(parts: Parts, chosen: Sequence[Any], texts: Texts) -> dict[Any, Any]:
    languages, sources, period, since, until = chosen
    timed = bool(since or until) if period == "dates" else period != "any"
    count = sum(map(bool, (languages, sources, timed)))
    label = texts.say("filters_active", count=count) if count else texts.say("filters")
    return {
        parts.filters: gr.update(label=label),
        parts.dates: gr.update(visible=period == "dates"),
        parts.chips: gr.update(value=removable(chosen, texts)),
    }


def _texts(language: str | None) -> Texts:
    return texts_in(language or DEFAULT_LANGUAGE)
