"""The packages of ``rag``: imports point downward, and docs/architecture.md says what each holds."""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = (  # each may import only from what stands before it
    *("resources", "errors", "documents", "asking", "files", "settings", "rendering"),
    *("languages", "text", "entities", "encoding", "formats", "reader", "reranker"),
    *("store", "index", "ingestion", "retrieval", "generation", "answering"),
    *("assistant", "evaluation", "learning", "client", "langchain_adapter", "chat", "serving", "commands", "__main__"),
)
PACKAGES = sorted(path.parent.name for path in ROOT.glob("rag/*/__init__.py"))


def imported(path: Path) -> Iterator[str]:
    """The parts of ``rag`` a module imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "rag":
            yield from (alias.name for alias in node.names if alias.name != "__version__")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rag."):
            yield str(node.module).split(".")[1]


@pytest.mark.parametrize("part", sorted({path.relative_to(ROOT / "rag").parts[0] for path in ROOT.glob("rag/**/*.py")}))
def test_imports_point_downward(part: str) -> None:
    name = part.removesuffix(".py")
    if name == "__init__":
        return
    paths = [ROOT / "rag" / part] if part.endswith(".py") else ROOT.glob(f"rag/{part}/**/*.py")
    upward = {
        f"{path.relative_to(ROOT)} imports {other}"
        for path in paths
        for other in imported(path)
        if LAYERS.index(other) > LAYERS.index(name)
    }
    assert not upward


@pytest.mark.parametrize("package", PACKAGES)
def test_the_architecture_says_what_each_package_holds(package: str) -> None:
    said = str(importlib.import_module(f"rag.{package}").__doc__)
    assert f"| `{package}/` | {said.rstrip('.')} |" in (ROOT / "docs" / "architecture.md").read_text("utf-8")


def named_types(path: Path) -> Iterator[str]:
    """The public classes and aliases of types at the top of a module: names in CamelCase."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for each in targets if isinstance(each, ast.Name) and re.match("[A-Z][a-z]", each.id))


def test_no_two_types_share_a_name() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(ROOT.glob("rag/**/*.py")):
        for name in named_types(path):
            if not name.startswith("_"):
                homes[name].append(str(path.relative_to(ROOT)))
    assert not {name: paths for name, paths in homes.items() if len(paths) > 1}


def imported_modules(path: Path, modules: frozenset[str]) -> set[str]:
    """The modules of ours that one imports: at its top, inside a function, or for types alone."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found & modules


def test_only_the_command_line_fetches_from_the_web() -> None:
    web = {path.stem for path in ROOT.glob("rag/ingestion/web_*.py")}
    modules = frozenset(f"rag.ingestion.{name}" for name in web) | {"rag.commands.web_index"}
    reaching = {path for path in [ROOT / "app.py", *ROOT.glob("rag/**/*.py")] if imported_modules(path, modules)}
    homes = {str(path.relative_to(ROOT)) for path in reaching if path.stem not in web}
    assert homes == {"rag/commands/index_command.py", "rag/commands/web_index.py"}
    assert not any(imported_modules(ROOT / f"rag/ingestion/{name}.py", modules) for name in ("indexing", "ingestion"))


def test_no_modules_import_each_other_in_a_circle() -> None:
    paths = [ROOT / "app.py", *(ROOT / "rag").rglob("*.py")]
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    modules = frozenset(named)
    TopologicalSorter({name: imported_modules(path, modules) for name, path in named.items()}).prepare()
