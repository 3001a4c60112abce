"""Connections: how many there may be, and how long one may take to say what it wants.

uvicorn's protocol has no deadline for a request's head, for what is left of a body once it was answered, or for a
reader who takes nothing; nor a bound for one address. Where there are too many, the one goes that has asked for
nothing the longest, so that whoever holds many closes his own.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from rag.serving.gate.visit import address_of
from rag.serving.schemas.errors import error_body

logger = logging.getLogger(__name__)

TOLD_EVERY_S: Final = 60.0  # one line a minute: a log that fills the disk stops more than the attack does
_OUT_OF = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_FULL = json.dumps(error_body("", 503, "busy", "Too many connections.", "Close some, or come back in 5 s.")).encode()
_REFUSAL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 5\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(_FULL), _FULL)
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """``total`` connections, and ``each`` of one address; proxies, named by ``exempt``, hold those of many readers.

    Seconds: ``head`` for the head of a request and for the rest of a body that was answered before it was there,
    ``stall`` for a reader to take some of what is sent.
    """

    total: int = 1000
    each: int = 256  # a newsroom behind one address, with two connections for an open chat
    head: float = 5.0
    stall: float = 30.0
    exempt: Callable[[str | None], bool] = lambda address: False

    @classmethod
    def within_limits(cls, exempt: Callable[[str | None], bool]) -> Bounds:
        """At most half of the files that this process may open: the index and its readers need the others."""
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return cls(total=max(16, min(cls().total, soft // 2)), exempt=exempt)


class Guarded(H11Protocol):
    """One connection, within ``bounds``."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        bounds: Bounds,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._bounds = bounds
        self._ends: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._waits_since = self.loop.time()
        self._address = ""

    @property
    def _working(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, and make room for it."""
        super().connection_made(transport)
        self._address = address_of({"client": self.client})
        self._watch()
        if len(self.connections) > min(self._bounds.total, self._bounds.each):
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Take some of a request."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """A request is answered: the next may take its time, but not what has begun."""
        self._waits_since = self.loop.time()
        super().on_response_complete()
        if self.conn.their_state is not h11.IDLE or self.conn.trailing_data[0]:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        super().connection_lost(exc)
        self._forget_deadline()
        if self._stalled:
            self._stalled.cancel()

    def pause_writing(self) -> None:
        """The reader takes less than he is sent."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self._bounds.stall, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader has taken most of it."""
        super().resume_writing()
        if self._stalled:
            self._stalled.cancel()

    def _watch(self) -> None:
        """A deadline while the client is to send something, none while the server is."""
        if self._working:
            self._forget_deadline()
        elif self._ends is None:
            self._ends = self.loop.call_later(self._bounds.head, self.transport.abort)

    def _forget_deadline(self) -> None:
        if self._ends:
            self._ends.cancel()
            self._ends = None

    def _make_room(self) -> None:
        exempt = self._bounds.exempt(self.client[0] if self.client else None)
        for most, own in ((self._bounds.each, True), (self._bounds.total, False)):
            everyone = [each for each in self.connections if isinstance(each, Guarded)]
            crowd = [each for each in everyone if each._address == self._address] if own else everyone
            if len(crowd) > most and not (own and exempt) and self in everyone:
                min((each for each in crowd if not each._working), key=lambda each: each._waits_since)._give_way(self)

    def _give_way(self, newcomer: Guarded) -> None:
        """Close; a newcomer among none but working ones is told why."""
        self.connections.discard(self)
        if self is newcomer:
            self.transport.write(_REFUSAL)
            self.transport.close()
        else:
            self.transport.abort()


def log_once_a_minute(clock: Callable[[], float] = time.monotonic) -> Callable[..., None]:
    """A handler for the loop's own errors: out of files, it says so once a minute, and not at every try."""
    told: dict[int, float] = {}

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not (isinstance(error, OSError) and error.errno in _OUT_OF):
            loop.default_exception_handler(context)
        elif clock() - told.get(error.errno, -TOLD_EVERY_S) >= TOLD_EVERY_S:
            told[error.errno] = clock()
            logger.error("No connection can be taken: %s. Raise `ulimit -n` (LimitNOFILE).", error.strerror)

    return handle
