"""The one gate every request passes: rule, host, origin, key or embed, rate, size, place; then headers on the way out.

A pure ASGI middleware around the whole application, Gradio's included, reading the table in
:mod:`rag.serving.gate.rules`. What is refused here costs nothing further in.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from contextlib import nullcontext
from functools import partial
from http.client import responses
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.serving import telemetry
from rag.serving.gate.access import Key, bearer_key, is_loopback
from rag.serving.gate.access import Scope as KeyScope
from rag.serving.gate.attendance import while_present
from rag.serving.gate.bodies import JSON_BYTES, MEGABYTE, TEXTS_BYTES, too_large
from rag.serving.gate.embeds import Embed
from rag.serving.gate.rules import Match, find_rule
from rag.serving.gate.sessions import SESSION_COOKIE, sign_in_address
from rag.serving.gate.visit import Outbox, Visit, address_of
from rag.serving.schemas.errors import Rejection, error_response, rejection_of, stopping

if TYPE_CHECKING:
    from rag.serving.site import Site

_REQUEST_ID = re.compile(r"[\w-]{1,64}")
FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Gate:
    """The middleware. ``site`` holds keys, embeds, rates, places and meters."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = Visit(scope["method"], scope["path"], Headers(scope=scope), address_of(scope))
        visit.query = scope.get("query_string", b"").decode("latin-1")
        given = visit.headers.get("x-request-id", "")
        token = telemetry.request_id.set(given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8))
        out = Outbox(visit, send)
        try:
            await self._admit_and_run(visit, scope, receive, out)
        except asyncio.CancelledError:  # the server's time is up: uvicorn would say so in words of its own
            await self._refuse(stopping(), visit, scope, receive, out)
        except Exception as error:  # noqa: BLE001  the edge: every failure becomes an answer
            await self._refuse(error, visit, scope, receive, out)
        finally:
            self._record(visit)
            telemetry.request_id.reset(token)

    async def _admit_and_run(self, visit: Visit, scope: Scope, receive: Receive, out: Outbox) -> None:
        method = visit.headers["access-control-request-method"] if visit.is_preflight else visit.method
        match = find_rule(method, visit.path)
        visit.rule = match.rule
        self._admit(visit, match)
        if visit.is_preflight:
            await Response(status_code=204)(scope, receive, out)
            return
        self._spend(visit)
        scope["known_caller"] = visit.known
        with self._site.bodies.reading(visit.address, receive, self._body_limit(visit)) as meter:
            out.meter = meter
            if visit.rule.body in ("none", "upload"):
                await self._app(scope, meter, out)
                return
            body = await meter.whole()
            async with self._site.slots.place() if visit.rule.slot else nullcontext():
                await while_present(partial(self._app, scope), body, receive, out)

    def _admit(self, visit: Visit, match: Match) -> None:
        if match.rule.embed:
            visit.embed = self._site.embeds.get(match.embed_id)
            visit.caller = f"embed:{visit.embed.id}:{visit.address}"
            self._check_embed_origin(visit, visit.embed)
            return
        if visit.is_preflight:
            raise Rejection(403, "cross_origin", "Other sites may not use this route.", "Register an embed for them.")
        key, ambient = self._key_of(visit)
        visit.caller = f"key:{key.id}" if key else f"address:{visit.address}"
        visit.known = key is not None or self._why_not_without_key(visit) is None
        if visit.rule.scope is not None:
            self._admit_key(visit, key, visit.rule.scope)
        if ambient and visit.method in _UNSAFE and visit.is_cross_site():
            raise Rejection(403, "cross_origin", "A page of another site sent this.", "Send the key as a Bearer token.")

    def _key_of(self, visit: Visit) -> tuple[Key | None, bool]:
        """The caller's key, and whether a browser may have sent the request of its own accord."""
        keys = self._site.keys
        secret = bearer_key(visit.headers.get("authorization", ""))
        if not secret or not keys:
            session = cookie_parser(visit.headers.get("cookie", "")).get(SESSION_COOKIE, "")
            return keys.get(self._site.sessions.key_id(session)), True
        key = keys.find(secret)
        if key is None and visit.rule.scope is not None:
            self._site.rates.spend("wrong_key", visit.address)
            raise _unauthorised(visit, "This key is not known.")
        return key, False

    def _admit_key(self, visit: Visit, key: Key | None, scope: KeyScope) -> None:
        if key is None:
            self._admit_without_key(visit)
        elif not key.reaches(scope):
            hint = f"Create one with `python -m rag keys create --scope {scope}`."
            raise Rejection(403, "scope_missing", f"This key lacks the scope {scope!r}.", hint)

    def _admit_without_key(self, visit: Visit) -> None:
        if refusal := self._why_not_without_key(visit):
            raise refusal

    def _why_not_without_key(self, visit: Visit) -> Rejection | None:
        site = self._site
        if site.keys or not site.open_without_keys:
            return _unauthorised(visit, "A key is needed.")
        if site.settings.insecure:
            return None
        # Behind a proxy every reader comes from loopback: revoking the last key must not let them all in.
        if site.settings.trusted_proxies or any(name in visit.headers for name in FORWARDING):
            return _unauthorised(visit, "A key is needed behind a proxy.")
        # A page of another site can reach a loopback server under a name of its own: only known names are answered.
        if not self._is_own_name(_host_name(visit.headers.get("host", ""))):
            return Rejection(421, "unknown_host", "This host name is not served.", "Add it to ISNAD_ALLOWED_HOSTS.")
        return None

    def _is_own_name(self, host: str) -> bool:
        settings = self._site.settings
        return is_loopback(host) or host in (settings.host, *settings.allowed_hosts)

    def _check_embed_origin(self, visit: Visit, embed: Embed) -> None:
        """Pages of the embed's origins may ask, and this server's own: under a name that is known to be its own."""
        host = visit.headers.get("host", "")
        listed = any(origin.partition("://")[2] == host for origin in embed.origins)
        own = visit.headers.get("sec-fetch-site") == "same-origin" and (listed or self._is_own_name(_host_name(host)))
        if visit.rule.policy == "frame":  # a navigation has no Origin; frame-ancestors guards it
            allowed = True
        elif visit.origin:
            allowed = embed.admits(visit.origin) or (own and visit.origin.partition("://")[2] == host)
        else:
            allowed = own
        if not (allowed and embed.origins):
            shown = visit.origin or "a page without an origin"
            hint = (
                "Add the origin with `python -m rag embeds create --origin`, this server's name to ISNAD_ALLOWED_HOSTS."
            )
            raise Rejection(403, "origin_not_allowed", f"This embed does not serve {shown[:200]}.", hint)

    def _spend(self, visit: Visit) -> None:
        self._site.rates.spend(visit.rule.budget, visit.caller)
        # Last, so that one visitor who is over his own quota cannot use up everyone's.
        if visit.embed and visit.rule.budget == "ask":
            self._site.rates.spend("ask", f"embed:{visit.embed.id}", visit.embed.per_minute)

    def _body_limit(self, visit: Visit) -> int:
        upload = self._site.settings.max_upload_mb * MEGABYTE
        limit = {"none": 0, "json": JSON_BYTES, "texts": TEXTS_BYTES, "upload": upload}[visit.rule.body]
        declared = visit.headers.get("content-length", "0")
        if not declared.isdecimal():
            raise Rejection(400, "bad_request", "Content-Length is not a number.")
        if int(declared) > limit:
            raise too_large(limit)
        return limit

    async def _refuse(self, error: Exception, visit: Visit, scope: Scope, receive: Receive, out: Outbox) -> None:
        if out.started:  # told already; the server's own error page passed through here before the error did
            return
        refusal = rejection_of(error)
        visit.code = refusal.code
        self._site.meters.refused.labels(refusal.code).inc()
        await error_response(visit.path, refusal)(scope, receive, out)

    def _record(self, visit: Visit) -> None:
        seconds = time.perf_counter() - visit.started
        meters = self._site.meters
        meters.requests.labels(visit.rule.name, str(visit.status)).inc()
        meters.latency.labels(visit.rule.name).observe(seconds)
        if visit.status >= 400:
            code = visit.code or responses.get(visit.status, "").lower().replace(" ", "_")
            meters.recent.refused(visit.rule.name, visit.status, code)
        if visit.rule.budget == "page" and visit.status < 400:
            return  # a page fetches a hundred files; the meters count them
        telemetry.log(
            "request", route=visit.rule.name, method=visit.method, status=visit.status, caller=_unplaced(visit.caller),
            ms=round(seconds * 1000, 1),
        )  # fmt: skip


def _unauthorised(visit: Visit, message: str) -> Rejection:
    hint = "Send `Authorization: Bearer KEY`; `python -m rag keys create` makes one."
    if visit.method == "GET" and "text/html" in visit.headers.get("accept", ""):  # a reader, who can sign in
        return Rejection(303, "key_needed", message, hint, {"Location": sign_in_address(visit.target)})
    return Rejection(401, "key_needed", message, hint, {"WWW-Authenticate": 'Bearer realm="Isnad"'})


def _unplaced(caller: str) -> str:
    """The caller as logged: by key or embed, never by address."""
    kind, _, name = caller.partition(":")
    return kind if kind == "address" else f"{kind}:{name.partition(':')[0]}".rstrip(":")


def _host_name(header: str) -> str:
    return re.sub(r":\d+$", "", header).strip("[]").lower()
