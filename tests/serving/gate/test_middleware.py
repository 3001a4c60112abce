"""The gate: every route passes it; keys, scopes, origins, hosts, sizes, rates, places and headers."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.testclient import TestClient

from rag.documents import Answer, Question
from rag.serving.gate.access import SCOPES, Scope
from rag.serving.gate.limits import QUEUE_FACTOR, Budget, Rates
from rag.serving.gate.middleware import Gate
from rag.serving.gate.rules import CHAT_RULES, RULES, find_rule
from rag.serving.launch import build_app
from rag.serving.schemas.errors import Rejection
from rag.settings import Settings
from tests.fake_assistant import FakeAssistant
from tests.loopback import serving

LOCAL = "http://127.0.0.1:7860"
QUESTION = {"question": "pays"}
PARAMETERS = {"embed_id": "none", "article_id": "none", "job_id": "none", "model": "isnad", "name": "swagger-ui.css"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The whole application with its chat; tests that need keys or limits of their own build another."""
    settings = Settings(index_dir=tmp_path_factory.mktemp("index"), questions_per_minute=10_000)
    return build(settings)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=LOCAL, raise_server_exceptions=False)


@pytest.fixture
def keyed(tmp_path: Path) -> tuple[TestClient, dict[Scope, str]]:
    """A client of a server that has one key of each scope, with the keys."""
    from rag.serving.api import build_api

    api = build_api(Settings(index_dir=tmp_path, questions_per_minute=10_000), FakeAssistant())
    keys = {scope: api.state.site.keys.create(scope, [scope])[1] for scope in SCOPES}
    return TestClient(api, base_url=LOCAL, raise_server_exceptions=False), keys


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def routes_of(router: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(method, path with its parameters filled) of every route, mounted and included applications too."""
    for route in router.routes:
        if isinstance(route, Mount):
            yield from routes_of(route.app, prefix + route.path)
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router, prefix + route.include_context.prefix)
        else:
            path = re.sub(r"{(\w+)(?::\w+)?}", lambda m: PARAMETERS.get(m[1], "x"), prefix + route.path)
            yield from ((method, path) for method in sorted(route.methods or {"POST"}))


def build(settings: Settings, assistant: Any = None) -> FastAPI:
    """The whole application. Gradio leaves an event loop open when it is built outside of one."""

    async def inside() -> FastAPI:
        return build_app(settings, assistant or FakeAssistant())

    return asyncio.run(inside())


def test_every_route_passes_the_gate_and_needs_a_key_unless_the_table_says_otherwise(tmp_path: Path) -> None:
    app = build(Settings(index_dir=tmp_path))
    app.state.site.keys.create("any", ["admin"])
    client = TestClient(app, base_url=LOCAL, raise_server_exceptions=False)
    found = list(routes_of(app))
    assert len(found) > 60  # ours and Gradio's

    opened = set()
    for method, path in found:
        response = client.request(method, path)
        assert "x-request-id" in response.headers, path
        assert response.headers["x-content-type-options"] == "nosniff", path
        if response.status_code != 401:
            assert response.status_code in (403, 404, 405) or find_rule(method, path).rule.scope is None, (method, path)
            opened |= {path} if response.status_code == 403 or response.is_success else set()
    assert {path for path in opened if find_rule_or_none("GET", path)} <= {
        "/livez", "/readyz", "/sign-in", "/sign-in.css", "/favicon.ico", "/widget.js",
        "/embed/none", "/embed/none/frame",
    }  # fmt: skip


def test_every_route_counts_against_a_rate(tmp_path: Path) -> None:
    app = build(Settings(index_dir=tmp_path))
    used_up = Rates(dict.fromkeys(get_args(Budget), 1))
    embed = app.state.site.embeds.create("here", [LOCAL])
    app.state.site = replace(app.state.site, rates=used_up)
    gate = next(m for m in app.user_middleware if m.cls is Gate)
    gate.kwargs["site"] = app.state.site
    for budget, caller in product(get_args(Budget), ("address:testclient", f"embed:{embed.id}:testclient")):
        used_up.spend(budget, caller)
    client = TestClient(app, base_url=LOCAL, raise_server_exceptions=False)

    for method, path in routes_of(app):
        response = client.request(method, path.replace("/embed/none", f"/embed/{embed.id}"), headers={"Origin": LOCAL})
        if find_rule_or_none(method, path):
            assert response.status_code == 429, (method, path)
            assert int(response.headers["Retry-After"]) >= 1, (method, path)
        else:
            assert response.status_code in (404, 405), (method, path)


@pytest.mark.parametrize(
    "path", ["/new", "/api/v1/new", "/v1/new", "/api/v1/articles/x/new", "/mounted/deep", "/embed/x/new"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "BREW"])
def test_a_route_that_someone_forgot_to_give_a_row_is_never_open(tmp_path: Path, path: str, method: str) -> None:
    from rag.serving.api import build_api

    reached: list[str] = []

    async def forgotten(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])
        await PlainTextResponse("secret")(scope, receive, send)

    app = build_api(Settings(index_dir=tmp_path), FakeAssistant())
    app.router.routes[:0] = [Mount("/", app=forgotten)]
    app.state.site.keys.create("any", ["admin"])
    response = TestClient(app, base_url=LOCAL, raise_server_exceptions=False).request(method, path)

    assert response.status_code in (401, 404, 405)
    assert reached == []


def test_opening_the_page_and_voting_are_no_questions(tmp_path: Path) -> None:
    client = TestClient(build(Settings(index_dir=tmp_path, questions_per_minute=2)), base_url=LOCAL)
    given = [None] * len(functions_of(client)[0]["inputs"])
    load = {"data": given, "event_data": None, "fn_index": 0, "trigger_id": 0, "session_hash": "s"}
    asked: dict[str, Any] = {"data": ["pays", "en", None, [], [], "any", None, None], "session_hash": "s"}

    assert [client.post("/gradio_api/run/predict", json=load).status_code for _ in range(15)] == [200] * 15
    questions = [name for name, fn in functions_of(client).items() if fn["queue"]]
    joined = [client.post("/gradio_api/queue/join", json={**asked, "fn_index": questions[0]}) for _ in range(3)]
    assert [response.status_code for response in joined] == [200, 200, 429]


def test_no_question_can_be_asked_past_the_queue_where_it_would_not_be_counted(tmp_path: Path) -> None:
    assistant = FakeAssistant()
    client = TestClient(build(Settings(index_dir=tmp_path), assistant), base_url=LOCAL)

    for number, fn in functions_of(client).items():
        body = {"data": ["pays"] * len(fn["inputs"]), "fn_index": number, "session_hash": "s"}
        for path in ("run/predict", "api/predict", f"run/{fn['api_name']}", f"api/{fn['api_name']}"):
            response = client.post(f"/gradio_api/{path}", json=body)
            assert response.status_code == 404 or not fn["queue"], (path, fn)
    assert assistant.asked == []


def functions_of(client: TestClient) -> dict[int, dict[str, Any]]:
    """What Gradio's page can call: number -> description."""
    return {fn["id"]: fn for fn in client.get("/config").json()["dependencies"]}


def find_rule_or_none(method: str, path: str) -> str:
    try:
        return find_rule(method, path).rule.name
    except Rejection:
        return ""


def test_of_gradios_routes_those_are_open_that_its_page_and_clients_use(app: FastAPI) -> None:
    chat = {rule.name for rule in CHAT_RULES}
    mounted = next(route for route in app.routes if isinstance(route, Mount))
    routes = {(method, path.rstrip("/") or "/") for method, path in routes_of(mounted.app)}
    opened = {f"{method} {path}" for method, path in routes if find_rule_or_none(method, path) in chat}
    assert opened == {
        "GET /", "HEAD /", "GET /config", "GET /theme.css", "GET /manifest.json", "GET /robots.txt", "GET /pwa_icon",
        "GET /pwa_icon/x", "GET /static/x", "GET /assets/x", "GET /gradio_api/info", "GET /gradio_api/openapi.json",
        "GET /gradio_api/startup-events", "GET /gradio_api/theme.css", "GET /gradio_api/queue/data",
        "GET /gradio_api/heartbeat/x", "GET /gradio_api/call/x/x", "GET /gradio_api/call/v2/x/x",
        "POST /gradio_api/queue/join", "POST /gradio_api/call/x", "POST /gradio_api/call/v2/x",
        "POST /gradio_api/run/x", "POST /gradio_api/api/x", "POST /gradio_api/cancel", "POST /gradio_api/reset",
    }  # fmt: skip
    assert len(routes - opened) > 30


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/deep_link"),
        ("GET", "/gradio_api/dev/reload"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://127.0.0.1/"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/vibe-edit"),
        ("GET", "/monitoring"),
        ("GET", "/svelte/x"),
        ("POST", "/login"),
    ],
)
def test_gradios_other_routes_are_not_there(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 404


def test_our_own_routes_each_have_a_row_of_their_own(app: FastAPI) -> None:
    chat = {rule.name for rule in CHAT_RULES}
    for route in app.routes:
        if not isinstance(route, Mount):
            for method, path in routes_of(type("Router", (), {"routes": [route]})):
                if method == "HEAD":
                    continue
                assert find_rule_or_none(method, path) not in (chat | {""}), (method, path)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.scope], ids=lambda rule: rule.name)
