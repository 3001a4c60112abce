"""``index`` through the command line, with real ingestion over a stand-in encoder."""

from __future__ import annotations

import io
import json
import sys

import pytest

from rag.__main__ import main
from rag.commands import index_command
from rag.commands.index_command import changes
from rag.encoding import loading
from tests.fakes import HashEncoder
from tests.web_site import Reply, web_site

ARTICLE = "---\ntitle: One\nlanguage: en\n---\nA staff was formed. It has four members.\n"


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "one.md").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.setenv("ISNAD_CORPUS_DIR", str(folder))
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setattr(loading, "load_encoder", lambda settings, report: HashEncoder())
    return folder


def report(capsys, *arguments, code=0):
    capsys.readouterr()
    assert main(["index", "--json", *arguments]) == code
    return json.loads(capsys.readouterr().out)["counts"]


def subset(found, **wanted):
    return {name: found[name] for name in wanted} == wanted


def test_the_corpus_folder_is_the_default(corpus, capsys):
    assert main(["index"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("1 indexed, in ")
    assert "The index holds 1 articles in 1 passages." in said


def test_only_what_changed_is_indexed_again(corpus, capsys):
    assert subset(report(capsys), indexed=1, unchanged=0)
    assert subset(report(capsys), indexed=0, unchanged=1)
    (corpus / "one.md").write_text(ARTICLE + "One more.\n", encoding="utf-8")
    assert subset(report(capsys), replaced=1, unchanged=0)
    assert subset(report(capsys, "--rebuild"), unchanged=0)


def test_articles_of_vanished_files_go_only_when_told(corpus, capsys):
    (corpus / "two.md").write_text(ARTICLE.replace("four", "five"), encoding="utf-8")
    assert subset(report(capsys), indexed=2)
    (corpus / "two.md").unlink()
    assert subset(report(capsys), removed=0, unchanged=1)
    assert subset(report(capsys, "--prune"), removed=1, unchanged=1)


def test_a_bad_file_is_listed_with_its_cure_and_the_rest_is_indexed(corpus, capsys):
    (corpus / "bad.txt").write_bytes(b"\x00\x01\x02 binary")
    assert main(["index"]) == 1
    said = capsys.readouterr().out
    assert "1 indexed" in said
    failed = said.split("Failed:\n")[1].splitlines()[0]
    assert "bad.txt: " in failed


def test_files_of_other_kinds_share_a_line_and_harm_nothing(corpus, capsys):
    for name in ("a.xyz", "b"):
        (corpus / name).write_bytes(b"x")
    assert main(["index"]) == 0
    (line,) = capsys.readouterr().out.split("Skipped:\n")[1].splitlines()
    assert "corpus/a.xyz and 1 more: It is of a kind that is not read. These are: " in line
    assert main(["index", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["skipped"]
    assert [(each["origin"], bool(each["reason"] and each["cure"])) for each in told] == [
        ("corpus/a.xyz", True),
        ("corpus/b", True),
    ]


def test_an_article_no_one_may_read_is_listed(corpus, capsys, monkeypatch):
    (corpus / "dangling.md").symlink_to(corpus / "nowhere.md")
    assert main(["index"]) == 1
    assert "dangling.md" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["missing", "empty"])
def test_a_folder_that_is_missing_or_empty_is_wrong_use(corpus, capsys, tmp_path, path):
    (tmp_path / "empty").mkdir()
    assert main(["index", str(tmp_path / path)]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("Error: ")
    assert path in captured.err
    assert len(captured.err.splitlines()) == 2


def test_articles_can_be_piped_in(corpus, capsys, monkeypatch):
    lines = [{"id": "a", "title": "T", "text": "Piped in, one."}, {"id": "b", "text": "Piped in, two."}]
    piped = "".join(json.dumps(line) + "\n" for line in lines) + "{broken\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped.encode())))
    found = report(capsys, "-", code=1)
    assert subset(found, indexed=2, failed=1)


@pytest.mark.parametrize("more", [["corpus"], ["--watch"], ["--rebuild"], ["--prune"]])
def test_piped_articles_stand_alone(corpus, capsys, more):
    assert main(["index", "-", *more]) == 2
    assert "Give it alone." in capsys.readouterr().err


def test_a_second_writer_is_refused_with_who_holds_the_lock(corpus, capsys, tmp_path):
    from rag.index.locking import WriterLock

    with WriterLock(tmp_path / "index"):
        assert main(["index"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("Error: ")
    assert "Traceback" not in error


def test_a_name_of_control_characters_cannot_reach_the_terminal(corpus, capsys):
    (corpus / "evil\x1b[2J.txt").write_bytes(b"\x00")
    assert main(["index"]) == 1
    assert "\x1b" not in capsys.readouterr().out


class Hands:
    """Sleeps by doing the next thing; Ctrl-C when there is none."""

    def __init__(self, *deeds):
        self.deeds = list(deeds)

    def __call__(self, seconds):
        if not self.deeds:
            raise KeyboardInterrupt
        self.deeds.pop(0)()


def nothing():
    pass


def test_watching_waits_until_a_change_has_rested(tmp_path):
    path = tmp_path / "a.md"

    def write(text):
        return lambda: path.write_text(text, encoding="utf-8")

    seen = []
    for _ in changes([tmp_path], Hands(nothing, write("a"), write("ab"), nothing, nothing, path.unlink, nothing)):
        seen.append(path.read_text(encoding="utf-8") if path.exists() else None)
    assert seen == ["ab", None]


def test_watching_indexes_each_change_and_ends_with_ctrl_c(corpus, capsys, monkeypatch):
    def rewrite():
        (corpus / "one.md").write_text(ARTICLE.replace("four", "five"), encoding="utf-8")

    def empty():
        (corpus / "one.md").unlink()

    hands = Hands(rewrite, nothing, empty, nothing)
    monkeypatch.setattr(index_command, "changes", lambda paths: changes(paths, hands))
    assert main(["index", "--watch"]) == 0
    captured = capsys.readouterr()
    assert captured.out.count("The index holds 1 articles") == 2
    assert "1 replaced" in captured.out
    assert "Error: " in captured.err, "an empty folder is told, and watching goes on"


def test_a_warning_that_many_files_share_is_one_line(corpus, capsys):
    for n in range(5):
        (corpus / f"{n}.txt").write_text(f"Home | News\n\nStory {n} tells of the river and of day {n}.")
    assert main(["index"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "0.txt and 4 more: left out lines that most files of its folder share: 1" in said.replace("\u2068", "")


def test_columns_are_mapped_and_another_map_reads_the_file_again(corpus, capsys):
    table = corpus / "table.csv"
    table.write_text("headline,story,teaser\nT,The long story was told.,Short.\n", encoding="utf-8")
    assert subset(report(capsys, code=1), failed=1, indexed=1)
    assert subset(report(capsys, "--map", "title=headline,text=story"), failed=0, indexed=1, unchanged=1)
    assert subset(report(capsys, "--map", "title=headline,text=story"), unchanged=2)
    assert subset(report(capsys, "--map", "title=headline,text=teaser"), replaced=1, unchanged=1)
    assert main(["index", "--map", "text=stroy"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "there is no 'stroy', which is to be the text; there are: headline, story, teaser" in said
    assert main(["index", "--map", "story=text"]) == 2
    assert "The fields are: text, title, language" in " ".join(capsys.readouterr().err.split())


def test_piped_records_are_mapped_too(corpus, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"story": "The long story was told."}\n')))
    assert subset(report(capsys, "-", "--map", "text=story"), indexed=1)


def test_an_address_is_fetched_and_told_of(corpus, capsys):
    with web_site() as site:
        site.pages["/dam"] = Reply("<html><body><article><p>The dam was opened on Monday.</p></article></body></html>")
        assert main(["index", f"{site.url}/dam"]) == 0
        said = capsys.readouterr().out
        assert said.startswith("1 indexed, in ")
        assert f"{site.url}/dam, a page: 1 read" in said
        assert main(["index", "--json", f"{site.url}/gone", str(corpus / "one.md")]) == 1
    folder, web = capsys.readouterr().out.split("\n}\n{")
    assert json.loads(folder + "}")["counts"]["indexed"] == 1
    (told,) = json.loads("{" + web)["web"]
    assert (told["failed"], told["note"]) == (1, "Its server answers 404.")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--every", "15m"),
        ("--every", "15m", "https://example.org", "news/"),
        ("--watch", "https://example.org"),
        ("--every", "often", "https://example.org"),
    ],
)
def test_what_is_meant_for_addresses_or_for_folders(corpus, capsys, arguments):
    assert main(["index", *arguments]) != 0
    assert "--every" in capsys.readouterr().err


@pytest.mark.parametrize("setting", ["ISNAD_READER", "ISNAD_RERANKER"])
def test_a_model_that_is_not_here_is_told_before_anything_is_indexed(setting, tmp_path, monkeypatch, capsys):
    pytest.importorskip("sentence_transformers", reason="needs sentence-transformers, left out here")
    (tmp_path / "one.md").write_text("A joint staff was formed.\n", encoding="utf-8")
    monkeypatch.setenv("ISNAD_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv(setting, "no-such-owner/no-such-model")
    assert main(["index", str(tmp_path / "one.md")]) == 1
    told = capsys.readouterr().err
    assert "no-such-owner/no-such-model could not be loaded: it is not on this machine" in told
    assert "models fetch no-such-owner/no-such-model" in told
    assert not (tmp_path / "index").exists()
