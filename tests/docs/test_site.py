"""The site of docs/ builds without a warning, comes whole from this machine, and names only what there is."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from properdocs.commands.build import build
from properdocs.config import load_config

from rag.settings import table
from tests.conftest import ROOT
from tests.docs.documents import PAGES, blocks, read

README_WORDS = 1000
# made by a measurement, by its user and by the reader of a how-to
MADE = {"bench/results/load.md", "rag/formats/captions.py", "rag/languages/eo.py", "rag/answering/dated.py"}
LOADED = re.compile(r"""<(?:script|link|img|source|iframe)\b[^>]*?\b(?:src|href)=["']?(https?:)?//[^>]*>""")
PATH = re.compile(r"(?<![\w./-])((?:rag|tests|bench|training|corpus|prompts|docs)/[\w./-]*\w/?)")
MODULE = re.compile(r"(?<![\w./])(?:rag|tests|bench|training)(?:\.\w+)+\b")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    config = load_config(str(ROOT / "properdocs.yml"), site_dir=str(folder))
    assert config.strict
    build(config)
    return folder


def test_every_page_is_there(site: Path) -> None:
    assert {path.stem for path in ROOT.glob("docs/*.md")} <= {path.stem for path in site.glob("*.html")}
    assert {"articles", "changelog", "measurements", "reader"} <= {path.stem for path in site.glob("*.html")}


def test_nothing_is_fetched_from_another_host(site: Path) -> None:
    for path in site.rglob("*.html"):
        assert LOADED.findall(path.read_text("utf-8")) == [], path
    for path in site.rglob("*.css"):
        assert not re.search(r"url\(\W?(https?:)?//|@import", path.read_text("utf-8")), path


def test_every_picture_comes_with_it(site: Path) -> None:
    for path in site.glob("*.html"):
        for picture in re.findall(r'<img[^>]* src="([^"]+)"', path.read_text("utf-8")):
            assert (site / picture).is_file(), f"{path.name}: {picture}"


@pytest.mark.parametrize("document", PAGES)
def test_every_path_and_module_named_is_there(document: str) -> None:
    text = re.sub(r"\.\./", "", read(document))
    gone = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    assert [path for path in gone if path not in MADE] == []
    assert [name for name in MODULE.findall(text) if not is_there(name)] == []


def is_there(name: str) -> bool:
    """True for a module, and for a name in one (``rag.client.IsnadClient``)."""
    home, _, last = name.rpartition(".")
    if importlib.util.find_spec(home) is None:
        return False
    return importlib.util.find_spec(name) is not None or hasattr(importlib.import_module(home), last)


def test_the_readme_is_short() -> None:
    assert len(read("README.md").split()) < README_WORDS


def test_every_relative_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", read("README.md")) + re.findall(
        r'src="(docs/[^"]+)"', read("README.md")
    )
    assert len(links) > 20
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_settings_told_are_all_there_are() -> None:
    rows = [f"| `{name}` | {f'`{default}`' if default else 'empty'} | {told} |" for name, default, told in table()]
    assert [line for line in read("docs/settings.md").splitlines() if line.startswith("| `")] == rows


def test_the_two_commands_come_first() -> None:
    assert [line.split("#")[0].strip() for line in blocks("README.md", "bash")[0].splitlines()] == [
        "make run",
        "make test",
    ]
