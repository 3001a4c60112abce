"""Every measurement in turn: ``python -m bench [../shared/data]``. Each also runs alone, as its docstring says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MEASUREMENTS = ("encoder", "ablation", "quality")


def main(root: str) -> int:
    """Run each in a process of its own, so that none times what another left in memory."""
    if not Path(root).is_dir():
        print(f"There is no folder {root}: give the folder of the evaluation sets.")
        return 2
    return max(subprocess.run([sys.executable, "-m", f"bench.{name}", root]).returncode for name in MEASUREMENTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
