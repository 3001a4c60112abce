from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.faults.kill import ACTIONS

ROOT = Path(__file__).resolve().parents[2]


def test_killed_at_any_moment_nothing_is_lost() -> None:
    # by the command, since each victim begins by importing the main module: here that would be pytest's
    command = [sys.executable, "-m", "tests.faults", "kill", "--runs", str(3 * len(ACTIONS)), "--seed", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert "nothing committed lost" in done.stdout
    assert all(f"{action}, killed 3 times" in done.stdout for action in ACTIONS)
