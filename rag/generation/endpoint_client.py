"""The official ``openai`` client for an address as its owner wrote it, Azure's with an ``api-version`` among them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from rag.errors import SettingsError

_CALL = "/chat/completions"  # what is pasted with the address, and the client adds itself
_AZURE = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")


def read_address(base_url: str) -> tuple[str, dict[str, str]]:
    """The address that the client goes on from, and the query that each call carries.

    Raises SettingsError for one of Azure's without the path that its calls are under.
    """
    parts = urlsplit(base_url)
    if (parts.hostname or "").endswith(_AZURE) and "/openai" not in parts.path and "/models" not in parts.path:
        raise SettingsError(
            f"OPENAI_BASE_URL is {parts.scheme}://{parts.netloc}{parts.path}, where Azure answers no call.",
            f"Set it to {parts.scheme}://{parts.netloc}/openai/v1",
        )
    path = parts.path.rstrip("/").removesuffix(_CALL)
    return urlunsplit(parts._replace(path=path, query="", fragment="")), dict(parse_qsl(parts.query))


def client_options(base_url: str, api_key: str) -> dict[str, Any]:
    """The options of ``openai.OpenAI`` and ``openai.AsyncOpenAI`` for an address and its key. Raises as read_address.

    Azure reads the key of a dated call (``?api-version=``) from a header of its own.
    """
    address, query = read_address(base_url)
    headers = {"Accept-Encoding": "identity"}  # nothing that unpacks to more than it seems
    if "api-version" in query:
        headers["api-key"] = api_key
    return {
        "base_url": address or None,
        "api_key": api_key or "none",  # servers on one's own machine want none, the client wants some
        "max_retries": 0,
        "default_query": query,
        "default_headers": headers,
    }
