"""What happens in the chat page: each connection between its components and :class:`rag.chat.events.ChatEvents`."""

# Annotations are evaluated here (no `from __future__`): Gradio reads them to fill in requests and event data.

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.chat import evidence_panel, page
from rag.chat.conversation import BadRequest, Conversation
from rag.chat.events import ChatEvents
from rag.chat.filter_chips import NOTHING_CHOSEN, chosen_in, linked
from rag.chat.filters_wiring import filtered
from rag.chat.interface_texts import DEFAULT_LANGUAGE, Texts, preferred_language, texts_in
from rag.chat.keeping import keep, restore
from rag.chat.layout import Parts, period_choices
from rag.chat.sheet import sheet
from rag.errors import IsnadError
from rag.rendering import EMPTY, join
from rag.settings import Settings

_STORED = """(chosen, kept) => {
  const query = location.search
  try {
    return [localStorage.getItem('isnad-language') || chosen, sessionStorage.getItem('isnad-conversation') || '', query]
  } catch { return [chosen, '', query] }
}"""
_STORE_LANGUAGE = """(chosen, ...others) => {
  try { localStorage.setItem('isnad-language', chosen) } catch {}
  return [chosen, ...others]
}"""
_QUIET = {"show_progress": "hidden", "api_visibility": "private"}
_AT_ONCE = {**_QUIET, "queue": False}


def connect_language(blocks: gr.Blocks, parts: Parts, events: ChatEvents, settings: Settings) -> list[Any]:
    """At load and at the switch, everything is said again in the language chosen, stored or preferred; gives both.

    At load the conversation is there again that the tab kept for this reader; one kept for another is forgotten.
    """

    def begin(chosen: str | None, kept: str | None, query: str | None, request: gr.Request) -> dict[Any, Any]:
        reader, _, text = (kept or "").partition("\n")
        conversation = restore(text) if reader == events.reader(request.cookies) else ()
        begun = {parts.conversation: conversation, parts.kept: page.kept(keep(conversation))}
        limited = chosen_in(conversation[-1].filters) if conversation else NOTHING_CHOSEN
        limited = linked(query or "") if "q=" in (query or "") else limited
        return begun | speak(chosen, conversation, request, *limited)

    def speak(chosen: str | None, conversation: Conversation, request: gr.Request, *limited: Any) -> dict[Any, Any]:
        asked = chosen or settings.language or preferred_language(request.headers.get("accept-language", ""))
        texts = texts_in(asked)
        said = _spoken(parts, events, conversation, limited, texts)
        if reader := events.reader(request.cookies):
            said[parts.theme] = join([page.sign_out(reader, texts), said[parts.theme]])
        return said

    outputs = list(_spoken(parts, events, (), NOTHING_CHOSEN, texts_in(settings.language)))
    spoken = [parts.language, parts.conversation, *parts.chosen]
    loaded = blocks.load(
        begin,
        [parts.language, parts.kept, parts.arrived],
        [parts.conversation, parts.kept, *outputs],
        js=_STORED,
        **_AT_ONCE,
    )
    return [loaded, parts.language.input(speak, spoken, outputs, js=_STORE_LANGUAGE, **_AT_ONCE)]


def _spoken(
    parts: Parts, events: ChatEvents, conversation: Conversation, limited: Sequence[Any], texts: Texts
) -> dict[Any, Any]:
    """Every component that holds words, with what it says; ``limited``: what the five filters are to show."""
    say, status = texts.say, events.assistant.status()
    keeps = events.settings.keep_conversations
    languages = [(texts.language_name(code), code) for code in _listed(status.get("languages"))]
    said = {
        parts.language: gr.update(value=texts.language, label=say("language")),
        parts.brand: page.brand(status, texts),
        parts.theme: join([page.library_button(texts), page.theme_switch(texts)])
        if keeps
        else page.theme_switch(texts),
        parts.sheet: sheet(conversation, texts),
        parts.library: join([page.library(texts) if keeps else EMPTY, page.shortcuts(texts, keeps)]),
        parts.earlier: events.earlier(conversation, texts),
        parts.current: events.current(conversation, texts),
        parts.evidence: evidence_panel.evidence_view(conversation, texts, events.translates),
        parts.standby: page.standby(events.settings.max_question_chars, texts),
        parts.question: gr.update(label=say("question"), placeholder=say("placeholder"), submit_btn=say("send")),
        parts.languages: gr.update(label=say("languages"), choices=languages),
        parts.sources: gr.update(label=say("sources"), choices=_listed(status.get("sources"))),
        parts.period: gr.update(label=say("period"), choices=period_choices(texts)),
        parts.since: gr.update(label=say("since"), placeholder=say("date_example")),
        parts.until: gr.update(label=say("until"), placeholder=say("date_example")),
        parts.clear: gr.update(value=say("clear")),
    }
    filters = filtered(parts, limited, texts)
    return said | {part: said.get(part, {}) | update for part, update in filters.items()}


