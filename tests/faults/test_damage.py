from __future__ import annotations

from pathlib import Path

from tests.faults.damage import WRONG, run


def test_damage_is_found_or_without_effect(tmp_path: Path) -> None:
    for name, harm, outcomes in run(tmp_path, flips=4, cuts=2, seed=1):
        assert WRONG not in outcomes, (name, harm, outcomes)
        if "store" not in name:  # a generation can always be built again
            assert set(outcomes) <= {"rebuilt", "no effect"}, (name, harm, outcomes)
