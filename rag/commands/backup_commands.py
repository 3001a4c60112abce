"""``python -m rag backup`` and ``restore``: the index as one file, written and read while a server goes on serving."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.commands.command import Command, Run


def backup(run: Run) -> int:
    """Write the index to one file."""
    from rag.index.backup import backup_index

    size = backup_index(run.settings.index_dir, run.args.file)
    run.out.print(f"Wrote {run.args.file}, {size / 1e6:.1f} MB.")
    return 0


def restore(run: Run) -> int:
    """Put a backup in the place of what the index holds."""
    from rag.index.backup import restore_index
    from rag.index.engines import load_engine

    manifest = restore_index(run.settings.index_dir, run.args.file, load_engine(run.settings))
    run.out.print(f"The index holds {manifest.articles} articles in {manifest.passages} passages.")
    return 0


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup")


COMMANDS = (
    Command(
        "backup",
        "write the index to one file, also while it is served",
        """
        python -m rag backup isnad-2024-05-31.backup
        """,
        _arguments,
        backup,
    ),
    Command(
        "restore",
        "put a backup in the place of what the index holds, also while it is served",
        """
        python -m rag restore isnad-2024-05-31.backup
        """,
        _arguments,
        restore,
    ),
)
