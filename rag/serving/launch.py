"""The start of the server: its assistant, the API and the chat put together, then served until stopped."""

from __future__ import annotations

import gc
import importlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from rag.errors import CorpusError, IndexMissingError
from rag.serving.gate.access import KeyRing, require_keys
from rag.settings import Settings, unused_endpoint

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.assistant import Assistant
    from rag.encoding.encoder import Encoder, Report
    from rag.ingestion.report import IngestionProgress, IngestionReport, ProgressCallback
    from rag.serving.served import Served


def serve(settings: Settings, report: Report) -> None:
    """Serve until stopped. Raises IsnadError when the server cannot start, with the cure."""
    from rag.serving import server
    from rag.serving.telemetry import configure_logging

    begun = time.perf_counter()
    amiss, cure = unused_endpoint(settings)
    if amiss and not settings.llm_model:  # the reverse is an error, told when the assistant is built
        report(f"{amiss} {cure}")
    require_keys(settings.host, KeyRing.open(settings.index_dir), settings.insecure)
    listener = server.listen(settings)
    with ThreadPoolExecutor(1) as pool:  # Gradio takes six seconds to import: meanwhile the model loads
        loading = pool.submit(load_assistant, settings, report)
        importlib.import_module("rag.chat.mounting")
        app = build_app(settings, loading.result())
    configure_logging()
    listener.listen()  # who acts upon the line below may ask at once, and waits in the queue for the loop to begin
    host, port = listener.getsockname()[:2]
    gc.collect()
    gc.freeze()  # 300,000 objects of models and Gradio stay for good: no use in looking through them again and again
    report(f"Ready in {time.perf_counter() - begun:.1f} s: http://{f'[{host}]' if ':' in host else host}:{port}")
    server.run(app, listener, settings)


def build_app(settings: Settings, assistant: Served) -> FastAPI:
    """The whole application: the API with the chat at ``/``, behind one gate."""
    from rag.chat.mounting import mount_chat
    from rag.serving.api import build_api
    from rag.serving.schemas.errors import install_missing_page

    app = build_api(settings, assistant)
    site = app.state.site
    whole = mount_chat(app, site.assistant, settings, site.feedback.add, site.sessions.reader)
    install_missing_page(whole)
    return whole


def load_assistant(settings: Settings, report: Report) -> Assistant:
    """The assistant over the existing index; without one, the corpus folder is indexed first, if it holds articles."""
    from rag.assistant import Assistant
    from rag.encoding.loading import load_encoder

    encoder = load_encoder(settings, report)
    try:
        return Assistant.load(settings, report, encoder)
    except IndexMissingError:
        for failure in _first_index(settings, encoder, report).failed:
            report(f"Not read: {failure.origin}: {failure.reason} {failure.hint}")
        return Assistant.load(settings, report, encoder)


def _first_index(settings: Settings, encoder: Encoder, report: Report) -> IngestionReport:
    """The index of the corpus folder; without articles there an empty one, which the page of articles fills."""
    from rag.formats.sources import find_sources
    from rag.index.engines import load_engine
    from rag.ingestion.indexing import index_articles, index_given

    index_dir, engine = settings.index_dir, load_engine(settings)
    try:
        find_sources([settings.corpus_dir.absolute()])
    except CorpusError as missing:
        report(f"There are no articles yet: {missing.message} Add some at /articles or by python -m rag index FOLDER.")
        return index_given((), index_dir=index_dir, encoder=encoder, engine=engine)
    report(f"There is no index yet: reading {settings.corpus_dir}.")
    return index_articles(
        [settings.corpus_dir], index_dir=index_dir, encoder=encoder, engine=engine, progress=_progress_lines(report)
    )


def _progress_lines(report: Report, every_s: float = 2.0) -> ProgressCallback:
    """Reports how far the reading is, now and then."""
    told = time.monotonic()

    def tell(progress: IngestionProgress) -> None:
        nonlocal told
        if progress.phase == "done" or time.monotonic() - told >= every_s:
            told = time.monotonic()
            left = f", about {progress.seconds_left:.0f} s left" if progress.seconds_left else ""
            files = f"{progress.sources_done} of {progress.sources} files"
            report(f"{progress.phase}: {files}, {progress.articles} articles, {progress.passages} passages{left}")

    return tell
