"""Signing in on the page: known keys, wrong ones, where one comes back to, and that it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.serving.api import build_api
from rag.serving.gate.access import Key
from rag.serving.gate.sessions import LIFETIME_S, SESSION_COOKIE, Sessions
from rag.settings import Settings
from tests.fake_assistant import FakeAssistant

READER = {"Accept": "text/html,*/*"}


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return build_api(Settings(index_dir=tmp_path), FakeAssistant())


@pytest.fixture
def key(app: FastAPI) -> tuple[Key, str]:
    made: tuple[Key, str] = app.state.site.keys.create("reader", ["ask"])
    return made


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)


def test_a_reader_is_led_to_the_page_and_back_and_a_program_is_told(client: TestClient, key: tuple[Key, str]) -> None:
    led = client.get("/docs", headers=READER)
    assert (led.status_code, led.headers["Location"]) == (303, "/sign-in?to=%2Fdocs")
    asking = client.get("/?q=pays&language=fr", headers=READER).headers["Location"]
    assert asking == "/sign-in?to=%2F%3Fq%3Dpays%26language%3Dfr"
    assert client.get("/docs").status_code == 401
    assert client.post("/api/v1/ask", json={"question": "pays"}, headers=READER).status_code == 401

    page = client.get(led.headers["Location"], headers=READER)
    assert 'name="to" value="/docs"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    done = client.post("/sign-in", data={"key": f" {key[1]} ", "to": "/docs"})
    assert (done.status_code, done.headers["Location"]) == (303, "/docs")
    assert client.get("/docs", headers=READER).status_code == 200
    assert client.post("/api/v1/ask", json={"question": "pays"}).status_code == 200


def test_the_cookie_is_out_of_reach_and_holds_no_key(client: TestClient, key: tuple[Key, str]) -> None:
    cookie = client.post("/sign-in", data={"key": key[1]}).headers["Set-Cookie"]

    assert key[1] not in cookie
    assert {"HttpOnly", "SameSite=lax", "Path=/", f"Max-Age={LIFETIME_S}"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    secure = TestClient(client.app, base_url="https://127.0.0.1", follow_redirects=False)
    assert "Secure" in secure.post("/sign-in", data={"key": key[1]}).headers["Set-Cookie"]


def test_a_session_reaches_what_its_key_reaches(client: TestClient, key: tuple[Key, str]) -> None:
    client.post("/sign-in", data={"key": key[1]})

    assert client.get("/metrics").status_code == 403
    assert client.get("/api/v1/articles").status_code == 200


def test_signing_out_ends_it_for_good(client: TestClient, key: tuple[Key, str]) -> None:
    client.post("/sign-in", data={"key": key[1]})
    token = client.cookies[SESSION_COOKIE]
    out = client.post("/sign-out")

    assert (out.status_code, out.headers["Location"]) == (303, "/sign-in")
    assert SESSION_COOKIE not in client.cookies
    assert client.get("/api/v1/articles", headers={"Cookie": f"{SESSION_COOKIE}={token}"}).status_code == 401


def test_revoking_the_key_ends_its_sessions(client: TestClient, app: FastAPI, key: tuple[Key, str]) -> None:
    app.state.site.keys.create("other", ["ask"])  # with the last key gone, loopback is open again
    client.post("/sign-in", data={"key": key[1]})
    app.state.site.keys.revoke(key[0].id)

    assert client.get("/api/v1/articles").status_code == 401


@pytest.mark.parametrize("form", [{"key": "wrong"}, {"key": ""}, {}, {"key": "\ud800"}, {"key": ["a", "b"]}])
def test_a_wrong_key_is_told_and_counted(client: TestClient, key: tuple[Key, str], form: dict[str, str]) -> None:
    body = "&".join(f"{name}={value}" for name, value in form.items()).encode("utf-8", "surrogatepass")
    ends = [client.post("/sign-in", content=body) for _ in range(21)]

    assert [end.status_code for end in ends] == [401] * 20 + [429]
    assert "This key is not known." in ends[0].text
    assert "Too many wrong keys." in ends[-1].text
    assert int(ends[-1].headers["Retry-After"]) >= 1
    assert "Set-Cookie" not in ends[0].headers


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "",
        "evil",
        "/a\r\nSet-Cookie: a=b",
    ],
)
def test_one_comes_back_to_this_server_only(client: TestClient, key: tuple[Key, str], to: str) -> None:
    assert client.post("/sign-in", data={"key": key[1], "to": to}).headers["Location"] == "/"
    assert 'name="to" value="/"' in client.get("/sign-in", params={"to": to}).text


def test_what_the_page_repeats_is_text(client: TestClient, key: tuple[Key, str]) -> None:
    page = client.get("/sign-in", params={"to": '/"><script>alert(1)</script>'})

    assert "<script" not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accepted", "language", "said"),
    [("ar,en", "ar", "المفتاح"), ("fr-CA", "fr", "Clé"), ("de", "en", "Key"), ("", "en", "Key")],
)
def test_it_speaks_the_readers_language(
    client: TestClient, key: tuple[Key, str], accepted: str, language: str, said: str
) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": accepted}).text

    assert f'<html lang="{language}"' in page
    assert f">{said}</label>" in page


def test_where_no_key_is_needed_there_is_nothing_to_sign_in_to(client: TestClient) -> None:
    assert client.get("/sign-in", params={"to": "/docs"}).headers["Location"] == "/docs"


def test_a_session_ends_by_itself() -> None:
    now = [0.0]
    open_sessions = Sessions(lambda: now[0])
    token = open_sessions.begin("k")
    now[0] = LIFETIME_S - 1
    assert open_sessions.key_id(token) == "k"
    now[0] = LIFETIME_S
    assert open_sessions.key_id(token) == ""
    assert open_sessions.key_id("\ud800") == ""


def test_the_oldest_sessions_end_when_there_are_too_many() -> None:
    open_sessions = Sessions(kept=2)
    tokens = [open_sessions.begin(name) for name in "abc"]

    assert [open_sessions.key_id(token) for token in tokens] == ["", "b", "c"]
