"""Documentation without a CDN, metrics, and logs without question text."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from rag.client import answer_from_dict
from rag.formats.drafts import NotRead
from rag.ingestion.report import IngestionProgress, IngestionReport
from rag.serving import jobs, telemetry
from rag.serving.api import build_api
from rag.serving.gate.rules import find_rule
from rag.serving.schemas import examples as api_examples
from rag.serving.schemas.errors import STATUS
from rag.serving.schemas.openai import Completion
from rag.serving.schemas.responses import ErrorOut, JobOut, OpenAIErrorOut, Passages, ProgressOut, ReportOut
from rag.settings import Settings
from tests.conftest import ROOT
from tests.fake_assistant import FAILING, FakeAssistant

SECRET = "countries of the joint staff, asked in confidence"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    app = build_api(Settings(index_dir=tmp_path, llm_model="some-model"), FakeAssistant())
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the program logs, as its server would write it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(telemetry.JsonLines())
    telemetry.logger.addHandler(handler)
    logging.getLogger("rag").addHandler(handler)
    telemetry.logger.setLevel(logging.INFO)
    yield stream
    telemetry.logger.removeHandler(handler)
    logging.getLogger("rag").removeHandler(handler)


def test_the_documentation_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")

    assert not re.findall(r"https?://", page.text)
    for name in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        file = client.get(name)
        assert file.status_code == 200, name
        assert file.headers["content-type"].startswith(("text/css", "text/javascript"))
    assert client.get("/docs/none.js").status_code == 404


Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
def operations(client: TestClient) -> list[Operation]:
    """(path, method, operation) of everything in the document."""
    document = client.get("/openapi.json").json()
    assert "ValidationError" not in json.dumps(document)  # FastAPI's own error body is never sent
    return [(path, method, found) for path, methods in document["paths"].items() for method, found in methods.items()]


def test_the_document_describes_every_operation_and_names_it_once(operations: list[Operation]) -> None:
    assert len(operations) >= 17
    assert len({operation["operationId"] for _, _, operation in operations}) == len(operations)
    keyed = {path for path, _, operation in operations if operation.get("security") == [{"HTTPBearer": []}]}
    for path, method, operation in operations:
        assert operation["description"], (method, path)
        assert (path in keyed) == (find_rule(method.upper(), re.sub("{.*}", "x", path)).rule.scope is not None), path


def test_every_response_has_a_model_and_an_example(operations: list[Operation]) -> None:
    for path, method, operation in operations:
        for status, response in operation["responses"].items():
            assert response["description"] not in ("Successful Response", ""), (method, path, status)
            if found := response.get("content", {}).get("application/json"):
                assert found["schema"].get("$ref"), (method, path, status)


def test_every_error_is_told_with_a_body_of_its_own(operations: list[Operation]) -> None:
    known = {(str(status), kind.code) for kind, status in STATUS.items()}
    for module in (ROOT / "rag" / "serving").rglob("*.py"):
        known |= set(re.findall(r'(?:Rejection|_busy)\(\s*(\d+),\s*"(\w+)"', module.read_text("utf-8")))
    for path, method, operation in operations:
        told = operation["responses"]
        assert path in ("/livez", "/readyz") or {"400", "401", "403", "413", "421", "422", "429", "503"} <= set(told)
        for status, response in told.items():
            if status < "400" or path == "/readyz":
                continue
            example = response["content"]["application/json"]["example"]
            model = OpenAIErrorOut if path.startswith("/v1/") else ErrorOut
            assert model.model_validate(example, extra="forbid").error.message
            assert (status, example["error"]["code"]) in {*known, ("500", "internal_error")}, (method, path, status)
            assert ("Retry-After" in response.get("headers", {})) == (status in ("429", "503"))


def test_the_examples_are_answers_to_the_letter() -> None:
    shown = api_examples.ANSWERED[200]["content"]
    given = {name: each["value"] for name, each in shown["application/json"]["examples"].items()}
    answer, related = map(answer_from_dict, given.values())
    (citation,) = answer.citations
    (start, end), short = citation.highlights[0], answer.short_answer

    assert short is not None
    assert list(given) == [answer.status, related.status] == ["answered", "related"]
    assert related.lead == "The articles may not answer this question. The nearest they say:"
    assert (related.short_answer, related.citations) == (None, answer.citations)
    assert citation.quote in (ROOT / "corpus" / "libya-missiles.ar.md").read_text("utf-8")
    assert citation.quote[start - citation.start : end - citation.start] == short.text == citation.glosses[0].text
    assert shown["text/event-stream"]["example"].count("event: ") == 4
    assert TypeAdapter(Passages).validate_python(api_examples.FOUND[200]["content"]["application/json"]["example"])
    completed = api_examples.COMPLETED[200]["content"]
    assert TypeAdapter(Completion).validate_python(completed["application/json"]["example"]).isnad == answer
    assert completed["text/event-stream"]["example"].endswith("data: [DONE]\n\n")


def test_a_jobs_model_has_what_a_job_has() -> None:
    report = IngestionReport(failed=[NotRead("a", "b", "c")], warnings=[("a", "b")])
    progress = jobs._shown(IngestionProgress("done", 1, 1, 1, 1, 1.0, 1.0), IngestionReport())

    assert set(ReportOut.model_fields) == set(report.to_dict())
    assert ReportOut.model_validate(report.to_dict())
    assert set(ProgressOut.model_fields) == set(progress)
    assert {*JobOut.model_fields} == {field.name for field in fields(jobs.Job)}


def test_metrics_count_answers_refusals_stages_and_refused_requests(client: TestClient) -> None:
    for question in ("pays", "ما عاصمة اليابان؟", "visit", ""):
        client.post("/api/v1/ask", json={"question": question})
    client.post("/api/v1/ask", json={"question": "summary", "stream": True})
    text = client.get("/metrics").text

    for line in (
        'isnad_answers_total{answerer="extractive",status="answered"} 1.0',
        'isnad_answers_total{answerer="extractive",status="not_found"} 1.0',
        'isnad_answers_total{answerer="extractive",status="related"} 1.0',
        'isnad_answers_total{answerer="llm",status="answered"} 1.0',
        'isnad_stage_seconds_count{stage="rerank"} 3.0',
        'isnad_requests_total{route="ask",status="200"} 4.0',
        'isnad_requests_total{route="ask",status="422"} 1.0',
        "isnad_index_generation 1.0",
        "isnad_articles 4.0",
        "isnad_questions_working 0.0",
    ):
        assert line in text


def test_logs_are_json_with_ids_and_timings_and_without_the_question(client: TestClient, lines: io.StringIO) -> None:
    client.post("/api/v1/ask", json={"question": SECRET}, headers={"X-Request-Id": "r-1"})
    client.post("/api/v1/ask", json={"question": FAILING + SECRET})

    rows = [json.loads(line) for line in lines.getvalue().splitlines()]
    answer, request = rows[0], rows[1]
    assert (answer["event"], answer["status"], answer["language"]) == ("answer", "answered", "en")
    assert (request["event"], request["route"], request["status"]) == ("request", "ask", 200)
    assert request["request_id"] == "r-1"
    assert request["ms"] > 0
    assert SECRET not in lines.getvalue()
    assert "127.0.0.1" not in lines.getvalue()


def test_callers_are_logged_by_key_or_embed_and_never_by_address(client: TestClient, lines: io.StringIO) -> None:
    site = client.app.state.site  # type: ignore[attr-defined]
    embed = site.embeds.create("intranet", ["http://localhost"])
    client.post(f"/embed/{embed.id}/ask", json={"question": "pays"}, headers={"Origin": "http://localhost"})
    client.post("/api/v1/search", json={"query": "pays"})
    key, secret = site.keys.create("program", ["ask"])
    client.post("/api/v1/search", json={"query": "pays"}, headers={"Authorization": f"Bearer {secret}"})
    client.get("/api/v1/nothing")

    rows = [row for row in map(json.loads, lines.getvalue().splitlines()) if row["event"] == "request"]
    assert [row["caller"] for row in rows] == [f"embed:{embed.id}", "address", f"key:{key.id}", ""]
    assert "testclient" not in lines.getvalue()


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_is_logged_under_its_requests_id(client: TestClient, lines: io.StringIO, stream: bool) -> None:
    client.post("/api/v1/ask", json={"question": "pays", "stream": stream}, headers={"X-Request-Id": "r-2"})

    rows = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(row["event"], row["request_id"]) for row in rows] == [("answer", "r-2"), ("request", "r-2")]


def test_question_text_is_logged_only_where_settings_say_so(tmp_path: Path, lines: io.StringIO) -> None:
    app = build_api(Settings(index_dir=tmp_path, log_questions=True), FakeAssistant())
    TestClient(app, base_url="http://localhost").post("/api/v1/ask", json={"question": SECRET})

    assert SECRET in lines.getvalue()


def test_an_unforeseen_error_leaves_its_traceback_in_the_log(tmp_path: Path, lines: io.StringIO) -> None:
    class Broken(FakeAssistant):
        def search(self, query: str, **options: object) -> tuple[()]:
            raise RuntimeError("the cause")

    app = build_api(Settings(index_dir=tmp_path), Broken())
    TestClient(app, base_url="http://localhost", raise_server_exceptions=False).post(
        "/api/v1/search", json={"query": "x"}
    )

    errors = [row for row in map(json.loads, lines.getvalue().splitlines()) if row["level"] == "error"]
    assert len(errors) == 1
    assert "RuntimeError: the cause" in errors[0]["error"]
    assert errors[0]["request_id"]
