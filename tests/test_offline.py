"""Nothing that comes with the program counts its users: every switch is set before the library that reads it loads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
