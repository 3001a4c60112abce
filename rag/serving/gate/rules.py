"""The table of routes: what each needs, spends and may hold. The gate reads nothing else.

A path that no row names does not exist, whatever lies behind the gate: a route added without a row is closed, not open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.serving.gate.access import Scope
from rag.serving.gate.limits import Budget
from rag.serving.schemas.errors import Rejection

Policy = Literal["data", "chat", "docs", "page", "frame", "asset"]
BodySize = Literal["none", "json", "texts", "upload"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. ``scope`` None: open to all. ``slot``: takes a place among the questions at work.

    ``policy`` names the headers of the response, ``embed`` a route reached with a public embed id.
    """

    name: str
    methods: str
    pattern: str
    scope: Scope | None
    budget: Budget
    body: BodySize = "none"
    slot: bool = False
    policy: Policy = "data"
    embed: bool = False


RULES: tuple[Rule, ...] = (
    Rule("livez", "GET", r"/livez", None, "page"),
    Rule("readyz", "GET", r"/readyz", None, "page"),
    Rule("metrics", "GET", r"/metrics", "admin", "read"),
    Rule("openapi", "GET", r"/openapi\.json", "ask", "read"),
    Rule("docs", "GET", r"/docs", "ask", "page", policy="docs"),
    Rule("docs_files", "GET", r"/docs/[\w.-]+", "ask", "page", policy="asset"),
    Rule("chat_script", "GET", r"/chat\.js", "ask", "page", policy="asset"),
    Rule("chat_style", "GET", r"/chat\.css", "ask", "page", policy="asset"),
    Rule("icon", "GET", r"/favicon\.ico", None, "page", policy="asset"),
    Rule("sign_in_page", "GET", r"/sign-in", None, "page", policy="page"),
    Rule("sign_in", "POST", r"/sign-in", None, "page", "json", policy="page"),
    Rule("sign_in_style", "GET", r"/sign-in\.css", None, "page", policy="asset"),
    Rule("sign_out", "POST", r"/sign-out", None, "page", policy="page"),
    Rule("widget", "GET", r"/widget\.js", None, "page", policy="asset"),
    Rule("widget_demo", "GET", r"/widget-demo", "ask", "page", policy="page"),
    Rule("widget_files", "GET", r"/widget/[\w.-]+", None, "page", policy="asset"),
    Rule("embed_session", "GET", r"/embed/(?P<embed>[^/]+)", None, "read", embed=True),
    Rule("embed_frame", "GET", r"/embed/(?P<embed>[^/]+)/frame", None, "read", policy="frame", embed=True),
    Rule("embed_ask", "POST", r"/embed/(?P<embed>[^/]+)/ask", None, "ask", "json", slot=True, embed=True),
    Rule("embed_translate", "POST", r"/embed/(?P<embed>[^/]+)/translate", None, "ask", "json", slot=True, embed=True),
    Rule("embed_article", "GET", r"/embed/(?P<embed>[^/]+)/articles/[^/]+", None, "read", embed=True),
    Rule("embed_feedback", "POST", r"/embed/(?P<embed>[^/]+)/feedback", None, "write", "json", embed=True),
    Rule("articles_page", "GET", r"/articles", "ask", "page", policy="page"),
    Rule("articles_files", "GET", r"/articles/[\w.-]+", "ask", "page", policy="asset"),
    Rule("admin_page", "GET", r"/admin", "admin", "page", policy="page"),
    Rule("admin_files", "GET", r"/admin/[\w.-]+", "admin", "page", policy="asset"),
    Rule("admin", "GET", r"/api/v1/admin", "admin", "read"),
    Rule("revoke_key", "POST", r"/api/v1/keys/[^/]+/revoke", "admin", "write"),
    Rule("revoke_embed", "POST", r"/api/v1/embeds/[^/]+/revoke", "admin", "write"),
    Rule("library", "GET", r"/api/v1/library", "ask", "read"),
    Rule("samples", "POST", r"/api/v1/samples", "ingest", "write"),
    Rule("session", "GET", r"/api/v1/session", "ask", "read"),
    Rule("ask", "POST", r"/api/v1/ask", "ask", "ask", "json", slot=True),
    Rule("search", "POST", r"/api/v1/search", "ask", "ask", "json", slot=True),
    Rule("translate", "POST", r"/api/v1/translate", "ask", "ask", "json", slot=True),
    Rule("articles", "GET", r"/api/v1/articles", "ask", "read"),
    Rule("upload", "POST", r"/api/v1/articles", "ingest", "write", "upload"),
    Rule("article", "GET", r"/api/v1/articles/[^/]+", "ask", "read"),
    Rule("delete", "DELETE", r"/api/v1/articles/[^/]+", "admin", "write"),
    Rule("job", "GET", r"/api/v1/jobs/[^/]+", "ingest", "read"),
    Rule("cancel_job", "DELETE", r"/api/v1/jobs/[^/]+", "ingest", "write"),
    Rule("feedback", "POST", r"/api/v1/feedback", "ask", "write", "json"),
    Rule("chat_completions", "POST", r"/v1/chat/completions", "ask", "ask", "json", slot=True),
    Rule("responses", "POST", r"/v1/responses", "ask", "ask", "json", slot=True),
    Rule("models", "GET", r"/v1/models(?:/[^/]+)?", "ask", "read"),
    Rule("embeddings", "POST", r"/v1/embeddings", "ask", "ask", "texts", slot=True),
    Rule("mcp", "POST", r"/mcp", "ask", "ask", "json", slot=True),
)
# Those of Gradio's routes that its page and its clients use, tried for paths that no row above names. It has more: they
# write conversations to the disk, reload code, take files. What a new version adds is closed until a row names it.
_PAGE_FILES = r"config/?|theme\.css|manifest\.json|robots\.txt|pwa_icon(?:/.+)?|(?:assets|static)/.+"
_READ = r"info/?|openapi\.json|startup-events|theme\.css|queue/data|heartbeat/[^/]+|call/.+"
CHAT_RULES: tuple[Rule, ...] = (
    Rule("chat_ask", "POST", r"/gradio_api/(?:queue/join|call/.+)", "ask", "ask", "json", policy="chat"),
    # Opening the page, a vote, a switch: Gradio runs nothing here that belongs into its queue, where questions are.
    Rule("chat_action", "POST", r"/gradio_api/(?:run|api)/.+", "ask", "read", "json", policy="chat"),
    Rule("chat_event", "POST", r"/gradio_api/(?:cancel|reset/?)", "ask", "page", "json", policy="chat"),
    Rule("chat", "GET HEAD", rf"/(?:{_PAGE_FILES}|gradio_api/(?:{_READ}))?", "ask", "page", policy="chat"),
)


@dataclass(frozen=True, slots=True)
class Match:
    """The row a request falls under, and the embed id its path names."""

    rule: Rule
    embed_id: str = ""


def find_rule(method: str, path: str) -> Match:
    """The row of a request. Raises Rejection 404 for a path that is not there, 405 for another method."""
    named = [(rule, found) for rule in RULES if (found := re.fullmatch(rule.pattern, path, re.DOTALL))]
    if not named:
        named = [(rule, found) for rule in CHAT_RULES if (found := re.fullmatch(rule.pattern, path, re.DOTALL))]
    for rule, found in named:
        if method in rule.methods.split():
            return Match(rule, found.groupdict().get("embed", ""))
    if not named:
        raise Rejection(404, "not_found", "There is no such page.", "See / and /docs.")
    allowed = ", ".join(sorted({method for rule, _ in named for method in rule.methods.split()}))
    raise Rejection(405, "method_not_allowed", f"{method} is not allowed here.", f"Use {allowed}.", {"Allow": allowed})
