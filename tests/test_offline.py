"""Nothing that comes with the program counts its users: every switch is set before the library that reads it loads."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from rag.settings import Settings
from tests.conftest import ROOT

SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "RAY_USAGE_STATS_ENABLED": "0",
}
OPEN_A_SESSION = """
import onnx.helper as make, onnxruntime
x, y = (make.make_tensor_value_info(name, 1, [1]) for name in "xy")
graph = make.make_graph([make.make_node("Relu", ["x"], ["y"])], "g", [x], [y])
model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)
onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
"""


def run(home: Path, code: str, **environ: str) -> str:
    """What code writes in a process of its own, right after ``import rag``, for a user of this home."""
    quiet = {name: value for name, value in os.environ.items() if name not in SWITCHES and name != "XDG_CACHE_HOME"}
    command = [sys.executable, "-c", f"import rag\n{code}"]
    environ = quiet | {"HOME": str(home)} | environ
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True).stdout.strip()


CALLS = "connect,sendto,sendmsg,sendmmsg"
OUTSIDE = re.compile(r'sa_family=AF_INET6?,.*?(?:inet_addr\("(?!127\.)|inet_pton\(AF_INET6, "(?!::1"|::ffff:127\.))')
LOOK_UP = re.compile(r"sin6?_port=htons\(53\)|nscd|\.resolve")  # a name server, or who asks one for us


def watched(folder: Path, *command: str) -> list[str]:
    """The start of a command that records what it and its children send, and to whom; it keeps its process id (-D)."""
    calls = ["strace", "-D", "--seccomp-bpf", "-f", "-qq", "-e", f"trace={CALLS}", "-e", "signal=none"]
    return [*calls, "-o", str(folder / "calls"), sys.executable, *command]


def looked_outside(folder: Path) -> list[str]:
    """The recorded calls that left this machine, or asked for a name."""
    calls = (folder / "calls").read_text("utf-8", "replace").splitlines()
    assert calls, "nothing was recorded, though something was sent"
    return [call for call in calls if OUTSIDE.search(call) or LOOK_UP.search(call)]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment without settings, for a user who has never run this; skipped where nothing can be watched."""
    if shutil.which("strace") is None or subprocess.run(["strace", "-qq", "-o", os.devnull, "true"]).returncode:
        pytest.skip("needs strace, and leave to trace a process")
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LD_LIBRARY_PATH")}
    cache = {"ISNAD_CACHE_DIR": str(Settings.load().cache_dir)}
    return kept | cache | {"HOME": str(tmp_path), "ISNAD_INDEX_DIR": str(tmp_path / "index"), "ISNAD_PORT": "0"}


def test_what_leaves_this_machine_would_be_seen(tmp_path: Path, home: dict[str, str]) -> None:
    code = (
        "import contextlib, socket\n"
        "for host in ('127.0.0.1', '192.0.2.1', 'isnad.invalid'):\n"
        "    with contextlib.suppress(OSError): socket.create_connection((host, 9), timeout=0.2)"
    )
    subprocess.run(watched(tmp_path, "-c", code), env=home, check=True)
    seen = looked_outside(tmp_path)
    assert any("192.0.2.1" in call for call in seen)
    assert any(LOOK_UP.search(call) for call in seen)
    assert not any('"127.0.0.1"' in call for call in seen)


def test_nothing_is_looked_up_or_sent_when_articles_are_indexed_and_questions_asked(
    tmp_path: Path, home: dict[str, str]
) -> None:
    command = watched(tmp_path, str(ROOT / "app.py"))
    log = tmp_path / "log"
    with log.open("wb") as told, subprocess.Popen(command, cwd=ROOT, env=home, stderr=told, stdout=told) as server:
        try:
            address = ready(log)
            question = json.dumps({"question": "which countries formed the joint staff?"}).encode()
            asked = Request(f"{address}/api/v1/ask", question, {"Content-Type": "application/json"})
            assert json.load(urlopen(asked, timeout=60))["status"] == "answered"
            assert b"gradio" in urlopen(f"{address}/", timeout=60).read()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
    assert looked_outside(tmp_path) == []


def ready(log: Path) -> str:
    """The address of the server, once it tells it."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if found := re.search(r"Ready in .*: (http://\S+)", log.read_text("utf-8")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def test_every_switch_is_off(tmp_path: Path) -> None:
    told = run(tmp_path, f"import os; print({{name: os.environ[name] for name in {list(SWITCHES)}}})")
    assert told == str(SWITCHES)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("from gradio.analytics import analytics_enabled as on; print(on())", "False"),
        ("from huggingface_hub.constants import HF_HUB_DISABLE_TELEMETRY as off; print(off)", "True"),
        ("from langsmith.utils import tracing_is_enabled as on; print(on())", "False"),
    ],
)
def test_the_libraries_follow_their_switches(tmp_path: Path, code: str, told: str) -> None:
    assert run(tmp_path, code) == told


def test_the_runtime_leaves_no_device_id_behind(tmp_path: Path) -> None:
    run(tmp_path, OPEN_A_SESSION)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_the_user_has_set_stands(tmp_path: Path) -> None:
    code = "import os; print(os.environ['LANGSMITH_TRACING'], os.environ['RAY_USAGE_STATS_ENABLED'])"
    assert run(tmp_path, code, LANGSMITH_TRACING="true") == "true 0"
