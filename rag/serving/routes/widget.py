"""The widget's routes: its script, its session and questions under a public embed id, a frame, and a page to try it.

The icon of all pages too.
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from starlette.responses import HTMLResponse

from rag.asking import may_translate
from rag.chat.interface_texts import LANGUAGES
from rag.documents import Answer, Translation
from rag.errors import NotFoundError
from rag.resources import asset
from rag.serving.routes.answers import answer_response, translation_response
from rag.serving.routes.own_files import own_file
from rag.serving.schemas.errors import Json
from rag.serving.schemas.examples import ANSWERED, BEARER, TRANSLATED, Responses, errors
from rag.serving.schemas.requests import AskIn, FeedbackIn, TranslateIn
from rag.serving.schemas.responses import OpenedArticle, SessionOut
from rag.serving.site import Site, TheSite

router = APIRouter(tags=["widget"])
BEGUN: Final[Responses] = {200: {"description": "example questions, and how long one may be"}}
_FOR_A_WHILE: Final = "public, max-age=300"  # other sites' pages ask for them at every view
_FILES: Final = {
    "demo.js": ("widget_demo.js", "text/javascript"),
    "demo.css": ("widget_demo.css", "text/css"),
    "frame.css": ("widget_frame.css", "text/css"),
}
_INDENTATION_AND_COMMENTS: Final = re.compile(r"^ */\*\* .*\*/\n|^ +| // [^\"'`\n]*$", re.MULTILINE)
_FRAME = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Isnad</title><link rel="stylesheet" href="/widget/frame.css"></head>
<body><script src="/widget.js" data-mode="inline" data-embed-id="{embed_id}"></script></body></html>
"""
EmbedId = Annotated[str, InPath(max_length=64, description="a public id made by `python -m rag embeds create`")]


@router.get("/widget.js", include_in_schema=False)
def script(request: Request) -> Response:
    """The widget itself."""
    return own_file(request, _script(), "text/javascript", _FOR_A_WHILE)


@router.get("/favicon.ico", include_in_schema=False)
def icon(request: Request) -> Response:
    """What a browser's tab shows, on every page."""
    return _file(request, "icon.svg", "image/svg+xml")


@router.get("/widget/{name}", include_in_schema=False)
def files(request: Request, name: str) -> Response:
    """What the demo and the frame are made of."""
    if name not in _FILES:
        raise NotFoundError("There is no such file.", "See /widget-demo.")
    return _file(request, *_FILES[name])


@router.get("/widget-demo", include_in_schema=False)
def demo(request: Request) -> Response:
    """A page that shows the widget with its options and makes the snippet."""
    return _file(request, "widget_demo.html", "text/html")


@router.get("/api/v1/session", dependencies=[BEARER], response_model=SessionOut, responses={**BEGUN, **errors()})
def session(site: TheSite) -> SessionOut:
    """What the widget needs to begin on this server's own pages."""
    return _session(site)


@router.get("/embed/{embed_id}", response_model=SessionOut, responses={**BEGUN, **errors(404)})
def embed_session(embed_id: EmbedId, site: TheSite) -> SessionOut:
    """The same from a registered site; the gate has checked its origin."""
    return _session(site)


@router.get("/embed/{embed_id}/frame", include_in_schema=False)
def frame(embed_id: EmbedId) -> HTMLResponse:
    """The widget as a page, for sites that allow frames but no scripts of others."""
    return HTMLResponse(_FRAME.format(embed_id=html.escape(embed_id)))


@router.post("/embed/{embed_id}/ask", response_model=Answer, responses={**ANSWERED, **errors(404)})
async def embed_ask(embed_id: EmbedId, body: AskIn, site: TheSite) -> Response:
    """As `/api/v1/ask`, for the pages that the embed lists."""
    return await answer_response(body, site)


@router.get(
    "/embed/{embed_id}/articles/{article_id}",
    response_model=OpenedArticle,
    response_description="the article",
    responses=errors(404),
)
def embed_article(embed_id: EmbedId, article_id: str, site: TheSite) -> Response:
    """An article that an answer cites, without what only the server knows of it."""
    return Json(OpenedArticle.of(site.assistant.article(article_id)).model_dump())


@router.post("/embed/{embed_id}/feedback", status_code=204, response_description="kept", responses=errors(404, 507))
def embed_feedback(embed_id: EmbedId, body: FeedbackIn, site: TheSite) -> None:
    """As `/api/v1/feedback`, for the pages that the embed lists."""
    site.feedback.add(body.answer_id, body.vote, body.reason, body.comment)


@router.post("/embed/{embed_id}/translate", response_model=Translation, responses={**TRANSLATED, **errors(404, 502)})
def embed_translate(embed_id: EmbedId, body: TranslateIn, site: TheSite) -> Response:
    """As `/api/v1/translate`, for the pages that the embed lists."""
    return translation_response(body, site)


def _session(site: Site) -> SessionOut:
    questions = {language: site.assistant.suggestions(language) for language in LANGUAGES}
    return SessionOut(
        questions=questions,
        max_question_chars=site.settings.max_question_chars,
        translates=may_translate(site.assistant),
        keeps_questions=site.settings.log_questions,
    )


def _file(request: Request, name: str, media_type: str) -> Response:
    return own_file(request, asset(name), media_type, _FOR_A_WHILE)


@cache
def _script() -> bytes:
    """The widget as it travels: without indentation and comments (none within the styles)."""
    return _INDENTATION_AND_COMMENTS.sub("", asset("widget.js").read_text(encoding="utf-8")).encode()
