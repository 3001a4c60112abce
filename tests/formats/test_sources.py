from __future__ import annotations

import hashlib
import os
import socket
import unicodedata
from pathlib import Path

import pytest

from rag.errors import ArticleError, CorpusError
from rag.formats.drafts import NotRead
from rag.formats.sources import Source, find_sources, open_source, shown, source_digest

posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices as POSIX has them")


def make(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text")
    return folder


def origins(*paths: Path) -> list[str]:
    return [found.origin for found in find_sources(paths)]


def failure(*paths: Path) -> NotRead:
    (found,) = (found for found in find_sources(paths) if isinstance(found, NotRead))
    return found


def test_folders_are_walked_in_the_order_of_names(tmp_path: Path) -> None:
    folder = make(tmp_path / "corpus", "b.txt", "a/z.md", "a/c/d.html", "é.txt", "A.pdf", "a.txt")
    assert origins(folder) == [
        "corpus/A.pdf",
        "corpus/a/c/d.html",
        "corpus/a/z.md",
        "corpus/a.txt",
        "corpus/b.txt",
        "corpus/é.txt",
    ]


def test_hidden_files_and_the_folders_own_readme_are_left_out(tmp_path: Path) -> None:
    folder = make(tmp_path / "corpus", ".git/a.txt", ".hidden.md", "~$a.docx", "README.md", "deep/readme.MD", "a.md")
    assert origins(folder) == ["corpus/a.md"]
    assert origins(folder / "README.md") == ["corpus/README.md"]  # unless asked for by name


def test_a_file_has_one_origin_however_it_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "corpus", "a.md")
    monkeypatch.chdir(folder)
    for path in (folder, folder / "a.md", Path(), Path("a.md"), Path("../corpus"), folder / ".." / "corpus"):
        assert origins(path) == ["corpus/a.md"]


def test_two_folders_keep_their_files_apart(tmp_path: Path) -> None:
    make(tmp_path, "one/a.md", "two/a.md")
    assert origins(tmp_path / "one", tmp_path / "two") == ["one/a.md", "two/a.md"]


def test_a_file_given_twice_is_found_once(tmp_path: Path) -> None:
    folder = make(tmp_path / "corpus", "a.md")
    assert origins(folder, folder / "a.md", folder) == ["corpus/a.md"]


def test_folders_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    make(tmp_path, "x/news/a.md", "y/news/a.md")
    found = list(find_sources([tmp_path / "x/news", tmp_path / "y/news"]))
    assert [type(item) for item in found] == [Source, NotRead]
    assert found[1] == NotRead("news/a.md", "Another file of this run goes by the same name.", "Rename one of them.")


def test_other_kinds_are_skipped_not_failed(tmp_path: Path) -> None:
    found = failure(make(tmp_path / "corpus", "a.md", "map.xyz"))
    assert (found.origin, found.skipped) == ("corpus/map.xyz", True)
    assert ".pdf" in found.hint


def test_a_file_asked_for_by_name_is_failed_not_skipped(tmp_path: Path) -> None:
    assert not failure(make(tmp_path, "map.png") / "map.png").skipped


@pytest.mark.parametrize("name", ["missing", "missing.md", "missing/deeper"])
def test_a_missing_path_is_told_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match="does not exist") as told:
        find_sources([tmp_path / name])
    assert told.value.hint


@pytest.mark.parametrize("names", [(), (".hidden.md",), ("README.md",), ("map.png",), ("deep/er/map.png",)])
def test_a_folder_with_nothing_to_read_is_told_at_once(tmp_path: Path, names: tuple[str, ...]) -> None:
    folder = make(tmp_path / "corpus", *names)
    folder.mkdir(exist_ok=True)
    with pytest.raises(CorpusError, match="holds no article"):
        find_sources([folder])


def test_a_name_with_a_nul_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        find_sources([tmp_path / "a\0b"])


@posix
def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = make(tmp_path / "outside", "secret.md")
    folder = make(tmp_path / "corpus", "a.md")
    (folder / "file.md").symlink_to(outside / "secret.md")
    (folder / "folder").symlink_to(outside)
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "dangling.md").symlink_to(folder / "nowhere")
    (folder / "self").symlink_to(folder)
    found = {item.origin: item for item in find_sources([folder])}
    assert isinstance(found.pop("corpus/a.md"), Source)
    assert set(found) == {f"corpus/{name}" for name in ("file.md", "folder", "loop.md", "dangling.md", "self")}
    assert all(isinstance(item, NotRead) and "link" in item.reason and not item.skipped for item in found.values())


