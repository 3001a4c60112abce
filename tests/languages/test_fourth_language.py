"""A fourth language is one file and its name in the registry: Esperanto, added to a copy of the package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXPRESSIONS = {
    "its questions are told": ("detect_language('Kiam oni konstruis la preĝejon?')", "eo"),
    "its names in files": ("[language_code('Esperanto'), language_code('epo')]", ["eo", "eo"]),
    "its stop words are left out": ("[term.text for term in analyse('Kie estas la Nilo?', 'eo')]", ["nilo"]),
    "its abbreviations end nothing": ("len(split_sentences('Multaj, ekz. Egiptio, venis. La aliaj ne.', 'eo'))", 2),
    "its number words": (
        "[int(n.value) for n in find_numbers('dudek tri homoj kaj tri mil, 1 500 kaj 2,500', 'eo')]",
        [23, 3000, 1500, 2],
    ),
    "countries from CLDR, peoples and places from its file": (
        "[m.name.code for m in find_names('Kairo, Germanujo kaj la francoj', 'eo')]",
        ["cairo", "DE", "FR"],
    ),
    "names are put into it": ("[g.gloss for g in find_glosses('القاهرة والنيجر', 'ar', 'eo')]", ["Kairo", "Niĝero"]),
    "what its questions ask for": (
        "[expectation_of(q, 'eo').kind for q in ('Kiam ĝi okazis?', 'Kiom da homoj?')]",
        ["time", "number"],
    ),
    "what it denies": ("[denial_in('Ili neniam venis', 'eo'), may_deny('Ili venis', 'eo')]", ["neniam", False]),
    "its months in files": ("iso_date('12 decembro 2011')", "2011-12-12"),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each expression gives where Esperanto is one of the languages."""
    folder = tmp_path_factory.mktemp("four")
    languages = folder / "rag" / "languages"
    languages.mkdir(parents=True)
    for path in (ROOT / "rag").iterdir():
        if path.name not in ("languages", "__pycache__"):
            (folder / "rag" / path.name).symlink_to(path)
    for path in (ROOT / "rag" / "languages").glob("*.py"):
        (languages / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (languages / "eo.py").write_text((ROOT / "tests" / "languages" / "eo.py").read_text("utf-8"), "utf-8")
    registry = (languages / "registry.py").read_text("utf-8")
    listed = registry.replace("(AR, EN, FR, ", "(AR, EN, FR, EO, ").replace(
        "from rag.languages.fr", "from rag.languages.eo import EO\nfrom rag.languages.fr"
    )
    assert listed != registry
    (languages / "registry.py").write_text(listed, "utf-8")
    program = f"""
import json, sys
from rag.answering.denial import denial_in, may_deny
from rag.answering.expectation import expectation_of
from rag.entities.glossary import find_glosses
from rag.entities.mentions import find_names
from rag.entities.numerals import find_numbers
from rag.formats.metadata import iso_date, language_code
from rag.text.analyser import analyse
from rag.text.language import detect_language
from rag.text.sentences import split_sentences
json.dump({{name: eval(expression) for name, (expression, _) in {EXPRESSIONS!r}.items()}}, sys.stdout)
"""
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, check=True, capture_output=True, encoding="utf-8", timeout=60
    )
    answers: dict[str, Any] = json.loads(found.stdout)
    return answers


@pytest.mark.parametrize("what", EXPRESSIONS)
def test_a_language_is_its_file(what: str, seen: dict[str, Any]) -> None:
    assert seen[what] == EXPRESSIONS[what][1]
