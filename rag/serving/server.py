"""Listening and stopping: a socket taken before anything slow, and an end that lets running answers finish."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from rag.errors import SettingsError
from rag.serving.connections import Bounds, Guarded, log_once_a_minute
from rag.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

GRACE_S: Final = 7.0  # with the last words less than the ten seconds that container engines wait before they kill
KEEP_ALIVE_S: Final = 75  # longer than clients and proxies keep an idle connection: it must not close as they ask
_LAST_WORDS_S: Final = 2.0  # for answers still running after the grace to say so
BACKLOG: Final = 256  # connections not yet taken: also how often asyncio tries in vain when it is out of files
_LISTEN_STATE: Final = "0A"  # in /proc/net/tcp


def listen(settings: Settings) -> socket.socket:
    """The server's socket, bound now, so that a port in use is told before a model is loaded.

    Raises SettingsError naming the port and, where it can be found, the process that holds it.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is: else a response in two
    # writes waits up to 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host.strip("[]"), settings.port))
    except OSError as error:
        listener.close()
        raise _cannot_listen(settings, error) from error
    except OverflowError:
        listener.close()
        raise SettingsError(f"ISNAD_PORT is {settings.port}.", "Choose a port from 0 to 65535.") from None
    return listener


def run(
    app: FastAPI,
    listener: socket.socket,
    settings: Settings,
    grace_s: float = GRACE_S,
    bounds: Bounds | None = None,
) -> None:
    """Serve until stopped. Running answers get ``grace_s`` seconds to finish, then end with an error event.

    ``bounds``: of connections; by default those that this process's limits allow.
    """
    proxies = ProxyHeadersMiddleware(cast("Any", app), list(settings.trusted_proxies)).trusted_hosts
    guarded = partial(Guarded, bounds=bounds or Bounds.within_limits(exempt=proxies.__contains__))
    config = uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", guarded),
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(grace_s + _LAST_WORDS_S),
    )
    with suppress(KeyboardInterrupt):  # raised again by uvicorn once it has stopped in good order
        _Server(config, app.state.site.stop, app.state.site.stopping, grace_s).run(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn's server, which also tells what runs when its time is up, and takes a hang-up for a request to stop."""

    def __init__(
        self, config: uvicorn.Config, stop: Callable[[], None], stopping: threading.Event, grace_s: float
    ) -> None:
        super().__init__(config)
        self._stop = stop
        self._stopping = stopping
        self._grace_s = grace_s

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        asyncio.get_running_loop().set_exception_handler(log_once_a_minute())
        await super().startup(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """While serving, signals come to :meth:`handle_exit`."""
        main = threading.current_thread() is threading.main_thread()
        if not main or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # under nohup it is to be ignored
            with super().capture_signals():
                yield
            return
        before = signal.signal(signal.SIGHUP, self.handle_exit)
        try:
            with super().capture_signals():
                yield
        finally:
            signal.signal(signal.SIGHUP, before)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """On the first signal, start the grace period; a second one ends the process at once, which loses nothing."""
        if self.should_exit:
            end_at_once(sig)
            return
        self._stop()
        timer = threading.Timer(self._grace_s, self._stopping.set)
        timer.daemon = True
        timer.start()
        super().handle_exit(signal.SIGTERM if sig == signal.SIGHUP else sig, frame)


def end_at_once(sig: int) -> None:
    """End as the signal does where nobody handles it: what is written is kept, as when the process is killed."""
    signal.signal(sig, signal.SIG_DFL)
    signal.raise_signal(sig)


def _cannot_listen(settings: Settings, error: OSError) -> SettingsError:
    place = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        holder = holder_of(settings.port)
        by = f" by process {holder}" if holder else ""
        hint = f"Stop it, or choose another port: ISNAD_PORT={settings.port + 1}."
        return SettingsError(f"Port {settings.port} is in use{by}.", hint)
    if error.errno == errno.EACCES:
        return SettingsError(f"Port {settings.port} needs more rights.", "Choose a port above 1023 with ISNAD_PORT.")
    return SettingsError(f"Cannot listen on {place}: {error.strerror or error}.", "Correct ISNAD_HOST and ISNAD_PORT.")


def holder_of(port: int, proc: Path = Path("/proc")) -> str:
    """Number and name of the process that listens on ``port``, or the empty string (Linux, own processes)."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port, proc)}
    for folder in proc.glob("[0-9]*") if sockets else ():
        try:
            if any(str(link.readlink()) in sockets for link in (folder / "fd").iterdir()):
                return f"{folder.name} ({(folder / 'comm').read_text().strip()})"
        except OSError:
            continue
    return ""


def _listening_inodes(port: int, proc: Path) -> set[str]:
    inodes = set()
    for table in ("tcp", "tcp6"):
        try:
            rows = (proc / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in (line.split() for line in rows):
            if row[3] == _LISTEN_STATE and int(row[1].rpartition(":")[2], 16) == port:
                inodes.add(row[9])
    return inodes
