"""What a reader sees for each thing a model's endpoint may do: the table of ``docs/models.md``.

``python -m tests.endpoint_table`` asks the whole program once for every case of the faulty endpoint and writes the
table anew; ``tests/test_endpoint_table.py`` does the same and compares.
"""

from __future__ import annotations

import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, cast

from rag.answering.answerers import Answerers
from rag.answering.extractive import Extractive
from rag.answering.judge import Judge
from rag.answering.model_writer import ModelWriter
from rag.assistant import Assistant
from rag.documents import Answer, Answerer, Article, Question
from rag.generation.answer_prompt import AnswerPrompt
from rag.generation.circuit import CircuitBreaker
from rag.generation.endpoint import Endpoint, Limits
from rag.generation.model_answerer import ModelAnswerer
from rag.generation.prompt_passages import TokenBudget
from rag.generation.prompts import Prompts
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_given
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.faulty_endpoint import KEY, FaultyEndpoint, running
from tests.imitated_endpoints import IMITATED
from tests.unusual_endpoints import UNUSUAL

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "models.md"
BEGIN, END = "<!-- outcomes: python -m tests.endpoint_table -->", "<!-- end of outcomes -->"
DEADLINE_S = 2.4
QUESTION = "Four states met and formed a joint staff in May"
DATED = ("azure_dated",)  # cases of an address with an api-version
TEXT = "Four states met and formed a joint staff in May. It sits in Tamanrasset."

# What the endpoint does, and the case of tests/faulty_endpoint.py that does it.
ROWS = {
    "streams an answer": "good",
    "sends the answer whole instead of streaming it": "whole",
    "sends chunks without choices, keep-alive pings, `\\r\\n`": "usage_chunks",
    "thinks aloud first (`<think>`)": "thinking",
    "takes neither `max_tokens` nor a temperature": "plain_options",
    "answers in JSON by the schema it is given": "structured",
    "takes no schema (400)": "no_schema",
    "answers 500 to a schema": "no_schema_broken",
    "answers a schema in JSON of another shape": "structured_otherwise",
    "answers 429 once, then well": "rate_limited_once",
    "answers 500 once, then well": "server_error_once",
    "breaks the connection once, then answers well": "reset_once",
    "finds the passages too long once (context overflow), takes half of them": "overflow_of_two",
    "cites passages that it was not given": "cites_nothing_given",
    "answers in another language": "other_language",
    "invents a sentence among others": "invents_in_part",
    "invents everything": "invents",
    "says that the passages do not hold the answer": "refuses",
    "says so after some words": "refuses_late",
    "refuses the key (401)": "wrong_key",
    "forbids it (403)": "forbidden",
    "does not know the model (404)": "unknown_model",
    "answers 429, `Retry-After: 120`": "rate_limited",
    "answers 429, no quota left": "no_quota",
    "answers 503": "server_error",
    "finds any passages too long": "overflow",
    "refuses the request (400)": "bad_request",
    "redirects elsewhere": "redirect",
    "sends an HTML page with 200": "html_200",
    "sends an HTML page with 502": "html_502",
    "breaks off within its JSON": "broken_json",
    "sends binary": "not_events",
    "sends text, numbers or lists where objects belong": "choices_text",
    "reports an error in the stream, the key in it": "error_event",
    "sends null or empty choices": "null_choices",
    "sends null or empty content": "null_content",
    "sends white space": "white_space",
    "thinks and says nothing": "only_thinking",
    "sends no event": "no_events",
    "never says a word": "silent",
    "drips headers": "headers_drip",
    "sends pings only": "pings_only",
    "drips a byte at a time": "drip",
    "stalls after a word": "stalls",
    "sends pings after a word": "pings_after",
    "goes on slowly for ever": "slow_words",
    "breaks the connection every time": "reset",
    "breaks it midway": "reset_midway",
    "ends without saying that it is done": "no_finish",
    "reaches its token limit": "length",
    "is stopped by a filter": "filtered",
    "never ends": "endless",
    "sends a line without end": "endless_line",
    "says only `[DONE]` at the end": "done_only",
    "says only `stop` at the end": "finish_only",
    **{action: name for name, (action, _) in (IMITATED | UNUSUAL).items()},
}