def test_each_scope_reaches_what_the_table_says(keyed: tuple[TestClient, dict[Scope, str]], rule: Any) -> None:
    client, keys = keyed
    path = re.sub(r"\(\?:.*?\)\?", "", rule.pattern)
    path = re.sub(r"\[.*?\]\+", "x", path).replace("\\", "")
    for method in rule.methods.split():
        for scope, key in keys.items():
            response = client.request(method, path, headers=bearer(key))
            code = response.json()["error"]["code"] if response.status_code == 403 else ""
            assert (code == "scope_missing") == (scope not in (rule.scope, "admin")), (rule.name, scope)
        assert client.request(method, path).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer isnad_00000000_wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic bWU6aXNuYWQ="},
        {"Authorization": "Digest x"},
        {"Cookie": "key=isnad"},
        {"Cookie": "isnad_session=invented"},
        {"X-Api-Key": "isnad"},
    ],
)
def test_without_a_known_key_nothing_is_done(
    keyed: tuple[TestClient, dict[Scope, str]], headers: dict[str, str]
) -> None:
    client, _ = keyed
    response = client.post("/api/v1/ask", json=QUESTION, headers=headers)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="Isnad"'
    assert response.json()["error"]["code"] == "key_needed"


@pytest.mark.filterwarnings("ignore")  # gradio_client warns of its own affairs
def test_gradios_client_needs_a_key_and_sends_it_as_a_header(tmp_path: Path) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AuthenticationError

    app = build(Settings(index_dir=tmp_path))
    _, key = app.state.site.keys.create("program", ["ask"])
    patient = {"timeout": 60}
    with serving(app) as address:
        with pytest.raises(AuthenticationError):
            Client(address, verbose=False, httpx_kwargs=patient)
        client = Client(address, verbose=False, headers=bearer(key), httpx_kwargs=patient)
        assert client.predict("pays", api_name="/ask")["status"] == "answered"


