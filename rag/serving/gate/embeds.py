"""Embeds: the widget's registrations. A public id that may ask questions from an exact list of origins, no more.

An id is no secret: what guards it is the browser's ``Origin``, its own quota, and that it reaches nothing but the
routes under ``/embed/{id}``. An empty list lets nobody in.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import AccessError, NotFoundError
from rag.serving.gate.ledger import Ledger, Row

EMBEDS_FILE = "embeds.json"
DEFAULT_PER_MINUTE = 60  # a cautious guess; `embeds create --per-minute` sets another
_ORIGIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Embed:
    """One registration. ``per_minute`` is its quota of questions over all visitors."""

    id: str
    name: str
    origins: tuple[str, ...]
    per_minute: int
    created: str

    def admits(self, origin: str) -> bool:
        """True for an origin of the list, character by character."""
        return origin in self.origins


class EmbedBook:
    """The registrations of one installation, kept in its index folder."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @classmethod
    def open(cls, index_dir: Path) -> EmbedBook:
        """The book kept in ``index_dir``; nothing is created before the first embed."""
        return cls(Ledger(index_dir / EMBEDS_FILE))

    def create(self, name: str, origins: Sequence[str], per_minute: int = DEFAULT_PER_MINUTE) -> Embed:
        """Register a site. Raises AccessError for anything that is not an exact origin."""
        listed = tuple(dict.fromkeys(exact_origin(origin) for origin in origins))
        created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        embed = Embed(secrets.token_hex(12), name, listed, max(1, per_minute), created)
        row = {
            "id": embed.id,
            "name": name,
            "origins": list(listed),
            "per_minute": embed.per_minute,
            "created": created,
        }
        self._ledger.change(lambda rows: [*rows, row])
        return embed

    def list(self) -> list[Embed]:
        """Every embed, oldest first."""
        return [_embed_of(row) for row in self._ledger.rows()]

    def get(self, embed_id: str) -> Embed:
        """The embed of an id. Raises NotFoundError when it does not exist or was revoked."""
        for row in self._ledger.rows():
            if row["id"] == embed_id:
                return _embed_of(row)
        raise NotFoundError("There is no such embed.", "`python -m rag embeds list` shows them.")

    def revoke(self, embed_id: str) -> None:
        """Remove an embed; it stops working at once. Raises NotFoundError when there is none."""
        self.get(embed_id)
        self._ledger.change(lambda rows: [row for row in rows if row["id"] != embed_id])


def exact_origin(text: str) -> str:
    """``scheme://host[:port]`` in lower case, without a default port. Raises AccessError for anything else."""
    origin = text.strip().lower().removesuffix("/")
    if not _ORIGIN.fullmatch(origin):
        raise AccessError(f"{text!r} is not an origin.", "Write it as https://intra.example or http://localhost:8000.")
    scheme, _, rest = origin.partition("://")
    return f"{scheme}://{rest.removesuffix(':443' if scheme == 'https' else ':80')}"


def _embed_of(row: Row) -> Embed:
    return Embed(row["id"], row["name"], tuple(row["origins"]), row["per_minute"], row["created"])
