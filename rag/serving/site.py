"""What one server is made of: settings, assistant, keys, embeds, limits, jobs and meters, built once and shared."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from rag.documents import Article
from rag.formats.articles import Failure
from rag.ingestion.report import IngestionReport, ProgressCallback
from rag.serving.feedback import FEEDBACK_FILE, FeedbackLog
from rag.serving.gate.access import KeyRing, is_loopback
from rag.serving.gate.embeds import EmbedBook
from rag.serving.gate.limits import Rates, Slots
from rag.serving.gate.sessions import Sessions
from rag.serving.jobs import Ingest, JobBoard
from rag.serving.telemetry import Meters, metered
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.assistant import Assistant


@dataclass(frozen=True)
class Site:
    """Everything the routes and the gate need. ``stopping`` is set when running answers must end."""

    settings: Settings
    assistant: Assistant
    keys: KeyRing
    embeds: EmbedBook
    rates: Rates
    slots: Slots
    meters: Meters
    feedback: FeedbackLog
    jobs: JobBoard
    sessions: Sessions = field(default_factory=Sessions)
    stopping: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def build(cls, settings: Settings, assistant: Assistant) -> Site:
        """The site of these settings around a loaded assistant, whose answers are counted from here on."""
        meters = Meters()
        slots = Slots(settings.max_concurrent)
        meters.waiting.set_function(lambda: slots.waiting)
        meters.working.set_function(lambda: slots.working)
        return cls(
            settings=settings,
            assistant=metered(assistant, meters, bool(settings.llm_model), settings.log_questions),
            keys=KeyRing.open(settings.index_dir),
            embeds=EmbedBook.open(settings.index_dir),
            rates=Rates.from_settings(settings),
            slots=slots,
            meters=meters,
            feedback=FeedbackLog(settings.index_dir / FEEDBACK_FILE),
            jobs=JobBoard(_ingest(settings, assistant)),
        )

    @property
    def open_without_keys(self) -> bool:
        """True where a caller needs no key as long as there is none."""
        return is_loopback(self.settings.host) or self.settings.insecure


def _ingest(settings: Settings, assistant: Assistant) -> Ingest:
    """How uploads enter the index: with the assistant's own encoder, and at once in its answers."""

    def ingest(articles: Iterable[Article | Failure], progress: ProgressCallback) -> IngestionReport:
        from rag.index.engines import load_engine
        from rag.ingestion.indexing import index_given

        report = index_given(
            articles,
            index_dir=settings.index_dir,
            encoder=assistant.encoder,
            engine=load_engine(settings),
            progress=progress,
        )
        assistant.refresh()
        return report

    return ingest


def _site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(_site_of)]
