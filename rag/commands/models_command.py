"""``python -m rag models``: fetch what the settings or arguments name, and tell what the settings need installed."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.commands.command import Command, Run
from rag.commands.console import isolate, printable


def models(run: Run) -> int:
    """Fetch models, or tell what the settings need."""
    if run.args.action == "needs":
        return _needs(run)
    return _fetch(run)


def _needs(run: Run) -> int:
    from rag.encoding.fetching import wanted_extras

    for extra, why in wanted_extras(run.settings):
        run.out.print(f"{extra} {printable(why)}", soft_wrap=True, markup=False, highlight=False)
    return 0


def _fetch(run: Run) -> int:
    from rag.encoding.fetching import chosen_models, download, look_up

    named = run.args.name or list(chosen_models(run.settings).values())
    wanted = [name for name in dict.fromkeys(named) if not Path(name).expanduser().is_dir()]
    if not wanted:
        run.err.print("Nothing to fetch: the settings name no model of the hub.")
    backend = run.settings.backend
    found = [look_up(name, backend) for name in wanted]
    for model in found:
        size, licence = f"{model.size / 2**20:,.0f} MB", model.licence or "no licence named"
        run.out.print(isolate(f"{model.name}: {size} in {len(model.files)} files, licence: {licence}"))
    for model in found:
        run.out.print(isolate(f"{model.name} lies in {download(model)}"), soft_wrap=True)
    if found:
        run.out.print("From now on it works without a network (HF_HUB_OFFLINE=1).")
    return 0


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    fetch = actions.add_parser("fetch", help="download models from the hub of Hugging Face, to be used offline")
    fetch.add_argument("name", nargs="*", metavar="NAME", help="OWNER/MODEL; those that the settings name by default")
    actions.add_parser("needs", help="what the settings need installed besides requirements-light.txt, and why")


MODELS = Command(
    "models",
    "fetch the models that settings or arguments name; nothing else downloads any",
    """
    python -m rag models fetch                                  those of ISNAD_ENCODER, ISNAD_READER, ISNAD_RERANKER
    python -m rag models fetch deepset/xlm-roberta-base-squad2
    python -m rag models needs
    """,
    _arguments,
    models,
)
