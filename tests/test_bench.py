"""What the measurements of bench/ compute and write; the measuring itself is run by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import peers, reports
from bench.peer_process import Indexed
from bench.peer_systems import SYSTEMS, System
from rag.evaluation.evaluation_set import GoldAnswer, GoldQuestion


def gold(*articles: str) -> GoldQuestion:
    return GoldQuestion("q", "?", "en", True, tuple(GoldAnswer(article, 0, 1, "x") for article in articles))


def test_a_system_whose_package_is_missing_is_left_out_with_a_line() -> None:
    here = System("here", ("json",), "", lambda model: pytest.fail("loaded"))
    gone = System("gone", ("json", "no_such_package"), "", lambda model: pytest.fail("loaded"))
    assert peers.installed([here, gone]) == ([here], ["gone is left out: no_such_package is not installed."])


def test_isnad_needs_no_package_of_its_own() -> None:
    assert SYSTEMS[0].name == "Isnad"
    assert SYSTEMS[0].packages == ()


def test_figures_are_means_over_the_questions() -> None:
    recall, mrr, ndcg = peers.quality([["a", "b"], ["b", "a"]], [gold("a"), gold("a")])
    assert (recall, mrr) == (0.5, 0.75)
    assert ndcg == pytest.approx((1 + 0.6309) / 2, abs=1e-4)


def test_rounds_go_through_the_systems_in_turn_and_back() -> None:
    order: list[str] = []

    class Process:
        def __init__(self, name: str) -> None:
            self.name = name

        def index(self, articles: object) -> Indexed:
            order.append(self.name)
            return Indexed(0.0, 10.0 - len(order), 0)

    costs = peers.time_indexing({name: Process(name) for name in "ab"}, [])  # type: ignore[misc]
    assert order == ["a", "b", "b", "a"]
    assert (costs["a"].seconds, costs["b"].seconds) == (6.0, 7.0)


def test_latencies_are_written_in_milliseconds() -> None:
    row = peers.Row("x", [0.5, 0.25, 1.0], Indexed(2.0, 3.0, 4_000_000), [0.001, 0.002, 0.003], 100.0)
    assert row.cells() == ["0.500", "0.250", "1.000", "3.0", "2.0", "2.9", "4.0", "100", "2.0"]


def test_all_reports_are_gathered_under_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "RESULTS", tmp_path / "results")
    reports.write_report("token_codes", "python -m x", "| a |")
    reports.write_report("encoder", "python -m y", "| b |")
    text = reports.gather().read_text("utf-8")
    assert text.index("## Encoder") < text.index("| b |") < text.index("## Token codes") < text.index("| a |")
    assert (tmp_path / "RESULTS.md").is_file()
