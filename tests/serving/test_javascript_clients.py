"""Clients in JavaScript get the same answer: the official one, the AI SDK, the MCP SDK.

They run where Node and their packages are: ``npm install --prefix tests/clients``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.serving.api import build_api
from rag.settings import Settings
from tests.fake_assistant import FakeAssistant
from tests.loopback import serving

CLIENTS = Path(__file__).resolve().parents[1] / "clients"
NODE = shutil.which("node")
QUESTION = "Which countries formed the joint staff?"
ANSWER = FakeAssistant().ask(QUESTION).answer


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(index_dir=tmp_path_factory.mktemp("index"), questions_per_minute=1000)
    with serving(build_api(settings, FakeAssistant())) as address:
        yield address


def run(script: str, package: str, address: str) -> Any:
    """What a script of ``tests/clients`` prints; skipped where it cannot run."""
    if NODE is None:
        pytest.skip("needs node")
    if not (CLIENTS / "node_modules" / package).is_dir():
        pytest.skip(f"needs {package}: npm install --prefix tests/clients")
    done = subprocess.run(
        [NODE, str(CLIENTS / script), address, QUESTION], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_official_client(address: str) -> None:
    told = run("openai.mjs", "openai", address)
    assert told["texts"] == [ANSWER] * 4
    assert told["usage"]
    assert told["refused"] == [404, "model_not_found"]
    assert told["vectors"] == [4, 4]


def test_the_ai_sdk_by_responses_and_by_chat(address: str) -> None:
    assert run("ai_sdk.mjs", "@ai-sdk/openai", address)["texts"] == [ANSWER] * 4


def test_the_mcp_sdk(address: str) -> None:
    told = run("mcp.mjs", "@modelcontextprotocol/sdk", address)
    assert told["tools"] == ["ask", "search", "read_article"]
    assert told["answer"] == ANSWER
    assert told["text"].startswith(ANSWER)
