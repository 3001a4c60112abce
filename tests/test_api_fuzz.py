"""Generated requests: every route of the document by schemathesis, and strings that are hardly text by Hypothesis.

``FUZZ_CASES=1000`` makes it a long run: that many cases, new ones each time, for each group of routes and each kind of
string.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from rag.ingestion.indexing import index_given
from rag.serving.api import build_api
from rag.serving.gate.limits import Budget, Rates
from rag.serving.gate.rules import RULES
from rag.settings import Settings
from tests.fake_assistant import ARTICLES, FakeAssistant
from tests.fakes import HashEncoder
from tests.loopback import serving

FIXTURE = [HealthCheck.function_scoped_fixture]  # one server for all cases of a test is wanted
CASES = int(os.environ.get("FUZZ_CASES", "40"))
GROUPS = ("answers", "articles", "OpenAI-compatible", "widget", "operations")
ODD = st.sampled_from([
    "\ud800", "\udfff\ud83d", "\u202e\u2066abc\u2069", "\x00", "\ufeff", "\U000e0041", "\u200b", "a" * 3000, "١٢٣",
    "e\u0301", "\r\n\r\n", "<script>", "${7*7}", "../../etc/passwd", "%00", "'; DROP TABLE articles;--",
])  # fmt: skip
# Headers that are the client's own business; a false one is refused by uvicorn before any route, in plain text.
FRAMING = {"connection", "content-length", "expect", "host", "transfer-encoding", "upgrade"}
TEXT = st.one_of(
    ODD, st.text(st.characters(), max_size=40), st.text(st.characters(categories=["Cs", "Cc", "Cf"]), max_size=5)
)
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=8,
)
FIELDS = ("question", "query", "history", "filters", "top_k", "answerer", "language", "stream", "messages", "model",
          "input", "articles", "answer_id", "vote", "comment", "isnad", "encoding_format", "dimensions",
          "n", "tool_choice", "response_format", "text", "stream_options")  # fmt: skip
BODIES = st.one_of(VALUE, st.dictionaries(st.sampled_from(FIELDS), VALUE, max_size=6))
POSTS = (
    "/api/v1/ask",
    "/api/v1/search",
    "/api/v1/articles",
    "/api/v1/feedback",
    "/api/v1/translate",
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/embeddings",
)


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    assistant = FakeAssistant()
    unlimited = Rates(dict.fromkeys(get_args(Budget), 10**7))
    monkeypatch.setattr(Rates, "from_settings", lambda settings: unlimited)
    index_given(ARTICLES[:3], index_dir=tmp_path, encoder=HashEncoder())
    app = build_api(Settings(index_dir=tmp_path), assistant)
    app.state.site.jobs.max_queued = 10**6
    return app


def send(api: FastAPI, method: str, path: str, **request: Any) -> httpx.Response:
    async def sent() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://127.0.0.1") as client:
            return await client.request(method, path, **request)

    return asyncio.run(sent())


def check(response: httpx.Response) -> None:
    """No server error, and every refusal in its own shape."""
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        error = response.json()["error"]
        assert error["code"]
        assert error["message"]
    response.content.decode("utf-8")


@pytest.mark.parametrize("path", POSTS)
@settings(max_examples=CASES, deadline=None, suppress_health_check=FIXTURE)
@given(body=BODIES)
def test_bodies_that_are_hardly_text_are_refused_or_answered(api: FastAPI, path: str, body: Any) -> None:
    # json.dumps writes NaN, Infinity and lone surrogates as a careless client does.
    check(send(api, "POST", path, content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}))


@pytest.mark.parametrize("path", POSTS)
@settings(max_examples=CASES // 4, deadline=None, suppress_health_check=FIXTURE)
@given(
    body=st.binary(max_size=200),
    kind=st.sampled_from(["application/json", "multipart/form-data; boundary=b", "text/plain", ""]),
)
def test_bytes_that_are_no_body_are_refused(api: FastAPI, path: str, body: bytes, kind: str) -> None:
    check(send(api, "POST", path, content=body, headers={"Content-Type": kind} if kind else {}))


@settings(max_examples=CASES, deadline=None, suppress_health_check=FIXTURE)
@given(question=TEXT)
def test_a_question_of_any_text_is_answered_refused_or_not_found(api: FastAPI, question: str) -> None:
    body = json.dumps({"question": question}).encode()
    response = send(api, "POST", "/api/v1/ask", content=body, headers={"Content-Type": "application/json"})

    check(response)
    assert response.status_code in (200, 422)
    if response.status_code == 200:
        # Two escaped halves are one character by the rules of JSON.
        assert response.json()["question"] == question.encode("utf-16", "surrogatepass").decode("utf-16")


@settings(max_examples=CASES, deadline=None, suppress_health_check=FIXTURE)
@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    method=st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD", "TRACE", "BREW"]),
    prefix=st.sampled_from(["/api/v1/articles/", "/api/v1/jobs/", "/embed/", "/v1/models/", "/widget/", "/docs/", "/"]),
)
def test_any_path_has_a_plain_answer(api: FastAPI, name: str, method: str, prefix: str) -> None:
    response = send(api, method, prefix + quote(name, safe=""))

    assert response.status_code < 500
    assert "x-request-id" in response.headers


class Fuzz:
    """Cases of every route of one group, each put to a server with all of schemathesis's checks."""

    def __init__(self, api: FastAPI, address: str) -> None:
        schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis")
        from schemathesis.checks import CHECKS

        site = api.state.site
        self.key = {"Authorization": f"Bearer {site.keys.create('fuzz', ['admin'])[1]}"}
        self.known = {
            "embed_id": site.embeds.create("fuzz", [address], per_minute=10**7).id,
            "article_id": ARTICLES[0].id,
            "model": "isnad",
            "job_id": site.jobs.submit(list).id,
        }
        self.cases = 0
        refusals = {"negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 413, 415, 422]}}
        patient = {"checks": refusals, "request-timeout": 60}  # 413 is not among its own, and a machine may be busy
        self.schema = schemathesis.openapi.from_dict(api.openapi(), config=schemathesis.Config.from_dict(patient))
        self.schema.config.update(base_url=address)
        self.origin = {"Origin": address}  # as the pages of an embed send it
        self.checks = CHECKS.get_all()
        assert len(self.checks) >= 14  # loaded with the document; among them that a wrong key is refused

    def operations(self, group: str) -> list[Any]:
        """The group's operations that take any input; the others have one case."""
        found = [one.ok() for one in self.schema.get_all_operations()]
        assert {tag for one in found for tag in one.tags} == set(GROUPS)
        raw = [(one, one.definition.raw) for one in found if group in one.tags]
        return [one for one, told in raw if {"parameters", "requestBody", "security"} & set(told)]

    def run(self, group: str) -> None:
        import schemathesis

        work = list(product(self.operations(group), schemathesis.GenerationMode))
        for operation, mode in work:
            with suppress(Unsatisfiable):  # a route without parameters has no wrong ones
                self._conforms(operation, mode, -(-CASES // len(work)))

    def _conforms(self, operation: Any, mode: Any, cases: int) -> None:
        from schemathesis.core.parameters import ParameterLocation
        from schemathesis.specs.openapi.checks import negative_data_rejection

        @settings(max_examples=cases, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
        def conforms(case: Any, known: bool) -> None:
            # A form has no types: a list of no fields is no field, and a list of one is that field.
            assume(not (isinstance(case.body, dict) and isinstance(case.body.get("map"), list)))
            if known and mode.is_positive:  # what exists; random names hardly ever do
                case.path_parameters = {name: self.known[name] for name in case.path_parameters or {}}
            for name in FRAMING & {header.lower() for header in case.headers or {}}:
                case.headers.pop(name)
            self.cases += 1
            # A wrong or missing header is replaced by the right one, so such a case need not be refused.
            unjudged = [negative_data_rejection] if case.meta.is_negative_at(ParameterLocation.HEADER) else []
            right = {**self.key, **self.origin}
            case.call_and_validate(checks=self.checks, excluded_checks=unjudged, headers=right)

        conforms()


@pytest.mark.parametrize("group", GROUPS)
def test_every_route_keeps_to_its_document(api: FastAPI, group: str) -> None:
    with serving(api) as address:
        fuzz = Fuzz(api, address)
        fuzz.run(group)

    assert fuzz.cases >= CASES


def test_the_fuzzed_routes_are_all_that_take_a_body() -> None:
    taking = {rule.pattern for rule in RULES if rule.body != "none" and not rule.embed}
    assert taking == {*POSTS, "/sign-in", "/mcp"}  # the last speaks its own protocol; its SDK checks it


@settings(max_examples=CASES, deadline=None, suppress_health_check=FIXTURE)
@given(body=st.one_of(st.binary(max_size=200), TEXT.map(lambda key: f"key={key}".encode("utf-8", "surrogatepass"))))
def test_no_form_but_the_keys_signs_in(api: FastAPI, body: bytes) -> None:
    response = send(api, "POST", "/sign-in", content=body)

    assert response.status_code == 401
    assert "set-cookie" not in response.headers


def test_generated_articles_never_break_the_index(api: FastAPI, tmp_path: Path) -> None:
    @settings(max_examples=CASES // 4, deadline=None, suppress_health_check=FIXTURE)
    @given(
        st.lists(
            st.fixed_dictionaries(
                {"text": TEXT}, optional={"title": TEXT, "date": TEXT, "url": TEXT, "language": TEXT}
            ),
            min_size=1,
            max_size=3,
        )
    )
    def uploaded(articles: list[dict[str, str]]) -> None:
        body = json.dumps({"articles": articles}).encode()
        response = send(api, "POST", "/api/v1/articles", content=body, headers={"Content-Type": "application/json"})
        check(response)
        if response.status_code == 202:
            board = api.state.site.jobs
            while (job := board.get(response.json()["id"])).state in ("queued", "running"):
                pass
            assert job.state == "done", job.error
            assert all(failure["reason"] for failure in job.report["failed"])

    uploaded()
