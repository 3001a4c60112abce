"""One request on its way through the gate, and its response on the way out."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

from rag.serving import telemetry
from rag.serving.gate.bodies import BodyMeter, too_large
from rag.serving.gate.embeds import Embed
from rag.serving.gate.headers import inline_script_hashes, preflight, secure, share
from rag.serving.gate.rules import Rule
from rag.serving.schemas.errors import Rejection, error_response

_UNMATCHED = Rule("none", "", "", None, "page")


@dataclass
class Visit:
    """One request on its way through the gate."""

    method: str
    path: str
    headers: Headers
    address: str
    rule: Rule = _UNMATCHED
    embed: Embed | None = None
    caller: str = ""
    known: bool = False  # by a key, or by being on this machine where none is needed
    status: int = 0
    code: str = ""  # of the error where the gate refused
    started: float = field(default_factory=time.perf_counter)
    query: str = ""

    @property
    def target(self) -> str:
        """Its path and what follows the question mark, which whoever signs in comes back to."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def origin(self) -> str:
        """The page that asks, as its browser tells it."""
        return self.headers.get("origin", "")

    @property
    def is_preflight(self) -> bool:
        """True for a browser's question before a request from another origin."""
        return self.method == "OPTIONS" and "access-control-request-method" in self.headers

    def is_cross_site(self) -> bool:
        """True where a page of another origin sent this."""
        fetch_site = self.headers.get("sec-fetch-site")
        if fetch_site:
            return fetch_site not in ("same-origin", "none")
        return bool(self.origin) and self.origin.partition("://")[2] != self.headers.get("host", "")


class Outbox:
    """Sends the response with its headers set; a page's inline scripts are hashed before they leave."""

    def __init__(self, visit: Visit, send: Send) -> None:
        self._visit = visit
        self._send = send
        self._held: Message | None = None
        self._page = bytearray()
        self.meter: BodyMeter | None = None
        self.started = False
        self._replaced = False

    async def __call__(self, message: Message) -> None:
        """Send one message of the response."""
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            if self.meter and self.meter.exceeded and message["status"] != 413:
                await self._replace(too_large(self.meter.limit))
                return
            self._visit.status = message["status"]
            if self._visit.rule.policy == "chat" and _is_html(message):
                self._held = message
                return
            await self._begin(message, "")
        elif self._held is not None:
            await self._hold(message)
        else:
            await self._send(message)

    async def _replace(self, refusal: Rejection) -> None:
        """Say what is wrong in the place of an inner application that hides it behind an error of its own."""
        await error_response(self._visit.path, refusal)({"type": "http"}, _nothing, self)
        self._replaced = True

    async def _hold(self, message: Message) -> None:
        self._page += message.get("body", b"")
        if not message.get("more_body"):
            start, self._held = self._held, None
            assert start is not None
            await self._begin(start, inline_script_hashes(bytes(self._page)))
            await self._send({**message, "body": bytes(self._page)})

    async def _begin(self, message: Message, hashes: str) -> None:
        headers = MutableHeaders(scope=message)
        secure(headers, self._visit.rule.policy, self._visit.embed, hashes)
        if self._visit.embed:
            share(headers, self._visit.embed, self._visit.origin)
            if self._visit.is_preflight and message["status"] == 204:
                preflight(headers, self._visit.rule.methods)
        headers["X-Request-Id"] = telemetry.request_id.get()
        self.started = True
        await self._send(message)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _is_html(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")


def address_of(scope: Scope) -> str:
    """The caller's address; an IPv6 caller owns its whole /64."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
