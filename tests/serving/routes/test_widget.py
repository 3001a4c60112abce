"""The widget's routes: embeds serve exactly their origins, with their own quota, and reach nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.resources import asset
from rag.serving.api import build_api
from rag.serving.gate.embeds import Embed, EmbedBook
from rag.settings import Settings
from tests.fake_assistant import SAHEL, FakeAssistant

SITE = "https://intra.example"
QUESTION = {"question": "pays"}


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    app = build_api(
        Settings(index_dir=tmp_path, questions_per_minute=3, allowed_hosts=("isnad.example",)), FakeAssistant()
    )
    return TestClient(app, base_url="https://isnad.example", raise_server_exceptions=False)


@pytest.fixture
def embed(tmp_path: Path) -> Embed:
    return EmbedBook.open(tmp_path).create("intranet", [SITE])


def test_a_listed_site_may_ask_and_read_the_answer(client: TestClient, embed: Embed) -> None:
    session = client.get(f"/embed/{embed.id}", headers={"Origin": SITE})
    answer = client.post(f"/embed/{embed.id}/ask", json=QUESTION, headers={"Origin": SITE})

    for response in (session, answer):
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == SITE
        assert "Origin" in response.headers["Vary"].split(", ")
        assert "access-control-allow-credentials" not in response.headers
    assert set(session.json()["questions"]) == {"ar", "en", "fr"}
    assert answer.json()["status"] == "answered"


def test_a_listed_site_may_have_quotes_translated_where_there_is_a_model(tmp_path: Path, embed: Embed) -> None:
    part = {"article_id": "sahel-joint-staff", "start": 0, "end": 20, "language": "en"}
    path, headers = f"/embed/{embed.id}", {"Origin": SITE}
    for model, status in (("", 422), ("fake-1b", 200)):
        app = build_api(Settings(index_dir=tmp_path), FakeAssistant(model=model))
        client = TestClient(app, base_url="https://isnad.example")
        assert client.get(path, headers=headers).json()["translates"] is bool(model)
        translated = client.post(f"{path}/translate", json=part, headers=headers)
        assert translated.status_code == status
    assert translated.headers["access-control-allow-origin"] == SITE
    assert translated.json()["model"] == "llm:fake-1b"
    assert client.post(f"{path}/translate", json=part, headers={"Origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize("keeps", [True, False])
def test_the_session_says_whether_a_vote_is_kept_with_its_question(tmp_path: Path, embed: Embed, keeps: bool) -> None:
    app = build_api(Settings(index_dir=tmp_path, log_questions=keeps), FakeAssistant())
    session = TestClient(app, base_url="https://isnad.example").get(f"/embed/{embed.id}", headers={"Origin": SITE})

    assert session.json()["keeps_questions"] is keeps


def test_a_listed_site_may_open_an_article_and_vote(client: TestClient, embed: Embed, tmp_path: Path) -> None:
    path, headers = f"/embed/{embed.id}", {"Origin": SITE}
    article = client.get(f"{path}/articles/sahel-joint-staff", headers=headers)
    vote = client.post(f"{path}/feedback", json={"answer_id": "a1", "vote": "down"}, headers=headers)

    assert set(article.json()) == {"id", "title", "language", "source", "date", "url", "text"}  # no place on the disk
    assert article.json()["text"] == SAHEL.text
    assert vote.status_code == 204
    assert '"answer_id": "a1", "vote": "down"' in (tmp_path / "feedback.jsonl").read_text()
    assert client.get(f"{path}/articles/none", headers=headers).status_code == 404
    for origin in ({"Origin": "https://evil.example"}, {}):
        assert client.get(f"{path}/articles/sahel-joint-staff", headers=origin).status_code == 403
        assert client.post(f"{path}/feedback", json={"answer_id": "a", "vote": "up"}, headers=origin).status_code == 403


def test_a_listed_site_may_ask_for_a_stream(client: TestClient, embed: Embed) -> None:
    answer = client.post(f"/embed/{embed.id}/ask", json={**QUESTION, "stream": True}, headers={"Origin": SITE})

    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.text.startswith("event: start")


def test_a_browser_may_ask_first(client: TestClient, embed: Embed) -> None:
    asked = {"Origin": SITE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    response = client.options(f"/embed/{embed.id}/ask", headers=asked)

    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == SITE
    assert response.headers["access-control-allow-methods"] == "POST"
    assert response.headers["access-control-allow-headers"] == "Content-Type"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example", "null", "", "http://intra.example", "https://intra.example:8443", "https://intra.example.evil.example",
        "https://evil-intra.example", "https://INTRA.example", "https://intra.example/", "https://a.intra.example", "*",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_no_other_origin_gets_anything(client: TestClient, embed: Embed, origin: str, method: str) -> None:
    path = f"/embed/{embed.id}" + ("" if method == "GET" else "/ask")
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    response = client.request(method, path, headers=headers, json=QUESTION if method == "POST" else None)

    assert response.status_code == 403
    assert response.json()["error"]["code"] == "origin_not_allowed"
    assert "access-control-allow-origin" not in response.headers
    assert "Origin" in response.headers["Vary"].split(", ")


def test_a_program_without_an_origin_is_nobody(client: TestClient, embed: Embed) -> None:
    assert client.post(f"/embed/{embed.id}/ask", json=QUESTION).status_code == 403
    assert client.get(f"/embed/{embed.id}").status_code == 403


def test_an_empty_list_means_nobody(client: TestClient, tmp_path: Path) -> None:
    nobody = EmbedBook.open(tmp_path).create("draft", [])
    own = {"Origin": "https://isnad.example", "Sec-Fetch-Site": "same-origin"}

    for headers in ({"Origin": SITE}, own, {"Sec-Fetch-Site": "same-origin"}):
        assert client.get(f"/embed/{nobody.id}", headers=headers).status_code == 403
    frame = client.get(f"/embed/{nobody.id}/frame")
    assert frame.status_code == 403
    assert "frame-ancestors 'none'" in frame.headers["content-security-policy"]


def test_the_frame_opens_on_listed_sites_only(client: TestClient, embed: Embed) -> None:
    frame = client.get(f"/embed/{embed.id}/frame")

    assert frame.status_code == 200
    assert f"frame-ancestors {SITE}" in frame.headers["content-security-policy"]
    assert "x-frame-options" not in frame.headers
    own = {"Origin": "https://isnad.example", "Sec-Fetch-Site": "same-origin"}
    assert client.post(f"/embed/{embed.id}/ask", json=QUESTION, headers=own).status_code == 200


@pytest.mark.parametrize("sent", [{"Origin": "https://evil.example"}, {}])
@pytest.mark.parametrize(("origins", "status"), [([SITE], 403), ([SITE, "https://evil.example"], 200)])
def test_a_name_that_a_stranger_gave_this_server_is_not_its_own(
    client: TestClient, tmp_path: Path, sent: dict[str, str], origins: list[str], status: int
) -> None:
    rebound = {"Host": "evil.example", "Sec-Fetch-Site": "same-origin", **sent}
    embed = EmbedBook.open(tmp_path).create("site", origins)
    assert client.get(f"/embed/{embed.id}", headers=rebound).status_code == status
    assert client.post(f"/embed/{embed.id}/ask", json=QUESTION, headers=rebound).status_code == status


def test_an_embed_id_carries_no_right_but_to_ask(client: TestClient, embed: Embed, tmp_path: Path) -> None:
    client.app.state.site.keys.create("me", ["admin"])  # type: ignore[attr-defined]

    assert client.post(f"/embed/{embed.id}/ask", json=QUESTION, headers={"Origin": SITE}).status_code == 200
    for method, path in [("POST", "/api/v1/ask"), ("GET", "/api/v1/articles"), ("GET", "/metrics"), ("GET", "/docs")]:
        for given in (f"Bearer {embed.id}", ""):
            response = client.request(method, path, headers={"Origin": SITE, "Authorization": given})
            assert response.status_code == 401
            assert "access-control-allow-origin" not in response.headers
    for path in ("articles", "../api/v1/articles", "ask/../../api/v1/articles", "%2e%2e/articles"):
        assert client.get(f"/embed/{embed.id}/{path}", headers={"Origin": SITE}).status_code in (401, 403, 404, 405)


def test_a_revoked_or_unknown_embed_is_gone_at_once(client: TestClient, embed: Embed, tmp_path: Path) -> None:
    EmbedBook.open(tmp_path).revoke(embed.id)

    for embed_id in (embed.id, "none", "a" * 500, "%00"):
        response = client.get(f"/embed/{embed_id}", headers={"Origin": SITE})
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
        assert "access-control-allow-origin" not in response.headers


def test_quotas_hold_per_address_and_for_the_embed_as_a_whole(tmp_path: Path) -> None:
    app = build_api(Settings(index_dir=tmp_path, questions_per_minute=2), FakeAssistant())
    embed = EmbedBook.open(tmp_path).create("small", [SITE], per_minute=3)

    def ask(address: str) -> int:
        client = TestClient(app, base_url="https://isnad.example", client=(address, 1))
        return client.post(f"/embed/{embed.id}/ask", json=QUESTION, headers={"Origin": SITE}).status_code

    assert [ask("10.0.0.1") for _ in range(4)] == [200, 200, 429, 429]  # refused, these take nothing of the embed's
    assert ask("10.0.0.2") == 200
    assert ask("10.0.0.3") == 429  # the embed's own quota, whoever asks
    client = TestClient(app, base_url="https://isnad.example", client=("10.0.0.1", 1))
    refused = client.post(
        f"/embed/{embed.id}/ask", json=QUESTION, headers={"Origin": SITE, "X-Forwarded-For": "10.9.9.9"}
    )
    assert refused.status_code == 429
    assert refused.headers["access-control-allow-origin"] == SITE  # so that the page can say why
    assert "Retry-After" in refused.headers["access-control-expose-headers"]


def test_the_script_is_small_and_may_be_loaded_by_any_site(client: TestClient) -> None:
    script = client.get("/widget.js")

    assert len(script.content) < 40_000
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_script_parses_no_markup_keeps_nothing_for_good_and_loads_nothing_from_elsewhere() -> None:
    code = asset("widget.js").read_text(encoding="utf-8")

    for banned in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "cookie",
                   "localStorage", "import(", "setTimeout("):  # fmt: skip
        assert banned not in code.replace("without dependencies or cookies", ""), banned
    assert set(re.findall(r"https?://[^\s\"'`)\\/]+", code)) <= {"http://www.w3.org"}


def test_texts_exist_in_every_language() -> None:
    code = asset("widget.js").read_text(encoding="utf-8")
    rows = re.findall(r"^ {2}(ar|en|fr): (\{.*\}),$", code, re.MULTILINE)
    names = {language: re.findall(r"[{,](\w+):\"", row) for language, row in rows}

    assert set(names) == {"ar", "en", "fr"}
    assert names["ar"] == names["en"] == names["fr"]
    used = set(re.findall(r"this\.t\.(\w+)|\bt\.(\w+)|texts\.(\w+)|Trouble\(\"(\w+)\"", code))
    assert {name for group in used for name in group if name} - {"title"} <= set(names["en"])


@pytest.mark.parametrize("path", ["/widget/demo.js", "/widget/demo.css", "/widget/frame.css"])
def test_the_pages_parts_are_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/widget/none.js", "/widget/..%2fwidget.js", "/widget/chat.css", "/widget/"])
def test_no_other_file_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
