"""The Model Context Protocol server, spoken to by the official client: in memory, over HTTP and as a process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from rag.documents import Status
from rag.serving.api import build_api
from rag.serving.routes.mcp import build_mcp
from rag.settings import Settings
from tests.conftest import ROOT
from tests.fake_assistant import SAHEL, STAFF_SENTENCE, VISIT_SENTENCE_FR, FakeAssistant
from tests.loopback import serving

SERVER = """
import sys
from rag.serving.routes.mcp import build_mcp
from tests.fake_assistant import FakeAssistant
build_mcp(FakeAssistant()).run("stdio")
"""


def talk(server: Any, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def connected() -> Any:
        async with Client(server) as client:
            return await work(client)

    return asyncio.run(connected())


def call(name: str, **arguments: Any) -> Any:
    return talk(build_mcp(FakeAssistant()), lambda client: client.call_tool(name, arguments))


def test_three_tools_that_only_read() -> None:
    tools = talk(build_mcp(FakeAssistant()), lambda client: client.list_tools()).tools

    assert [tool.name for tool in tools] == ["ask", "search", "read_article"]
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        assert tool.input_schema["required"]


def test_ask_gives_text_with_sources_and_the_whole_answer() -> None:
    result = call("ask", question="pays", languages=["ar"])

    assert STAFF_SENTENCE in result.content[0].text
    assert f"[1] {SAHEL.title}" in result.content[0].text
    assert result.structured_content == json.loads(json.dumps(FakeAssistant().ask("pays").to_dict()))


def test_a_refusal_is_an_answer() -> None:
    result = call("ask", question="Who won the 2010 World Cup?")

    assert not result.is_error
    assert result.structured_content["status"] == "not_found"


def test_what_is_only_related_is_named_so_with_its_sources() -> None:
    result = call("ask", question="What did the visit cost?")
    lead, first, second = result.content[0].text.split("\n\n")

    assert lead == "related: The articles may not answer this question. The nearest they say:"
    assert first.startswith(f"[1] {SAHEL.title}")
    assert second.endswith(f"“{VISIT_SENTENCE_FR}”")
    assert result.structured_content["status"] == "related"


def test_the_tool_and_the_server_name_every_state() -> None:
    server = build_mcp(FakeAssistant())
    tool = talk(server, lambda client: client.list_tools()).tools[0]

    assert all(state in tool.description for state in get_args(Status))
    assert all(state in (server.instructions or "") for state in ("related", "not_found"))


def test_search_and_read_article_follow_each_other() -> None:
    found = call("search", query="missiles", top_k=2).structured_content["passages"]
    article = call("read_article", article_id=found[0]["article_id"])

    assert len(found) == 2
    assert found[0]["text"] in article.content[0].text
    assert article.structured_content["text"] == SAHEL.text


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("ask", {"question": " "}, "The question is empty."),
        ("ask", {}, "required"),
        ("ask", {"question": "x" * 30_000}, "20000"),
        ("search", {"query": "x", "since": "last week"}, "since"),
        ("search", {"query": "x", "top_k": 1000}, "top_k"),
        ("read_article", {"article_id": "none"}, "There is no article 'none'."),
    ],
)
def test_what_cannot_be_done_is_told_to_the_model(name: str, arguments: dict[str, Any], said: str) -> None:
    result = call(name, **arguments)

    assert result.is_error
    assert said.lower() in result.content[0].text.lower()


def test_over_http_it_answers_behind_the_gate(tmp_path: Path) -> None:
    api = build_api(Settings(index_dir=tmp_path), FakeAssistant())
    with serving(api) as address:
        result = talk(f"{address}/mcp", lambda client: client.call_tool("ask", {"question": "pays"}))
        assert STAFF_SENTENCE in result.content[0].text

        cross = httpx.post(f"{address}/mcp", json={}, headers={"Origin": "https://evil.example"})
        assert cross.status_code == 403
        api.state.site.keys.create("me", ["ask"])
        assert httpx.post(f"{address}/mcp", json={}).status_code == 401


def test_as_a_process_it_speaks_over_standard_input_and_output(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = StdioServerParameters(command=sys.executable, args=["-c", SERVER], env=environment, cwd=str(tmp_path))
    result = talk(stdio_client(command), lambda client: client.call_tool("ask", {"question": "pays"}))

    assert STAFF_SENTENCE in result.content[0].text
