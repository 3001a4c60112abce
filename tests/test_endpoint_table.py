"""Every fault of a model's endpoint, through the whole program: what the table of ``docs/models.md`` says is so."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from rag.generation.endpoint_outcomes import _MESSAGES
from tests.endpoint_table import DEADLINE_S, ROWS, Program, line, program, written_lines
from tests.faulty_endpoint import CASES, KEY

LINES = written_lines()
SLACK_S = 1.5  # for the search and the quotes, on a busy machine


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with program(tmp_path_factory.mktemp("index")) as asked:
        yield asked


@pytest.mark.parametrize(("action", "case"), ROWS.items(), ids=ROWS.values())
def test_the_reader_sees_what_the_table_says_in_time(
    asked: Program, caplog: pytest.LogCaptureFixture, action: str, case: str
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = asked.see(case)
    assert line(action, seen) in LINES
    assert seen.seconds < DEADLINE_S + SLACK_S
    assert KEY not in caplog.text + str(seen.answer.to_dict())
    assert "Traceback" not in caplog.text
    for citation in seen.answer.citations:
        text = asked.assistant.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote


def test_the_table_has_these_rows_and_every_ending() -> None:
    assert len(LINES) == len(ROWS)
    assert set(ROWS.values()) <= CASES.keys()
    assert [message for message in _MESSAGES.values() if not any(message in row for row in LINES)] == []
