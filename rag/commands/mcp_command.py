"""``python -m rag mcp``: the Model Context Protocol server over standard input and output, for desktop clients."""

from __future__ import annotations

import argparse

from rag.commands.command import Command, Run


def mcp(run: Run) -> int:
    """Serve until the client closes standard input."""
    from rag.serving.routes.mcp import build_mcp

    build_mcp(run.assistant()).run("stdio")
    return 0


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    pass


MCP = Command(
    "mcp",
    "offer ask, search and read_article to a Model Context Protocol client (over HTTP: serve, at /mcp)",
    """
    python -m rag mcp
    """,
    _no_arguments,
    mcp,
)
