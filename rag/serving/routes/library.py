"""The page of the articles, what it needs to know, and the samples; what it does with articles it does by the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from fastapi import APIRouter, Request, Response

from rag.documents import Article
from rag.errors import NotFoundError
from rag.formats.articles import read_bytes
from rag.formats.drafts import NotRead
from rag.resources import asset, sample_articles
from rag.serving.gate.access import SCOPES, Scope, bearer_key
from rag.serving.routes.own_files import own_file
from rag.serving.schemas.errors import Json
from rag.serving.schemas.examples import BEARER, errors
from rag.serving.schemas.responses import JobOut, LibraryOut
from rag.serving.site import Site, TheSite

router = APIRouter(tags=["articles"])
_FILES: Final = {"page.js": ("articles.js", "text/javascript"), "page.css": ("articles.css", "text/css")}


@router.get("/articles", include_in_schema=False)
def page(request: Request) -> Response:
    """The articles: listed, opened and, by who may, added and deleted."""
    return own_file(request, asset("articles.html"), "text/html")


@router.get("/articles/{name}", include_in_schema=False)
def files(request: Request, name: str) -> Response:
    """What the page is made of."""
    if name not in _FILES:
        raise NotFoundError("There is no such file.", "See /articles.")
    file, media_type = _FILES[name]
    return own_file(request, asset(file), media_type)


@router.get(
    "/api/v1/library",
    dependencies=[BEARER],
    response_model=LibraryOut,
    response_description="as of now",
    responses=errors(),
)
def library(request: Request, site: TheSite) -> Response:
    """How many articles there are of which language and source, what is being read, and what the caller may do."""
    status, may = site.assistant.status(), _scopes(request, site)
    shown = {name: status[name] for name in ("generation", "articles", "languages", "sources")}
    jobs = [asdict(job) for job in site.jobs.begun()] if "ingest" in may else []
    rights = {"may_add": "ingest" in may, "may_delete": "admin" in may, "max_upload_mb": site.settings.max_upload_mb}
    return Json({**shown, **rights, "samples": len(sample_articles()), "jobs": jobs})


@router.post(
    "/api/v1/samples",
    dependencies=[BEARER],
    response_model=JobOut,
    status_code=202,
    response_description="the job, queued",
    responses=errors(),
)
def samples(site: TheSite) -> Response:
    """Add the sample articles that come with the program."""
    return Json(asdict(site.jobs.submit(_samples)), 202)


def _samples() -> Iterator[Article | NotRead]:
    for path in sample_articles():
        yield from read_bytes(path.read_bytes(), f"samples/{path.name}")


def _scopes(request: Request, site: Site) -> frozenset[Scope]:
    """What the caller may do; the gate has let in who needs no key."""
    if not site.keys:
        return frozenset(SCOPES)
    secret = bearer_key(request.headers.get("authorization", ""))
    key = site.keys.find(secret) if secret else site.keys.get(site.sessions.reader(request.cookies))
    return frozenset(scope for scope in SCOPES if key and key.reaches(scope))
