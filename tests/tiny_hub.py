"""Tiny models in Hugging Face's format, and a hub on this machine that has them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

from rag.documents import Float32
from tests.tiny_weights import HIDDEN, tiny_weights
from training.hub_folders import write_encoder_folder, write_reader_folder

COMMIT = "c0ffee" * 6 + "c0ff"


def tiny_head(seed: int = 1) -> dict[str, Float32]:
    random = np.random.default_rng(seed)
    return {
        "head.w": random.standard_normal((2, HIDDEN)).astype(np.float32),
        "head.b": random.standard_normal(2).astype(np.float32),
    }


def tiny_reader(folder: Path) -> Path:
    return write_reader_folder(folder, tiny_weights(), tiny_head())


def tiny_encoder(folder: Path, prompts: dict[str, str] | None = None, **pooling: object) -> Path:
    """``pooling``: what its configuration says besides, or instead: ``pooling_mode_cls_token=True``."""
    write_encoder_folder(folder, tiny_weights(), prompts=prompts)
    config = folder / "1_Pooling" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), **pooling}))
    return folder


def changed(path: Path, **values: object) -> None:
    """A JSON file with other values; None takes one out."""
    told = {**json.loads(path.read_text()), **values}
    path.write_text(json.dumps({name: value for name, value in told.items() if value is not None}))


class TinyHub:
    """What the hub of Hugging Face answers of repositories that are folders. ``served``: files that were asked for."""

    def __init__(self, **repositories: Path) -> None:
        self.repositories = {name.replace("__", "/"): folder for name, folder in repositories.items()}
        self.licence: str | None = "mit"
        self.gated = False
        self.served: list[str] = []

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        route = path.partition("?")[0].strip("/")
        for name, folder in self.repositories.items():
            if self.gated and name in route:
                return 403, b"{}", {"X-Error-Code": "GatedRepo"}
            if route in (f"api/models/{name}", f"api/models/{name}/revision/main"):
                return self._json(self._info(name, folder))
            if route.startswith(f"api/models/{name}/tree/"):
                files = [
                    {"type": "file", "path": each, "size": size, "oid": "0"} for each, size in _files(folder).items()
                ]
                return self._json(files)
            if route.startswith(f"{name}/resolve/"):
                return self._file(folder, route.split("/", 4)[4])
        return 401, b'{"error": "Repository not found"}', {"X-Error-Code": "RepoNotFound"}

    def _info(self, name: str, folder: Path) -> dict[str, Any]:
        siblings = [{"rfilename": each, "size": size} for each, size in _files(folder).items()]
        card = {"license": self.licence} if self.licence else {}
        return {"id": name, "modelId": name, "sha": COMMIT, "siblings": siblings, "cardData": card}

    def _file(self, folder: Path, file: str) -> tuple[int, bytes, dict[str, str]]:
        self.served.append(file)
        data = (folder / file).read_bytes()
        return 200, data, {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT}

    def _json(self, value: object) -> tuple[int, bytes, dict[str, str]]:
        return 200, json.dumps(value).encode(), {"Content-Type": "application/json"}

    @contextmanager
    def open(self) -> Iterator[str]:
        """Its address, while it is open."""
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body, headers = hub.answer(self.path)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


def _files(folder: Path) -> dict[str, int]:
    return {str(each.relative_to(folder)): each.stat().st_size for each in sorted(folder.rglob("*")) if each.is_file()}
