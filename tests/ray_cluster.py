"""A Ray cluster on this machine, of a head that does no work and two workers of one core each.

``python -m tests.ray_cluster`` writes its address and keeps it up until its standard input ends.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

WORKERS = 2


@contextmanager
def ray_cluster() -> Iterator[str]:
    """The address of a cluster in processes of its own."""
    command = [sys.executable, "-m", "tests.ray_cluster"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()  # leaving closes its input and waits


def main() -> None:
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    for _ in range(WORKERS):
        cluster.add_node(num_cpus=1)
    print(cluster.address, flush=True)
    sys.stdin.read()
    cluster.shutdown()


if __name__ == "__main__":
    main()
