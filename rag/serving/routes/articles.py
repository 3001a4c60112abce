"""The REST API's articles: listed, read, uploaded (a job) and deleted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from rag.documents import Article
from rag.errors import ArticleError, CorpusError
from rag.formats.articles import article_from, read_bytes
from rag.formats.drafts import ArticleDraft, FieldNames, NotRead, field_names
from rag.formats.fields import FIELDS
from rag.index.engines import load_engine
from rag.ingestion.indexing import delete_article
from rag.serving.schemas.errors import Json, Rejection
from rag.serving.schemas.examples import errors
from rag.serving.schemas.requests import MAX_UPLOADS, ArticleIn, ListIn, UploadIn
from rag.serving.schemas.responses import ArticleOut, ArticlesOut, JobOut
from rag.serving.site import TheSite

router = APIRouter(prefix="/api/v1", tags=["articles"])
Read = Callable[[], Iterable[Article | NotRead]]


def _upload_schema() -> dict[str, Any]:
    schema = UploadIn.model_json_schema()
    schema["properties"]["articles"]["items"] = schema.pop("$defs")["ArticleIn"]  # the document has no place for it
    return schema


_PAIR = rf"(?:{'|'.join(FIELDS)})=[^,\s][^,]*"
_MAP_PATTERN = rf"^(?![\s\S]*\b({'|'.join(FIELDS)})=[\s\S]*,\1=)(?:{_PAIR}(?:,{_PAIR})*)?$"  # each field once
_UPLOAD_BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": _upload_schema()},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "files": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}},
                    "map": {
                        "type": "string",
                        "description": "what fields are called in JSON and CSV files",
                        "pattern": _MAP_PATTERN,
                        "example": "title=headline,text=body",
                    },
                },
                "required": ["files"],
            }
        },
    },
}


@router.get("/articles", response_model=ArticlesOut, response_description="the page", responses=errors())
def articles(wanted: Annotated[ListIn, Query()], site: TheSite) -> Response:
    """One page of the articles that pass the filters."""
    page, total = site.assistant.articles(wanted.filters(), wanted.offset, wanted.limit, wanted.words, wanted.order)
    rows = [ArticleOut.of(article).model_dump() for article in page]
    return Json({"articles": rows, "total": total, "offset": wanted.offset, "limit": wanted.limit})


@router.get("/articles/{article_id}", response_model=Article, response_description="the article", responses=errors(404))
def article(article_id: str, site: TheSite) -> Response:
    """One article with the text that every offset refers to."""
    return Json(asdict(site.assistant.article(article_id)))


@router.post(
    "/articles",
    response_model=JobOut,
    status_code=202,
    response_description="the job, queued",
    responses=errors(415),
    openapi_extra={"requestBody": _UPLOAD_BODY},
)
async def upload(request: Request, site: TheSite) -> Response:
    """Add or replace articles: files of any kind the index reads, or JSON. A bad file never stops the others."""
    site.require_index()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        read = _read_records(_parse(await request.body()))
    elif kind == "multipart/form-data":
        read = _read_files(*await _files_of(request))
    else:
        raise Rejection(415, "bad_media_type", f"{kind[:80] or 'Nothing'} is not read.", "Send JSON or form data.")
    return Json(asdict(site.jobs.submit(read)), 202)


@router.delete("/articles/{article_id}", status_code=204, response_description="gone", responses=errors(404, 507))
def delete(article_id: str, site: TheSite) -> None:
    """Remove an article from the index; its file, if it has one, stays."""
    engine = load_engine(site.settings)
    site.jobs.in_turn(lambda: delete_article(article_id, index_dir=site.settings.index_dir, engine=engine))
    site.assistant.refresh()


@router.get("/jobs/{job_id}", response_model=JobOut, response_description="the job as of now", responses=errors(404))
def job(job_id: str, site: TheSite) -> Response:
    """Progress of an upload, and its report once it is done."""
    return Json(asdict(site.jobs.get(job_id)))


@router.delete("/jobs/{job_id}", response_model=JobOut, response_description="as it is", responses=errors(404))
def cancel_job(job_id: str, site: TheSite) -> Response:
    """End an upload; what is stored of it by then stays. One that has ended is left as it is."""
    return Json(asdict(site.jobs.cancel(job_id)))


def _parse(body: bytes) -> list[ArticleIn]:
    try:
        return UploadIn.model_validate(json.loads(body)).articles
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from error
    except (ValueError, RecursionError) as error:
        raise Rejection(422, "bad_request", "The body is not valid JSON.", 'Send {"articles": [...]}.') from error


def _read_records(records: list[ArticleIn]) -> Read:
    def read() -> Iterator[Article | NotRead]:
        for record in records:
            fields = record.model_dump()
            digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
            origin = f"api/{record.id or digest[:16]}"
            try:
                yield article_from(ArticleDraft(**{**fields, "questions": tuple(record.questions)}), origin, digest)
            except ArticleError as error:
                yield NotRead.of(error, origin)

    return read


async def _files_of(request: Request) -> tuple[list[tuple[str, bytes]], FieldNames]:
    async with request.form(max_files=MAX_UPLOADS, max_fields=MAX_UPLOADS) as form:
        files = [item for item in form.getlist("files") if isinstance(item, UploadFile)]
        if not files:
            raise Rejection(422, "bad_request", "No file was sent.", "Send them as the form field `files`.")
        names = form.get("map", "")
        try:
            given = field_names(names if isinstance(names, str) else "")
        except CorpusError as error:
            raise Rejection(422, "bad_request", error.message, error.hint) from error
        return [(_file_name(file.filename or ""), await file.read()) for file in files], given


def _file_name(given: str) -> str:
    """The last part of the name a client gave, whatever it uses to separate folders; it only names the origin."""
    name = given.replace("\\", "/").rpartition("/")[2].strip().encode("utf-8", "replace").decode()
    return f"uploads/{name[-200:] or 'unnamed'}"


def _read_files(files: list[tuple[str, bytes]], names: FieldNames) -> Read:
    return lambda: (found for name, data in files for found in read_bytes(data, name, names=names))
