"""The container's steps, without an engine: a root that nothing can write to, but for ``/data`` and ``/tmp``."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from rag.encoding.encoder import Encoder
from rag.settings import Settings
from tests.conftest import ROOT
from tests.test_offline import ready

# In a mount namespace of its own: the two folders stay as they are, since each is a mount by now.
SEALED = 'mount --bind "$0/data" "$0/data"; mount --bind "$0/tmp" "$0/tmp"; mount -o remount,bind,ro /; exec "$@"'
CORPUS = ("coffee.en.md", "suez-canal.ar.md")


def sealed(root: Path, *command: str) -> list[str]:
    """The start of a command that may write to ``data`` and ``tmp`` of ``root`` alone; it keeps its process id."""
    return ["unshare", "--map-root-user", "--mount", "sh", "-ec", SEALED, str(root), *command]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where ``/data`` and ``/tmp`` lie; skipped where nobody may make a mount."""
    made = tmp_path_factory.mktemp("container")
    for name in ("data", "tmp", "corpus"):
        (made / name).mkdir()
    for name in CORPUS:
        shutil.copyfile(ROOT / "corpus" / name, made / "corpus" / name)
    if shutil.which("unshare") is None or subprocess.run(sealed(made, "true"), capture_output=True).returncode:
        pytest.skip("needs unshare, and leave to make a mount namespace")
    return made


@pytest.fixture(scope="module")
def converted(root: Path, bundled_encoder: Encoder) -> None:
    """The models are in ``/data/cache`` from an earlier start: to convert the encoder takes ten seconds."""
    (root / "data" / "cache").mkdir()
    for folder in Settings().cache_dir.iterdir():
        (root / "data" / "cache" / folder.name).symlink_to(folder)


@pytest.fixture(scope="module")
def environ(root: Path) -> dict[str, str]:
    """What the Dockerfile sets, in the folders of this test; the home is one that cannot be written to."""
    line = re.search(r"^ENV (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert line
    told = dict(each.split("=", 1) for each in line[1].replace("/data", str(root / "data")).split())
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LD_LIBRARY_PATH")}
    watched = {"PYTHONPROFILEIMPORTTIME": "1"}  # each module that is imported is told in the log
    here = {"ISNAD_CORPUS_DIR": str(root / "corpus"), "ISNAD_PORT": "0", "TMPDIR": str(root / "tmp")}
    return kept | told | here | watched | {"HOME": str(root / "corpus")}


@pytest.fixture(scope="module")
def served(root: Path, converted: None, environ: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(address, key) of ``python app.py`` with its root sealed, after ``keys create``; it ends when told to."""
    create = sealed(root, sys.executable, "-m", "rag", "keys", "create", "--scope", "ask", "--scope", "ingest")
    made = subprocess.run(create, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    key = re.search(r"isnad_\S+", made.stdout)
    assert key, made.stdout
    log, command = root / "log", sealed(root, sys.executable, "app.py")
    with log.open("wb") as told, subprocess.Popen(command, cwd=ROOT, env=environ, stderr=told, stdout=told) as server:
        try:
            yield re.sub(r"//[^:/]+", "//127.0.0.1", ready(log)), key[0]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
            assert "Traceback" not in log.read_text("utf-8")


def call(served: tuple[str, str], path: str, body: bytes | None = None) -> dict[str, Any]:
    address, key = served
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    told = json.load(urlopen(Request(f"{address}{path}", body, headers), timeout=60))
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize("folder", [ROOT, Path.home(), Path("/")])
def test_the_root_is_sealed(root: Path, folder: Path) -> None:
    for target, code in ((folder, 1), (root / "data", 0), (root / "tmp", 0)):
        tried = sealed(root, "touch", str(target / ".touched"))
        assert subprocess.run(tried, capture_output=True).returncode == code


def test_the_server_starts_over_what_it_indexed_and_answers(served: tuple[str, str]) -> None:
    question = {"question": "Which country is the largest producer of coffee?"}
    answer = call(served, "/api/v1/ask", json.dumps(question).encode())
    assert answer["status"] == "answered"
    assert answer["citations"][0]["source"] == "Isnad Culture Desk"


def test_it_indexes_what_is_uploaded_into_data(served: tuple[str, str], root: Path) -> None:
    article = {"id": "lighthouse", "text": "A lighthouse was built in Dellys in 1881. Its keeper was Amar Saadi."}
    job = call(served, "/api/v1/articles", json.dumps({"articles": [article]}).encode())
    deadline = time.monotonic() + 60
    while (told := call(served, f"/api/v1/jobs/{job['id']}"))["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, told
        time.sleep(0.05)
    assert told["state"] == "done", told
    answer = call(served, "/api/v1/ask", json.dumps({"question": "When was the lighthouse of Dellys built?"}).encode())
    assert answer["citations"][0]["article_id"] == "lighthouse"
    assert (root / "data" / "index" / "store.sqlite3").is_file()


def test_what_another_model_needs_was_not_imported(served: tuple[str, str], root: Path) -> None:
    imported = set(re.findall(r"import time:.*\|\s+(\w+)$", (root / "log").read_text("utf-8"), re.MULTILINE))
    assert {"rag", "onnxruntime", "gradio"} <= imported
    assert not imported & {"torch", "transformers", "sentence_transformers", "qdrant_client", "ray"}
