"""Documentation without a CDN, metrics, and logs without question text."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.serving import telemetry
from rag.serving.api import build_api
from rag.settings import Settings
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


def test_the_openapi_document_is_complete(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    operations = [(p, m, o) for p, methods in document["paths"].items() for m, o in methods.items()]
    assert len(operations) >= 17
    for path, method, operation in operations:
        assert operation.get("description"), (method, path)
        assert operation["responses"], (method, path)
    ask = document["paths"]["/api/v1/ask"]["post"]
    assert {"200", "401", "403", "413", "422", "429", "503"} <= set(ask["responses"])
    assert ask["responses"]["422"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorOut"}
    assert document["components"]["schemas"]["AskIn"]["examples"]
    assert ask["security"] == [{"HTTPBearer": []}]
    assert "security" not in document["paths"]["/livez"]["get"]
    assert "ValidationError" not in json.dumps(document)  # FastAPI's own error body is never sent


def test_metrics_count_answers_refusals_stages_and_refused_requests(client: TestClient) -> None:
    for question in ("pays", "ما عاصمة اليابان؟", ""):
        client.post("/api/v1/ask", json={"question": question})
    client.post("/api/v1/ask", json={"question": "summary", "stream": True})
    text = client.get("/metrics").text

    for line in (
        'isnad_answers_total{answerer="extractive",status="answered"} 1.0',
        'isnad_answers_total{answerer="extractive",status="not_found"} 1.0',
        'isnad_answers_total{answerer="llm",status="answered"} 1.0',
        'isnad_stage_seconds_count{stage="rerank"} 2.0',
        'isnad_requests_total{route="ask",status="200"} 3.0',
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
