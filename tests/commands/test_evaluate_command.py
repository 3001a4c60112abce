"""``evaluate`` through the command line, over a stand-in encoder."""

from __future__ import annotations

import json

import pytest

from rag import __version__
from rag.__main__ import main
from rag.encoding import loading
from tests.fakes import HashEncoder

TEXT = "A joint staff was formed. It has four members."


@pytest.fixture
def sets(tmp_path, monkeypatch):
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setattr(loading, "load_encoder", lambda settings, report: HashEncoder())
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        gold = {"article_id": "staff", "start": 2, "end": 13, "text": "joint staff"}
        article = {"id": "staff", "language": "en", "text": TEXT}
        question = {"id": "1", "question": "Which joint staff?", "answerable": True, "answers": [gold]}
        (folder / "articles.jsonl").write_text(json.dumps(article), encoding="utf-8")
        (folder / "questions.jsonl").write_text(json.dumps(question), encoding="utf-8")
    return [str(tmp_path / "first"), str(tmp_path / "second")]


def test_figures_go_to_the_terminal_to_a_file_and_to_a_page(sets, tmp_path, capsys):
    figures, page = tmp_path / "figures.json", tmp_path / "report.html"
    assert main(["evaluate", *sets, "--json", str(figures), "--html", str(page)]) == 0
    assert "recall@1 1.0" in capsys.readouterr().out
    assert [result["dataset"] for result in json.loads(figures.read_text("utf-8"))] == ["first", "second"]
    written = page.read_text("utf-8")
    assert written.startswith("<!doctype html>")
    for said in ("All sets", ">first<", ">second<", f'<dd dir="auto">{__version__}</dd>', '<dd dir="auto">hash</dd>'):
        assert said in written


def test_json_alone_can_be_piped(sets, capsys):
    assert main(["evaluate", sets[0], "--json", "-"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["retrieval"]["recall@1"] == 1.0


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_a_result_that_has_nowhere_to_go_is_told_before_measuring(sets, option, capsys, monkeypatch):
    monkeypatch.setattr(loading, "load_encoder", lambda settings, report: pytest.fail("measured"))
    assert main(["evaluate", sets[0], option, f"{sets[0]}/none/out"]) == 2
    assert "does not exist" in capsys.readouterr().err


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    text = "The four countries formed a joint staff in the desert town in 2010."
    (folder / "one.md").write_text(f"---\nlanguage: en\n---\n{text}\n", encoding="utf-8")
    return str(folder)


def test_a_set_is_drafted_from_files_and_told_to_be_unfinished(sets, corpus, tmp_path, capsys):
    new = tmp_path / "new"
    assert main(["evaluate", "--make-set", str(new), corpus, "--questions", "3"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "holds 1 articles. The questions are yours to write: 1 that a sentence picked answers, 0 that" in said
    assert main(["evaluate", str(new)]) == 2
    assert "1 of 1 questions" in capsys.readouterr().err
    assert main(["evaluate", "--make-set", str(new), corpus]) == 2
    assert "exists" in capsys.readouterr().err


def test_a_set_is_drafted_from_the_index_where_no_files_are_named(sets, corpus, tmp_path, capsys):
    assert main(["index", corpus]) == 0
    assert main(["evaluate", "--make-set", str(tmp_path / "new")]) == 0
    assert "formed a joint staff" in (tmp_path / "new" / "articles.jsonl").read_text("utf-8")


def test_files_that_cannot_be_read_are_told_and_the_rest_is_drafted(sets, corpus, tmp_path, capsys):
    (tmp_path / "corpus" / "bad.pdf").write_bytes(b"not a PDF")
    assert main(["evaluate", "--make-set", str(tmp_path / "new"), corpus]) == 1
    captured = capsys.readouterr()
    assert "bad.pdf" in captured.err
    assert "holds 1 articles" in captured.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [([], "No set was named"), (["--make-set", "new", "none"], "none"), (["x", "--json", "-"], "does not exist")],
)
def test_wrong_use_is_told(arguments, message, sets, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["evaluate", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("count", ["0", "-1", "x"])
def test_a_draft_has_some_questions(count, capsys):
    with pytest.raises(SystemExit):
        main(["evaluate", "--make-set", "new", "--questions", count])
    assert "is not a whole number above 0" in capsys.readouterr().err
