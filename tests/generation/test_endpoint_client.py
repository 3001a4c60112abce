"""Addresses as their owners write them, Azure's among them."""

from __future__ import annotations

import pytest

from rag.errors import SettingsError
from rag.generation.endpoint import Endpoint, Limits
from rag.generation.endpoint_client import client_options, read_address

AZURE = "https://x.openai.azure.com"


@pytest.mark.parametrize(
    ("written", "address", "query"),
    [
        ("", "", {}),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1", {}),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1", {}),
        ("http://127.0.0.1:8000/v1/chat/completions", "http://127.0.0.1:8000/v1", {}),
        (f"{AZURE}/openai/v1/", f"{AZURE}/openai/v1", {}),
        (
            f"{AZURE}/openai/deployments/d/chat/completions?api-version=2024-10-21",
            f"{AZURE}/openai/deployments/d",
            {"api-version": "2024-10-21"},
        ),
        (
            "https://y.services.ai.azure.com/models?api-version=1",
            "https://y.services.ai.azure.com/models",
            {"api-version": "1"},
        ),
    ],
)
def test_an_address_is_read(written: str, address: str, query: dict[str, str]) -> None:
    assert read_address(written) == (address, query)


@pytest.mark.parametrize("written", [AZURE, f"{AZURE}/", f"{AZURE}/v1", f"{AZURE}?api-version=2024-10-21"])
def test_azures_address_without_its_path_is_refused_at_the_start_with_the_one_that_works(written: str) -> None:
    with pytest.raises(SettingsError, match=f"{AZURE}/openai/v1"):
        Endpoint(written, "k", "m", Limits())


@pytest.mark.parametrize(("query", "own"), [("?api-version=1", True), ("", False)])
def test_a_dated_call_carries_the_key_in_azures_header(query: str, own: bool) -> None:
    headers = client_options(f"{AZURE}/openai/deployments/d{query}", "secret")["default_headers"]
    assert ("api-key" in headers) is own