def test_a_key_in_the_address_or_body_is_no_key(keyed: tuple[TestClient, dict[Scope, str]]) -> None:
    client, keys = keyed

    assert client.post("/api/v1/ask", json=QUESTION, params={"key": keys["ask"]}).status_code == 401
    assert client.post("/api/v1/ask", json={**QUESTION, "key": keys["ask"]}).status_code == 401


def test_a_key_works_until_it_is_revoked(keyed: tuple[TestClient, dict[Scope, str]]) -> None:
    client, keys = keyed
    ring = client.app.state.site.keys  # type: ignore[attr-defined]

    assert client.post("/api/v1/ask", json=QUESTION, headers=bearer(keys["ask"])).status_code == 200
    ring.revoke(keys["ask"].split("_")[1])
    assert client.post("/api/v1/ask", json=QUESTION, headers=bearer(keys["ask"])).status_code == 401


def test_revoking_the_last_key_closes_a_public_server(tmp_path: Path) -> None:
    from rag.serving.api import build_api

    client = TestClient(build_api(Settings(host="0.0.0.0", index_dir=tmp_path), FakeAssistant()), base_url=LOCAL)

    assert client.post("/api/v1/ask", json=QUESTION).status_code == 401
    insecure = Settings(host="0.0.0.0", index_dir=tmp_path, insecure=True)
    client = TestClient(build_api(insecure, FakeAssistant()), base_url="http://anything.example")
    assert client.post("/api/v1/ask", json=QUESTION).status_code == 200


@pytest.mark.parametrize(
    "forwarded",
    ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"],
)
def test_revoking_the_last_key_opens_nothing_behind_a_proxy(
    keyed: tuple[TestClient, dict[Scope, str]], forwarded: str
) -> None:
    client, _ = keyed
    ring = client.app.state.site.keys  # type: ignore[attr-defined]
    for key in ring.list():
        ring.revoke(key.id)

    assert client.post("/api/v1/ask", json=QUESTION, headers={forwarded: "10.0.0.1"}).status_code == 401
    assert client.post("/api/v1/ask", json=QUESTION).status_code == 200  # this machine's own


