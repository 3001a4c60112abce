"""``calibrate`` through the command line, over a stand-in encoder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pytest

from rag.__main__ import main
from rag.answering import models
from rag.evaluation.evaluation_set import EvaluationSet
from rag.learning import calibrator
from tests.fakes import HashEncoder
from tests.learning.made_sets import made_set


def write_set(folder: Path, given: EvaluationSet) -> str:
    folder.mkdir()
    articles = [{"id": each.id, "text": each.text, "language": "en"} for each in given.articles.values()]
    questions = [asdict(each) for each in given.questions]
    for name, records in (("articles", articles), ("questions", questions)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")
    return str(folder)


@pytest.fixture
def index_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("ISNAD_READING", "false")
    monkeypatch.setattr(models, "load_encoder", lambda settings, report: HashEncoder())
    return tmp_path / "index" / "calibration"


def test_what_was_learnt_is_told_and_stored(
    index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(calibrator, "Plan", partial(calibrator.Plan, fewest=5))
    east, west = (write_set(tmp_path / name, made_set(name, 12)) for name in ("east", "west"))
    assert main(["calibrate", east, "--measure", west, "--dry-run"]) == 0
    assert "| east | " in capsys.readouterr().out
    assert not index_dir.exists()
    assert main(["calibrate", east, "--measure", west]) == 0
    told = capsys.readouterr().out
    (stored,) = index_dir.glob("*.json")
    assert json.loads(stored.read_text("utf-8"))["sets"] == ["east"]
    assert "# Calibration of hash" in stored.with_suffix(".md").read_text("utf-8")
    assert stored.name in told.replace("\n", "")


@pytest.mark.parametrize(
    ("names", "told"), [(("few",), "each must be 40"), (("few", "few"), "one name"), (("none",), "does not exist")]
)
def test_sets_that_cannot_be_learnt_from_are_told(
    index_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], names: Sequence[str], told: str
) -> None:
    write_set(tmp_path / "few", made_set("few", 4))
    assert main(["calibrate", *(str(tmp_path / name) for name in names)]) == 2
    assert told in capsys.readouterr().err.replace("\n", " ")
