"""``python app.py``: the server started from the top of the checkout, with clear ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def start(folder: Path, *arguments: str, **environ: str) -> tuple[int, str]:
    """(exit code, what it wrote on standard error) of a start that must end by itself."""
    done = subprocess.run(
        [sys.executable, ROOT / "app.py", *arguments],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("arguments", "environ", "code", "told"),
    [
        ([], {"ISNAD_PROT": "1"}, 2, "Error: Unknown setting ISNAD_PROT.\nDid you mean ISNAD_PORT?"),
        ([], {"ISNAD_PORT": "x"}, 2, "Error: ISNAD_PORT is 'x', wanted a whole number."),
        (["--host", "0.0.0.0"], {}, 1, "Error: Listening on 0.0.0.0 "),
        (["--prot", "1"], {}, 2, "unrecognized arguments: --prot 1"),
    ],
)
def test_what_stops_the_start_is_told_without_a_traceback(
    tmp_path: Path, arguments: list[str], environ: dict[str, str], code: int, told: str
) -> None:
    ended, said = start(tmp_path, *arguments, **environ)

    assert told in said
    assert "Traceback" not in said
    assert ended == code
