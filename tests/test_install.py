"""What is distributed: built from this checkout, installed where the checkout is not seen, and asked a question."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement

from rag import __version__
from tests.conftest import ROOT
from tests.test_requirements import requirements

NOT_SHIPPED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "bench", "training")
QUESTION = "When did the Kandia dam open?"
DAM = "The Kandia dam opened on Monday 3 March 2014. It feeds two towns and the fields between them.\n"


@dataclass(frozen=True)
class Built:
    """What ``python -m build`` makes: the source distribution, and the wheel made from that."""

    sdist: Path
    wheel: Path

    def shipped(self) -> dict[str, bytes]:
        """The wheel's files by name, less its metadata."""
        with zipfile.ZipFile(self.wheel) as archive:
            return {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}

    def metadata(self) -> Message:
        with zipfile.ZipFile(self.wheel) as archive:
            return BytesParser().parsebytes(archive.read(f"isnad-{__version__}.dist-info/METADATA"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT, folder / "checkout", ignore=NOT_SHIPPED)  # what an earlier build left is not used again
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(folder / "checkout")]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return Built(folder / f"isnad-{__version__}.tar.gz", folder / f"isnad-{__version__}-py3-none-any.whl")


@dataclass(frozen=True)
class Program:
    """An environment with the wheel, whose commands run in ``home``, a folder of their own."""

    environment: Path
    home: Path

    def start(self, command: str, *arguments: str) -> subprocess.Popen[str]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("ISNAD_", "PYTHON"))}
        return subprocess.Popen(
            [self.environment / "bin" / command, *arguments],
            cwd=self.home,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, command: str, *arguments: str) -> tuple[int, str, str]:
        """(exit code, standard output, standard error)"""
        with self.start(command, *arguments) as process:
            out, errors = process.communicate(timeout=120)
        return process.returncode, out, errors


@pytest.fixture(scope="module")
def environment(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in an environment that lends the other packages from the tests' own, where ``rag`` is not installed."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(built.wheel)], check=True)
    packages = sysconfig.get_path("purelib", vars={"base": str(folder)})
    (Path(packages) / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return folder


@pytest.fixture
def program(environment: Path, tmp_path: Path) -> Program:
    return Program(environment, tmp_path)


@pytest.fixture
def indexed(program: Program, bundled_encoder: object) -> Program:
    """The program in a folder whose corpus it has read."""
    (program.home / "corpus").mkdir()
    (program.home / "corpus" / "dam.md").write_text(f"---\ntitle: The dam\n---\n{DAM}")
    assert program.run("isnad", "index")[0] == 0
    return program


def test_the_wheel_holds_every_file_of_the_package_and_the_prompts(built: Built) -> None:
    package = {str(path.relative_to(ROOT)): path for path in (ROOT / "rag").rglob("*") if path.is_file()}
    wanted = {name: path.read_bytes() for name, path in package.items() if "__pycache__" not in name}
    wanted |= {f"rag/prompts/{path.name}": path.read_bytes() for path in (ROOT / "prompts").iterdir()}
    wanted |= {f"rag/samples/{path.name}": path.read_bytes() for path in (ROOT / "corpus").glob("*.??.md")}

    shipped = built.shipped()
    assert shipped.keys() == wanted.keys()
    assert shipped == wanted
    assert "rag/py.typed" in shipped


def test_the_source_distribution_holds_what_the_wheel_is_made_of_and_no_tests(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    sources = {name.replace("rag/prompts/", "prompts/").replace("rag/samples/", "corpus/") for name in built.shipped()}

    assert sources | {"pyproject.toml", "setup.py", "README.md", "LICENSE", "requirements-light.txt"} <= names
    assert not {name for name in names if name.startswith("tests")}


def test_the_wheel_asks_for_what_the_requirement_files_ask_for(built: Built) -> None:
    asked: dict[str, set[str]] = {"": set()}
    for line in built.metadata().get_all("Requires-Dist", []):
        wanted = Requirement(line)
        extra = re.search(r'extra == "(\w+)"', str(wanted.marker))
        if extra:
            wanted.marker = None
        asked.setdefault(extra[1] if extra else "", set()).add(str(wanted))

    files = {"": "light", "torch": "torch", "qdrant": "qdrant", "ray": "ray"}
    assert asked == {extra: {str(r) for r in requirements(f"requirements-{name}.txt")} for extra, name in files.items()}
    assert set(built.metadata().get_all("Provides-Extra", [])) == files.keys() - {""}


def test_the_wheel_names_its_licences_and_carries_their_terms(built: Built) -> None:
    metadata = built.metadata()

    assert metadata["License-Expression"] == "Apache-2.0 AND CC-BY-SA-4.0 AND CC-BY-4.0"
    assert metadata.get_all("License-File") == ["LICENSE", "rag/calibration/READER.md", "rag/assets/CITIES.md"]
    assert "https://creativecommons.org/licenses/by-sa/4.0/" in built.shipped()["rag/calibration/READER.md"].decode()
    assert "https://creativecommons.org/licenses/by/4.0/" in built.shipped()["rag/assets/CITIES.md"].decode()


@pytest.mark.parametrize("command", [["isnad"], ["python", "-m", "rag"]])
def test_it_says_its_version_and_calls_itself_as_it_was_called(program: Program, command: list[str]) -> None:
    assert program.run(*command, "--version") == (0, f"isnad {__version__}\n", "")
    assert f"\n  {' '.join(command)} index corpus " in program.run(*command, "--help")[1]


def test_its_files_are_found_beside_it(program: Program) -> None:
    code = "from rag.settings import Settings as S; from rag.generation.prompts import Prompts as P"
    _, out, errors = program.run("python", "-c", f"{code}; s = S(); P.load(s.prompts_dir); print(s.prompts_dir)")

    assert errors == ""
    assert Path(out.strip()).is_relative_to(program.environment)
    assert Path(out.strip()).parts[-2:] == ("rag", "prompts")


def test_a_question_is_answered_with_its_quote(indexed: Program) -> None:
    code, out, _ = indexed.run("isnad", "ask", "--json", QUESTION)

    answer = json.loads(out)
    assert code == 0
    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"] == DAM.split(". ")[0] + "."
    assert answer["citations"][0]["title"] == "The dam"


def test_the_server_starts_in_any_folder(indexed: Program) -> None:
    with indexed.start("isnad", "serve", "--port", "0") as process:
        try:
            assert process.stderr is not None
            ready = re.search(r"Ready in .* s: (http://127\.0\.0\.1:\d+)$", process.stderr.readline().strip())
            assert ready
            answer = httpx.post(f"{ready[1]}/api/v1/ask", json={"question": QUESTION}, timeout=30).json()
            page = httpx.get(ready[1], timeout=30)
        finally:
            process.terminate()
            process.communicate(timeout=30)
    assert answer["citations"][0]["quote"] == DAM.split(". ")[0] + "."
    assert "gradio" in page.text


def test_the_server_starts_in_an_empty_folder_and_offers_the_samples(program: Program) -> None:
    with program.start("isnad", "serve", "--port", "0") as process:
        try:
            assert process.stderr is not None
            lines = iter(process.stderr.readline, "")
            ready = next(
                found for line in lines if (found := re.search(r"Ready in .* s: (http://[\d.:]+)$", line.strip()))
            )
            library = httpx.get(f"{ready[1]}/api/v1/library", timeout=30).json()
        finally:
            process.terminate()
            process.communicate(timeout=30)
    assert library["articles"] == 0
    assert library["samples"] == len(list((ROOT / "corpus").glob("*.??.md")))
