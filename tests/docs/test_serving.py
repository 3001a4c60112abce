"""What README, docs/serving.md and docs/answers.md say can be run is run; their tables agree with the program."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from mcp import Client, StdioServerParameters

from rag.resources import asset
from rag.serving.api import build_api
from rag.serving.gate.access import SCOPES
from rag.serving.gate.limits import QUEUE_FACTOR
from rag.serving.gate.sessions import LIFETIME_S
from rag.settings import Settings, setting_name, table, unused_endpoint
from tests.conftest import ROOT
from tests.docs.documents import SERVER, blocks, commands, read
from tests.fake_assistant import FakeAssistant
from tests.loopback import serving

TEXT = read("docs/serving.md")
RUN = ("README.md", "docs/serving.md", "docs/answers.md")


def named(kind: str) -> list[Any]:
    """The blocks of one language in these documents, named by where they stand."""
    return [
        pytest.param(block, id=f"{document}-{number}")
        for document in RUN
        for number, block in enumerate(blocks(document, kind), 1)
    ]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # README's client is left to the collector, as scripts do
@pytest.mark.parametrize("code", named("python"))
def test_the_python_examples_run_and_print_something(
    address: str, environ: Mapping[str, str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert SERVER in code
    here = code.replace(SERVER, address)
    here = here.replace('command="python"', f"command={sys.executable!r}, cwd={str(ROOT)!r}, env={dict(environ)!r}")
    exec(compile(here, "an example", "exec"), {})

    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    "command",
    [pytest.param(line, id=f"{document}: {line[:60]}") for document in RUN for line in commands(document)],
)
def test_the_commands_end_well_and_print_something(
    address: str, environ: Mapping[str, str], command: str, tmp_path: Path
) -> None:
    for name in ("week.zip", "report.pdf"):
        (tmp_path / name).write_bytes(b"")
    cwd = tmp_path if command.startswith("curl") else ROOT
    here = command.replace(SERVER, address)
    ended = subprocess.run(["bash", "-c", here], cwd=cwd, env=environ, capture_output=True, text=True, timeout=120)

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip()
    assert '"error"' not in ended.stdout.partition('"report"')[0]


@pytest.mark.parametrize("config", [block for block in named("json") if "mcpServers" in block.values[0]])
def test_the_servers_that_desktop_clients_are_told_of_answer(
    address: str, environ: Mapping[str, str], config: str
) -> None:
    told = json.loads(config)["mcpServers"]["isnad"]
    if "url" in told:
        server: Any = told["url"].replace(SERVER, address)
    else:
        assert told["command"].startswith(told["cwd"])
        server = StdioServerParameters(command=sys.executable, args=told["args"], cwd=str(ROOT), env=dict(environ))

    async def ask() -> Any:
        async with Client(server) as client:
            return await client.call_tool("ask", {"question": "Which countries formed the joint staff?"})

    assert asyncio.run(ask()).structured_content["status"] == "answered"


def test_every_setting_named_exists_with_the_default_told() -> None:
    names = {setting_name(f) for f in Settings.__dataclass_fields__}
    defaults = {name: default for name, default, _ in table()}

    assert set(re.findall(r"ISNAD_[A-Z_]+", TEXT)) <= names
    for name, told in re.findall(r"`(ISNAD_[A-Z_]+)` \((\d+)\)", TEXT):
        assert defaults[name] == told
    assert QUEUE_FACTOR == 8  # "eight times as many wait"
    assert LIFETIME_S == 12 * 3600  # "for twelve hours"


def test_every_scope_and_attribute_is_told() -> None:
    script = asset("widget.js").read_text(encoding="utf-8")
    read = set(re.findall(r'getAttribute\("([\w-]+)"\)', script)) - {"heading"}
    told = set(re.findall(r"`data-([\w-]+)`", TEXT))

    assert all(f"`{scope}`" in TEXT for scope in SCOPES)
    assert read <= told
    assert told - read <= {
        "title",
        "open",
        "position",
    }  # the first by another name, the others in the style and by code


def test_the_image_takes_only_what_it_needs() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name for line in re.findall(r"^COPY --chmod=755 (.+) \S+$", dockerfile, re.MULTILINE) for name in line.split()
    }

    assert copied == allowed
    assert re.search(r"^USER \d+:\d+$", dockerfile, re.MULTILINE)  # a number: what runs it can tell that it is not root
    assert all((Path(ROOT) / name).exists() for name in copied)


def test_the_images_health_check_follows_the_port(tmp_path: Path) -> None:
    found = re.search(r"^HEALTHCHECK .*CMD (\[.+\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found
    command = [sys.executable, *json.loads(found[1])[1:]]
    with serving(build_api(Settings(index_dir=tmp_path), FakeAssistant())) as address:
        port = address.rpartition(":")[2]
        assert subprocess.run(command, env={"ISNAD_PORT": port}, timeout=30, capture_output=True).returncode == 0
    assert subprocess.run(command, env={"ISNAD_PORT": "1"}, timeout=30, capture_output=True).returncode != 0


def test_what_is_composed_is_kept_to_this_machine_and_set_as_the_program_reads_it() -> None:
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    services, isnad = composed["services"], composed["services"]["isnad"]
    settings = Settings.load(isnad["environment"], None)
    addresses = [urlsplit(address) for address in (settings.qdrant_url, settings.openai_base_url)]
    kept = {volume.partition(":")[0] for each in services.values() for volume in each["volumes"]} - {"./corpus"}

    assert unused_endpoint(settings) == ("", "")
    assert {address.hostname for address in addresses} == set(isnad["depends_on"]) == services.keys() - {"isnad"}
    assert kept == composed["volumes"].keys()
    assert isnad["read_only"]
    assert all(port.startswith("127.0.0.1:") for each in services.values() for port in each.get("ports", ()))
    assert all(":" in each["image"] for name, each in services.items() if name != "isnad")
