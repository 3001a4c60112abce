"""What the pages of every browser test are watched for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.chromium import Page, watch

pytestmark = pytest.mark.browser
HOME, OTHER = "http://127.0.0.1:9/home", "https://other.example/"


@pytest.mark.parametrize(
    ("body", "noted"),
    [
        ('<img src="/own.png"><img src="data:,"><img src="http://127.0.0.1:10/a.png">', []),
        (f'<img src="{OTHER}a.png">', [f"request {OTHER}a.png"]),
        ('<script src="http://127.0.0.1:11/a.js"></script>', ["request http://127.0.0.1:11/a.js"]),
        (f'<iframe src="{OTHER}"></iframe>', [f"request {OTHER}"]),
        (f'<meta http-equiv="refresh" content="0;url={OTHER}">', [f"request {OTHER}"]),
        ("<script>alert('here')</script>", ["dialog here"]),
        ("<script>throw new Error('here')</script>", ["error here"]),
    ],
)
def test_what_no_page_may_do_is_noted(unwatched: Callable[..., Page], body: str, noted: list[str]) -> None:
    page, problems = unwatched(), list[str]()
    watch(page.context, problems, besides=("http://127.0.0.1:10",))
    page.route(
        "**", lambda route: route.fulfill(content_type="text/html", body="" if route.request.url != HOME else body)
    )
    page.goto(HOME)
    page.wait_for_load_state("networkidle")
    page.context.close()
    assert problems == noted
