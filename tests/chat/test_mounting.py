"""The chat as a Gradio page: what it publishes to ``gradio_client`` and what it keeps to itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from rag.chat.arrival import FOR_GOOD, with_shell
from rag.settings import Settings
from tests.fake_assistant import FAILING, SAHEL, STAFF_SENTENCE, FakeAssistant
from tests.loopback import serving

# Gradio, its client and pandas below them warn of their own affairs, some of it from threads.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(asyncio.run(mounted())) as url:
        yield url


async def mounted() -> FastAPI:
    """The chat, made inside a running event loop: without one, Gradio opens loops that it never closes."""
    from rag.chat.mounting import mount_chat

    return mount_chat(FastAPI(), FakeAssistant(), Settings())


@pytest.fixture(scope="module")
def client(address: str) -> object:
    from gradio_client import Client

    return Client(address, verbose=False)


def test_ask_returns_the_whole_answer(client) -> None:
    answer = client.predict("Which countries formed the joint staff?", api_name="/ask")
    assert answer["status"] == "answered"
    [citation] = answer["citations"]
    assert citation["quote"] == STAFF_SENTENCE == SAHEL.text[citation["start"] : citation["end"]]
    assert [g["gloss"] for g in citation["glosses"]] == ["Algeria", "Mauritania", "Mali", "Niger"]


def test_ask_refuses_as_a_state(client) -> None:
    answer = client.predict("ما عاصمة اليابان؟", api_name="/ask")
    assert (answer["status"], answer["language"], answer["citations"]) == ("not_found", "ar", [])
    assert len(answer["passages"]) == 3


def test_search_returns_passages_within_the_filters(client) -> None:
    found = client.predict("missiles", languages=["fr"], since="2011-10-13", top_k=2, api_name="/search")
    assert [(p["article_id"], p["language"]) for p in found] == [("armes-libye", "fr")]


@pytest.mark.parametrize(
    ("question", "options", "said"),
    [
        ("", {}, "The question is empty."),
        (FAILING, {}, "The encoder"),
        ("missiles", {"since": "whenever"}, "“whenever” is not a date."),
    ],
)
def test_errors_reach_the_caller_with_their_words(client, question: str, options: dict[str, str], said: str) -> None:
    with pytest.raises(Exception, match=re.escape(said)):
        client.predict(question, api_name="/ask", **options)


def test_only_the_two_calls_are_published(address: str) -> None:
    info = httpx.get(f"{address}/gradio_api/info").json()
    assert set(info["named_endpoints"]) == {"/ask", "/search"}
    assert info["unnamed_endpoints"] == {}


def test_the_page_is_quiet(address: str) -> None:
    page = httpx.get(address).text
    config = httpx.get(f"{address}/config").json()
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    assert "fonts.googleapis" not in page
    assert config["css"] in (None, "")
    assert config["stylesheets"] == []


def test_the_script_has_its_own_address_that_changes_with_it(address: str) -> None:
    head = httpx.get(f"{address}/config").json()["head"]
    page = httpx.get(address).text
    source = re.search(r'<script src="(chat\.js\?v=[0-9a-f]{12})"></script>', head)
    assert source
    script = httpx.get(f"{address}/{source[1]}")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["cache-control"]
    assert head.count("<script") == 1
    assert f'<link rel="preload" as="script" href="{source[1]}">' in page, "before Gradio comes to it"


def test_what_the_page_is_made_of_is_kept_for_good_by_its_hash(address: str) -> None:
    page = httpx.get(address).text
    built = re.search(r'src="\./(assets/[^"]+\.js)"', page)
    style = re.search(r'"(chat\.css\?v=[0-9a-f]{12})"', page)
    assert built
    assert style
    for path in (built[1], style[1]):
        response = httpx.get(f"{address}/{path}")
        assert (response.status_code, response.headers["cache-control"]) == (200, FOR_GOOD["Cache-Control"])
    missing = httpx.get(f"{address}/assets/index-AAAAAAAA.js")
    assert (missing.status_code, missing.headers.get("cache-control")) == (404, None)
    assert "immutable" not in httpx.get(f"{address}/theme.css").headers.get("cache-control", "")


def test_nothing_stands_in_the_way_of_the_shell(address: str) -> None:
    """Its words are there in each language, and no style or script is to be loaded before it is drawn."""
    page = httpx.get(address).text
    before, shell = page.split('<div id="isnad-shell">')

    assert not re.search(r'<link[^>]+rel="stylesheet"', page)
    assert re.findall(r"<script(?![^>]*type=.module)[^>]*\bsrc=", before) == []
    assert before.index("<body") > before.index("<title>Isnad · ")
    for words in ("Ask a question…", "Posez une question…", "اكتب سؤالك…"):
        assert words in shell
    assert re.search(r'"styles": \["\./assets/index-[\w-]+\.css", "chat\.css\?v=', shell), (
        "the chat's have the last word"
    )


def test_a_page_without_a_body_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no body"):
        with_shell(b"<head></head>", "a.css", "a.js", "Isnad", "")


@pytest.mark.parametrize("path", ["app.py", "pyproject.toml", "rag/chat/mounting.py", "../etc/passwd"])
def test_no_file_of_the_program_is_served(address: str, path: str) -> None:
    for prefix in ("/gradio_api/file=", "/file="):
        assert httpx.get(f"{address}{prefix}{path}").status_code in (403, 404)


@pytest.mark.parametrize(("setting", "shown"), [("", None), ("ar", "ar"), ("fr", "fr")])
def test_the_language_of_the_settings_is_the_one_chosen_at_first(setting: str, shown: str | None) -> None:
    async def built() -> Any:
        from rag.chat.mounting import build_chat

        return build_chat(FakeAssistant(), Settings(language=setting))

    page = asyncio.run(built())
    radio = next(c for c in page.blocks.values() if getattr(c, "elem_id", "") == "isnad-language")
    assert radio.value == shown
