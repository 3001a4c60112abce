"""Response headers: content security, referrers, framing and cross-origin sharing, decided in one place.

Inner applications (Gradio reflects any origin when the host is not local) lose whatever cross-origin headers they set.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.datastructures import MutableHeaders

from rag.serving.gate.embeds import Embed
from rag.serving.gate.rules import Policy

_NOBODY: Final = "'none'"
_SELF: Final = "'self'"
_POLICIES: Mapping[Policy, Mapping[str, str]] = {
    "data": {},
    "asset": {},
    "page": {
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": "'self' data:",
        "connect-src": _SELF,
        "form-action": _SELF,  # signing in
    },
    "frame": {"script-src": _SELF, "style-src": _SELF, "img-src": _SELF, "connect-src": _SELF},
    "docs": {
        "script-src": _SELF,
        "style-src": "'self' 'unsafe-inline'",  # Swagger UI sets style attributes
        "img-src": "'self' data:",
        "connect-src": _SELF,
    },
    "chat": {
        "base-uri": _SELF,  # Gradio's page sets <base href="./">
        # The page's own inline scripts are added by hash; Gradio builds its event functions from strings.
        "script-src": "'self' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",  # Svelte sets style attributes
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' blob:",
        "connect-src": _SELF,
        "worker-src": "'self' blob:",
        "manifest-src": _SELF,
        "form-action": _SELF,
    },
}
_INLINE_SCRIPT = re.compile(rb"<script\b(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


def secure(headers: MutableHeaders, policy: Policy, embed: Embed | None = None, script_hashes: str = "") -> None:
    """Set what every response carries; an inner application's own cross-origin headers are dropped."""
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        del headers[name]
    headers["Content-Security-Policy"] = content_policy(policy, embed.origins if embed else (), script_hashes)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if policy == "data":
        headers.setdefault("Cache-Control", "no-store")
    shared = embed is not None or policy == "asset"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if shared else "same-origin"
    if policy != "frame":
        headers["X-Frame-Options"] = "DENY"


def content_policy(policy: Policy, ancestors: Sequence[str] = (), script_hashes: str = "") -> str:
    """A content security policy without wildcards; ``ancestors`` may frame the page, an empty list means nobody."""
    directives = {"default-src": _NOBODY, "base-uri": _NOBODY, "form-action": _NOBODY, **_POLICIES[policy]}
    if script_hashes:
        directives["script-src"] += f" {script_hashes}"
    directives["frame-ancestors"] = " ".join(ancestors) if policy == "frame" and ancestors else _NOBODY
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def share(headers: MutableHeaders, embed: Embed, origin: str) -> None:
    """Let the page at ``origin`` read the response. Never with credentials, never to any other origin."""
    headers.add_vary_header("Origin")
    if embed.admits(origin):
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = "Retry-After, X-Request-Id"


def preflight(headers: MutableHeaders, methods: str) -> None:
    """What a browser may send after asking."""
    headers["Access-Control-Allow-Methods"] = methods.replace(" ", ", ")
    headers["Access-Control-Allow-Headers"] = "Content-Type"
    headers["Access-Control-Max-Age"] = "600"


def inline_script_hashes(page: bytes) -> str:
    """CSP sources for the inline scripts of ``page``, so that these run and injected ones do not."""
    digests = (hashlib.sha256(body).digest() for body in _INLINE_SCRIPT.findall(page))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in dict.fromkeys(digests))
