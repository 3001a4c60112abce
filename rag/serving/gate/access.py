"""API keys: who may do what. 256-bit secrets, shown once, stored as SHA-256, compared in constant time.

A slow hash would add nothing: the secrets are random, not chosen. Programs send a key in the ``Authorization`` header
only (``Bearer KEY``); a reader types it once, on the page of :mod:`rag.serving.routes.sign_in`.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from rag.errors import AccessError, NotFoundError
from rag.serving.gate.ledger import Ledger, Row

Scope = Literal["ask", "ingest", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
KEYS_FILE = "keys.json"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as listed: everything but its secret. ``created`` is an ISO date and time in UTC."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created: str

    def reaches(self, scope: Scope) -> bool:
        """True where the key may do what ``scope`` guards; ``admin`` may do everything."""
        return scope in self.scopes or "admin" in self.scopes


class KeyRing:
    """The keys of one installation, kept in its index folder."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @classmethod
    def open(cls, index_dir: Path) -> KeyRing:
        """The ring kept in ``index_dir``; nothing is created before the first key."""
        return cls(Ledger(index_dir / KEYS_FILE))

    def __bool__(self) -> bool:
        return bool(self._ledger.rows())

    def create(self, name: str, scopes: Sequence[Scope]) -> tuple[Key, str]:
        """A new key and its secret, which is stored nowhere. Raises AccessError without a known scope."""
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown or not scopes:
            raise AccessError(f"No such scope: {unknown or 'none given'}.", f"Choose among {', '.join(SCOPES)}.")
        created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        key = Key(secrets.token_hex(4), name, tuple(dict.fromkeys(scopes)), created)
        secret = f"isnad_{key.id}_{secrets.token_urlsafe(32)}"
        row = {"id": key.id, "name": name, "scopes": list(key.scopes), "created": created, "sha256": _digest(secret)}
        self._ledger.change(lambda rows: [*rows, row])
        return key, secret

    def list(self) -> list[Key]:
        """Every key, oldest first."""
        return [_key_of(row) for row in self._ledger.rows()]

    def revoke(self, key_id: str) -> None:
        """Remove a key; it stops working at once. Raises NotFoundError when there is none."""
        if key_id not in {row["id"] for row in self._ledger.rows()}:
            raise NotFoundError(f"There is no key {key_id!r}.", "`python -m rag keys list` shows them.")
        self._ledger.change(lambda rows: [row for row in rows if row["id"] != key_id])

    def get(self, key_id: str) -> Key | None:
        """The key of an id, None when there is none or it was revoked."""
        return next((key for key in self.list() if key.id == key_id), None)

    def find(self, secret: str) -> Key | None:
        """The key of ``secret``. Every stored key is compared, so that timing tells nothing."""
        given, found = _digest(secret), None
        for row in self._ledger.rows():
            if hmac.compare_digest(row["sha256"], given):
                found = _key_of(row)
        return found


def bearer_key(header: str) -> str:
    """The key in an ``Authorization`` header; empty where there is none."""
    kind, _, value = header.strip().partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


def is_loopback(host: str) -> bool:
    """True where only this machine can reach a server that listens on ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def require_keys(host: str, keys: KeyRing, insecure: bool) -> None:
    """Raise AccessError where others could reach the server and no key would stop them."""
    if not (is_loopback(host) or insecure or keys):
        raise AccessError(
            f"Listening on {host} would let anyone on the network in.",
            "Create a key with `python -m rag keys create --scope ask`, or set ISNAD_INSECURE=true to accept that.",
        )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key_of(row: Row) -> Key:
    return Key(row["id"], row["name"], tuple(row["scopes"]), row["created"])
