"""A web site on loopback that misbehaves on demand: a real HTTP server, one answer a path."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What a path answers. does: instead of the body, writes what it likes to the connection."""

    body: bytes | str = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    does: Callable[[Any], None] | None = None


class WebSite(ThreadingHTTPServer):
    """``pages`` may be changed while it serves; ``asked`` are the requests, in order: the path, and its headers."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, Reply] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that leave are the point of many cases."""


@contextmanager
def web_site() -> Iterator[WebSite]:
    site = WebSite()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.stopping.set()
        site.shutdown()
        site.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: WebSite
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        reply = self.server.pages.get(self.path, Reply("not here", 404))
        self.close_connection = True
        if reply.does:
            reply.does(self)
            return
        tag = reply.headers.get("ETag")
        if tag and self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.end_headers()
            return
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, "Content-Length": str(len(body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def drip(handler: Any) -> None:
    """A byte now and then, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while not handler.server.stopping.wait(0.05):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def drip_head(handler: Any) -> None:
    """Headers without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.server.stopping.wait(0.05):
        handler.wfile.write(b"X: y\r\n")
        handler.wfile.flush()


def silence(handler: Any) -> None:
    """Nothing at all."""
    handler.server.stopping.wait(5)


def hang_up(handler: Any) -> None:
    """The connection closed before the end that was announced."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this")
    handler.wfile.flush()
    time.sleep(0.02)


def gibberish(handler: Any) -> None:
    """No HTTP."""
    handler.wfile.write(b"\0\1\2 this is no answer\r\n\r\n")
