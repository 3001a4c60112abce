"""``feedback export`` through the command line: from votes beside an index to a set that ``evaluate`` measures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.__main__ import main
from rag.encoding import loading
from rag.evaluation.voted import FEEDBACK_FILE
from tests.fakes import HashEncoder

TEXT = "The four countries formed a joint staff in the desert town in 2010."


def test_votes_become_a_set_that_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("ISNAD_READING", "false")
    monkeypatch.setattr(loading, "load_encoder", lambda *_: HashEncoder())
    (tmp_path / "staff.en.md").write_text(f"---\nid: staff\n---\n{TEXT}\n", encoding="utf-8")
    assert main(["index", str(tmp_path / "staff.en.md")]) == 0
    out = str(tmp_path / "readers")
    assert main(["feedback", "export", out]) == 2
    assert "No vote in" in capsys.readouterr().err
    quote = {"article_id": "staff", "start": 0, "end": len(TEXT), "text": TEXT}
    told = {"language": "en", "status": "answered", "quotes": [quote]}
    votes = [{"vote": "up", "question": "What did the four form?"}, {"vote": "down", "question": "When?"}]
    lines = "".join(json.dumps(vote | told) + "\n" for vote in votes)
    (tmp_path / "index" / FEEDBACK_FILE).write_text(lines, encoding="utf-8")
    assert main(["feedback", "export", out]) == 0
    told_of = capsys.readouterr().out
    assert "1 questions of readers: 1 that the articles answer, 0 that they do not" in told_of
    assert "1 to complete" in told_of
    assert main(["evaluate", out]) == 0
    assert "recall@1 1.0" in capsys.readouterr().out
