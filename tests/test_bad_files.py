"""Every file of the zoo in one folder, read in one run: each ends as its line in the table says."""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass

import pytest

from rag.documents import Article
from rag.formats.articles import read_source
from rag.formats.drafts import NotRead
from rag.formats.sandbox import Sandbox
from rag.formats.sources import find_sources
from tests.zoo.specimens import SPECIMENS, Specimen

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the zoo has pipes, sockets and links")


@dataclass(frozen=True)
class Run:
    """What became of each origin, and what the run cost."""

    found: dict[str, list[Article | NotRead]]
    grown_mb: float


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("reading") / "zoo"
    for specimen in SPECIMENS:
        specimen.make(folder)
    found: dict[str, list[Article | NotRead]] = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Sandbox(wall_s=60) as sandbox:  # a file that takes longer fails, and some test below with it
        for source in find_sources([folder]):
            for item in [source] if isinstance(source, NotRead) else read_source(source, sandbox):
                found.setdefault(item.origin, []).append(item)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return Run(found, grown)


def outcome(item: Article | NotRead) -> str:
    return "read" if isinstance(item, Article) else "skipped" if item.skipped else "failed"


@pytest.mark.parametrize("specimen", SPECIMENS, ids=[repr(specimen.name[:40]) for specimen in SPECIMENS])
def test_each_ends_as_it_should(run: Run, specimen: Specimen) -> None:
    found = run.found.get(f"zoo/{specimen.origin or specimen.name}", [])
    if specimen.outcome == "absent":
        assert not found
        return
    (item,) = (item for item in found if outcome(item) == specimen.outcome)
    if isinstance(item, NotRead):
        assert any(words in item.reason for words in specimen.says.split("|")), item
        assert item.hint
    else:
        assert specimen.says in "\n".join((item.text, *item.warnings))


def test_the_zoo_is_large_enough() -> None:
    assert len({specimen.name for specimen in SPECIMENS}) == len(SPECIMENS)
    assert len(SPECIMENS) >= 60


def test_nothing_else_was_found(run: Run) -> None:
    expected = {f"zoo/{specimen.origin or specimen.name}" for specimen in SPECIMENS if specimen.outcome != "absent"}
    assert set(run.found) - expected == {"zoo/one-bad-line.jsonl#1"}
    assert sum(map(len, run.found.values())) == 1 + sum(specimen.outcome != "absent" for specimen in SPECIMENS)


def test_reports_can_be_printed_and_stored(run: Run) -> None:
    for items in run.found.values():
        for item in items:
            texts = (item.reason, item.hint) if isinstance(item, NotRead) else (item.text, item.title, *item.warnings)
            for text in (item.origin, *texts):
                text.encode("utf-8")
            assert item.origin.isprintable()


def test_no_file_takes_much_memory(run: Run) -> None:
    assert run.grown_mb < 500