def test_where_a_proxy_is_trusted_nobody_is_let_in_without_a_key(tmp_path: Path) -> None:
    from rag.serving.api import build_api

    for insecure, status in ((False, 401), (True, 200)):
        settings = Settings(index_dir=tmp_path, trusted_proxies=("10.0.0.1",), insecure=insecure)
        client = TestClient(build_api(settings, FakeAssistant()), base_url=LOCAL)
        assert client.post("/api/v1/ask", json=QUESTION).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": LOCAL}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": LOCAL}, 200),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example:7860"}, 421),
        ({"Host": ""}, 421),
        ({"Host": "localhost:7860"}, 200),
        ({"Host": "[::1]:7860"}, 200),
    ],
)
def test_without_keys_only_this_machines_own_pages_and_programs_are_served(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert client.post("/api/v1/ask", json=QUESTION, headers=headers).status_code == status


def test_a_page_of_another_site_cannot_use_the_readers_session(keyed: tuple[TestClient, dict[Scope, str]]) -> None:
    client, keys = keyed
    evil = {"Origin": "https://evil.example"}
    token = client.app.state.site.sessions.begin(keys["ask"].split("_")[1])  # type: ignore[attr-defined]
    cookie = {"Cookie": f"isnad_session={token}"}

    assert client.post("/api/v1/ask", json=QUESTION, headers=cookie).status_code == 200
    assert client.post("/api/v1/ask", json=QUESTION, headers={**evil, **cookie}).status_code == 403
    assert client.post("/sign-out", headers={**evil, **cookie}).status_code == 403
    assert client.post("/sign-in", data={"key": keys["ask"]}, headers=evil).status_code == 403
    assert client.post("/api/v1/ask", json=QUESTION, headers={**evil, **bearer(keys["ask"])}).status_code == 200


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1"])
@pytest.mark.parametrize("host", ["127.0.0.1:7860", "evil.example"])
@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/info", "/gradio_api/startup-events", "/api/v1/articles", "/livez"]
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_no_origin_is_ever_reflected(client: TestClient, method: str, path: str, host: str, origin: str) -> None:
    headers = {"Origin": origin, "Host": host, "Access-Control-Request-Method": "POST"}
    response = client.request(method, path, headers=headers)

    assert not [name for name in response.headers if name.startswith("access-control")]
    if method == "OPTIONS":
        assert response.status_code in (403, 404, 405)


@pytest.mark.parametrize(("allowed", "status"), [((), 421), (("host.docker.internal",), 200)])
def test_the_name_that_containers_call_the_host_by_is_loopback_where_it_is_allowed(
    tmp_path: Path, allowed: tuple[str, ...], status: int
) -> None:
    from rag.serving.api import build_api

    api = build_api(Settings(index_dir=tmp_path, allowed_hosts=allowed), FakeAssistant())
    client = TestClient(api, base_url="http://host.docker.internal:7860", raise_server_exceptions=False)
    assert client.post("/api/v1/ask", json=QUESTION).status_code == status


@pytest.mark.parametrize(
    "path", ["/", "/livez", "/docs", "/widget-demo", "/api/v1/articles", "/nothing", "/api/nothing", "/widget.js"]
)
def test_policies_have_no_wildcards_and_frames_are_refused(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    policy = headers["content-security-policy"]
    assert "*" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_chats_inline_scripts_run_by_hash(client: TestClient) -> None:
    from rag.serving.gate.headers import inline_script_hashes

    page = client.get("/")
    hashes = inline_script_hashes(page.content).split()

    assert len(hashes) >= 3
    assert all(source in page.headers["content-security-policy"] for source in hashes)


async def chunks(count: int, size: int) -> Any:
    yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    for _ in range(count):
        yield b"x" * size


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/api/v1/ask", 1 << 20),
        ("/v1/embeddings", 16 << 20),
        ("/gradio_api/queue/join", 1 << 20),
        ("/api/v1/articles", 1_000_000),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_large_bodies_are_refused_even_in_chunks(tmp_path: Path, path: str, size: int, chunked: bool) -> None:
    app = build(Settings(index_dir=tmp_path, max_upload_mb=1))
    headers = {"Content-Type": "multipart/form-data; boundary=b" if "articles" in path else "application/json"}

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=LOCAL) as client:
            body: Any = chunks(20, size // 10) if chunked else b"x" * (size + 1)
            return await client.post(path, content=body, headers=headers)

    response = asyncio.run(send())
    assert response.status_code == 413
    assert "too_large" in response.text


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "٣"])
def test_a_false_content_length_is_refused(app: FastAPI, length: str) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/ask",
        "headers": [(b"host", b"localhost"), (b"content-length", length.encode())],
        "client": ("127.0.0.1", 1),
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 400


