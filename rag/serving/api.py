"""The API behind its gate: every router in one application. The chat is mounted into it by :mod:`rag.serving.launch`.

Each route has its row in :mod:`rag.serving.gate.rules`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from rag import __version__
from rag.serving.gate.middleware import Gate
from rag.serving.routes import admin, answers, articles, library, openai, operations, sign_in, widget
from rag.serving.routes.mcp import build_mcp, http_app
from rag.serving.schemas.errors import install_error_handlers
from rag.serving.schemas.examples import BEARER
from rag.serving.site import Site

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from rag.serving.served import Served
    from rag.settings import Settings

COMPRESSED_BYTES: Final = 1000  # less fits into one packet anyway
_ABOUT = """Answers over a folder of articles, every sentence traced to an exact quote.

What came of a question is a state, not an error: `status` is `answered`, `related` (the quotes are near and may not
answer; the answer's text says so first) or `not_found`. Every error has a true status and a stable `code`.
With API keys in use, send one as `Authorization: Bearer KEY`."""


def build_api(settings: Settings, assistant: Served) -> FastAPI:
    """The API with everything it needs on ``app.state.site``."""
    site = Site.build(settings, assistant)
    mcp = build_mcp(site.assistant)
    app = FastAPI(
        title="Isnad",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=lambda _: _running(site, mcp),
        generate_unique_id_function=lambda route: route.name,  # what generated clients call their functions
    )
    app.state.site = site
    app.add_middleware(Gate, site=app.state.site)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_BYTES, compresslevel=6)
    install_error_handlers(app)
    for module in (answers, articles, openai):
        app.include_router(module.router, dependencies=[BEARER])
    for module in (library, widget, sign_in, operations, admin):
        app.include_router(module.router)
    app.router.routes.extend(http_app(mcp).routes)
    return app


@asynccontextmanager
async def _running(site: Site, mcp: MCPServer[Any]) -> AsyncIterator[None]:
    async with mcp.session_manager.run():
        yield
    await run_in_threadpool(site.jobs.close)
