"""The how-tos of CONTRIBUTING.md, done: what they tell to write is written, and a question meets it."""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from rag.answering.answerers import Answerers
from rag.answering.extractive import Extractive
from rag.answering.judge import Judge
from rag.assistant import Assistant
from rag.documents import Article
from rag.encoding.encoder import Encoder
from rag.formats import registry
from rag.index.snapshot import Index
from rag.ingestion.indexing import index_articles, index_given
from rag.languages.language import Language
from rag.settings import Settings
from tests.docs.documents import read
from tests.fakes import HashEncoder

CAPTIONS = """\
0:00:01.000,0:00:04.000
The dam on the upper river opened on Monday.

0:00:05.000,0:00:08.500
Six hundred workers built it.
"""


def section(heading: str) -> str:
    """What CONTRIBUTING.md says under a heading."""
    return read("CONTRIBUTING.md").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def code(heading: str) -> str:
    """The Python of a how-to, as it would stand in its module."""
    (block,) = re.findall(r"^ *```python\n(.*?)^ *```", section(heading), re.DOTALL | re.MULTILINE)
    return textwrap.dedent(block)


@pytest.mark.parametrize("heading", ["Add a file format", "Add a language", "Add an encoder", "Add an answerer"])
def test_a_how_to_is_short_and_opens_with_the_file_to_open(heading: str) -> None:
    text = re.sub(r"^ *```.*?^ *```", "", section(heading), flags=re.DOTALL | re.MULTILINE)
    assert 8 <= len([line for line in text.splitlines() if line.strip()]) <= 20
    assert re.search(r"open `rag/[\w/.]+`", text, re.IGNORECASE)


def test_a_format_is_a_function_and_a_line(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "captions_of_the_how_to.py").write_text(code("Add a file format"))
    monkeypatch.syspath_prepend(tmp_path)
    row = registry.Format("captions_of_the_how_to", "read_captions", (".sbv",), isolated=False)
    monkeypatch.setitem(registry.FORMATS, "captions", row)
    monkeypatch.setitem(registry.SUFFIXES, ".sbv", "captions")  # made of FORMATS when the program starts
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "dam.sbv").write_text(CAPTIONS)
    (settings.corpus_dir / "silent.sbv").write_text("0:00:01.000,0:00:04.000\n")
    encoder = HashEncoder(dimension=64)

    report = index_articles([settings.corpus_dir], index_dir=settings.index_dir, encoder=encoder)
    (told,) = report.failed
    answer = Assistant.load(settings, encoder=encoder).ask("How many hundred workers built the dam?")

    assert "It holds no spoken line." in str(told)
    assert "Six hundred workers built it." in [citation.quote for citation in answer.citations]
    assert sys.modules.pop("captions_of_the_how_to")


def test_a_language_is_as_much_as_is_known_of_it() -> None:
    made: dict[str, Any] = {}
    exec(compile(code("Add a language"), "the how-to", "exec"), made)
    esperanto = made["EO"]

    assert esperanto.numbers.units[20] == "dudek"
    assert esperanto.names.places == {"cairo": "Kairo", "nile": "Nilo"}
    assert {each.name for each in fields(Language)} > set(re.findall(r"^    (\w+)=", code("Add a language"), re.M))


def test_an_encoder_is_a_class_and_a_choice(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: Encoder = HashEncoder(dimension=24, name="of the how-to")
    monkeypatch.setattr("rag.assistant.load_encoder", lambda settings, report: chosen)
    text = "Six hundred workers built the dam."
    index_given([Article("dam", text, language="en")], index_dir=settings.index_dir, encoder=chosen)

    answer = Assistant.load(settings).ask("How many hundred workers built the dam?")

    assert [citation.quote for citation in answer.citations] == [text]


def test_an_answerer_is_a_name_and_a_way_to_write(settings: Settings) -> None:
    made: dict[str, Any] = {}
    exec(compile(code("Add an answerer"), "the how-to", "exec"), made)
    encoder, judge = HashEncoder(dimension=24), Judge.load()
    text = "Six hundred workers built the dam."
    article = Article("dam", text, language="en", date="2024-05-06")
    index_given([article], index_dir=settings.index_dir, encoder=encoder)
    index = Index.open(settings.index_dir, encoder.fingerprint)
    extractive = Extractive(judge.choice)
    answerers = Answerers({"dated": made["Dated"](extractive), "extractive": extractive})

    answer = Assistant(settings, encoder, index, judge, answerers).ask("How many hundred workers built the dam?")

    assert (answer.answerer, answer.answer) == ("dated", f"2024-05-06: {text} [1]")
    assert [citation.quote for citation in answer.citations] == [text]
