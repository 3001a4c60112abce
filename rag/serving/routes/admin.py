"""The operator's page: how the server does, who holds its keys and embeds, and taking one back.

All of it is of the scope ``admin``; no question is told, the meters hold none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import Metric

from rag.errors import NotFoundError
from rag.resources import asset
from rag.serving.jobs import Job
from rag.serving.routes.own_files import own_file
from rag.serving.schemas.errors import Json
from rag.serving.site import TheSite

router = APIRouter(include_in_schema=False)
_FILES: Final = {
    "page.js": (("admin.js",), "text/javascript"),
    "page.css": (("articles.css", "admin.css"), "text/css"),
}
_INDEX: Final = ("generation", "articles", "passages", "encoder", "answerer", "model_failures", "languages", "sources")


@router.get("/admin")
def page(request: Request) -> Response:
    """How the server does."""
    return own_file(request, asset("admin.html"), "text/html")


@router.get("/admin/{name}")
def files(request: Request, name: str) -> Response:
    """What the page is made of."""
    if name not in _FILES:
        raise NotFoundError("There is no such file.", "See /admin.")
    parts, media_type = _FILES[name]
    return own_file(request, b"".join(asset(part).read_bytes() for part in parts), media_type)


@router.get("/api/v1/admin")
def overview(site: TheSite) -> Response:
    """What the page shows: the index, what came of questions, stages, problems, jobs, keys and embeds."""
    status, recent = site.assistant.status(), site.meters.recent
    return Json(
        {
            "index": {name: status[name] for name in _INDEX},
            "outcomes": _outcomes(site.meters.answers.collect()),
            "days": recent.days(),
            "stages": _stages(site.meters.stages.collect()),
            "problems": [asdict(each) for each in recent.problems()],
            "jobs": [_job(job) for job in site.jobs.latest()],
            "keys": [asdict(key) for key in site.keys.list()],
            "embeds": [asdict(embed) for embed in site.embeds.list()],
        }
    )


@router.post("/api/v1/keys/{key_id}/revoke")
def revoke_key(key_id: str, site: TheSite) -> Response:
    """Take a key back; it stops working at once, and so do its sessions."""
    site.keys.revoke(key_id)
    return Response(status_code=204)


@router.post("/api/v1/embeds/{embed_id}/revoke")
def revoke_embed(embed_id: str, site: TheSite) -> Response:
    """Take an embed back; it stops working at once."""
    site.embeds.revoke(embed_id)
    return Response(status_code=204)


def _outcomes(metrics: Iterable[Metric]) -> dict[str, int]:
    """Answers since the start by status."""
    counts: Counter[str] = Counter()
    for metric in metrics:
        for sample in metric.samples:
            if sample.name.endswith("_total"):
                counts[sample.labels["status"]] += int(sample.value)
    return dict(counts)


def _stages(metrics: Iterable[Metric]) -> list[dict[str, object]]:
    """Each stage of an answer with its mean in milliseconds and how often it ran, the slowest first."""
    values = {
        (sample.labels["stage"], sample.name.rpartition("_")[2]): sample.value
        for metric in metrics
        for sample in metric.samples
        if sample.name.endswith(("_sum", "_count"))
    }
    counted = {stage: int(count) for (stage, kind), count in values.items() if kind == "count" and count}
    stages = [(1000 * values[stage, "sum"] / count, stage, count) for stage, count in counted.items()]
    return [{"stage": stage, "ms": round(ms, 1), "count": count} for ms, stage, count in sorted(stages, reverse=True)]


def _job(job: Job) -> dict[str, object]:
    counts = (job.report or {}).get("counts")
    return {"id": job.id, "state": job.state, "created": job.created, "counts": counts, "error": job.error}
