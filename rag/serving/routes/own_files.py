"""The files that pages are made of, as a browser keeps them: asked for again they are not sent again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from fastapi import Request, Response

ASK_AGAIN: Final = "no-cache"  # kept, and asked for by its tag


def own_file(request: Request, content: bytes | Path, media_type: str, keep: str = ASK_AGAIN) -> Response:
    """``content`` under a tag that changes with it, or 304 to who has it. ``keep``: its Cache-Control.

    The tag is weak: what is compressed on its way differs in its bytes (RFC 9110, 8.8.1).
    """
    body = content if isinstance(content, bytes) else content.read_bytes()
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": keep}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
