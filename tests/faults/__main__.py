"""The long form of the fault tests.

::

    python -m tests.faults kill --runs 500
    python -m tests.faults damage --flips 200 --cuts 100
    python -m tests.faults serving --changes 50 --questions 1000
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from tests.fakes import HashEncoder
from tests.faults import damage, kill, serving
from tests.storage import MEMORY


def main() -> None:
    """Run one harness and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.splitlines()[0])
    parser.add_argument("harness", choices=["kill", "damage", "serving"])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--changes", type=int, default=50)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    logging.disable()
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        if given.harness == "kill":
            _kill(Path(folder), given.runs, given.seed)
        elif given.harness == "serving":
            done = serving.run(Path(folder), given.changes, given.questions, HashEncoder())
            print(f"{', '.join(f'{count} {what}' for what, count in done.items())}: 0 errors, each from one generation")
        else:
            for name, harm, outcomes in damage.run(Path(folder), given.flips, given.cuts, given.seed):
                print(f"{name:30} {harm:5} {', '.join(f'{count} {what}' for what, count in outcomes.most_common())}")


def _kill(folder: Path, runs: int, seed: int) -> None:
    table: dict[str, Counter[str]] = defaultdict(Counter)
    kill.run_series(folder, runs, seed, lambda action, step: table[action].update([step]))
    print(f"{runs} runs, seed {seed}: nothing committed lost, nothing mixed, every next run complete")
    for action, steps in table.items():
        print(f"\n{action}, killed {sum(steps.values())} times")
        print("  " + ", ".join(f"{step} {count}" for step, count in steps.most_common()))


if __name__ == "__main__":
    main()
