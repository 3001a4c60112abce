"""The chat: a Gradio page over an assistant.

:func:`mount_chat` puts it into the server's application; :func:`build_chat` makes the page alone. The page's two
public calls, ``/ask`` and ``/search``, serve ``gradio_client``. What belongs to one reader lives in that reader's
session (``gr.State``), never on an object.

Importing this module imports Gradio, which takes seconds: only the server does.
"""

# Annotations are evaluated here (no `from __future__`): Gradio reads them to fill in the types of the public calls.

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware

from rag.asking import Answering
from rag.chat import filters_wiring, layout, wiring
from rag.chat.arrival import Arrival, OwnFile
from rag.chat.conversation import BadRequest
from rag.chat.events import ChatEvents, Feedback, WhoSignedIn, nobody
from rag.chat.interface_texts import DEFAULT_LANGUAGE, texts_in
from rag.chat.next_questions import connect_next
from rag.documents import Question
from rag.errors import IsnadError
from rag.resources import asset
from rag.settings import Settings

SCRIPTS = (  # served as one
    "chat.js",
    "chat_stream.js",
    "chat_server.js",
    "chat_conversations.js",
    "chat_leaving.js",
    "chat_keys.js",
    "chat_pointing.js",
)
WAITING_QUESTIONS = 64  # a bound: who comes later is told to try again


def mount_chat(
    app: FastAPI,
    assistant: Answering,
    settings: Settings,
    feedback: Feedback | None = None,
    reader: WhoSignedIn = nobody,
) -> FastAPI:
    """``app`` with the chat at ``/``, in its own looks and with Gradio's extras off, its style and script at addresses
    of their own, which a browser keeps, and a shell that is there before Gradio is.

    Gradio is told of no file to serve, keeps no history of runs and shows no footer.
    """
    style = OwnFile("chat.css", asset("chat.css").read_bytes(), "text/css")
    script = OwnFile("chat.js", b"".join(asset(name).read_bytes() for name in SCRIPTS), "text/javascript")
    for each in (style, script):
        each.serve(app)
    page = build_chat(assistant, settings, feedback, reader)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=layout.theme(),
        head=f'<script src="{script.address}"></script>',  # run once Gradio has drawn
        app_kwargs={"middleware": [Middleware(Arrival, style.address, script.address, page.title, settings.language)]},
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=1,
        ssr_mode=False,
        mcp_server=False,
        blocked_paths=[str(Path.cwd())],
    )
    return mounted


def build_chat(
    assistant: Answering, settings: Settings, feedback: Feedback | None = None, reader: WhoSignedIn = nobody
) -> gr.Blocks:
    """The page. ``feedback`` receives each vote; without it no thumbs are shown. Readers whom ``reader`` knows by their
    cookies may sign out."""
    events = ChatEvents(assistant, settings, feedback, reader)
    texts = texts_in(settings.language)
    with gr.Blocks(
        title=f"{texts.say('name')} · {texts.say('tagline')}", analytics_enabled=False, fill_width=True
    ) as page:
        parts = layout.lay_out(texts, settings)
        begun = wiring.connect_language(page, parts, events, settings)
        answered = wiring.connect_asking(parts, events, settings)
        connect_next(parts, assistant, [*begun, *answered])
        filters_wiring.connect_filters(parts)
        wiring.connect_evidence(parts, events, settings)
        _publish(events)
    page.queue(max_size=WAITING_QUESTIONS, default_concurrency_limit=settings.max_concurrent, api_open=False)
    return page


def _publish(events: ChatEvents) -> None:
    """The two calls for ``gradio_client``: plain values in, the JSON of an Answer or of passages out."""

    def ask(
        question: str,
        languages: list[str] | None = None,
        sources: list[str] | None = None,
        since: str = "",
        until: str = "",
    ) -> dict[str, Any]:
        """Answer a question: sentences with the exact quotes they rest on, or a refusal."""
        with _told():
            filters = events.filters((languages, sources, "dates", since, until), texts_in(DEFAULT_LANGUAGE))
            return events.assistant.ask(Question(question, filters=filters)).to_dict()

    def search(
        query: str,
        languages: list[str] | None = None,
        sources: list[str] | None = None,
        since: str = "",
        until: str = "",
        top_k: int = 5,
    ) -> list[dict[str, Any]]:
        """Find the passages nearest to a query, best first, with their scores."""
        with _told():
            filters = events.filters((languages, sources, "dates", since, until), texts_in(DEFAULT_LANGUAGE))
            return [asdict(found) for found in events.assistant.search(query, filters=filters, top_k=top_k)]

    gr.api(ask, api_name="ask", concurrency_id="ask")
    gr.api(search, api_name="search", concurrency_id="ask")


@contextmanager
def _told() -> Iterator[None]:
    """Turns the program's errors into Gradio's, which reach the caller with their message."""
    try:
        yield
    except BadRequest as error:
        raise gr.Error(f"{error.problem.message} {error.problem.hint}", print_exception=False) from None
    except IsnadError as error:
        raise gr.Error(str(error), print_exception=False) from None
