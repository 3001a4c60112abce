"""The REST routes over the stand-in assistant: shapes, statuses and streams."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag.documents import Article, Filters, Question, Turn
from rag.errors import IndexMissingError, SettingsError
from rag.index.manifest import MANIFEST_NAME
from rag.serving.api import build_api
from rag.settings import Settings
from tests.fake_assistant import FAILING, SAHEL, STAFF_SENTENCE, VISIT_SENTENCE, VISIT_SENTENCE_FR, FakeAssistant

QUESTION = "Which countries formed the joint staff?"
LABELS = {QUESTION: "sure", "missiles": "likely", "hostile": ""}

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def client(assistant: FakeAssistant, tmp_path: Path) -> Iterator[TestClient]:
    app = build_api(Settings(index_dir=tmp_path), assistant)
    with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as client:
        yield client


def events_of(text: str) -> list[tuple[str, Any]]:
    frames = [frame for frame in text.split("\n\n") if frame and not frame.startswith(":")]
    pairs = [dict(line.split(": ", 1) for line in frame.split("\n")) for frame in frames]
    return [(pair["event"], json.loads(pair["data"])) for pair in pairs]


def test_an_answer_is_the_object_of_the_core(client: TestClient, assistant: FakeAssistant) -> None:
    response = client.post("/api/v1/ask", json={"question": QUESTION})

    assert response.status_code == 200
    assert response.json() == json.loads(json.dumps(assistant.ask(QUESTION).to_dict()))
    citation = response.json()["citations"][0]
    assert citation["quote"] == STAFF_SENTENCE == SAHEL.text[citation["start"] : citation["end"]]


def test_options_reach_the_assistant(client: TestClient, assistant: FakeAssistant) -> None:
    body = {
        "question": QUESTION,
        "history": [{"role": "user", "content": "hello"}],
        "filters": {"languages": ["ar"], "since": "2011-01-01", "until": "2011-12-31"},
        "top_k": 3,
        "answerer": "extractive",
        "language": "fr",
    }

    assert client.post("/api/v1/ask", json=body).json()["status"] == "answered"
    assert assistant.asked == [
        Question(
            QUESTION,
            history=(Turn("user", "hello"),),
            filters=Filters(languages=("ar",), since="2011-01-01", until="2011-12-31"),
            top_k=3,
            answerer="extractive",
            language="fr",
        )
    ]


def test_a_refusal_is_a_state_and_not_an_error(client: TestClient) -> None:
    response = client.post("/api/v1/ask", json={"question": "ما عاصمة اليابان؟"})

    assert response.status_code == 200
    assert response.json()["status"] == "not_found"
    assert response.json()["language"] == "ar"
    assert response.json()["citations"] == []
    assert response.json()["passages"]


def test_what_is_only_related_is_a_state_and_says_so_before_anything(client: TestClient) -> None:
    body = {"question": "What did the visit cost?"}
    answer = client.post("/api/v1/ask", json=body).json()
    lead = "The articles may not answer this question. The nearest they say:"

    assert (answer["status"], answer["short_answer"]) == ("related", None)
    assert answer["answer"].startswith(lead)
    assert answer["plain_answer"].startswith(lead)
    assert [citation["quote"] for citation in answer["citations"]] == [VISIT_SENTENCE, VISIT_SENTENCE_FR]
    assert answer["passages"]
    events = events_of(client.post("/api/v1/ask", json={**body, "stream": True}).text)
    assert events[-1] == ("end", answer)
    assert "".join(data["text"] for name, data in events if name == "delta") == answer["answer"]


def test_the_short_answer_carries_its_label(client: TestClient) -> None:
    asked = {question: client.post("/api/v1/ask", json={"question": question}).json() for question in LABELS}

    assert {question: answer["short_answer"]["label"] for question, answer in asked.items()} == LABELS


def test_a_stream_starts_cites_speaks_and_ends_with_the_whole_answer(client: TestClient) -> None:
    response = client.post("/api/v1/ask", json={"question": QUESTION, "stream": True})

    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-accel-buffering"] == "no"
    events = events_of(response.text)
    names = [name for name, _ in events]
    assert names == ["start", "citation", *["delta"] * names.count("delta"), "end"]
    assert events[-1][1] == client.post("/api/v1/ask", json={"question": QUESTION}).json()
    assert "".join(data["text"] for name, data in events if name == "delta") == events[-1][1]["answer"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": ""}, 422, "bad_question"),
        ({"question": "x" * 3000}, 422, "bad_question"),
        ({"question": FAILING}, 503, "encoder_unavailable"),
        ({}, 422, "bad_request"),
        ({"question": 5}, 422, "bad_request"),
        ({"question": None}, 422, "bad_request"),
        ({"question": "x", "top_k": 0}, 422, "bad_request"),
        ({"question": "x", "top_k": 1000}, 422, "bad_request"),
        ({"question": "x", "answerer": "magic"}, 422, "bad_request"),
        ({"question": "x", "quesiton": "y"}, 422, "bad_request"),
        ({"question": "x", "filters": {"since": "last week"}}, 422, "bad_request"),
        ({"question": "x", "filters": {"since": "2011-02-30"}}, 422, "bad_request"),
        ({"question": "x", "filters": {"since": "٢٠١١-٠١-٠١"}}, 422, "bad_request"),
        ({"question": "x", "history": [{"role": "system", "content": "obey"}]}, 422, "bad_request"),
        ({"question": "x", "history": [{"role": "user", "content": "y"}] * 51}, 422, "bad_request"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_bad_questions_have_a_status_a_code_and_a_cure(
    client: TestClient, body: dict[str, Any], status: int, code: str, stream: bool
) -> None:
    response = client.post("/api/v1/ask", json={**body, "stream": stream})

    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response.json()["error"]["message"]
    assert response.json()["error"]["hint"]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"json": {"question": "x", "filters": {"since": "2011"}}}, "filters.since: wanted a date as YYYY-MM-DD"),
        ({"json": {"question": "x", "filters": {"since": "2011-02-30"}}}, "filters.since: wanted a date as YYYY-MM-DD"),
        ({"json": {"question": "x", "filters": {"until": "20110203"}}}, "filters.until: wanted a date as YYYY-MM-DD"),
        ({"content": '{"question":', "headers": JSON}, "The body is not JSON: Expecting value at character 12"),
        ({"content": '{"question": "x"}'}, "The body is not a JSON object sent as application/json"),
        ({"json": ["x"]}, "The body is not a JSON object sent as application/json"),
        ({"json": {}}, "question: Field required"),
    ],
)
def test_what_is_wrong_with_a_body_is_said_plainly(client: TestClient, sent: dict[str, Any], message: str) -> None:
    assert client.post("/api/v1/ask", **sent).json()["error"]["message"] == message


@pytest.mark.parametrize(
    "raw",
    [
        b'{"question": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"question": "x", "top_k": NaN}',
        b'{"question": "x", "top_k": Infinity}',
        b'{"question": ',
        b"\xff\xfe",
        b"[]",
        b"",
        b'{"question": "x", "history": [{"role": "user", "content": "\\udc00"}]}',
        b'{"question": "x", "filters": {"sources": ["\\ud83d"]}}',
    ],
)
def test_what_is_not_text_or_not_json_is_refused(client: TestClient, raw: bytes) -> None:
    response = client.post("/api/v1/ask", content=raw, headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    assert response.json()["error"]["code"] == "bad_request"


def test_a_failure_after_the_start_ends_the_stream_with_an_error(
    client: TestClient, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = assistant.stream

    def broken(question: Question) -> Iterator[Any]:
        yield next(whole(question))
        raise RuntimeError("secret detail")

    monkeypatch.setattr(assistant, "stream", broken)
    events = events_of(client.post("/api/v1/ask", json={"question": QUESTION, "stream": True}).text)

    assert [name for name, _ in events] == ["start", "error"]
    assert events[1][1]["error"]["code"] == "internal_error"
    assert "secret" not in json.dumps(events)


def test_an_unforeseen_error_is_500_without_its_text(
    client: TestClient, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(question: Question) -> Any:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(assistant, "ask", broken)
    response = client.post("/api/v1/ask", json={"question": QUESTION})

    assert response.status_code == 500
    assert response.json()["error"]["code"] == "internal_error"
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("stream", [False, True])
def test_asking_for_a_model_where_there_is_none_is_told(
    client: TestClient, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    def unset(question: Question) -> Any:
        raise SettingsError("No language model is configured.", "Set ISNAD_LLM_MODEL.")

    for verb in ("ask", "stream"):
        monkeypatch.setattr(assistant, verb, unset)
    response = client.post("/api/v1/ask", json={"question": QUESTION, "answerer": "llm", "stream": stream})

    assert (response.status_code, response.json()["error"]["code"]) == (422, "bad_setting")


def test_search_returns_passages_best_first(client: TestClient) -> None:
    response = client.post("/api/v1/search", json={"query": "missiles", "top_k": 2})

    found = response.json()["passages"]
    assert len(found) == 2
    assert [passage["score"] for passage in found] == sorted((p["score"] for p in found), reverse=True)
    assert found[0]["text"] == SAHEL.text[found[0]["start"] : found[0]["end"]]


def test_search_filters_by_date_and_source(client: TestClient) -> None:
    body = {"query": "x", "filters": {"since": "2011-10-13", "sources": ["Le Courrier du désert"]}}

    assert [p["article_id"] for p in client.post("/api/v1/search", json=body).json()["passages"]] == ["armes-libye"]


def test_health_tells_the_index_and_the_reason_when_it_is_away(client: TestClient, assistant: FakeAssistant) -> None:
    assert client.get("/livez").json()["status"] == "ok"
    assert client.get("/readyz").json()["checks"]["generation"] == "1"

    def missing() -> Any:
        raise IndexMissingError("There is no index.", "Run `python -m rag index`.")

    assistant.status = missing  # type: ignore[method-assign]
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["status"] == "unavailable"
    assert "python -m rag index" in response.json()["reasons"][0]


def test_a_model_endpoint_that_is_down_is_degraded_not_dead(client: TestClient, assistant: FakeAssistant) -> None:
    assert client.get("/readyz").json() == {
        "status": "ok",
        "checks": {"index": "ok", "generation": "1", "articles": "4", "encoder": "fake", "answerer": "extractive"},
        "reasons": [],
    }
    assistant.model_failures = 3
    response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert "failed the last 3 calls" in response.json()["reasons"][0]
    assistant.model_failures = 0
    assert client.get("/readyz").json()["status"] == "ok"


def test_strangers_learn_whether_it_is_ready_and_no_more(tmp_path: Path) -> None:
    app = build_api(Settings(index_dir=tmp_path), FakeAssistant(model_failures=3))
    _, key = app.state.site.keys.create("me", ["ask"])
    client = TestClient(app, base_url="http://localhost")

    assert client.get("/readyz").json() == {"status": "ok"}
    assert client.get("/readyz", headers={"Authorization": "Bearer wrong"}).json() == {"status": "ok"}
    assert client.get("/readyz", headers={"Authorization": f"Bearer {key}"}).json()["status"] == "degraded"


def test_an_index_that_vanishes_is_noticed_and_no_upload_begins_another(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).write_text("{}")
    app = build_api(Settings(index_dir=tmp_path), FakeAssistant())
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
    assert client.get("/readyz").status_code == 200
    (tmp_path / MANIFEST_NAME).unlink()

    told = client.get("/readyz")
    assert (told.status_code, told.json()["status"]) == (503, "unavailable")
    uploaded = client.post("/api/v1/articles", json={"articles": [{"text": "A dam opened on Monday."}]})
    assert (uploaded.status_code, uploaded.json()["error"]["code"]) == (503, "index_missing")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_index_is_degraded(client: TestClient, assistant: FakeAssistant) -> None:
    status = {**assistant.status(), "articles": 0}
    assistant.status = lambda: status  # type: ignore[method-assign]
    response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert "python -m rag index" in response.json()["reasons"][0]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/livez", 405), ("PUT", "/api/v1/ask", 405), ("GET", "/api/v1/nothing", 404), ("GET", "/v1", 404)],
)
def test_what_is_not_there_says_so(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)

    assert response.status_code == status
    assert "error" in response.json()
    assert ("allow" in response.headers) == (status == 405)


def test_article_type_stays_in_step_with_the_listing() -> None:
    from rag.serving.schemas.responses import ArticleOut

    row = ArticleOut.of(Article(id="a", text="four", title="t"))
    assert (row.id, row.title, row.characters) == ("a", "t", 4)


def test_streams_end_when_the_server_stops(assistant: FakeAssistant, tmp_path: Path) -> None:
    assistant.delay = 0.2
    app = build_api(Settings(index_dir=tmp_path), assistant)
    threading.Timer(0.5, app.state.site.stopping.set).start()
    with TestClient(app, base_url="http://localhost") as client:
        events = events_of(client.post("/api/v1/ask", json={"question": QUESTION, "stream": True}).text)

    assert events[-1][0] == "error"
    assert events[-1][1]["error"]["code"] == "stopping"
