"""The figures of the README: every development set through the whole program, with default settings.

    python -m bench.quality [../shared/data [../shared/train]]

Runs ``python -m rag evaluate`` on each set, less the questions the reader was trained on (``../shared/train`` tells
which), over all of the set's articles. Writes ``bench/results/quality.md``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.reports import write_report
from training.examples import spent

COLUMNS = (
    ("retrieval", "recall@1"),
    ("retrieval", "mrr@10"),
    ("retrieval", "map"),
    ("answers", "hit"),
    ("answers", "f1"),
    ("answers", "citation_exact"),
    ("refusal", "hallucination_rate"),
    ("refusal", "error_rate"),
    ("latency_ms", "p50"),
    ("latency_ms", "p95"),
    ("index", "passages_per_s"),
)


def main(root: Path, train: Path) -> int:
    """Evaluate and write; the exit status is that of the evaluation."""
    known = spent(train)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        sets = [unspent(path.parent, known, folder) for path in sorted(root.glob("*/questions.jsonl"))]
        output = folder / "figures.json"
        command = [sys.executable, "-m", "rag", "evaluate", *map(str, sets), "--json", str(output)]
        status = subprocess.run(command).returncode
        if status == 0:
            results = json.loads(output.read_text("utf-8"))
            write_report("quality", "python -m bench.quality ../shared/data ../shared/train", markdown(results))
    return status


def unspent(given: Path, known: frozenset[str], scratch: Path) -> Path:
    """A set of the same name and articles under ``scratch`` without the ``known`` questions, in whatever language."""
    made = scratch / given.name
    made.mkdir()
    (made / "articles.jsonl").symlink_to((given / "articles.jsonl").resolve())
    lines = (given / "questions.jsonl").read_text("utf-8").splitlines()
    kept = [line for line in lines if json.loads(line)["id"].split("-")[-1] not in known]
    (made / "questions.jsonl").write_text("\n".join(kept) + "\n", "utf-8")
    return made


def markdown(results: list[dict[str, Any]] | dict[str, Any]) -> str:
    """Sets down, figures across; a figure that a set cannot give is left blank."""
    rows = results if isinstance(results, list) else [results]
    heads = ("set", "questions", *(name for _, name in COLUMNS))
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for row in rows:
        values = [row.get(group, {}).get(name) for group, name in COLUMNS]
        cells = ["" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.1f}" for value in values]
        lines.append(f"| {row['dataset']} | {row['questions']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    data, *train = map(Path, sys.argv[1:] or ["../shared/data"])
    sys.exit(main(data, train[0] if train else data.parent / "train"))
