"""How the page comes over a slow line: a shell with the question field first, all else after, and once only.

Gradio's page shows nothing before its styles and scripts are there. :class:`Arrival` puts ``assets/shell.html`` into
that page as it leaves: drawn at once, it takes the question and hands it to the chat when that is ready.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.chat.interface_texts import LANGUAGES, Texts, texts_in
from rag.resources import asset

FOR_GOOD: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
_SAID: Final = ("direction", "name", "welcome", "welcome_text", "placeholder", "send")
_HASHED: Final = re.compile(r"/assets/.+-[\w-]{8,9}\.\w+")  # as Vite names what it builds
_SHEET: Final = re.compile(rb'<link rel="stylesheet"[^>]*\bhref="([^"]+)"[^>]*>')
_BODY: Final = re.compile(rb"<body\b[^>]*>")


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A script or a style of the page at an address that changes with it: a browser keeps it for good."""

    name: str
    content: bytes
    media_type: str

    @property
    def address(self) -> str:
        """Relative to the page."""
        return f"{self.name}?v={hashlib.sha256(self.content).hexdigest()[:12]}"

    def serve(self, app: FastAPI) -> None:
        """Give it its route."""

        def served() -> Response:
            return Response(self.content, media_type=f"{self.media_type}; charset=utf-8", headers=FOR_GOOD)

        app.add_api_route(f"/{self.name}", served, include_in_schema=False)


def with_shell(page: bytes, style: str, script: str, title: str, language: str) -> bytes:
    """Gradio's page with the shell first in its body, which adds Gradio's styles and, after them, the chat's.

    ``style`` and ``script`` are addresses; the script is fetched early and run by Gradio. Raises ValueError for a page
    that has no body.
    """
    sheets = [*(found.decode() for found in _SHEET.findall(page)), style]
    texts = {each: _texts(texts_in(each)) for each in LANGUAGES}
    given = json.dumps({"texts": texts, "language": language, "styles": sheets}, ensure_ascii=False)
    shell = asset("shell.html").read_text("utf-8").replace("$GIVEN", given.replace("<", "\\u003c"))
    head = f'<head><title>{html.escape(title)}</title><link rel="preload" as="script" href="{script}">'
    page = _SHEET.sub(b"", page).replace(b"<head>", head.encode(), 1)
    page, found = _BODY.subn(lambda body: body[0] + shell.encode(), page, count=1)
    if not found:
        raise ValueError("Gradio's page has no body.")
    return page


def _texts(texts: Texts) -> dict[str, str]:
    said = {name: texts.say(name) for name in _SAID}
    return said | {"on_its_way": texts.say("on_its_way"), "sent_soon": texts.say("sent_soon")}


class Arrival:
    """A middleware around Gradio's application."""

    def __init__(self, app: ASGIApp, style: str, script: str, title: str, language: str) -> None:
        self._app = app
        self._given = (style, script, title, language)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        path = scope.get("path", "")
        if path == "/":
            await self._page(scope, receive, send)
        elif _HASHED.fullmatch(path):
            await self._app(scope, receive, lambda message: send(_kept(message)))
        else:
            await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        page = bytearray()

        async def hold(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            page.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            whole = with_shell(bytes(page), *self._given) if start["status"] == 200 and page else bytes(page)
            MutableHeaders(scope=start)["Content-Length"] = str(len(whole))
            await send(start)
            await send({**message, "body": whole})

        await self._app(scope, receive, hold)


def _kept(message: Message) -> Message:
    if message["type"] == "http.response.start" and message["status"] == 200:
        MutableHeaders(scope=message).update(FOR_GOOD)
    return message
