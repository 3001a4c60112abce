"""What docs/serving.md says can be run is run, and its tables agree with the program."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app as root
from rag.serving.access import SCOPES
from rag.serving.limits import QUEUE_FACTOR
from rag.serving.widget import ASSETS
from rag.settings import Settings, setting_name, table
from tests.conftest import ROOT
from tests.fake_assistant import FakeAssistant
from tests.loopback import serving

TEXT = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    async def build() -> Any:
        return root.build_app(Settings(index_dir=tmp_path_factory.mktemp("index")), FakeAssistant())

    with serving(asyncio.run(build())) as address:
        yield address


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # gradio_client leaves its connection to the collector
@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: code.split("\n")[0])
def test_the_examples_run_and_print_something(address: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "http://127.0.0.1:7860" in code
    exec(compile(code.replace("http://127.0.0.1:7860", address), "docs/serving.md", "exec"), {})

    assert capsys.readouterr().out.strip()


def test_every_setting_named_exists_with_the_default_told() -> None:
    names = {setting_name(f) for f in Settings.__dataclass_fields__}
    defaults = {name: default for name, default, _ in table()}

    assert set(re.findall(r"ISNAD_[A-Z_]+", TEXT)) <= names
    for name, told in re.findall(r"`(ISNAD_[A-Z_]+)` \((\d+)\)", TEXT):
        assert defaults[name] == told
    assert QUEUE_FACTOR == 8  # "eight times as many wait"


def test_every_scope_and_attribute_is_told() -> None:
    script = (ASSETS / "widget.js").read_text(encoding="utf-8")
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
    copied = {name for line in re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE) for name in line.split()}

    assert copied == allowed
    assert "USER isnad" in dockerfile
    assert all((Path(ROOT) / name).exists() for name in copied)