def connect_asking(parts: Parts, events: ChatEvents, settings: Settings) -> list[Any]:
    """A question runs until it is answered, stopped or cleared away; a suggestion is a question already written.

    Gives the events after which an answer is shown.
    """
    asking = Asking(parts, events)
    drawn = [parts.question, parts.notice, parts.conversation, parts.earlier, parts.current, parts.evidence, parts.kept]
    drawn += [parts.sheet, parts.next]
    asked = [parts.question, parts.language, parts.conversation, *parts.chosen]
    together = {"concurrency_limit": settings.max_concurrent, "concurrency_id": "ask"}
    submitted = parts.question.submit(asking.reply, asked, drawn, **together, **_QUIET)
    written = [shown.suggest(asking.suggest, None, parts.question, **_AT_ONCE) for shown in (parts.earlier, parts.next)]
    suggested = [each.then(asking.reply, asked, drawn, **together, **_QUIET) for each in written]
    spoken = [parts.language, parts.conversation]
    repeated = [
        shown.again(asking.again, spoken, drawn, **together, **_QUIET) for shown in (parts.earlier, parts.current)
    ]
    running = [submitted, *suggested, *repeated]
    for each in running:  # the server is away or refuses: the page says it by itself
        each.failure(None, js="() => document.dispatchEvent(new Event('isnad-lost'))", **_QUIET)
    parts.question.stop(asking.stop, spoken, drawn, cancels=running, **_AT_ONCE)
    emptied = [*drawn, *filtered(parts, NOTHING_CHOSEN, texts_in(settings.language))]
    parts.clear.click(asking.clear, [parts.language], emptied, cancels=running, **_AT_ONCE)
    restored = parts.library.restore(asking.restored, [parts.language], emptied, cancels=running, **_AT_ONCE)
    return [*running, restored]


@dataclass(frozen=True)
class Asking:
    """The question's field and what it sets going. Each method returns components with what they now show."""

    parts: Parts
    events: ChatEvents

    def reply(
        self, question: str, language: str | None, conversation: Conversation, *chosen: Any
    ) -> Iterator[dict[Any, Any]]:
        """The answer as it grows, or a remark on a question or filter that cannot be used."""
        texts = _texts(language)
        try:
            yield from self._growing(
                self.events.ask(question, conversation, self.events.filters(chosen, texts), texts), texts
            )
        except BadRequest as refused:
            yield {self.parts.notice: page.problem_view(refused.problem)}

    def again(self, language: str | None, conversation: Conversation, event: gr.EventData) -> Iterator[dict[Any, Any]]:
        """The answer to a question asked once more, as it grows."""
        texts = _texts(language)
        try:
            yield from self._growing(self.events.again(conversation, event._data, texts), texts, {})
        except BadRequest as refused:
            yield {self.parts.notice: page.problem_view(refused.problem)}

    def _growing(
        self, growing: Iterator[Conversation], texts: Texts, field: Mapping[str, Any] = {"value": ""}
    ) -> Iterator[dict[Any, Any]]:
        parts, begun = self.parts, next(growing)
        busy = gr.update(submit_btn=False, stop_btn=texts.say("stop"), **field)
        emptied = {parts.question: busy, parts.notice: EMPTY, parts.next: EMPTY}
        emptied[parts.earlier] = self.events.earlier(begun, texts)
        yield emptied | self._drawn(begun, texts)
        cited = 0
        for grown in growing:
            new = len(grown[-1].citations) > cited or not grown[-1].running
            cited = len(grown[-1].citations)
            yield self._drawn(grown, texts, evidence=new)
        yield {parts.question: _idle(texts)}

    def suggest(self, event: gr.EventData) -> str:
        """The question of the suggestion clicked."""
        return str(event._data.get("question", ""))

    def stop(self, language: str | None, conversation: Conversation) -> dict[Any, Any]:
        """What was said so far, marked as broken off."""
        texts = _texts(language)
        return {self.parts.question: _idle(texts)} | self._drawn(self.events.stopped(conversation), texts)

    def clear(self, language: str | None) -> dict[Any, Any]:
        """The welcome again, nothing remembered and nothing filtered."""
        texts = _texts(language)
        return self._whole((), texts) | {self.parts.question: _idle(texts, value="")}

    def restored(self, language: str | None, event: gr.EventData) -> dict[Any, Any]:
        """A conversation that the browser kept, with its filters."""
        return self._whole(restore(str(event._data.get("kept", ""))), _texts(language))

    def _whole(self, conversation: Conversation, texts: Texts) -> dict[Any, Any]:
        limited = chosen_in(conversation[-1].filters) if conversation else NOTHING_CHOSEN
        idle = {self.parts.question: _idle(texts), self.parts.notice: EMPTY, self.parts.next: EMPTY}
        drawn = {self.parts.earlier: self.events.earlier(conversation, texts)} | self._drawn(conversation, texts)
        return filtered(self.parts, limited, texts) | idle | drawn

    def _drawn(self, conversation: Conversation, texts: Texts, evidence: bool = True) -> dict[Any, Any]:
        current = {self.parts.current: self.events.current(conversation, texts)}
        panel = (
            {self.parts.evidence: evidence_panel.evidence_view(conversation, texts, self.events.translates)}
            if evidence
            else {}
        )
        growing = bool(conversation) and conversation[-1].running
        kept = {} if growing else _kept(self.parts, conversation, texts)
        return {self.parts.conversation: conversation} | current | panel | kept


