"""Ingestions take turns in a thread of their own; a caller polls the job's progress and report, or ends it.

One upload at a time is at work. Where others wait it gives way after a while, between two of its articles, and goes on
behind them; deletions come before all.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Literal

from rag.documents import Article
from rag.errors import NotFoundError
from rag.formats.drafts import NotRead
from rag.ingestion.report import IngestionProgress, IngestionReport, ProgressCallback
from rag.serving.job_work import ALLOWANCE, Allowance, Cancelled, JobWork
from rag.serving.schemas.errors import Rejection, rejection_of

logger = logging.getLogger(__name__)

State = Literal["queued", "running", "done", "failed", "cancelled"]
Ingest = Callable[[Iterable[Article | NotRead], ProgressCallback, Callable[[], None]], IngestionReport]
KEPT: Final = 200  # jobs remembered: a bound on memory
MAX_QUEUED: Final = 8  # a bound: an upload may be large, and waits in memory
WAIT_S: Final = 10.0  # seconds a deletion waits for the upload in hand; a client gives up not much later
END_S: Final = 8.0  # seconds that the end of the server waits for the batch in hand
_OVER: Final = ("done", "failed", "cancelled")


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
    """The jobs of one server, newest last; they are forgotten with the process.

    ingest: stores what it is given, and calls its third argument between its steps. busy: whether questions are at
        work. budget: of each upload.
    """

    def __init__(
        self,
        ingest: Ingest,
        max_queued: int = MAX_QUEUED,
        busy: Callable[[], bool] = lambda: False,
        budget: Allowance = ALLOWANCE,
    ) -> None:
        self.max_queued = max_queued
        self._ingest = ingest
        self._busy = busy
        self._budget = budget
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._works: dict[str, JobWork] = {}
        self._turns: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._worker: threading.Thread | None = None

    def submit(self, articles: Callable[[], Iterable[Article | NotRead]]) -> Job:
        """Queue what ``articles`` yields, read in the worker. Raises Rejection 503 when too many wait."""
        job = Job(secrets.token_hex(8), "queued", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        with self._changed:
            if sum(known.state not in _OVER for known in self._jobs.values()) >= self.max_queued:
                raise _busy("Too many uploads wait.", "60")
            self._jobs[job.id] = job
            self._works[job.id] = JobWork(self._budget, self._busy, lambda: bool(self._turns), self._stopped)
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        self._queue(lambda: self._begin(job.id, articles))
        return job

    def in_turn(self, work: Callable[[], object], wait_s: float = WAIT_S) -> None:
        """Do a short write before the next upload. Raises what it raises, and Rejection 503 when its turn is far."""
        turn: Future[object] = Future()

        def run() -> None:
            if turn.set_running_or_notify_cancel():
                try:
                    turn.set_result(work())
                except BaseException as error:  # noqa: BLE001  raised again where it is waited for
                    turn.set_exception(error)

        self._queue(run, first=True)
        try:
            turn.result(wait_s)
        except NotYet:
            if turn.cancel():
                raise _busy("An upload is being read.", "10") from None
            turn.result()

    def get(self, job_id: str) -> Job:
        """The job as of now. Raises NotFoundError."""
        with self._changed:
            if job_id in self._jobs:
                return self._jobs[job_id]
        raise NotFoundError("There is no such job.", "Jobs are forgotten when the server stops.")

    def cancel(self, job_id: str) -> Job:
        """End the job, unless it has ended; what is stored of it stays. Raises NotFoundError."""
        if (job := self.get(job_id)).state in _OVER:
            return job
        with self._changed:
            if work := self._works.get(job_id):
                work.cancelled.set()
        if job.state == "queued":
            self._note(job_id, state="cancelled")
        return self.get(job_id)

    def stop(self) -> None:
        """Begin nothing more, and end what is at work between two steps. Returns at once."""
        self._stopped.set()

    def begun(self) -> list[Job]:
        """What is being read, and what waits for it, in turn."""
        with self._changed:
            return [job for job in self._jobs.values() if job.state not in _OVER]

    def latest(self, most: int = 20) -> list[Job]:
        """The last ones submitted, the newest first."""
        with self._changed:
            return list(self._jobs.values())[: -most - 1 : -1]

    def close(self, wait_s: float = END_S) -> None:
        """Stop, and wait for the batch in hand; what takes longer is dropped, as if the process were killed."""
        self.stop()
        with self._changed:
            self._changed.notify_all()
        if self._worker:
            self._worker.join(wait_s)

    def _queue(self, turn: Callable[[], None], first: bool = False) -> None:
        with self._changed:
            (self._turns.appendleft if first else self._turns.append)(turn)
            self._changed.notify_all()
            if self._worker is None:  # a daemon: what does not end in time must not hold the process
                self._worker = threading.Thread(target=self._work, name="ingestion", daemon=True)
                self._worker.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._turns or self._stopped.is_set())
                if self._stopped.is_set():
                    return
                turn = self._turns.popleft()
            turn()

    def _begin(self, job_id: str, articles: Callable[[], Iterable[Article | NotRead]]) -> None:
        if self.get(job_id).state == "queued":
            self._note(job_id, state="running")
            self._take_turn(job_id, _drawn(articles), IngestionReport())

    def _take_turn(self, job_id: str, found: Iterator[Article | NotRead], so_far: IngestionReport) -> None:
        """Go on with a job, and behind the others where it does not come to its end."""
        work = self._works[job_id]
        work.begin_turn()

        def progress(event: IngestionProgress) -> None:
            self._note(job_id, progress=_shown(event, so_far))

        try:
            report = _joined(so_far, self._ingest(work.turn(found), progress, work.look_around))
            if work.ended:
                self._note(job_id, state="done", report=report.to_dict())
            else:
                self._queue(lambda: self._take_turn(job_id, found, report))
        except Cancelled:
            self._note(job_id, state="cancelled")
            if not self._stopped.is_set():
                self._ingest((), lambda event: None, lambda: None)  # publishes what is stored of it
        except Exception as error:  # noqa: BLE001  an edge: the failure is the job's result
            refusal = rejection_of(error)
            told = {"code": refusal.code, "message": refusal.message, "hint": refusal.hint}
            self._note(job_id, state="failed", error=told)

    def _note(self, job_id: str, **changes: Any) -> None:
        with self._changed:
            self._jobs[job_id] = replace(self._jobs[job_id], **changes)
            if self._jobs[job_id].state in _OVER:
                self._works.pop(job_id, None)


def _drawn(articles: Callable[[], Iterable[Article | NotRead]]) -> Iterator[Article | NotRead]:
    """What ``articles`` yields; what calling it raises is raised with the first."""
    yield from articles()


def _joined(before: IngestionReport, now: IngestionReport) -> IngestionReport:
    """The report of both turns: lists and efforts of both, the state of the later."""
    for each in fields(IngestionReport):
        if isinstance(mine := getattr(before, each.name), list):
            setattr(now, each.name, mine + getattr(now, each.name))
    now.seconds, now.encoded_passages = before.seconds + now.seconds, before.encoded_passages + now.encoded_passages
    return now


def _busy(message: str, seconds: str) -> Rejection:
    return Rejection(503, "busy", message, f"Come back in {seconds} s.", {"Retry-After": seconds})


def _shown(progress: IngestionProgress, before: IngestionReport) -> dict[str, Any]:
    counts = before.counts
    articles = progress.articles + sum(counts[name] for name in ("indexed", "replaced", "unchanged", "duplicate"))
    shown = asdict(replace(progress, articles=articles, passages=progress.passages + before.encoded_passages))
    return {**shown, "seconds_left": progress.seconds_left}
