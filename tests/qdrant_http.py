"""Qdrant's local mode behind its HTTP routes, for the parts of the program that only a server meets.

Every body is read by the client's own models, which refuse what they do not know.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import unquote

from pydantic import BaseModel, TypeAdapter
from qdrant_client import QdrantClient, models
from qdrant_client.http.models import models as bodies

Route = Callable[[str, bytes], Any]


@contextmanager
def serving(api_key: str = "") -> Iterator[str]:
    """The address of an empty server that ends with the block."""

    class Handler(BaseHTTPRequestHandler):
        routes = _routes(QdrantClient(":memory:"))

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, result = 401, None
            if self.headers["api-key"] in (api_key or None, api_key):
                status, result = _called(self.routes, f"{self.command} {self.path.partition('?')[0]}", body)
            sent = result if self.path == "/" else {"result": result, "status": "ok", "time": 0.0}
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(sent).encode())

        do_GET = do_PUT = do_POST = do_DELETE = answer

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _called(routes: dict[str, Route], wanted: str, body: bytes) -> tuple[int, Any]:
    for pattern, route in routes.items():
        if match := re.fullmatch(pattern.replace("*", "([^/]+)"), wanted):
            try:
                return 200, _plain(route(unquote(match[1]) if match.groups() else "", body))
            except ValueError as error:
                return (404 if "not found" in str(error) else 400), str(error)
    return 404, None


def _plain(result: Any) -> Any:
    if isinstance(result, list):
        return [_plain(item) for item in result]
    return result.model_dump(mode="json", exclude_none=True) if isinstance(result, BaseModel) else result


def _read(kind: Any, body: bytes) -> Any:
    return TypeAdapter(kind).validate_json(body)


def _given(kind: Any, body: bytes) -> dict[str, Any]:
    read = _read(kind, body)
    renamed = {"with_vector": "with_vectors"}
    return {renamed.get(name, name): getattr(read, name) for name in read.model_fields_set}


def _routes(client: QdrantClient) -> dict[str, Route]:
    def create(name: str, body: bytes) -> bool:
        given = _given(bodies.CreateCollection, body)
        vectors, sparse = given.pop("vectors"), given.pop("sparse_vectors")
        return bool(client.create_collection(name, vectors_config=vectors, sparse_vectors_config=sparse, **given))

    def change(name: str, body: bytes) -> Any:
        given = _given(bodies.SetPayload, body)
        return client.set_payload(name, given["payload"], points=given.get("points", given.get("filter")))

    def query(name: str, body: bytes) -> Any:
        given = _given(bodies.QueryRequest, body)
        return client.query_points(name, query_filter=given.pop("filter", None), **given)

    return {
        "GET /": lambda _, body: {"title": "qdrant", "version": "1.20.0"},
        "GET /collections": lambda _, body: client.get_collections(),
        r"GET /collections/*/exists": lambda name, body: {"exists": client.collection_exists(name)},
        r"GET /collections/*": lambda name, body: client.get_collection(name),
        r"PUT /collections/*": create,
        r"DELETE /collections/*": lambda name, body: client.delete_collection(name),
        r"PUT /collections/*/index": lambda name, body: client.create_payload_index(
            name, **_given(bodies.CreateFieldIndex, body)
        ),
        r"PUT /collections/*/points": lambda name, body: client.upsert(name, _read(bodies.PointsList, body).points),
        r"POST /collections/*/points": lambda name, body: client.retrieve(name, **_given(bodies.PointRequest, body)),
        r"POST /collections/*/points/query": query,
        r"POST /collections/*/points/count": lambda name, body: client.count(
            name, count_filter=_read(bodies.CountRequest, body).filter, exact=True
        ),
        r"POST /collections/*/points/payload": change,
        r"POST /collections/*/points/delete": lambda name, body: client.delete(
            name, _read(models.PointsSelector, body)
        ),
    }
