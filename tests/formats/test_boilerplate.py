from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.documents import Article
from rag.formats import boilerplate
from rag.formats.articles import read_source
from rag.formats.boilerplate import Boilerplate, shared_lines
from rag.formats.sources import Source, find_sources

STORY = "Story number {n} tells of what happened on day {n} in the town of number {n}."


def read_folder(folder: Path) -> list[Article]:
    sources = [source for source in find_sources([folder]) if isinstance(source, Source)]
    shared = Boilerplate()
    read = [(source, found) for source in sources for found in read_source(source)]
    return [shared.without(found, source) for source, found in read if isinstance(found, Article)]


def folder_of(tmp_path: Path, count: int, write: Callable[[int], str]) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    for n in range(count):
        (folder / f"{n}.txt").write_text(write(n))
    return folder


def test_lines_that_a_site_repeats_are_left_out_and_counted(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 6, lambda n: f"Home | News\n\n{STORY.format(n=n)}\n\nSubscribe now!\nالحقوق محفوظة")
    for n, article in enumerate(read_folder(folder)):
        assert article.text == STORY.format(n=n)
        assert article.warnings == ("left out lines that most files of its folder share: 3",)


def test_few_files_prove_nothing(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 4, lambda n: f"Home | News\n\n{STORY.format(n=n)}")
    assert all(article.text.startswith("Home") for article in read_folder(folder))


def test_a_line_that_some_articles_share_stays(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 12, lambda n: STORY.format(n=n) + ("\nA refrain." if n < 5 else ""))
    assert sum("A refrain." in article.text for article in read_folder(folder)) == 5


def test_reprints_of_one_story_stay_whole(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 8, lambda n: f"{STORY.format(n=0)}\nThe same second line.\nReprint {n}.")
    assert all(article.text.count("\n") == 2 and not article.warnings for article in read_folder(folder))


def test_folders_are_judged_apart(tmp_path: Path) -> None:
    for site in ("one", "two"):
        (tmp_path / "all" / site).mkdir(parents=True)
        for n in range(5):
            (tmp_path / "all" / site / f"{n}.txt").write_text(f"{site} news\n{STORY.format(n=n)}")
    (tmp_path / "all/two/0.txt").write_text(f"one news\n{STORY.format(n=0)}")
    texts = [article.text for article in read_folder(tmp_path / "all")]
    assert sum(text.startswith("one news") for text in texts) == 1  # the line is not site two's
    assert sum(text.startswith("two news") for text in texts) == 4  # four files are too few


def test_a_folder_is_sampled_and_only_when_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, 200, lambda n: f"Home\n{STORY.format(n=n)}")
    sources = [source for source in find_sources([folder]) if isinstance(source, Source)]
    opened: list[Source] = []
    monkeypatch.setattr(boilerplate, "read_source", lambda source: opened.append(source) or read_source(source))
    shared = Boilerplate()
    assert not opened
    for source in sources[:3]:
        (article,) = read_source(source)
        assert isinstance(article, Article)
        assert shared.without(article, source).text.startswith("Story")
    assert len(opened) == boilerplate.SAMPLE


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], set()),
        (["a\nb"] * 4, set()),
        (["a\n b \n\nc"] * 5, {"a", "b", "c"}),
        (["a\na"] * 3 + ["b"] * 3, set()),  # twice in one text counts once
        (["a"] * 5 + ["b"] * 6, {"b"}),
        (["x" * 201] * 9, set()),
    ],
)
def test_what_is_shared(texts: list[str], expected: set[str]) -> None:
    assert shared_lines(texts) == expected
