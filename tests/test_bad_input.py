"""What people get wrong and machines run out of, through the command line: a clear message, a cure, no traceback."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from rag import assistant
from rag.__main__ import main
from rag.encoding import loading
from rag.encoding.bundled_encoder import CONVERSION
from rag.settings import Settings
from tests.conftest import ROOT
from tests.fakes import HashEncoder


@pytest.fixture
def indexed(tmp_path, monkeypatch, capsys):
    """A real index of one article and the real assistant, over a stand-in encoder."""
    (tmp_path / "one.md").write_text("A joint staff was formed. It has four members.\n", encoding="utf-8")
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("ISNAD_READER", "")
    for module in (loading, assistant):
        monkeypatch.setattr(module, "load_encoder", lambda settings, report: HashEncoder())
    assert main(["index", str(tmp_path / "one.md")]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "is empty"),
        (" \n\t ", "is empty"),
        ("\0", "is empty"),
        ("why? " * 20_000, "100000 characters"),
        ("who \ud800 is", "lone surrogate"),
        ("\udcff\udcfe", "lone surrogate"),
    ],
)
def test_a_question_that_cannot_be_used(indexed, capsys, command, question, said):
    assert main([command, question]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    message, cure = captured.err.splitlines()
    assert message.startswith("Error: The question ")
    assert said in message
    assert cure


ODD_QUESTIONS = ["👩‍👩‍👧 🚀?", "ᎣᏏᏲ ᏙᎯᏧ?", "𓀀𓁐 𓂀", "¿¡?!", "؟", "x" * 2000, "a\u0301" * 500, "\u202eabc"]


@pytest.mark.parametrize("question", ODD_QUESTIONS)
def test_a_question_that_is_odd_is_answered_or_refused(indexed, capsys, question):
    assert main(["ask", "--json", question]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] in ("answered", "related", "not_found")
    assert main(["ask", question]) == 0
    assert main(["search", question]) == 0


def test_no_index_yet_names_the_command_that_makes_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(tmp_path / "none"))
    monkeypatch.setattr(assistant, "load_encoder", lambda settings, report: HashEncoder())
    assert main(["ask", "who?"]) == 1
    captured = capsys.readouterr()
    assert "There is no index in" in captured.err
    assert "python -m rag index" in captured.err


def test_an_index_of_another_encoder_names_the_command_that_mends_it(indexed, monkeypatch, capsys):
    monkeypatch.setattr(assistant, "load_encoder", lambda settings, report: HashEncoder(name="other"))
    assert main(["ask", "who?"]) == 1
    assert "--rebuild" in capsys.readouterr().err


def start(*arguments, **environ):
    """The command as its own process, with settings of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ISNAD_")}
    command = [sys.executable, "-m", "rag", *arguments]
    streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    # A shell's background job ignores interrupts, and so would its children.
    return subprocess.Popen(
        command, cwd=ROOT, env={**kept, **environ}, **streams, text=True, preexec_fn=_hear_interrupts
    )


def _hear_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(*arguments, **environ):
    with start(*arguments, **environ) as process:
        out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def assert_told(done, code, *said):
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for words in said:
        assert words in done.stderr


def test_a_port_in_use(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = run("serve", "--port", str(port), ISNAD_INDEX_DIR=str(tmp_path / "index"))
    assert_told(done, 2, f"Port {port} is in use", "ISNAD_PORT")


def test_a_cache_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    done = run("ask", "who?", ISNAD_CACHE_DIR=str(tmp_path / "file"), ISNAD_INDEX_DIR=str(tmp_path / "index"))
    assert_told(done, 1, "Error: ", str(tmp_path / "file"))


def test_a_full_disk_leaves_no_half_made_model(tmp_path, bundled_encoder):
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, limit[1]))  # inherited: no file of the command may outgrow 1 MB
    try:
        done = run("ask", "who?", ISNAD_CACHE_DIR=str(tmp_path), ISNAD_INDEX_DIR=str(tmp_path / "index"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert_told(done, 1, "Error: ", "ISNAD_CACHE_DIR")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > 2**20]


def test_a_corrupted_cached_model_is_made_again(tmp_path, bundled_encoder):
    folder = Settings().cache_dir / f"{bundled_encoder.fingerprint.name}-int8-{CONVERSION}"
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    with (copy / "model.onnx").open("r+b") as model:
        model.seek(1_000_000)
        model.write(b"\x00" * 64)
    done = run("index", "corpus/cern.en.md", ISNAD_CACHE_DIR=str(tmp_path), ISNAD_INDEX_DIR=str(tmp_path / "index"))
    assert_told(done, 0, "Converting the encoder")
    assert (copy / "model.onnx").read_bytes() == (folder / "model.onnx").read_bytes()


def test_interrupting_is_clean(tmp_path, bundled_encoder):
    with start("index", "-", ISNAD_INDEX_DIR=str(tmp_path / "index")) as process:
        while not Path(f"/proc/{process.pid}/syscall").read_text("ascii").startswith("0 0x0 "):
            time.sleep(0.05)  # until it waits for articles: read() on standard input
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "Interrupted.\n")
