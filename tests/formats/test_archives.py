from __future__ import annotations

import io
import stat
import zipfile

import pytest

from rag.errors import ArticleError
from rag.formats.archives import MAX_MEMBERS, open_archive, read_members
from rag.formats.drafts import NotRead
from tests.zoo.archives import archive, locked


def members(data: bytes, limit: int = 1_000_000) -> list[tuple[str, bytes] | NotRead]:
    return list(read_members(io.BytesIO(data), limit))


def test_members_come_in_the_archives_order_without_folders_and_hidden_files() -> None:
    data = archive(
        {"b.txt": b"two", "folder/": b"", "folder/a.txt": b"one", ".hidden": b"", "__MACOSX/b.txt": b"", "x/.y/z": b""}
    )
    assert members(data) == [("b.txt", b"two"), ("folder/a.txt", b"one")]


def test_a_comment_at_the_end_does_no_harm() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("a.txt", "one")
        made.comment = b"PK\x05\x06 said the comment" * 100
    # zipfile itself is misled by such a comment, so refusing it is as good as reading it.
    try:
        assert members(buffer.getvalue()) == [("a.txt", b"one")]
    except ArticleError as error:
        assert "readable" in error.message  # noqa: PT017


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a readable ZIP"),
        (b"PK\x03\x04", "not a readable ZIP"),
        (archive({"a": b"x"})[:-1], "not a readable ZIP"),
        (archive({"a": bytes(20_000_000)}), "times its size"),
        (archive({str(n): bytes(4_000_000) for n in range(5)}), "times its size"),
        (archive({str(n): b"" for n in range(MAX_MEMBERS + 1)}, zipfile.ZIP_STORED), f"more than {MAX_MEMBERS} files"),
    ],
)
def test_archives_refused_before_anything_is_unpacked(data: bytes, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("something was unpacked"))
    with pytest.raises(ArticleError, match=says):
        members(data)


def test_the_total_is_bounded() -> None:
    with pytest.raises(ArticleError, match="unpacks to 3 MB, more than 2 MB"):
        open_archive(io.BytesIO(archive({"a": bytes(range(256)) * 12_000}, zipfile.ZIP_STORED)), limit=2_000_000)


def test_a_directory_of_the_large_kind_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("a.txt", "one")
    data = buffer.getvalue()
    end = data.rindex(b"PK\x05\x06")
    with pytest.raises(ArticleError, match="more than"):
        members(data[:end] + b"PK\x06\x07" + bytes(16) + data[end:])


def _lying(data: bytes) -> bytes:
    """The archive with its only member's size one too small in the central directory."""
    at = data.rindex(b"PK\x01\x02") + 24
    size = int.from_bytes(data[at : at + 4], "little") - 1
    return data[:at] + size.to_bytes(4, "little") + data[at + 4 :]


def _corrupt(data: bytes) -> bytes:
    return data[:35] + bytes([data[35] ^ 0xFF]) + data[36:]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (locked(archive({"a.txt": b"text"})), "password"),
        (archive({"a.txt": b"text"}, zipfile.ZIP_LZMA), "method other than deflate"),
        (archive({"a.txt": b"text"}, zipfile.ZIP_BZIP2), "method other than deflate"),
        (archive({"a.txt": b"x" * 2000}), "larger than"),
        (_lying(archive({"a.txt": b"text" * 20})), "damaged|declares"),
        (archive({"a.txt": b"text"})[20:], "damaged"),
        (_corrupt(archive({"a.txt": b"some text that shrinks shrinks"})), "damaged|declares"),
    ],
)
def test_a_bad_member_is_a_flaw(data: bytes, reason: str) -> None:
    (flaw,) = members(data, limit=1000)
    assert isinstance(flaw, NotRead)
    assert flaw.origin == "!a.txt"
    assert any(word in flaw.reason for word in reason.split("|"))


def test_a_link_in_an_archive_is_a_flaw() -> None:
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(link, "/etc/passwd")
    (flaw,) = members(buffer.getvalue())
    assert isinstance(flaw, NotRead)
    assert (flaw.origin, flaw.reason) == ("!a.txt", "It is a link, which is not followed.")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_member_of_a_name_is_a_flaw() -> None:
    first, second = members(archive([("a.txt", b"one"), ("a.txt", b"two")]))
    assert isinstance(second, NotRead)
    assert "two files of this name" in second.reason
    assert isinstance(first, tuple)


def test_names_that_lead_out_are_only_names() -> None:
    assert members(archive({"../../etc/x.txt": b"one", "/abs.txt": b"two"})) == [
        ("../../etc/x.txt", b"one"),
        ("/abs.txt", b"two"),
    ]
