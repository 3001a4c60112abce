"""Signing in with a key on a page of one's own, and out again, where a browser cannot send the key as a header.

The gate has refused forms of other sites before these routes run; the cookie is out of reach for scripts and is not
sent with what other sites submit.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rag.chat.interface_texts import Texts, preferred_language, texts_in
from rag.resources import asset
from rag.serving.gate.sessions import LIFETIME_S, SESSION_COOKIE, SIGN_IN
from rag.serving.gate.visit import address_of
from rag.serving.routes.own_files import own_file
from rag.serving.schemas.errors import Rejection
from rag.serving.site import TheSite

_PAGE: Final = asset("sign_in.html").read_text(encoding="utf-8")

router = APIRouter(include_in_schema=False)


@router.get(SIGN_IN)
def sign_in_page(request: Request, site: TheSite, to: str = "/") -> Response:
    """The form; where no key is needed, the page that was wanted."""
    return _page(_texts_for(request), to) if site.keys else RedirectResponse(_own_path(to), 303)


@router.post(SIGN_IN)
async def sign_in(request: Request, site: TheSite) -> Response:
    """Begin a session for a known key, or say that it is not known. Wrong keys are counted by address."""
    form = parse_qs((await request.body()).decode("utf-8", "replace"))
    given, to = form.get("key", [""])[0].strip(), form.get("to", ["/"])[0]
    key, texts = site.keys.find(given), _texts_for(request)
    if key is None:
        try:
            site.rates.spend("wrong_key", address_of(request.scope))
        except Rejection as refusal:
            return _page(texts, to, texts.say("sign_in_often"), refusal.status, refusal.headers)
        return _page(texts, to, texts.say("sign_in_wrong"), 401)
    response = RedirectResponse(_own_path(to), 303)
    secure = request.url.scheme == "https"
    token = site.sessions.begin(key.id)
    response.set_cookie(SESSION_COOKIE, token, max_age=LIFETIME_S, httponly=True, samesite="lax", secure=secure)
    return response


@router.post("/sign-out")
def sign_out(request: Request, site: TheSite) -> Response:
    """End the session and show the form again."""
    site.sessions.end(request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse(SIGN_IN, 303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
    return response


@router.get("/sign-in.css")
def style(request: Request) -> Response:
    """The page's looks."""
    return own_file(request, asset("sign_in.css"), "text/css")


def _page(
    texts: Texts, to: str, problem: str = "", status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    shown = {
        "language": texts.language,
        "direction": texts.direction,
        "name": texts.say("name"),
        "sign_in": texts.say("sign_in"),
        "sign_in_text": texts.say("sign_in_text"),
        "sign_in_key": texts.say("sign_in_key"),
        "to": _own_path(to),
        "problem": problem,
    }
    filled = _PAGE.format(**{name: html.escape(value) for name, value in shown.items()})
    return HTMLResponse(filled, status, {"Cache-Control": "no-store", **(headers or {})})


def _texts_for(request: Request) -> Texts:
    return texts_in(preferred_language(request.headers.get("accept-language", "")))


def _own_path(to: str) -> str:
    """``to`` where it is a path of this server; a browser reads ``//host`` and ``/\\host`` as another's address."""
    plain = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isascii() and to.isprintable()
    return to if plain else "/"
