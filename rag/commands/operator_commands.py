"""What an operator runs: ``serve`` and ``doctor``."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from itertools import chain

from rag.commands import console
from rag.commands.command import Command, Run
from rag.settings import table


def serve(run: Run) -> int:
    """Serve until stopped, as ``python app.py`` does."""
    from rag.serving.launch import serve

    given = {name: getattr(run.args, name) for name in ("host", "port") if getattr(run.args, name) is not None}
    serve(replace(run.settings, **given), run.report)
    return 0


def doctor(run: Run) -> int:
    """Check everything an answer depends on; 1 when something is wrong."""
    from rag.commands.doctor import examine, mend

    if run.args.settings:
        console.show_settings(run.out, table())
        return 0
    findings = []
    mended = mend(run.settings) if run.args.repair else ()
    for finding in chain(mended, examine(lambda: run.settings)):
        findings.append(finding)
        if not run.args.json:
            console.show_finding(run.out, finding)
    if run.args.json:
        console.write_json(run.out, [asdict(finding) for finding in findings])
    return int(any(finding.state == "problem" for finding in findings))


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (default: ISNAD_HOST, or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: ISNAD_PORT, or 7860)")


def _doctor_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="first mend what is damaged, encoding nothing")
    parser.add_argument("--settings", action="store_true", help="only list the settings, their defaults and meanings")
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")


COMMANDS = (
    Command(
        "serve",
        "serve the chat, the API and the widget",
        """
        python -m rag serve
        python -m rag serve --port 8000
        """,
        _serve_arguments,
        serve,
    ),
    Command(
        "doctor",
        "check settings, disk, model, index and endpoint; say what is wrong and the cure",
        """
        python -m rag doctor
        python -m rag doctor --settings
        python -m rag doctor --repair
        """,
        _doctor_arguments,
        doctor,
    ),
)