def test_rates_are_kept_by_caller_and_say_when_to_come_back(tmp_path: Path) -> None:
    from rag.serving.api import build_api

    api = build_api(Settings(index_dir=tmp_path, questions_per_minute=2), FakeAssistant())
    one = TestClient(api, base_url=LOCAL, client=("127.0.0.1", 1))
    other = TestClient(api, base_url=LOCAL, client=("127.0.0.2", 1))

    assert [one.post("/api/v1/ask", json=QUESTION).status_code for _ in range(3)] == [200, 200, 429]
    refused = one.post("/v1/chat/completions", json={})
    assert refused.status_code == 429
    assert refused.json()["error"]["type"] == "rate_limit_error"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert other.post("/api/v1/ask", json=QUESTION).status_code == 200


def test_addresses_of_one_ipv6_network_share_a_rate(tmp_path: Path) -> None:
    from rag.serving.api import build_api

    api = build_api(Settings(index_dir=tmp_path, questions_per_minute=1), FakeAssistant())
    statuses = [
        TestClient(api, base_url=LOCAL, client=(f"2001:db8::{i}", 1)).post("/api/v1/ask", json=QUESTION).status_code
        for i in (1, 2)
    ]

    assert statuses == [200, 429]


def test_wrong_keys_are_rate_limited(keyed: tuple[TestClient, dict[Scope, str]]) -> None:
    client, keys = keyed
    statuses = [client.get("/api/v1/articles", headers=bearer("wrong")).status_code for _ in range(25)]

    assert statuses.count(401) == 20
    assert statuses[-1] == 429
    assert client.get("/api/v1/articles", headers=bearer(keys["ask"])).status_code == 200


def test_beyond_its_places_and_queue_the_server_is_busy(tmp_path: Path) -> None:
    from rag.serving.api import build_api

    release = threading.Event()

    class Slow(FakeAssistant):
        def ask(self, question: Question | str) -> Answer:
            release.wait(20)
            return super().ask(question)

    api = build_api(Settings(index_dir=tmp_path, max_concurrent=1, questions_per_minute=1000), Slow())

    places = 1 + QUEUE_FACTOR

    async def ask_many() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url=LOCAL, timeout=30) as client:
            asked = [asyncio.create_task(client.post("/api/v1/ask", json=QUESTION)) for _ in range(places + 7)]
            while sum(task.done() for task in asked) < 7 or not api.state.site.slots.working:
                await asyncio.sleep(0.01)
            assert (api.state.site.slots.working, api.state.site.slots.waiting) == (1, QUEUE_FACTOR)
            release.set()
            return [response.status_code for response in await asyncio.gather(*asked)]

    statuses = asyncio.run(ask_many())
    assert (statuses.count(200), statuses.count(503)) == (places, 7)
    assert (api.state.site.slots.working, api.state.site.slots.waiting) == (0, 0)


def test_request_ids_are_kept_when_sane(client: TestClient) -> None:
    assert client.get("/livez", headers={"X-Request-Id": "abc-123"}).headers["x-request-id"] == "abc-123"
    assert client.get("/livez", headers={"X-Request-Id": "a b\x7f"}).headers["x-request-id"] != "a b\x7f"


def test_a_hidden_413_is_shown_all_the_same() -> None:
    """An inner application that answers an oversized body with an error of its own does not hide the reason."""
    from rag.serving.gate.middleware import Gate

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        try:
            while (await receive()).get("more_body"):
                pass
        except Rejection:
            await PlainTextResponse("oops", 500)(scope, receive, send)

    async def ask() -> httpx.Response:
        import tempfile

        from rag.serving.site import Site

        with tempfile.TemporaryDirectory() as folder:
            gate = Gate(inner, Site.build(Settings(index_dir=Path(folder)), FakeAssistant()))
            async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url=LOCAL) as client:
                return await client.post("/api/v1/ask", content=chunks(20, 100_000))

    assert asyncio.run(ask()).status_code == 413
