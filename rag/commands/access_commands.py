"""``python -m rag keys`` and ``embeds``: create, list and revoke. A secret is shown once, on standard output."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from rag.commands.command import Command, Run
from rag.commands.console import isolate, write_json
from rag.serving.gate.access import SCOPES, KeyRing
from rag.serving.gate.embeds import DEFAULT_PER_MINUTE, EmbedBook


def keys(run: Run) -> int:
    """Create, list or revoke API keys."""
    ring = KeyRing.open(run.settings.index_dir)
    if run.args.action == "create":
        key, secret = ring.create(run.args.name, run.args.scope)
        run.err.print(
            f"Key {key.id} ({', '.join(key.scopes)}). It is shown this once; send it as: Authorization: Bearer KEY"
        )
        run.out.print(secret)
    elif run.args.action == "revoke":
        ring.revoke(run.args.id)
        run.err.print(f"Key {run.args.id} no longer works.")
    else:
        _show(run, [(key.id, ",".join(key.scopes), key.created, key.name) for key in ring.list()], "no keys")
    return 0


def embeds(run: Run) -> int:
    """Create, list or revoke registrations of the widget."""
    book = EmbedBook.open(run.settings.index_dir)
    if run.args.action == "create":
        embed = book.create(run.args.name, run.args.origin, run.args.per_minute)
        allowed = ", ".join(embed.origins) or "nobody yet: give at least one --origin"
        run.err.print(f"Embed for {allowed}. Its id is public; /widget-demo makes the snippet.")
        run.out.print(embed.id)
    elif run.args.action == "revoke":
        book.revoke(run.args.id)
        run.err.print(f"Embed {run.args.id} no longer works.")
    else:
        rows = [(e.id, f"{e.per_minute}/min", e.created, e.name, " ".join(e.origins) or "nobody") for e in book.list()]
        _show(run, rows, "no embeds")
    return 0


def _show(run: Run, rows: Sequence[Sequence[str]], nothing: str) -> None:
    if run.args.json:
        write_json(run.out, [list(row) for row in rows])
    elif rows:
        for row in rows:
            run.out.print("  ".join(isolate(cell) for cell in row if cell))
    else:
        run.err.print(f"There are {nothing}.")


def _keys_arguments(parser: argparse.ArgumentParser) -> None:
    create = _actions(parser, "key")
    create.add_argument("--scope", action="append", choices=SCOPES, required=True, help="what it may do; repeatable")


def _embeds_arguments(parser: argparse.ArgumentParser) -> None:
    create = _actions(parser, "embed")
    create.add_argument(
        "--origin", action="append", default=[], metavar="ORIGIN",
        help="a site that may show the widget, as https://intra.example; repeatable; none: nobody",
    )  # fmt: skip
    create.add_argument(
        "--per-minute", type=int, default=DEFAULT_PER_MINUTE, metavar="N",
        help="questions a minute of all its visitors together (default: %(default)s)",
    )  # fmt: skip


def _actions(parser: argparse.ArgumentParser, noun: str) -> argparse.ArgumentParser:
    """Add create, list and revoke; returns the parser of ``create``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = actions.add_parser("create", help=f"make a new {noun}")
    create.add_argument("--name", default="", help="a note for the list")
    listing = actions.add_parser("list", help=f"show every {noun}")
    listing.add_argument("--json", action="store_true", help="write JSON")
    revoke = actions.add_parser("revoke", help=f"end the {noun} of that id, at once")
    revoke.add_argument("id", metavar="ID")
    return create


COMMANDS = (
    Command(
        "keys",
        "create, list and revoke API keys",
        """
        python -m rag keys create --scope ask --name newsroom
        python -m rag keys list
        python -m rag keys revoke 1a2b3c4d
        """,
        _keys_arguments,
        keys,
    ),
    Command(
        "embeds",
        "create, list and revoke registrations of the widget",
        """
        python -m rag embeds create --origin https://intra.example --name intranet
        python -m rag embeds list
        """,
        _embeds_arguments,
        embeds,
    ),
)
