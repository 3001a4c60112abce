"""What one server is made of: settings, assistant, keys, embeds, limits, jobs and meters, built once and shared."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from rag.documents import Article
from rag.errors import IndexMissingError, StorageError
from rag.evaluation.voted import FEEDBACK_FILE
from rag.formats.drafts import NotRead
from rag.index.manifest import MANIFEST_NAME
from rag.ingestion.report import IngestionReport, ProgressCallback
from rag.serving.gate.access import KeyRing, is_loopback
from rag.serving.gate.bodies import MEGABYTE, BodyRoom
from rag.serving.gate.embeds import EmbedBook
from rag.serving.gate.limits import Rates, Slots
from rag.serving.gate.sessions import Sessions
from rag.serving.job_work import AttendedEncoder
from rag.serving.jobs import Ingest, JobBoard
from rag.serving.recent_answers import RecentAnswers
from rag.serving.telemetry import Meters, metered
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.serving.served import Served

AHEAD_CHARS = 20_000  # of an upload, read before the encoder has come to it: it is done first when others get a turn


class FeedbackLog:
    """The votes of one installation, a JSON line each, without who asked; with the question where it may be kept.

    Safe between threads; a line is written whole or not at all.
    """

    def __init__(self, path: Path, answers: RecentAnswers | None = None) -> None:
        self.path = path
        self._answers = answers
        self._lock = threading.Lock()

    def add(self, answer_id: str, vote: str, reason: str = "", comment: str = "") -> None:
        """Append a vote; ``none`` takes back the one before. Raises StorageError when it cannot be kept."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        about = self._answers.about(answer_id) if self._answers else {}
        row = {"time": now, "answer_id": answer_id, "vote": vote, "reason": reason, "comment": comment, **about}
        line = json.dumps(row, ensure_ascii=False) + "\n"
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.write(handle, line.encode())
                finally:
                    os.close(handle)
        except OSError as error:
            raise StorageError(f"The vote could not be kept: {error.strerror}.", "Free some space.") from error


@dataclass(frozen=True)
class Site:
    """Everything the routes and the gate need. ``stopping`` is set when running answers must end."""

    settings: Settings
    assistant: Served
    keys: KeyRing
    embeds: EmbedBook
    rates: Rates
    slots: Slots
    bodies: BodyRoom
    meters: Meters
    feedback: FeedbackLog
    jobs: JobBoard
    sessions: Sessions = field(default_factory=Sessions)
    stopping: threading.Event = field(default_factory=threading.Event)
    published: bool = False  # whether there was an index when the server started

    @classmethod
    def build(cls, settings: Settings, assistant: Served) -> Site:
        """The site of these settings around a loaded assistant, whose answers are counted from here on."""
        meters = Meters()
        recent = RecentAnswers() if settings.log_questions else None
        slots = Slots(settings.max_concurrent)
        meters.waiting.set_function(lambda: slots.waiting)
        meters.working.set_function(lambda: slots.working)
        return cls(
            settings=settings,
            assistant=metered(assistant, meters, bool(settings.llm_model), recent),
            keys=KeyRing.open(settings.index_dir),
            embeds=EmbedBook.open(settings.index_dir),
            rates=Rates.from_settings(settings),
            slots=slots,
            bodies=BodyRoom(settings.max_upload_mb * MEGABYTE),
            meters=meters,
            feedback=FeedbackLog(settings.index_dir / FEEDBACK_FILE, recent),
            jobs=JobBoard(_ingest(settings, assistant), busy=lambda: slots.working > 0),
            published=(settings.index_dir / MANIFEST_NAME).exists(),
        )

    def require_index(self) -> None:
        """Raises IndexMissingError where the folder that was served is gone: nothing may silently begin a new one."""
        if self.published and not (self.settings.index_dir / MANIFEST_NAME).exists():
            raise IndexMissingError(
                "The index that this server opened is gone from the disk; it answers from memory.",
                "Put the folder back, or index again and restart the server.",
            )

    def stop(self) -> None:
        """The server is told to stop: what can end early does, and no upload is begun. Returns at once."""
        self.jobs.stop()

    @property
    def open_without_keys(self) -> bool:
        """True where a caller of this machine needs no key as long as there is none."""
        return is_loopback(self.settings.host) or self.settings.insecure


def _ingest(settings: Settings, assistant: Served) -> Ingest:
    """How uploads enter the index: with the assistant's own encoder, and at once in its answers."""

    def ingest(
        articles: Iterable[Article | NotRead], progress: ProgressCallback, look_around: Callable[[], None]
    ) -> IngestionReport:
        from rag.index.engines import load_engine
        from rag.ingestion.indexing import index_given

        report = index_given(
            articles,
            index_dir=settings.index_dir,
            encoder=AttendedEncoder(assistant.encoder, look_around),
            engine=load_engine(settings),
            progress=progress,
            ahead_chars=AHEAD_CHARS,
        )
        assistant.refresh()
        return report

    return ingest


def _site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(_site_of)]
