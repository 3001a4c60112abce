"""The REST API's answers: ask, streamed or not, search, and votes."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Response

from rag.documents import Answer, Translation
from rag.serving.routes.sse import EventFeed, native_stream, stream_response
from rag.serving.schemas.errors import Json
from rag.serving.schemas.examples import ANSWERED, FOUND, TRANSLATED, errors
from rag.serving.schemas.requests import AskIn, FeedbackIn, SearchIn, TranslateIn
from rag.serving.schemas.responses import Passages
from rag.serving.site import Site, TheSite

router = APIRouter()


@router.post("/api/v1/ask", tags=["answers"], response_model=Answer, responses={**ANSWERED, **errors()})
async def ask(body: AskIn, site: TheSite) -> Response:
    """Answer a question from the articles, every sentence with an exact quote; quote what is only related as such; or
    say that they do not answer."""
    return await answer_response(body, site)


async def answer_response(body: AskIn, site: Site) -> Response:
    """The answer to ``body`` as JSON, or as a stream of events when it asks for one; it ends when the caller leaves."""
    feed = await EventFeed.open(lambda: site.assistant.stream(body.value()), site.stopping)
    return stream_response(native_stream(feed)) if body.stream else Json((await feed.answer()).to_dict())


@router.post("/api/v1/search", tags=["answers"], response_model=Passages, responses={**FOUND, **errors()})
def search(body: SearchIn, site: TheSite) -> Response:
    """The passages nearest to a query, best first, without an answer."""
    found = site.assistant.search(body.query, filters=body.filters.value(), top_k=body.top_k)
    return Json({"query": body.query, "passages": [asdict(passage) for passage in found]})


@router.post(
    "/api/v1/translate", tags=["answers"], response_model=Translation, responses={**TRANSLATED, **errors(404, 502)}
)
def translate(body: TranslateIn, site: TheSite) -> Response:
    """A part of an article in another language, in the words of the language model, its numbers and names verified."""
    return translation_response(body, site)


def translation_response(body: TranslateIn, site: Site) -> Response:
    """The translation that ``body`` wishes for, as JSON."""
    return Json(asdict(site.assistant.translate(body.article_id, body.start, body.end, body.language)))


@router.post("/api/v1/feedback", tags=["answers"], status_code=204, response_description="kept", responses=errors(507))
def feedback(body: FeedbackIn, site: TheSite) -> None:
    """Keep a vote on an answer, or take it back."""
    site.feedback.add(body.answer_id, body.vote, body.reason, body.comment)
