"""What the measurements of bench/ compute and write; the measuring itself is run by hand."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from bench import (
    calibrate,
    growth,
    load,
    memory,
    outcome_tables,
    own_code,
    own_code_pdf,
    peers,
    pictures,
    quality,
    reports,
    steady,
)
from bench.growth_corpus import ARTICLE, PASSAGE, ReadyMade, RealCorpus, made_articles
from bench.peer_process import Indexed
from bench.peer_systems import SYSTEMS, System
from rag.documents import Article
from rag.encoding.token_codes import ScalarCode
from rag.evaluation.evaluation_set import EvaluationSet, GoldAnswer, GoldQuestion
from rag.evaluation.report.plots import Line, Mark, line_chart, percent_axis
from rag.formats.articles import read_source
from rag.formats.sources import Source, find_sources
from rag.index.publishing import Publisher
from rag.serving.api import build_api
from rag.settings import Settings
from rag.text.analyser import analyse
from rag.text.arabic import stem
from tests.fake_assistant import FakeAssistant
from tests.fakes import HashEncoder
from tests.loopback import serving
from tests.storage import by_keyword, new_store, opened
from training.examples import XQUAD, Example


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


def test_peers_are_asked_what_no_reader_has_learnt() -> None:
    asked = (gold("a"), replace(gold("a"), id="spent"), replace(gold("a"), answers=()), replace(gold("b"), id="b"))
    given = EvaluationSet("set", {}, asked)
    assert [each.id for each in peers.unspent(given, {"spent"}, None).questions] == [asked[0].id, "b"]
    assert peers.unspent(given, {"spent"}, 1).questions == asked[:1]


def test_questions_the_reader_was_trained_on_are_left_out_in_every_language(tmp_path: Path) -> None:
    given, scratch = tmp_path / "data" / "mixed", tmp_path / "scratch"
    given.mkdir(parents=True)
    scratch.mkdir()
    (given / "articles.jsonl").write_text("{}\n")
    (given / "questions.jsonl").write_text('{"id": "en-1"}\n{"id": "2"}\n{"id": "ar-1"}\n{"id": "3"}\n')
    made = quality.unspent(given, frozenset({"1", "3"}), scratch)
    assert made.name == "mixed"
    assert (made / "questions.jsonl").read_text() == '{"id": "2"}\n'
    assert (made / "articles.jsonl").read_text() == "{}\n"


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


@pytest.mark.parametrize(
    ("point", "is_crowded"), [((10, 0.9), True), ((12, 0.92), False), ((10, 0.5), False), ((25, 0.2), True)]
)
def test_a_name_keeps_clear_of_other_points_and_of_the_edge(point: tuple[float, float], is_crowded: bool) -> None:
    points = [(10, 0.9), (12, 0.92), (10, 0.5), (25, 0.2)]
    assert peers.crowded(point, points, 30) == is_crowded


def test_a_picture_stands_alone_and_is_found_from_the_gathered_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (reports, pictures):
        monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    chart = line_chart(
        "rates", percent_axis("x"), percent_axis("y"), [Line([(0, 1), (1, 0)])], [Mark("here", 0.5, 0.5)]
    )
    reports.write_report("refusal", "python -m x", pictures.save_picture("refusal", chart, "rates"))
    root = ElementTree.parse(tmp_path / "results" / "refusal.svg").getroot()
    assert (root.tag, root.get("viewBox")) == ("{http://www.w3.org/2000/svg}svg", "0 0 360 230")
    (link,) = re.findall(r"!\[rates\]\((.*)\)", reports.gather().read_text("utf-8"))
    assert (tmp_path / link).is_file()


def test_questions_are_put_in_turn_in_the_languages_no_set_has() -> None:
    golds = [GoldQuestion(f"q{n}", f"ar {n}", "ar", True) for n in (1, 2, 3, 4)]
    examples = [
        Example(f"q{n}", XQUAD, language, f"{language} {n}", "", (), topic=2 if n < 4 else 0)
        for n in (1, 2, 3, 4)
        for language in ("ar", "de", "ru")
    ]
    sets = {name: EvaluationSet(name, {}, tuple(golds)) for name in ("xquad-ar-ar",)}
    asked = calibrate.unspent(sets, examples)
    assert [gold.question for gold in asked["xquad-ar-ar"].questions] == ["ar 1", "ar 2", "ar 3"]
    assert [(gold.question, gold.language) for gold in asked[calibrate.MIXED].questions] == [
        ("de 1", "de"),
        ("ru 2", "ru"),
        ("de 3", "de"),
    ]


def test_the_rates_of_refusal_go_from_refusing_nothing_to_refusing_everything() -> None:
    curve = outcome_tables.trades(np.array([0.4, 0.8]), np.array([0.2, 0.4]))
    assert curve == [(0, 1), (0, 0.5), (0.5, 0), (1, 0)]


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("verification", "models"),
        ("dialogues", "models"),
        ("denials", "models"),
        ("obedience", "models"),
        ("own_code", "own_code"),
    ],
)
def test_the_tables_of_the_documents_are_those_last_measured(name: str, document: str) -> None:
    root = Path(__file__).resolve().parent.parent
    rows = [
        row for row in (root / "bench" / "results" / f"{name}.md").read_text("utf-8").splitlines() if row[:1] == "|"
    ]
    told = (root / "docs" / f"{document}.md").read_text("utf-8").splitlines()
    assert rows
    assert [row for row in rows if row not in told] == []


@pytest.mark.parametrize(
    ("found", "expected"), [([3, 7], 1.0), ([2, 6], 1.0), ([3], 2 / 3), ([3, 5, 7], 0.8), ([1], 0.0)]
)
def test_ends_are_compared_with_their_closing_marks_aside(found: list[int], expected: float) -> None:
    assert own_code.ends_f1([["It.", "He."]], "en", lambda text, language: found) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("written", "found", "share"),
    [("one two three four", "one three two four", 0.75), ("قناة", "ﻗﻨﺎة", 1.0), ("قناة", "ةانق", 0.0)],
)
def test_words_of_a_pdf_count_where_they_come_whole_and_in_order(written: str, found: str, share: float) -> None:
    assert own_code_pdf.in_order([written], [found]) == share


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [("In 2,011 or 3.5", "en", {2011.0, 3.5}), ("12 000 et 3,5", "fr", {12000.0, 3.5})],
)
def test_digits_are_read_as_each_language_writes_them(text: str, language: str, numbers: set[float]) -> None:
    assert own_code.digits(text, language) == numbers


# -- growth ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> RealCorpus:
    texts = {
        "ar": ("اجتمع رؤساء الأركان في باماكو", "نزل المطر على الشمال"),
        "en": ("The chiefs met in Bamako", "Rain fell"),
    }
    articles = [Article(text, text, language=code) for code, pair in texts.items() for text in pair]
    return RealCorpus(articles, [])


def test_made_articles_are_the_same_each_time_and_use_the_real_words(real: RealCorpus) -> None:
    first, second = itertools.islice(made_articles(real, 6), 2)
    assert next(made_articles(real, 7)) == second
    assert (first.language, second.language) == ("ar", "en")
    assert len(second.text.split()) == ARTICLE
    assert second.text.lower().count("chiefs") > 1


def test_ready_made_passages_are_stored_published_and_found(real: RealCorpus, tmp_path: Path) -> None:
    encoder = HashEncoder()
    ready = ReadyMade(encoder, real, ScalarCode(encoder.dimension))
    with new_store(tmp_path, encoder=encoder) as store:
        with store.transaction():
            for number in range(4):
                store.put(*ready.article(number), 1)
        Publisher(tmp_path, store).publish()
    index = opened(tmp_path, encoder)
    assert index.counts == {"articles": 4, "passages": 4 * ARTICLE // PASSAGE}
    keys = by_keyword(index, [term.text for term in analyse("chiefs", "en")], 10)
    assert {article.language for _, article in index.hits(keys)} == {"en"}
    assert all("chiefs" in passage.text.lower() for passage, _ in index.hits(keys))
    index.close()


def test_a_report_of_growth_has_a_column_for_each_size() -> None:
    lines = growth.markdown([{"passages": 1000}, {"passages": 10_000, "indexed /s": 99.6}]).splitlines()
    assert lines[:3] == ["| passages | 1,000 | 10,000 |", "|---|---|---|", "| indexed /s |  | 100 |"]


# -- memory ------------------------------------------------------------------------------------------------------


def test_files_of_made_articles_are_read_as_such(
    real: RealCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RealCorpus, "load", lambda root: real)
    monkeypatch.setattr(memory, "FOLDER", 2)
    memory.written(tmp_path, tmp_path / "news", 3)
    found = [
        article
        for source in find_sources([tmp_path / "news"])
        if isinstance(source, Source)
        for article in read_source(source)
    ]
    assert [a.origin for a in found] == ["news/0000/0.md", "news/0000/1.md", "news/0001/2.md"]
    assert all(isinstance(a, Article) and a.title and a.date and len(a.text.split()) == memory.WORDS for a in found)


def test_the_report_of_memory_has_one_row() -> None:
    lines = memory.markdown({"files": 1000, "articles": 1000, "passages": 1200, "peak MB": 99.6}).splitlines()
    assert lines == [
        "| files | articles | passages | peak MB |",
        "|---|---|---|---|",
        "| 1,000 | 1,000 | 1,200 | 100 |",
    ]


# -- load --------------------------------------------------------------------------------------------------------


def test_under_load_a_refusal_is_no_error_and_no_answer() -> None:
    ms = {"p50": 9.0, "p95": 12.5, "p99": 20.1}
    row = {"users": 72, "requests": 10, "per_s": 7.0, "ms": ms, "cpu_ms": 51.5, "rss_mb": [800.5, 801.0]}
    lines = load.markdown([{**row, "ends": {"200": 7, "503": 2, "ReadTimeout": 1}}]).splitlines()

    assert lines[0].count("|") == lines[1].count("|") == lines[2].count("|")
    assert lines[2] == "| 72 | 7.0 | 9.0 | 12.5 | 20.1 | 20.0% | 1 | 51.5 | 800.5, 801.0 |"


def test_sides_measured_in_turn_are_told_by_their_middle() -> None:
    def row(users: int, per_s: float, errors: int = 0) -> dict[str, Any]:
        ends = {"200": 9, "503": 1, "ReadTimeout": errors}
        ms = {"p50": 10 * per_s, "p95": 20 * per_s, "p99": 30 * per_s}
        return {"users": users, "requests": 10 + errors, "per_s": per_s, "ms": ms, "cpu_ms": per_s + 1, "ends": ends}

    rows = {"before": [row(1, 3), row(8, 1), row(1, 2), row(1, 9, 4)], "now": [row(1, 5), row(8, 6)]}
    assert load.compared(rows).splitlines()[2:] == [
        "| 1 | before | 3 | 30 | 60 | 4 | 4 |",
        "| 1 | now | 5 | 50 | 100 | 6 | 0 |",
        "| 8 | before | 1 | 10 | 20 | 2 | 0 |",
        "| 8 | now | 6 | 60 | 120 | 7 | 0 |",
    ]


def test_load_is_measured_on_a_server_by_its_questions(tmp_path: Path) -> None:
    api = build_api(Settings(index_dir=tmp_path, questions_per_minute=10**6, max_concurrent=1), FakeAssistant())
    with serving(api) as address:
        (row,) = asyncio.run(load.run(address, os.getpid(), [2], seconds=0.3))

    assert (row["users"], set(row["ends"])) == (2, {"200"})
    assert row["ends"]["200"] == row["requests"] > 2
    assert min(row["rss_mb"]) > 10
    assert row["cpu_ms"] > 0


def test_a_server_that_does_not_start_is_told() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended, pytest.raises(RuntimeError, match="did not start"):
        load.wait_until_ready("http://127.0.0.1:9", ended)


def test_a_steady_server_is_asked_no_question_twice() -> None:
    asked = list(itertools.islice(steady.different(["Who?", "When?"]), 7))
    assert asked[:4] == ["Who?", "When?", "Who? (1800)", "When? (1800)"]
    assert len(set(asked)) == 7


def test_what_is_kept_is_told_with_its_bound() -> None:
    for number in range(steady.TOLD):
        stem(f"word{number}")
    kept = {each.name: each for each in steady.memories()}
    assert kept["rag.text.arabic.stem"].held >= steady.TOLD
    assert kept["rag.text.arabic.stem"].most == 100_000
    told = steady.markdown([(1, 700.4), (1000, 710.0)], [steady.Memory("a.b", 1500, 2000), steady.Memory("c", 9, None)])
    assert "| 1,000 | 710 |" in told
    assert told.endswith("| `a.b` | 1,500 | 2,000 |\n| `c` | 9 | its keys are a fixed set |")
