"""The REST API: questions, searches and health. See DESIGN 12; every route has its row in :mod:`rag.rules`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from rag import __version__
from rag.api_errors import Json, install_error_handlers
from rag.api_models import ERRORS, AskIn, FeedbackIn, Health, Passages, SearchIn
from rag.articles_api import router as articles_router
from rag.documents import Answer
from rag.errors import IsnadError
from rag.gate import Gate
from rag.openai_api import router as openai_router
from rag.site import Site, TheSite
from rag.sse import EventFeed, native_stream, stream_response

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.settings import Settings

router = APIRouter()


@router.post("/api/v1/ask", tags=["answers"], response_model=Answer, responses={
    **ERRORS,
    200: {"description": "The answer, or with `stream` its events", "content": {"text/event-stream": {}}},
})  # fmt: skip
async def ask(body: AskIn, site: TheSite) -> Response:
    """Answer a question from the articles, every sentence with an exact quote, or say that they do not."""
    return await answer_response(body, site)


async def answer_response(body: AskIn, site: Site) -> Response:
    """The answer to ``body`` as JSON, or as a stream of events when it asks for one."""
    if not body.stream:
        answer = await run_in_threadpool(site.assistant.ask, body.question, **body.options())
        return Json(answer.to_dict())
    return await answer_stream(body, site)


async def answer_stream(body: AskIn, site: Site) -> StreamingResponse:
    """The answer as typed events; a failure before the first one keeps its HTTP status."""
    feed = await EventFeed.open(lambda: site.assistant.stream(body.question, **body.options()), site.stopping)
    return stream_response(native_stream(feed))


@router.post("/api/v1/search", tags=["answers"], response_model=Passages, responses=ERRORS)
def search(body: SearchIn, site: TheSite) -> Response:
    """The passages nearest to a query, best first, without an answer."""
    found = site.assistant.search(body.query, filters=body.filters.value(), top_k=body.top_k)
    return Json({"query": body.query, "passages": [asdict(passage) for passage in found]})


@router.post("/api/v1/feedback", tags=["answers"], status_code=204, responses=ERRORS)
def feedback(body: FeedbackIn, site: TheSite) -> None:
    """Keep a vote on an answer."""
    site.feedback.add(body.answer_id, body.vote, body.comment)


@router.get("/livez", tags=["operations"], response_model=Health)
def livez() -> Health:
    """The process runs."""
    return Health(status="ok", checks={})


@router.get("/readyz", tags=["operations"], response_model=Health, responses={503: {"model": Health}})
def readyz(site: TheSite) -> Response:
    """The index and the encoder are ready. A model endpoint that is down is degraded, not dead."""
    try:
        status = site.assistant.status()
    except IsnadError as error:
        return Json({"status": "unavailable", "checks": {"index": str(error)}}, 503)
    checks = {name: str(status[name]) for name in ("generation", "articles", "encoder", "answerer") if name in status}
    return Json({"status": "ok" if status.get("articles") else "degraded", "checks": {"index": "ok", **checks}})


def build_api(settings: Settings, assistant: Assistant) -> FastAPI:
    """The API behind its gate, with everything it needs on ``app.state.site``; the chat is mounted by ``app.py``."""
    app = FastAPI(title="Isnad", version=__version__, docs_url=None, redoc_url=None, description=__doc__)
    app.state.site = Site.build(settings, assistant)
    app.add_middleware(Gate, site=app.state.site)
    install_error_handlers(app)
    for routes in (router, articles_router, openai_router):
        app.include_router(routes)
    return app
