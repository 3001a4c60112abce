"""Where measurements land: a Markdown file with its command, date, commit and machine."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
PICTURE = re.compile(r"\]\(([\w-]+\.svg)\)")


def write_report(name: str, command: str, body: str) -> Path:
    """``bench/results/NAME.md``: the table under the line that says how to make it again."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.md"
    path.write_text(f"`{command}`\n\n{date.today().isoformat()}, commit {commit()}, {machine()}\n\n{body}\n", "utf-8")
    return path


def gather() -> Path:
    """``bench/RESULTS.md``: what every measurement last wrote, under its name."""
    reports = {path.stem: path.read_text("utf-8").strip() for path in sorted(RESULTS.glob("*.md"))}
    bodies = {name: PICTURE.sub(rf"]({RESULTS.name}/\1)", body) for name, body in reports.items()}
    sections = [f"## {name.replace('_', ' ').capitalize()}\n\n{body}\n" for name, body in bodies.items()]
    path = RESULTS.parent / "RESULTS.md"
    path.write_text("\n".join(["# Measured\n", *sections]), "utf-8")
    return path


def commit() -> str:
    """The short hash of what is checked out."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def machine() -> str:
    """Processor, cores and Python."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"
