"""The figures of the README: every development set through the whole program, with default settings.

    python -m bench.quality [../shared/data]

Runs ``python -m rag evaluate`` on each set and writes ``bench/results/quality.md``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.reports import write_report

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


def main(root: Path) -> int:
    """Evaluate and write; the exit status is that of the evaluation."""
    sets = sorted(path.parent for path in root.glob("*/questions.jsonl"))
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "rag", "evaluate", *map(str, sets), "--json", str(output)]
        status = subprocess.run(command).returncode
        if status == 0:
            results = json.loads(output.read_text("utf-8"))
            write_report("quality", "python -m bench.quality ../shared/data", markdown(results))
    return status


def markdown(results: list[dict[str, Any]] | dict[str, Any]) -> str:
    """Sets down, figures across; a figure that a set cannot give is left blank."""
    rows = results if isinstance(results, list) else [results]
    lines = ["| set | " + " | ".join(name for _, name in COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for row in rows:
        values = [row.get(group, {}).get(name) for group, name in COLUMNS]
        cells = ["" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.1f}" for value in values]
        lines.append(f"| {row['dataset']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")))
