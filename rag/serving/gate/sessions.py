"""Sessions: who signed in on the sign-in page. A random token in a cookie stands for the key, which stays out of it.

They live in memory: a restart signs everyone out, and a revoked key ends its sessions at once, since each request
looks the key up again.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

SIGN_IN: Final = "/sign-in"  # the page's path
SESSION_COOKIE: Final = "isnad_session"
LIFETIME_S: Final = 12 * 3600  # a working day
KEPT: Final = 10_000  # a bound on memory: about 2 MB


class Sessions:
    """Token to key id. Thread-safe; ``clock`` gives seconds and never runs backwards."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, kept: int = KEPT) -> None:
        self._clock = clock
        self._kept = kept
        self._lock = threading.Lock()
        self._open: OrderedDict[str, tuple[str, float]] = OrderedDict()  # by digest, so that lookups leak no token

    def begin(self, key_id: str) -> str:
        """The token of a new session; the oldest sessions end when there are too many."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._open[_digest(token)] = key_id, self._clock() + LIFETIME_S
            while len(self._open) > self._kept:
                self._open.popitem(last=False)
        return token

    def key_id(self, token: str) -> str:
        """Whose session it is; empty where there is none, or none any more."""
        with self._lock:
            key_id, ends = self._open.get(_digest(token), ("", 0.0))
        return key_id if self._clock() < ends else ""

    def reader(self, cookies: Mapping[str, str]) -> str:
        """The key id of whoever sends these cookies; empty for nobody."""
        return self.key_id(cookies.get(SESSION_COOKIE, ""))

    def end(self, token: str) -> None:
        """Sign out."""
        with self._lock:
            self._open.pop(_digest(token), None)


def sign_in_address(path: str) -> str:
    """Where to sign in and come back to ``path``."""
    return f"{SIGN_IN}?{urlencode({'to': path})}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