def connect_evidence(parts: Parts, events: ChatEvents, settings: Settings) -> None:
    """A card opens its article and translates its quote, an article its paragraphs; a thumb is kept with its answer."""

    def open_article(language: str | None, conversation: Conversation, event: gr.EventData) -> str:
        return events.opened(conversation, event._data, _texts(language))

    def vote(language: str | None, conversation: Conversation, event: gr.EventData) -> list[Any]:
        texts = _texts(language)
        voted = events.voted(conversation, event._data)
        return [voted, events.earlier(voted, texts), events.current(voted, texts), page.kept(keep(voted))]

    def translate(language: str | None, conversation: Conversation, event: gr.EventData) -> list[Any]:
        texts = _texts(language)
        try:
            translated, problem = events.translated(conversation, event._data), EMPTY
        except IsnadError as error:
            translated, problem = conversation, page.problem_view(texts.problem_of(error))
        panel = evidence_panel.evidence_view(translated, texts, events.translates)
        return [translated, panel, problem, page.kept(keep(translated))]

    def translate_part(language: str | None, conversation: Conversation, event: gr.EventData) -> str:
        return events.translated_part(conversation, event._data, _texts(language))

    shown = [parts.conversation, parts.evidence, parts.notice, parts.kept]
    work = {"concurrency_limit": settings.max_concurrent, "concurrency_id": "ask", **_QUIET}
    parts.evidence.translate(translate, [parts.language, parts.conversation], shown, **work)
    parts.reader.translate(translate_part, [parts.language, parts.conversation], parts.arrived, **work)
    parts.evidence.open(open_article, [parts.language, parts.conversation], parts.reader, **_AT_ONCE)
    outputs = [parts.conversation, parts.earlier, parts.current, parts.kept]
    for drawn in (parts.earlier, parts.current):
        drawn.vote(vote, [parts.language, parts.conversation], outputs, **_AT_ONCE)


def _texts(language: str | None) -> Texts:
    return texts_in(language or DEFAULT_LANGUAGE)


def _kept(parts: Parts, conversation: Conversation, texts: Texts) -> dict[Any, Any]:
    """What the browser keeps of the conversation, and prints of it."""
    return {parts.kept: page.kept(keep(conversation)), parts.sheet: sheet(conversation, texts)}


def _idle(texts: Texts, **others: Any) -> Any:
    """The question's field ready for the next one."""
    return gr.update(submit_btn=texts.say("send"), stop_btn=False, **others)


def _listed(values: Any) -> list[str]:
    return [str(value) for value in values or ()]
