"""Pages for every browser test, each watched: a test fails where one of its pages did what none of ours may."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.browser.chromium import Page, open_chromium, watch


@pytest.fixture(scope="module")
def unwatched() -> Iterator[Callable[..., Page]]:
    """One browser for the tests of a file."""
    with open_chromium() as new_page:
        yield new_page


@pytest.fixture
def chromium(unwatched: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """Opens a page and closes it after the test. ``besides``: what it may ask beside where it is opened; ``provoked``:
    how the problems begin that a test brings about itself.
    """
    pages: list[Page] = []
    problems: list[str] = []
    expected: list[str] = []

    def opened(besides: tuple[str, ...] = (), provoked: tuple[str, ...] = (), **context: object) -> Page:
        pages.append(unwatched(**context))
        expected.extend(provoked)
        watch(pages[-1].context, problems, besides)
        return pages[-1]

    yield opened
    for page in pages:
        page.context.close()
    assert [problem for problem in problems if not problem.startswith(tuple(expected))] == []
