"""Uploads at work: a budget, turns, an end when it is wanted, and vectors that none of it changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.documents import Article
from rag.encoding.encoder import PassageText
from rag.errors import NotFoundError
from rag.formats.drafts import NotRead
from rag.ingestion.report import IngestionProgress, IngestionReport, ProgressCallback
from rag.serving import job_work
from rag.serving.job_work import STEP, Allowance, AttendedEncoder
from rag.serving.jobs import Job, JobBoard
from tests.fakes import HashEncoder


def story(name: str, characters: int = 100) -> Article:
    return Article(name, "x" * characters, origin=name)


class Ingested:
    """Stands for the index: what came in, in order; ``pause`` seconds of work for each article."""

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.runs: list[list[str]] = []

    def __call__(
        self, articles: Iterable[Article | NotRead], progress: ProgressCallback, look_around: Callable[[], None]
    ) -> IngestionReport:
        report = IngestionReport(generation=len(self.runs) + 1)
        self.runs.append([])
        for each in articles:
            look_around()
            time.sleep(self.pause)
            if isinstance(each, NotRead):
                report.failed.append(each)
            else:
                self.runs[-1].append(each.id)
                report.indexed.append(each.origin)
            progress(IngestionProgress("reading", 1, 0, len(report.indexed), 0, 0.0, 0.0))
        return report


@pytest.fixture
def board() -> Iterator[Callable[..., JobBoard]]:
    made: list[JobBoard] = []

    def make(ingest: Any, **settings: Any) -> JobBoard:
        made.append(JobBoard(ingest, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


def ended(board: JobBoard, job: Job) -> Job:
    until = time.monotonic() + 10
    while board.get(job.id).state in ("queued", "running") and time.monotonic() < until:
        time.sleep(0.01)
    return board.get(job.id)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Allowance(characters=350), "has over 350 characters"),
        (Allowance(members=3), "has over 3 articles"),
    ],
)
def test_what_is_over_the_budget_is_not_read(board: Callable[..., JobBoard], budget: Allowance, said: str) -> None:
    ingested = Ingested()
    jobs = board(ingested, budget=budget)
    done = ended(jobs, jobs.submit(lambda: (story(str(number)) for number in range(1_000_000))))
    assert (done.state, ingested.runs) == ("done", [["0", "1", "2"]])
    assert done.report is not None
    assert said in done.report["failed"][0]["reason"]


def test_one_that_takes_too_long_fails(board: Callable[..., JobBoard]) -> None:
    def busy(articles: Any, progress: Any, look_around: Callable[[], None]) -> IngestionReport:
        while True:
            sum(range(10_000))
            look_around()

    jobs = board(busy, budget=Allowance(cpu_s=0.1))
    done = ended(jobs, jobs.submit(lambda: [story("a")]))
    assert done.state == "failed"
    assert done.error is not None
    assert done.error["code"] == "too_large"


def test_whatever_an_upload_raises_the_next_has_its_turn(board: Callable[..., JobBoard]) -> None:
    jobs = board(Ingested())

    def broken() -> Iterable[Article]:
        raise ValueError

    assert ended(jobs, jobs.submit(broken)).state == "failed"
    with pytest.raises(ZeroDivisionError):
        jobs.in_turn(lambda: 1 / 0)
    assert ended(jobs, jobs.submit(lambda: [story("a")])).state == "done"
    assert jobs.begun() == []


def test_a_large_upload_lets_others_have_their_turn(
    board: Callable[..., JobBoard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_work, "TURN_S", 0.1)
    ingested = Ingested(pause=0.01)
    jobs = board(ingested)
    large = jobs.submit(lambda: [story(f"large {number}") for number in range(60)])
    small = jobs.submit(lambda: [story("small")])
    jobs.in_turn(lambda: ingested.runs.append(["deleted"]), wait_s=5)  # before the small one, which came earlier
    assert ended(jobs, small).state == "done"
    assert jobs.get(large.id).state == "running"
    report = ended(jobs, large).report
    assert report is not None
    assert report["indexed"] == [f"large {number}" for number in range(60)]  # of all its turns
    assert [name for run in ingested.runs for name in run if not name.startswith("large")] == ["deleted", "small"]
    assert jobs.get(large.id).progress is not None
    assert jobs.get(large.id).progress["articles"] == 60  # type: ignore[index]


@pytest.mark.parametrize("at_work", [True, False])
def test_an_upload_is_ended_when_it_is_wanted_no_more(board: Callable[..., JobBoard], at_work: bool) -> None:
    ingested = Ingested(pause=0.01)
    jobs = board(ingested)
    first = jobs.submit(lambda: (story(str(number)) for number in range(10_000)))
    wanted_no_more = first if at_work else jobs.submit(lambda: [story("never")])
    while not any(ingested.runs):
        time.sleep(0.01)
    jobs.cancel(wanted_no_more.id)
    assert ended(jobs, wanted_no_more).state == "cancelled"
    jobs.cancel(first.id)
    assert ended(jobs, first).state == "cancelled"
    assert jobs.cancel(first.id).state == "cancelled"  # it has ended, and stays so
    until = time.monotonic() + 5
    while len(ingested.runs) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert ingested.runs[1:] == [[]]  # which publishes what is stored
    with pytest.raises(NotFoundError):
        jobs.cancel("none")


def test_the_end_of_the_server_ends_an_upload_between_two_steps() -> None:
    jobs = JobBoard(Ingested(pause=0.01))
    running = jobs.submit(lambda: (story(str(number)) for number in range(10_000)))
    waiting = jobs.submit(lambda: [story("later")])
    time.sleep(0.1)
    begun = time.monotonic()
    jobs.close()
    assert time.monotonic() - begun < 2
    assert (jobs.get(running.id).state, jobs.get(waiting.id).state) == ("cancelled", "queued")


def test_a_batch_that_does_not_end_holds_nobody() -> None:
    stuck = threading.Event()
    jobs = JobBoard(lambda articles, progress, look_around: stuck.wait(20) and IngestionReport())  # type: ignore[arg-type, return-value]
    jobs.submit(lambda: [story("a")])
    begun = time.monotonic()
    jobs.close(wait_s=0.1)
    assert time.monotonic() - begun < 2
    stuck.set()


def test_questions_pass_before_the_next_step_and_not_for_ever(
    board: Callable[..., JobBoard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_work, "GIVES_WAY_S", 0.2)
    jobs = board(Ingested(), busy=lambda: True)
    begun = time.monotonic()
    assert ended(jobs, jobs.submit(lambda: [story("a"), story("b")])).state == "done"
    assert 0.4 <= time.monotonic() - begun < 5


def test_looking_around_changes_no_vector() -> None:
    looked: list[int] = []
    encoder = HashEncoder(dimension=64)
    attended = AttendedEncoder(encoder, lambda: looked.append(1))
    passages = [PassageText("title", "word " * (1 + number * 7 % 50)) for number in range(150)]
    for mine, own in zip(attended.encode_passages(passages), encoder.encode_passages(passages), strict=True):
        assert np.array_equal(mine.tokens, own.tokens)
        assert np.array_equal(mine.pooled, own.pooled)
    assert len(looked) >= 150 / STEP
    assert attended.fingerprint == encoder.fingerprint


def test_the_whole_of_it_on_a_real_index(tmp_path: Path) -> None:
    from rag.serving.site import Site
    from rag.settings import Settings
    from tests.fake_assistant import FakeAssistant

    site = Site.build(Settings(index_dir=tmp_path), FakeAssistant())
    job = site.jobs.submit(lambda: [Article("dam", "The dam opened on Monday. It feeds two towns.", origin="dam")])
    done = ended(site.jobs, job)
    site.stop()
    site.jobs.close()
    assert done.report is not None
    assert (done.state, done.report["indexed"], done.report["articles"]) == ("done", ["dam"], 1)
