"""Every measurement in turn: ``python -m bench [../shared/data]``, then ``bench/RESULTS.md`` of all their tables.

Each also runs alone, as its docstring says; ``bench.calibrate``, ``bench.growth``, ``bench.load``, ``bench.memory``,
``bench.models`` and ``bench.unchanged`` only so.
``make bench`` installs the systems that ``bench.peers`` compares with; without them it leaves them out and says so.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.reports import gather

MEASUREMENTS = ("encoder", "ablation", "quality", "peers")


def main(root: str) -> int:
    """Run each in a process of its own, so that none times what another left in memory."""
    if not Path(root).is_dir():
        print(f"There is no folder {root}: give the folder of the evaluation sets.")
        return 2
    status = max(subprocess.run([sys.executable, "-m", f"bench.{name}", root]).returncode for name in MEASUREMENTS)
    print(f"All tables: {gather()}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
