"""Ingestions run one after another in a thread of their own; a caller polls the job's progress and report."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet  # the built-in one only from Python 3.11
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from rag.documents import Article
from rag.errors import NotFoundError
from rag.formats.drafts import NotRead
from rag.ingestion.report import IngestionProgress, IngestionReport, ProgressCallback
from rag.serving.schemas.errors import Rejection, rejection_of

logger = logging.getLogger(__name__)

State = Literal["queued", "running", "done", "failed"]
Ingest = Callable[[Iterable[Article | NotRead], ProgressCallback], IngestionReport]
KEPT: Final = 200  # jobs remembered: a bound on memory
MAX_QUEUED: Final = 8  # a bound: an upload may be large, and waits in memory
TURN_S: Final = 10.0  # seconds a deletion waits for the upload in hand; a client gives up not much later


@dataclass(frozen=True, slots=True)
class Job:
    """An ingestion as shown. ``progress`` and ``report`` are those of the ingestion; ``error`` is the API's."""

    id: str
    state: State
    created: str
    progress: dict[str, Any] | None = None
    report: dict[str, Any] | None = None
    error: dict[str, str] | None = None


class JobBoard:
    """The jobs of one server, newest last; they are forgotten with the process."""

    def __init__(self, ingest: Ingest, max_queued: int = MAX_QUEUED) -> None:
        self.max_queued = max_queued
        self._ingest = ingest
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="ingestion")

    def submit(self, articles: Callable[[], Iterable[Article | NotRead]]) -> Job:
        """Queue what ``articles`` yields, read in the worker. Raises Rejection 503 when too many wait."""
        job = Job(secrets.token_hex(8), "queued", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        with self._lock:
            if sum(known.state in ("queued", "running") for known in self._jobs.values()) >= self.max_queued:
                raise _busy("Too many uploads wait.", "60")
            self._jobs[job.id] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        self._worker.submit(self._run, job.id, articles)
        return job

    def in_turn(self, work: Callable[[], object], wait_s: float = TURN_S) -> None:
        """Do a short write between ingestions. Raises what it raises, and Rejection 503 when its turn is far."""
        turn = self._worker.submit(work)
        try:
            turn.result(wait_s)
        except NotYet:
            if turn.cancel():
                raise _busy("An upload is being read.", "10") from None
            turn.result()

    def get(self, job_id: str) -> Job:
        """The job as of now. Raises NotFoundError."""
        with self._lock:
            if job_id in self._jobs:
                return self._jobs[job_id]
        raise NotFoundError("There is no such job.", "Jobs are forgotten when the server stops.")

    def stop(self) -> None:
        """Begin nothing more. Returns at once."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def begun(self) -> list[Job]:
        """What is being read, and what waits for it, in turn."""
        with self._lock:
            return [job for job in self._jobs.values() if job.state in ("queued", "running")]

    def close(self) -> None:
        """Wait for the running ingestion; what has not begun is dropped."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _run(self, job_id: str, articles: Callable[[], Iterable[Article | NotRead]]) -> None:
        self._note(job_id, state="running")
        try:
            report = self._ingest(articles(), lambda progress: self._note(job_id, progress=_shown(progress)))
            self._note(job_id, state="done", report=report.to_dict())
        except Exception as error:  # noqa: BLE001  an edge: the failure is the job's result
            refusal = rejection_of(error)
            told = {"code": refusal.code, "message": refusal.message, "hint": refusal.hint}
            self._note(job_id, state="failed", error=told)

    def _note(self, job_id: str, **changes: Any) -> None:
        with self._lock:
            self._jobs[job_id] = replace(self._jobs[job_id], **changes)


def _busy(message: str, seconds: str) -> Rejection:
    return Rejection(503, "busy", message, f"Come back in {seconds} s.", {"Retry-After": seconds})


def _shown(progress: IngestionProgress) -> dict[str, Any]:
    return {**asdict(progress), "seconds_left": progress.seconds_left}
