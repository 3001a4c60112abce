"""What operators and developers look at: health, metrics and the documentation, served without a CDN."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import HTMLResponse

from rag.errors import IsnadError, NotFoundError
from rag.resources import asset
from rag.serving.routes.own_files import own_file
from rag.serving.schemas.errors import Json
from rag.serving.schemas.examples import BEARER, errors
from rag.serving.schemas.responses import Health
from rag.serving.site import Site, TheSite

router = APIRouter()
_SWAGGER: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
_DOCS_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Isnad API</title><link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css"></head>
<body><main id="docs"></main><script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script></body>
</html>
"""
_OWN: Final = {"page.css": ("docs.css", "text/css"), "start.js": ("docs.js", "text/javascript")}


@router.get("/livez", tags=["operations"], response_model=Health, response_description="it runs")
def livez() -> Health:
    """The process runs."""
    return Health(status="ok", checks={})


@router.get(
    "/readyz",
    tags=["operations"],
    response_model=Health,
    response_description="`ok` or `degraded`",
    responses={503: {"model": Health, "description": "`unavailable`"}},
)
def readyz(request: Request, site: TheSite) -> Response:
    """The index and the encoder are ready. A model endpoint that is down is degraded, not dead. Who has no key where
    one is needed is told whether it is ready, and no more."""
    told, status = _health(site)
    return Json(told if request.scope["known_caller"] else {"status": "ok" if status < 400 else "unavailable"}, status)


def _health(site: Site) -> tuple[dict[str, object], int]:
    try:
        site.require_index()
        status = site.assistant.status()
    except IsnadError as error:
        reasons = [f"{error.code}. {error.hint}"]
        return {"status": "unavailable", "checks": {"index": error.code}, "reasons": reasons}, 503
    checks = {name: str(status[name]) for name in ("generation", "articles", "encoder", "answerer")}
    reasons = _degradations(status)
    return {"status": "degraded" if reasons else "ok", "checks": {"index": "ok", **checks}, "reasons": reasons}, 200


def _degradations(status: Mapping[str, object]) -> list[str]:
    """What readers get less of. The endpoint is judged by the last questions put to it: a probe sends nothing."""
    reasons = []
    if not status["articles"]:
        reasons.append("No article is indexed. Run `python -m rag index PATH`.")
    if failures := status["model_failures"]:
        reasons.append(f"The model's endpoint failed the last {failures} calls; quotes are given instead. Check it.")
    return reasons


@router.get("/metrics", tags=["operations"], dependencies=[BEARER], response_class=Response, responses={
    200: {"description": "in Prometheus's text format", "content": {"text/plain": {"schema": {"type": "string"}}}},
    **errors(),
})  # fmt: skip
def metrics(site: TheSite) -> Response:
    """Counters for Prometheus."""
    status = site.assistant.status()
    site.meters.generation.set(int(str(status["generation"])))
    site.meters.articles.set(int(str(status["articles"])))
    return Response(site.meters.render(), media_type=CONTENT_TYPE_LATEST)


@router.get("/docs", include_in_schema=False)
def docs() -> HTMLResponse:
    """The API's documentation, where every route can be tried."""
    return HTMLResponse(_DOCS_PAGE)


@router.get("/docs/{name}", include_in_schema=False)
def docs_file(request: Request, name: str) -> Response:
    """What the documentation is made of: Swagger UI from the package that bundles it."""
    if name in _OWN:
        file, media_type = _OWN[name]
        return own_file(request, asset(file), media_type)
    if name not in _SWAGGER:
        raise NotFoundError("There is no such file.", "See /docs.")
    with as_file(files("fastapi_offline") / "static" / name) as path:
        return own_file(request, path, _SWAGGER[name])
