"""What axe-core finds on a page, for every page and state that the browser tests reach."""

from __future__ import annotations

import pytest

from tests.browser.chromium import Page


def serious(page: Page) -> list[tuple[str, str]]:
    """What axe-core finds of that weight, by its rule and place."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    return [
        (found["id"], node["html"][:200])
        for found in axe.Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
