"""The components of the chat page and how they lie: header, conversation with its composer, evidence, article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.chat.dates_in_words import MOST_CHARS
from rag.chat.interface_texts import LANGUAGES, Texts
from rag.settings import Settings

SESSION_SECONDS = 6 * 3600  # a conversation left alone that long is forgotten
PERIODS = ("any", "week", "month", "year", "dates")
# A click in drawn HTML becomes an event of its component; the names are spelt out for Gradio to find them here.
_EVENTS_SCRIPT = """
const names = ['again', 'open', 'restore', 'suggest', 'translate', 'unfilter', 'vote'];
element.addEventListener('click', (click) => {
  const button = click.target.closest('[data-event]');
  if (button && names.includes(button.dataset.event)) trigger(button.dataset.event, {...button.dataset});
});
"""


@dataclass(frozen=True)
class Parts:
    """The components of the page, by what they show."""

    conversation: Any
    brand: Any
    language: Any
    theme: Any
    earlier: Any
    current: Any
    next: Any
    notice: Any
    standby: Any
    question: Any
    chips: Any
    filters: Any
    languages: Any
    sources: Any
    period: Any
    dates: Any
    since: Any
    until: Any
    clear: Any
    evidence: Any
    reader: Any
    arrived: Any
    library: Any
    sheet: Any
    kept: Any

    @property
    def chosen(self) -> list[Any]:
        """The controls that filter, in the order :meth:`ChatEvents.filters` reads them."""
        return [self.languages, self.sources, self.period, self.since, self.until]


def lay_out(texts: Texts, settings: Settings) -> Parts:
    """Makes the components inside the current ``gr.Blocks``."""
    made: dict[str, Any] = {"conversation": gr.State((), time_to_live=SESSION_SECONDS)}
    with gr.Row(elem_id="isnad-header"):
        made["brand"] = gr.HTML(elem_id="isnad-brand", apply_default_css=False)
        made["language"] = gr.Radio(
            [(name, code) for code, name in LANGUAGES.items()],
            value=settings.language or None,
            label=texts.say("language"),
            elem_id="isnad-language",
            container=False,
        )
        made["theme"] = gr.HTML(elem_id="isnad-theme", apply_default_css=False)
    with gr.Row(elem_id="isnad-main"):
        with gr.Column(elem_id="isnad-talk"):
            with gr.Column(elem_id="isnad-conversation"):
                made["earlier"] = _html("isnad-earlier")
                with gr.Column(elem_id="isnad-latest"):
                    made["current"] = _html("isnad-current")
                    made["next"] = _html("isnad-next")
            with gr.Column(elem_id="isnad-composer"):
                made |= _composer(texts)
        with gr.Column(elem_id="isnad-evidence"):
            made["evidence"] = _html("isnad-cards")
    made["reader"] = _html("isnad-reader")
    made["arrived"] = _html("isnad-arrived")
    made["sheet"] = _html("isnad-sheet")
    made["library"] = _html("isnad-library")
    made["kept"] = _html("isnad-kept")
    return Parts(**made)


def _composer(texts: Texts) -> dict[str, Any]:
    made: dict[str, Any] = {"notice": _html("isnad-notice"), "standby": _html("isnad-standby")}
    made["question"] = gr.Textbox(
        lines=1,
        max_lines=6,
        show_label=False,
        container=False,
        submit_btn=True,
        autofocus=True,
        elem_id="isnad-question",
    )
    made["chips"] = _html("isnad-chips")
    with gr.Row(elem_id="isnad-tools"):
        with gr.Accordion(texts.say("filters"), open=False, elem_id="isnad-filters") as made["filters"]:
            made["languages"] = gr.CheckboxGroup([], elem_id="isnad-languages")
            with gr.Row():
                made["sources"] = gr.Dropdown([], multiselect=True, elem_id="isnad-sources")
                made["period"] = gr.Dropdown(
                    period_choices(texts), value="any", elem_id="isnad-period", filterable=False
                )
            with gr.Row(visible=False) as made["dates"]:
                made["since"] = gr.Textbox(max_length=MOST_CHARS, elem_id="isnad-since")
                made["until"] = gr.Textbox(max_length=MOST_CHARS, elem_id="isnad-until")
        made["clear"] = gr.Button(texts.say("clear"), size="sm", elem_id="isnad-clear")
    return made


def _html(name: str) -> Any:
    return gr.HTML("", elem_id=name, apply_default_css=False, js_on_load=_EVENTS_SCRIPT)


def period_choices(texts: Texts) -> list[tuple[str, str]]:
    """The periods to choose from: (words, name)."""
    return [(texts.say(f"period_{name}"), name) for name in PERIODS]


def theme() -> gr.themes.Base:
    """Gradio's plainest theme on the system's own fonts, so that nothing is fetched from elsewhere."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
