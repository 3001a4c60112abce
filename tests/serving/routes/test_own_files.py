"""What pages are made of is sent once: compressed, and after that only that it is still the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from rag.serving.api import build_api
from rag.settings import Settings
from tests.fake_assistant import FakeAssistant

FILES = ("/articles", "/articles/page.js", "/articles/page.css", "/widget.js", "/widget-demo", "/widget/demo.css")
MORE = ("/docs/page.css", "/docs/swagger-ui.css", "/sign-in.css", "/favicon.ico")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = build_api(Settings(index_dir=tmp_path_factory.mktemp("index")), FakeAssistant())
    yield TestClient(app, base_url="http://127.0.0.1:7860")
    app.state.site.jobs.close()


@pytest.mark.parametrize("path", [*FILES, *MORE])
def test_a_file_is_sent_once(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": f'W/"other", {first.headers["etag"]}'})
    changed = client.get(path, headers={"If-None-Match": 'W/"other"'})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert "max-age" in first.headers["cache-control"] or first.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "path", "encoding"),
    [
        ("gzip, br", "/widget.js", "gzip"),
        ("gzip", "/api/v1/articles", "gzip"),
        ("identity", "/widget.js", None),
        ("gzip", "/livez", None),  # shorter than a packet
    ],
)
def test_text_is_compressed_for_who_can_read_it(
    client: TestClient, accepted: str, path: str, encoding: str | None
) -> None:
    response = client.get(path, headers={"Accept-Encoding": accepted})

    assert response.status_code == 200
    assert response.headers.get("content-encoding") == encoding


def test_streams_are_not_compressed_as_each_event_must_leave_at_once(client: TestClient) -> None:
    body = {"question": "Which countries formed the joint staff?", "stream": True}
    response = client.post("/api/v1/ask", json=body, headers={"Accept-Encoding": "gzip"})

    assert response.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in response.headers