class Seen(NamedTuple):
    """What came of one case: the answer, whole, and the seconds it took."""

    answer: Answer
    seconds: float

    @property
    def shown(self) -> str:
        """What the reader sees, in words."""
        if self.answer.status == "not_found":
            return "that nothing was found"
        return "the model's answer" if self.answer.answerer.startswith("llm:") else "quotes"


class Program:
    """The whole program over two sentences, beside the faulty endpoint."""

    def __init__(self, assistant: Assistant, models: dict[str, ModelAnswerer], server: FaultyEndpoint) -> None:
        self.assistant, self.models, self.server = assistant, models, server

    @property
    def model(self) -> ModelAnswerer:
        return self.models["llm"]

    def see(self, case: str) -> Seen:
        """Ask once, with the endpoint in that case."""
        answerer = "dated" if case in DATED else "llm"
        self.models[answerer].endpoint.model = case
        begun = time.monotonic()
        answer = self.assistant.ask(Question(QUESTION, answerer=cast(Answerer, answerer)))
        return Seen(answer, time.monotonic() - begun)


@contextmanager
def program(folder: Path) -> Iterator[Program]:
    """The program with short deadlines, and a circuit breaker too patient to spoil the next case."""
    encoder = HashEncoder(dimension=64)
    passages = [Article("staff", TEXT, title="Staff", language="en"), Article("more", TEXT + " More.", language="en")]
    index_given(passages, index_dir=folder, encoder=encoder)
    settings = Settings(index_dir=folder)
    limits = Limits(
        total_s=DEADLINE_S,
        first_token_s=1.2,
        connect_s=1.0,
        answer_bytes=4000,
        received_bytes=200_000,
        retry_wait_s=0.02,
    )
    judge = Judge.load()
    extractive = Extractive(judge.choice)
    with running() as server:
        addresses = {"llm": server.url, "dated": f"{server.url}?api-version=2024-10-21"}
        models = {name: _model(Endpoint(url, KEY, "good", limits), settings) for name, url in addresses.items()}
        writers = {name: ModelWriter(model, extractive) for name, model in models.items()}
        index = Index.open(folder, encoder.fingerprint)
        assistant = Assistant(settings, encoder, index, judge, Answerers({**writers, "extractive": extractive}))
        yield Program(assistant, models, server)
        for model in models.values():
            model.endpoint.close()


def _model(endpoint: Endpoint, settings: Settings) -> ModelAnswerer:
    endpoint.prepare()  # what a first question pays once
    seats, breaker = threading.BoundedSemaphore(2), CircuitBreaker(failures=1000)
    prompt = AnswerPrompt(Prompts.load(settings.prompts_dir), TokenBudget(8000, 200))
    return ModelAnswerer(endpoint, prompt, seats, breaker)


def line(action: str, seen: Seen) -> str:
    """A row of the table."""
    return f"| {action} | {seen.shown} | {' '.join(seen.answer.warnings)} |"


def written_lines() -> list[str]:
    """The rows that the document has."""
    table = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    return [row for row in table.strip().splitlines() if row][2:]


def main() -> None:
    """Write the table into the document."""
    with tempfile.TemporaryDirectory() as folder, program(Path(folder)) as asked:
        rows = [line(action, asked.see(case)) for action, case in ROWS.items()]
    table = "\n".join(["| the endpoint … | the reader sees | and is told |", "|---|---|---|", *rows])
    text = DOCUMENT.read_text(encoding="utf-8")
    made = re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: f"{BEGIN}\n\n{table}\n\n{END}", text, flags=re.S)
    DOCUMENT.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
