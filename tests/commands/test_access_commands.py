"""Keys and embeds from the command line."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from rag.commands.access_commands import COMMANDS
from rag.commands.command import Run
from rag.errors import AccessError, NotFoundError
from rag.serving.gate.access import KeyRing
from rag.serving.gate.embeds import EmbedBook

PARSERS = {command.name: argparse.ArgumentParser() for command in COMMANDS}
for command in COMMANDS:
    command.add_arguments(PARSERS[command.name])


def said(monkeypatch: pytest.MonkeyPatch, folder: Path, line: str) -> tuple[str, str]:
    """(standard output, standard error) of one command line."""
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(folder))
    name, *rest = line.split()
    out, err = (Console(file=io.StringIO(), soft_wrap=True) for _ in range(2))
    run = next(command.run for command in COMMANDS if command.name == name)
    assert run(Run(PARSERS[name].parse_args(rest), out, err)) == 0
    return out.file.getvalue(), err.file.getvalue()  # type: ignore[attr-defined]


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret, told = said(monkeypatch, tmp_path, "keys create --scope ask --scope ingest --name newsroom")
    ring = KeyRing.open(tmp_path)
    key = ring.find(secret.strip())
    assert key is not None
    assert (key.scopes, key.name) == (("ask", "ingest"), "newsroom")
    assert "shown this once" in told

    listed, _ = said(monkeypatch, tmp_path, "keys list")
    assert key.id in listed
    assert secret.strip() not in listed
    assert json.loads(said(monkeypatch, tmp_path, "keys list --json")[0])[0][0] == key.id

    said(monkeypatch, tmp_path, f"keys revoke {key.id}")
    assert ring.find(secret.strip()) is None
    assert said(monkeypatch, tmp_path, "keys list")[1] == "There are no keys.\n"


def test_an_embed_is_made_for_exact_origins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made, _ = said(monkeypatch, tmp_path, "embeds create --origin https://Intra.example:443/ --per-minute 7")
    embed = EmbedBook.open(tmp_path).get(made.strip())
    assert (embed.origins, embed.per_minute) == (("https://intra.example",), 7)
    assert "https://intra.example" in said(monkeypatch, tmp_path, "embeds list")[0]

    said(monkeypatch, tmp_path, f"embeds revoke {embed.id}")
    with pytest.raises(NotFoundError):
        EmbedBook.open(tmp_path).get(embed.id)


def test_an_embed_without_origins_says_that_it_serves_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "nobody yet" in said(monkeypatch, tmp_path, "embeds create")[1]


@pytest.mark.parametrize("line", ["keys revoke none", "embeds revoke none"])
def test_what_is_not_there_cannot_be_revoked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str) -> None:
    with pytest.raises(NotFoundError):
        said(monkeypatch, tmp_path, line)


@pytest.mark.parametrize(
    "origin", ["*", "https://*.example", "null", "intra.example", "https://a.example/path", "file://x", "https://a b"]
)
def test_wildcards_and_paths_are_no_origins(tmp_path: Path, origin: str) -> None:
    with pytest.raises(AccessError, match="is not an origin"):
        EmbedBook.open(tmp_path).create("x", [origin])
