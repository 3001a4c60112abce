from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import ArticleError
from rag.formats import sandbox as sandbox_module
from rag.formats.drafts import ArticleDraft, NotRead
from rag.formats.sandbox import Sandbox
from rag.resources import PACKAGE

HOSTILE = "tests.zoo.hostile_readers"


@pytest.fixture(scope="module")
def hostile() -> Iterator[Sandbox]:
    with Sandbox(wall_s=60, module=HOSTILE) as sandbox:
        yield sandbox


def echoed(sandbox: Sandbox, text: str) -> str:
    (draft,) = sandbox.parse("echo", text.encode("utf-8", "surrogatepass"))
    assert isinstance(draft, ArticleDraft)
    return draft.text


@pytest.mark.parametrize("text", ["", "plain", "قمة الساحل", "\ud800", "x" * 5_000_000, '{"reason": "not an error"}'])
def test_drafts_come_through_whole(hostile: Sandbox, text: str) -> None:
    assert echoed(hostile, text) == text


def test_the_real_readers_drafts_and_flaws_come_through() -> None:
    with Sandbox() as sandbox:
        draft, flaw = sandbox.parse("json", b'[{"text": "one", "questions": ["q"]}, 7]')
    assert isinstance(draft, ArticleDraft)
    assert (draft.text, draft.questions, draft.warnings) == ("one", ("q",), ())
    assert isinstance(flaw, NotRead)
    assert flaw.origin == "#2"


def test_an_article_error_is_told_as_the_reader_told_it() -> None:
    with Sandbox() as sandbox, pytest.raises(ArticleError) as told:
        sandbox.parse("json", b"{")
    assert told.value.message.startswith("It is not valid JSON")
    assert told.value.hint


@pytest.mark.parametrize(
    ("act", "says"),
    [
        ("exit_at_once", "too much memory or time"),
        ("fill_memory", "too much memory"),
        ("nest_too_deep", "too much memory"),
        ("fail", "gave up \\(KeyError\\)"),
        ("connect", "PermissionError"),
        ("start_a_program", "PermissionError"),
    ],
)
def test_a_parser_that_misbehaves_fails_its_file_only(hostile: Sandbox, act: str, says: str) -> None:
    with pytest.raises(ArticleError, match=says) as told:
        hostile.parse(act, b"")
    assert told.value.hint
    assert echoed(hostile, "next") == "next"


@pytest.mark.timeout(60)  # they would take an hour, and for ever
@pytest.mark.parametrize("act", ["sleep", "spin"])
def test_wall_time_is_bounded(act: str) -> None:
    with Sandbox(wall_s=1.5, module=HOSTILE) as sandbox, pytest.raises(ArticleError, match="too much memory or time"):
        sandbox.parse(act, b"")
    with Sandbox(module=HOSTILE) as sandbox:
        assert echoed(sandbox, "next") == "next"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processor time is bounded on POSIX systems")
def test_processor_time_is_bounded_for_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    spent = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: spent.append((kind, limits[0])))
    sandbox_module._limit()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    (allowed,) = (limit for kind, limit in spent if kind == resource.RLIMIT_CPU)
    assert used + sandbox_module.PROCESSOR_S - 2 < allowed < used + sandbox_module.PROCESSOR_S + 60


def test_what_a_parser_prints_does_not_disturb_the_reply(hostile: Sandbox) -> None:
    (draft,) = hostile.parse("print_much", b"")
    assert draft == ArticleDraft("quiet")


def test_a_parser_sees_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    with Sandbox(module=HOSTILE) as sandbox:
        (draft,) = sandbox.parse("show_environment", b"")
    assert isinstance(draft, ArticleDraft)
    ask = [sys.executable, "-c", "import json, os, rag; print(json.dumps(dict(os.environ)))"]
    own = json.loads(subprocess.check_output(ask, env={"PATH": os.defpath}, cwd=PACKAGE.parent))  # set by rag itself
    known = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONIOENCODING", "LC_CTYPE"}
    assert set(json.loads(draft.text)) <= known | own.keys()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="file sizes are bounded on POSIX systems")
def test_a_parser_writes_nothing(hostile: Sandbox, tmp_path: Path) -> None:
    target = tmp_path / "written"
    with pytest.raises(ArticleError):
        hostile.parse("write", os.fsencode(target))
    assert not target.exists() or target.read_bytes() == b""


def test_a_child_that_was_killed_is_replaced(hostile: Sandbox) -> None:
    echoed(hostile, "started")
    assert hostile._child is not None
    os.kill(hostile._child.pid, signal.SIGKILL)
    hostile._child.wait()
    assert echoed(hostile, "next") == "next"


def test_an_interrupted_file_does_not_answer_for_the_next(hostile: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sandbox_module, "_receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            hostile.parse("echo", b"first")
    assert echoed(hostile, "second") == "second"


def test_a_reply_too_long_is_refused(hostile: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_module, "REPLY_BYTES", 100)
    with pytest.raises(ArticleError):
        echoed(hostile, "x" * 1000)
    monkeypatch.undo()
    assert echoed(hostile, "next") == "next"


def test_threads_take_turns(hostile: Sandbox) -> None:
    texts = [f"{thread}-{'x' * 10_000}" for thread in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: echoed(hostile, text), texts)) == texts


def test_nothing_is_left_running() -> None:
    before = threading.active_count()
    with Sandbox() as sandbox:
        sandbox.parse("json", b'{"text": "one"}')
        child = sandbox._child
        assert child is not None
        assert child.poll() is None
    assert child.poll() is not None
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
