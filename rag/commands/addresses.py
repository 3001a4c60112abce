"""The memory that a process may address, as ``ulimit -v`` limits it."""

from __future__ import annotations

import sys

from rag.errors import LimitError

LEAST = 1_500_000_000  # bytes; with 1.2 GB a model cannot be loaded, with less FAISS ends the process when it is loaded


def require_addresses() -> None:
    """Raises LimitError where the process may not address what the models take."""
    if sys.platform == "win32":
        return  # it knows no such limit
    import resource

    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY and most < LEAST:
        raise LimitError(
            f"This process may address {most / 1e9:.1f} GB of memory, and needs {LEAST / 1e9:.1f}.",
            "Raise the limit: `ulimit -v unlimited`.",
        )
