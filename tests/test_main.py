"""The command line from its arguments to its exit code, over a stand-in assistant."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from rag.__main__ import COMMANDS, build_parser, main
from rag.commands.command import Run
from rag.documents import Filters
from rag.errors import EncoderError, IndexMissingError
from rag.settings import Settings
from tests.conftest import ROOT
from tests.fake_assistant import FAILING, STAFF_SENTENCE, FakeAssistant


@pytest.fixture
def assistant(monkeypatch):
    fake = FakeAssistant()
    monkeypatch.setattr(Run, "assistant", lambda self: fake)
    return fake


def start(*arguments, stdout=subprocess.PIPE, **environ):
    return subprocess.Popen(
        [sys.executable, "-m", "rag", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **environ},
    )


def test_ask_prints_the_quote(assistant, capsys):
    assert main(["ask", "which countries formed the joint staff?"]) == 0
    assert STAFF_SENTENCE in capsys.readouterr().out


def test_ask_takes_a_question_without_quotation_marks(assistant, capsys):
    assert main(["ask", "which", "countries", "formed", "the", "joint", "staff?"]) == 0
    assert assistant.asked[0].text == "which countries formed the joint staff?"


def test_ask_writes_the_whole_answer_as_json(assistant, capsys):
    question = "which countries formed the joint staff?"
    assert main(["ask", "--json", question]) == 0
    written = json.loads(capsys.readouterr().out)
    expected = json.loads(json.dumps(assistant.ask(question).to_dict()))
    assert written == expected


def test_ask_streams_the_text_and_then_its_sources(assistant, capsys):
    assert main(["ask", "--stream", "which countries formed the joint staff?"]) == 0
    shown = capsys.readouterr().out
    answer = assistant.ask("which countries formed the joint staff?")
    assert shown.startswith(answer.answer + "\n\n")
    assert f"[1] \u2067{answer.citations[0].title}" in shown
    assert shown.count(STAFF_SENTENCE) == 2
    assert "extractive" in shown.splitlines()[-1]


def test_ask_streams_events_as_lines_of_json(assistant, capsys):
    assert main(["ask", "--stream", "--json", "which countries formed the joint staff?"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events if event["event"] != "delta"] == ["start", "citation", "end"]
    assert "".join(e["data"]["text"] for e in events if e["event"] == "delta") == events[-1]["data"]["answer"]


def test_a_refusal_is_an_answer_not_a_failure(assistant, capsys):
    assert main(["ask", "--json", "ما عاصمة اليابان؟"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["status"], written["citations"], written["language"]) == ("not_found", [], "ar")


def test_filters_reach_the_assistant(assistant, capsys):
    options = ["--language", "AR", "--language", "fr", "--source", "الحدود", "--since", "2011-01-01"]
    assert main(["ask", *options, "--until", "2011-12-31", "--top-k", "3", "missiles"]) == 0
    assert assistant.asked[0].filters == Filters(("ar", "fr"), ("الحدود",), "2011-01-01", "2011-12-31")


def test_search_lists_passages_with_scores(assistant, capsys):
    assert main(["search", "solar", "--top-k", "1"]) == 0
    assert "score 0.420" in capsys.readouterr().out


def test_search_writes_json_as_the_api_does(assistant, capsys):
    assert main(["search", "--json", "--language", "en", "solar"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written["query"] == "solar"
    assert [passage["article_id"] for passage in written["passages"]] == ["solar-station"]


def test_search_that_finds_nothing_says_so(assistant, capsys):
    assert main(["search", "--language", "zu", "solar"]) == 0
    assert capsys.readouterr().out == "No passage passes the filters.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: COMMAND"),
        (["aks", "x"], "invalid choice: 'aks'"),
        (["ask"], "required: QUESTION"),
        (["ask", "--since", "2011", "x"], "'2011' is not a date; wanted YYYY-MM-DD"),
        (["ask", "--since", "2011-02-30", "x"], "'2011-02-30' is not a date"),
        (["ask", "--until", "20110101", "x"], "'20110101' is not a date"),
        (["ask", "--until", "2011-W01-1", "x"], "'2011-W01-1' is not a date"),
        (["search", "--top-k", "0", "x"], "'0' is not a whole number from 1 to 50"),
        (["search", "--top-k", "51", "x"], "'51' is not a whole number from 1 to 50"),
        (["search", "--top-k", "²", "x"], "'²' is not a whole number"),
        (["serve", "--port", "x"], "invalid int value: 'x'"),
    ],
)
def test_wrong_use_is_2_and_says_what_was_wanted(arguments, message, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("question", ["", "   ", "x" * 100_000])
def test_a_question_that_cannot_be_used_is_2(assistant, capsys, question):
    assert main(["ask", question]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Error: The question ")
    assert len(captured.err.splitlines()) == 2, "the message, then the cure"


def test_a_failure_that_is_not_the_users_is_1(assistant, capsys):
    assert main(["ask", FAILING]) == 1
    assert "Error: The encoder <b>failed</b>.\nRun `python -m rag doctor`." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (IndexMissingError("There is no index.", "Run `python -m rag index`."), 1, "There is no index."),
        (EncoderError("No wheel.", "Set ISNAD_ENCODER."), 1, "Set ISNAD_ENCODER."),
        (OSError(28, "No space left on device", "/x/model"), 1, "/x/model.\nFree some disk space"),
        (PermissionError(13, "Permission denied", "/x/store"), 1, "/x/store.\nCheck the disk"),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (MemoryError(), 1, "There is not enough memory.\nFree some"),
        (ValueError("odd"), 1, "did not expect: ValueError: odd.\nRun it with `python -X dev`"),
    ],
)
def test_errors_become_a_message_and_a_code(monkeypatch, capsys, error, code, message):
    def fail(self):
        raise error

    monkeypatch.setattr(Run, "assistant", fail)
    assert main(["ask", "x"]) == code
    assert message in capsys.readouterr().err


def test_an_unknown_setting_is_2_with_the_nearest_name(monkeypatch, capsys):
    monkeypatch.setenv("ISNAD_INDEX_DRI", "x")
    assert main(["ask", "x"]) == 2
    assert "Did you mean ISNAD_INDEX_DIR?" in capsys.readouterr().err


def test_doctor_lists_every_setting(capsys):
    assert main(["doctor", "--settings"]) == 0
    listed = capsys.readouterr().out
    assert "ISNAD_INDEX_DIR (.isnad)  folder of the store and the index" in listed
    assert "OPENAI_API_KEY (empty)" in listed


def test_every_command_teaches_with_examples(capsys):
    assert {command.name for command in COMMANDS} >= {"index", "ask", "search", "serve", "evaluate", "doctor"}
    for command in COMMANDS:
        with pytest.raises(SystemExit) as stop:
            main([command.name, "--help"])
        assert stop.value.code == 0
        assert f"examples:\n  python -m rag {command.name}" in capsys.readouterr().out


def test_every_example_parses():
    for command in COMMANDS:
        for line in command.examples.strip().splitlines():
            words = line.split("python -m rag ")[1].split("   ")[0].split(" | ")[0].split()
            assert build_parser().parse_args(words).command is command


def test_bytes_that_are_not_text_are_told_without_a_traceback():
    with start(b"ask", b"\xff\xfe", "--since", b"\xff") as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert b"is not a date" in errors
    assert b"Traceback" not in errors


def test_an_output_that_is_closed_is_no_error():
    command = f"exec {sys.executable} -m rag doctor --settings >&-"
    ended = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_too_little_memory_to_address_is_told_before_a_library_ends_the_process():
    command = f"ulimit -v 1000000; exec {sys.executable} -m rag ask who"
    ended = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, timeout=60, text=True)
    assert ended.returncode == 1
    assert "may address 1.0 GB of memory, and needs 1.5.\nRaise the limit: `ulimit -v unlimited`." in ended.stderr


def test_a_reader_that_stops_early_is_no_error():
    with start("doctor", "--settings", PYTHONUNBUFFERED="1") as process:
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert errors == b""


def test_a_question_loads_nothing_it_does_not_use(tmp_path):
    heavy = (
        "torch",
        "transformers",
        "sentence_transformers",
        "gradio",
        "fastapi",
        "langchain",
        "trafilatura",
        "openai",
    )
    code = (
        "import sys; from rag.__main__ import main; assert main(['ask', 'who?']) == 1;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    environ = {**os.environ, "ISNAD_INDEX_DIR": str(tmp_path / "none")}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize(("given", "wanted"), [({}, "PASSIVE False"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "ACTIVE False")])
def test_how_threads_wait_is_said_before_a_library_that_has_some_is_loaded(given, wanted):
    told = "import os, sys, rag; print(os.environ['OMP_WAIT_POLICY'], 'numpy' in sys.modules)"
    free = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    ran = subprocess.run([sys.executable, "-c", told], cwd=ROOT, env=free | given, capture_output=True, text=True)
    assert ran.stdout.strip() == wanted, ran.stderr


@pytest.mark.parametrize(
    ("environ", "encoder", "reader"),
    [
        ({}, "bundled", "bundled"),
        ({"ISNAD_READER": "", "ISNAD_ENCODER": ""}, "bundled", ""),  # only what may be nothing is set to nothing
        ({"ISNAD_READER": "any/reader"}, "bundled", "any/reader"),
    ],
)
def test_a_reader_may_be_set_to_none(environ, encoder, reader):
    settings = Settings.load(environ, None)
    assert (settings.encoder, settings.reader) == (encoder, reader)
