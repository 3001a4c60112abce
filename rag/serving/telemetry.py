"""What operators see: Prometheus metrics and one JSON log line a request, with ids, lengths and timings but no text.

Question text enters the log only where ``ISNAD_LOG_QUESTIONS`` says so.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Generator
from contextlib import closing
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from rag.asking import Ended, Event
from rag.documents import Answer, Question
from rag.serving.recent import Recent

if TYPE_CHECKING:
    from rag.serving.recent_answers import RecentAnswers
    from rag.serving.served import Served

logger = logging.getLogger("isnad")
request_id: ContextVar[str] = ContextVar("request_id", default="")
# Around what a question takes (tens of milliseconds) up to what a model may (half a minute).
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Meters:
    """Counters of one server, on a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        on = self.registry
        self.requests = Counter("isnad_requests", "Requests by route and status", ["route", "status"], registry=on)
        self.latency = Histogram(
            "isnad_request_seconds", "Time to the end of the response", ["route"], buckets=_SECONDS, registry=on
        )
        self.stages = Histogram(
            "isnad_stage_seconds", "Time of one stage of an answer", ["stage"], buckets=_SECONDS, registry=on
        )
        self.answers = Counter("isnad_answers", "Answers by state and answerer", ["status", "answerer"], registry=on)
        self.fallbacks = Counter("isnad_fallbacks", "Answers that a model should have written and did not", registry=on)
        self.refused = Counter("isnad_refused_requests", "Requests turned away, by reason", ["code"], registry=on)
        self.waiting = Gauge("isnad_questions_waiting", "Questions waiting for a place", registry=on)
        self.working = Gauge("isnad_questions_working", "Questions being worked on", registry=on)
        self.generation = Gauge("isnad_index_generation", "Generation of the index in use", registry=on)
        self.articles = Gauge("isnad_articles", "Articles in the index", registry=on)
        self.recent = Recent()

    def count_answer(self, answer: Answer, llm_configured: bool) -> None:
        """Record one finished answer."""
        kind = answer.answerer.partition(":")[0]
        self.answers.labels(answer.status, kind).inc()
        self.recent.answered(answer.status)
        if llm_configured and kind == "extractive" and answer.warnings:
            self.fallbacks.inc()
        for stage, milliseconds in answer.timings_ms.items():
            self.stages.labels(stage).observe(milliseconds / 1000)

    def render(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)


class MeteredAssistant:
    """An Assistant whose answers are counted, whichever surface asked. Use :func:`metered`."""

    def __init__(self, assistant: Served, meters: Meters, llm_configured: bool, recent: RecentAnswers | None) -> None:
        self._assistant = assistant
        self._meters = meters
        self._llm_configured = llm_configured
        self._recent = recent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def ask(self, question: Question | str) -> Answer:
        """As the assistant's, counted."""
        answer = self._assistant.ask(question)
        self._count(answer, question)
        return answer

    def stream(self, question: Question | str) -> Generator[Event, None, None]:
        """As the assistant's, counted at its end."""
        with closing(self._assistant.stream(question)) as events:
            for event in events:
                if isinstance(event, Ended):
                    self._count(event.answer, question)
                yield event

    def _count(self, answer: Answer, question: Question | str) -> None:
        self._meters.count_answer(answer, self._llm_configured)
        text = {"question": answer.question} if self._recent else {}
        if self._recent:
            self._recent.keep(answer, question.history if isinstance(question, Question) else ())
        log(
            "answer", answer=answer.id, status=answer.status, answerer=answer.answerer, language=answer.language, **text
        )


def metered(assistant: Served, meters: Meters, llm_configured: bool, recent: RecentAnswers | None) -> Served:
    """``assistant``, counted; ``recent``: where its answers are kept for a while, and with their questions logged."""
    return cast("Served", MeteredAssistant(assistant, meters, llm_configured, recent))


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request id and the fields of :func:`log`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line; a traceback goes into ``error``."""
        row: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if given := request_id.get():
            row["request_id"] = given
        row.update(getattr(record, "fields", {}))
        if record.exc_info:
            row["error"] = self.formatException(record.exc_info)
        return json.dumps(row, default=str)


def log(event: str, **fields: Any) -> None:
    """One structured line."""
    logger.info(event, extra={"fields": fields})


def configure_logging() -> None:
    """Send every log line of the process to standard error as JSON. Called once, by the server."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logger.setLevel(logging.INFO)