@posix
def test_a_folder_given_as_a_link_is_meant(tmp_path: Path) -> None:
    make(tmp_path / "real", "a.md")
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    assert origins(tmp_path / "alias") == ["alias/a.md"]


@posix
def test_a_file_given_as_a_link_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a.md")
    (tmp_path / "alias.md").symlink_to(tmp_path / "a.md")
    assert "link" in failure(tmp_path / "alias.md").reason


@posix
def test_pipes_sockets_and_devices_are_refused_without_waiting(tmp_path: Path) -> None:
    folder = make(tmp_path / "corpus", "a.md")
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket.md"))
        reasons = {item.origin: item.reason for item in find_sources([folder]) if isinstance(item, NotRead)}
    assert reasons == {
        "corpus/pipe.txt": "It is a pipe, which is not followed.",
        "corpus/socket.md": "It is a socket, which is not followed.",
    }
    assert "device" in failure(Path("/dev/null")).reason


@posix
def test_a_file_swapped_after_it_was_found_is_not_followed(tmp_path: Path) -> None:
    folder = make(tmp_path / "corpus", "a.md", "b.md", "c.md")
    first, second, third = (item for item in find_sources([folder]) if isinstance(item, Source))
    secret = make(tmp_path, "secret.md") / "secret.md"
    first.path.unlink()
    first.path.symlink_to(secret)
    second.path.unlink()
    os.mkfifo(second.path)
    third.path.unlink()
    for source, says in ((first, "cannot be opened"), (second, "pipe"), (third, "cannot be opened")):
        with pytest.raises(ArticleError, match=says):
            open_source(source)


@posix
def test_names_in_two_unicode_forms_do_not_overwrite_each_other(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "été.md") for form in ("NFC", "NFD"))
    folder = make(tmp_path / "corpus", composed)
    if (folder / decomposed).exists():
        pytest.skip("this file system makes the two names one")
    make(folder, decomposed)
    found = list(find_sources([folder]))
    assert sorted(type(item).__name__ for item in found) == ["NotRead", "Source"]
    assert {item.origin for item in found} == {f"corpus/{composed}"}


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("plain.md", "plain.md"),
        ("قمة الساحل.md", "قمة الساحل.md"),
        (unicodedata.normalize("NFD", "été.md"), "été.md"),
        ("two\nlines.md", r"two\nlines.md"),
        ("gpj.\u202edm.md", r"gpj.\u202edm.md"),
        ("\x1b[31mred.md", r"\x1b[31mred.md"),
        ("bad\udcff.md", r"bad\udcff.md"),
    ],
)
def test_origins_can_be_printed_and_stored(name: str, origin: str) -> None:
    assert shown(name) == origin
    assert shown(origin) == origin
    shown(name).encode("utf-8")


@posix
def test_names_that_are_not_utf_8_are_found(tmp_path: Path) -> None:
    folder = make(tmp_path / "corpus", "a.md")
    with open(os.fsencode(folder) + b"/\xff.md", "wb") as stream:
        stream.write(b"text")
    assert origins(folder) == ["corpus/a.md", r"corpus/\udcff.md"]


def test_a_folder_that_cannot_be_opened_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "corpus", "a.md", "closed/b.md")
    real = os.scandir

    def refusing(path: Path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert failure(folder) == NotRead(
        "corpus/closed", "The folder cannot be opened: permission denied.", "Check its permissions."
    )


@posix
def test_folders_nested_thousands_deep_are_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "corpus", "a.md")
    monkeypatch.chdir(folder)
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
    found = list(find_sources([folder]))
    for _ in range(3000):  # a removal that recurses would not get down there
        os.chdir("..")
        os.rmdir("d")
    assert Source(folder / "a.md", "corpus/a.md") in found
    assert [item.reason for item in found if isinstance(item, NotRead)] == [
        "The folder cannot be opened: file name too long."
    ]


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(os.urandom(3_000_000))
    assert source_digest(Source(path, "a.txt")) == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(("name", "refused"), [("a.txt", True), ("a.zip", True), ("a.jsonl", False)])
def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path, name: str, refused: bool) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(1 << 30)  # takes no room on the disk
    if refused:
        with pytest.raises(ArticleError, match="1073 MB, more than"):
            source_digest(Source(path, name))
    else:
        open_source(Source(path, name)).close()


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.md")

    def refusing(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(ArticleError, match="cannot be opened: permission denied"):
        source_digest(Source(tmp_path / "a.md", "a.md"))
