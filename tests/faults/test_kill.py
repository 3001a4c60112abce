from __future__ import annotations

from pathlib import Path

from tests.faults.kill import ACTIONS, run_series


def test_killed_at_any_moment_nothing_is_lost(tmp_path: Path) -> None:
    seen: list[str] = []
    run_series(tmp_path, runs=2 * len(ACTIONS), seed=1, tell=lambda action, step: seen.append(action))
    assert set(seen) == set(ACTIONS)
