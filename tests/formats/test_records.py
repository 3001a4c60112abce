from __future__ import annotations

import hashlib
import io
import json
import tracemalloc

import pytest

from rag.errors import ArticleError, CorpusError
from rag.formats.drafts import ArticleDraft, Find, NotRead, field_names
from rag.formats.records import read_csv, read_json, read_json_lines

RECORD = {
    "id": "a1",
    "title": "قمة",
    "text": "نص المقال",
    "language": "ar",
    "date": "2011-10-12",
    "source": "s",
    "url": "u",
}
DRAFT = ArticleDraft("نص المقال", title="قمة", language="ar", date="2011-10-12", source="s", url="u", id="a1")


def lines(text: str) -> list[Find]:
    return list(read_json_lines(io.BytesIO(text.encode())))


def place_of(find: Find) -> str:
    return find.place if isinstance(find, ArticleDraft) else find.origin


def plain(find: Find) -> ArticleDraft:
    """The draft without what differs between the formats."""
    assert isinstance(find, ArticleDraft)
    return ArticleDraft(
        **{**{name: getattr(find, name) for name in ArticleDraft.__slots__}, "place": "", "content_hash": ""}
    )


@pytest.mark.parametrize(
    "value", [RECORD, [RECORD], {"articles": [RECORD]}, {"version": "1", "items": [RECORD], "tags": []}]
)
def test_one_record_however_it_is_wrapped(value: object) -> None:
    (found,) = read_json(json.dumps(value).encode())
    assert plain(found) == DRAFT


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"body": "T"}, ArticleDraft("T")),
        (
            {"content": "T", "headline": "H", "lang": "fr", "published": "2011"},
            ArticleDraft("T", title="H", language="fr", date="2011"),
        ),
        ({"Text": "T", "Date-Published": "2011-01-02"}, ArticleDraft("T", date="2011-01-02")),
        ({"text": "T", "author": {"name": "A"}, "publisher": {"name": "P"}}, ArticleDraft("T", author="A", source="P")),
        ({"text": "T", "authors": ["A", {"name": "B"}, 3, None, []]}, ArticleDraft("T", author="A, B, 3")),
        ({"text": "T", "id": 7, "title": None, "url": True}, ArticleDraft("T", id="7")),
        ({"text": "", "body": "T"}, ArticleDraft("T")),
        ({"text": "T", "questions": ["One?", 2, "", None]}, ArticleDraft("T", questions=("One?", "2"))),
        ({"text": "T", "questions": "not a list"}, ArticleDraft("T")),
        ({"text": "T", "items": [{"a": 1}]}, ArticleDraft("T")),
        ({"articleBody": "T", "author": [{"name": "A"}, {"name": "B"}]}, ArticleDraft("T", author="A, B")),
        (
            {"content": "T", "publishedAt": "2014-02-03", "source": {"id": "b", "name": "B"}},
            ArticleDraft("T", date="2014-02-03", source="B"),
        ),
        ({"maintext": "T", "date_publish": "2014-02-03 10:00:00"}, ArticleDraft("T", date="2014-02-03 10:00:00")),
    ],
)
def test_fields_go_by_several_names(record: dict[str, object], expected: ArticleDraft) -> None:
    (found,) = read_json(json.dumps(record).encode())
    assert plain(found) == expected


def test_each_of_many_has_its_place_and_hash() -> None:
    found = list(read_json(json.dumps([{"text": "one"}, {"text": "two"}, {"text": "one"}]).encode()))
    assert [place_of(find) for find in found] == ["#1", "#2", "#3"]
    first, second, third = (find.content_hash for find in found if isinstance(find, ArticleDraft))
    assert first == third != second


def test_a_bad_record_does_not_lose_the_others() -> None:
    found = list(read_json(b'[{"text": "one"}, 7, {"title": "no text"}, {"text": "two"}]'))
    assert [type(find).__name__ for find in found] == ["ArticleDraft", "NotRead", "NotRead", "ArticleDraft"]
    assert [place_of(find) for find in found] == ["#1", "#2", "#3", "#4"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"text": "cut', "not valid JSON"),
        (b"[1, 2", "not valid JSON"),
        (b'"text"', "neither"),
        (b"42", "neither"),
        (b"null", "neither"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b'{"n": ' + b"9" * 10_000 + b"}", "number too long"),
    ],
)
def test_bad_json_is_an_article_error(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says):
        list(read_json(data))


def test_json_lines_give_an_article_a_line_and_a_flaw_for_a_bad_one() -> None:
    found = lines('{"text": "one"}\n\n{bad}\r\n[1]\n{"title": "t"}\n{"text": "two"}')
    assert [(type(find).__name__, place_of(find)) for find in found] == [
        ("ArticleDraft", "#1"),
        ("NotRead", "#3"),
        ("NotRead", "#4"),
        ("NotRead", "#5"),
        ("ArticleDraft", "#6"),
    ]
    assert isinstance(found[0], ArticleDraft)
    assert isinstance(found[1], NotRead)
    assert found[1].reason.endswith("in line 3.")
    assert found[1].hint == "Put one JSON object on each line."
    assert found[0].content_hash == hashlib.sha256(b'{"text": "one"}').hexdigest()


def test_a_byte_order_mark_before_the_first_line() -> None:
    assert [plain(find) for find in lines('\ufeff{"text": "one"}\n{"text": "two"}')] == [
        ArticleDraft("one"),
        ArticleDraft("two"),
    ]


def test_lines_in_a_legacy_encoding() -> None:
    data = json.dumps({"text": "بادرت الجزائر إلى إنشاء هيئة"}, ensure_ascii=False).encode("windows-1256")
    (found,) = read_json_lines(io.BytesIO(data))
    assert isinstance(found, ArticleDraft)
    assert found.text == "بادرت الجزائر إلى إنشاء هيئة"


@pytest.mark.parametrize(("data", "says"), [(b"\0" * 100, "binary"), ('{"text": "x"}'.encode("utf-16"), "UTF-16")])
def test_lines_that_are_none(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says):
        list(read_json_lines(io.BytesIO(data)))


def test_a_line_without_end_is_not_read_whole() -> None:
    data = b'{"text": "one"}\n{"text": "' + b"x" * 5000
    found = read_json_lines(io.BytesIO(data), limit=1000)
    assert isinstance(next(found), ArticleDraft)
    with pytest.raises(ArticleError, match="Line 2"):
        next(found)


def test_memory_does_not_grow_with_the_number_of_lines() -> None:
    class Endless(io.RawIOBase):
        """Says the same line again and again."""

        line = json.dumps({"text": "كلمة " * 200}).encode() + b"\n"
        left = 20_000

        def readline(self, size: int | None = -1) -> bytes:
            self.left -= 1
            return self.line if self.left >= 0 else b""

    tracemalloc.start()
    count = sum(isinstance(find, ArticleDraft) for find in read_json_lines(Endless()))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 2_000_000  # the lines are 120 MB


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_has_an_article_a_row(separator: str) -> None:
    rows = [
        ["title", "text", "date"],
        ["T1", f'"with {separator} inside\nand a line"', "2011-10-12"],
        ["T2", "second", ""],
    ]
    found = list(read_csv("\r\n".join(separator.join(row) for row in rows).encode()))
    assert [plain(find) for find in found] == [
        ArticleDraft(f"with {separator} inside\nand a line", title="T1", date="2011-10-12"),
        ArticleDraft("second", title="T2"),
    ]
    assert [place_of(find) for find in found] == ["#1", "#2"]


@pytest.mark.parametrize("data", [b"title,words\nT,x", b'text\n""', b"text,title\n,T"])
def test_rows_without_text_are_flaws(data: bytes) -> None:
    assert [type(find) for find in read_csv(data)] == [NotRead]


def test_a_field_too_long_is_an_article_error() -> None:
    with pytest.raises(ArticleError, match="Row 2"):
        list(read_csv(b"text\nshort\n" + b"x" * 200, limit=100))


def test_more_and_fewer_columns_than_the_header() -> None:
    torn = "its row has 2 fields more than there are columns, which were left out"
    assert [plain(find) for find in read_csv(b"text,title\none\ntwo,T,extra,more")] == [
        ArticleDraft("one"),
        ArticleDraft("two", title="T", warnings=(torn,)),
    ]


# -- fields that go by names of their own ----------------------------------------------------------------------------

MAPPED = field_names("title=headline, text=Main-Body,date=when")


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (read_json, b'[{"headline": "T", "main_body": "The text.", "when": "2011-10-12", "text": "not this"}]'),
        (read_json, b'{"meta": [{"a": 1}], "headline": "T", "main-body": "The text.", "when": "2011-10-12"}'),
        (read_csv, b"Headline;MAIN BODY;Main-Body;When\nT;not this;The text.;2011-10-12"),
        (
            lambda data, names: read_json_lines(io.BytesIO(data), names),
            b'{"headline": "T", "Main-Body": "The text.", "when": "2011-10-12", "title": "nor this"}',
        ),
    ],
)
def test_fields_go_by_the_names_given(read, data: bytes) -> None:
    (draft,) = read(data, MAPPED)
    assert plain(draft) == ArticleDraft("The text.", title="T", date="2011-10-12")


def test_fields_that_are_not_mapped_go_by_their_usual_names() -> None:
    (draft,) = read_csv(b"headline,body,url\nT,The text.,u", field_names("title=headline"))
    assert plain(draft) == ArticleDraft("The text.", title="T", url="u")


def test_a_column_that_is_not_there_is_named_with_those_there_are() -> None:
    with pytest.raises(ArticleError, match="no 'story', which is to be the text; there are: headline, body") as caught:
        list(read_csv(b"headline,body\nT,The text.", field_names("title=headline,text=story")))
    assert "--map" in caught.value.hint


def test_a_record_without_its_text_is_a_flaw_and_without_another_field_a_warning() -> None:
    names = field_names("title=headline,text=story")
    data = b'[{"headline": "T", "story": "One."}, {"story": "Two."}, {"headline": "T", "body": "Three."}]'
    whole, untitled, textless = read_json(data, names)
    assert plain(whole) == ArticleDraft("One.", title="T")
    assert isinstance(untitled, ArticleDraft)
    assert untitled.warnings == ("there is no 'headline', which is to be the title; there are: story",)
    assert isinstance(textless, NotRead)
    assert "there is no 'story', which is to be the text; there are: headline, body" in textless.reason


def test_without_text_the_cure_tells_of_the_names_there_are() -> None:
    (flaw,) = read_csv(b"headline,story\nT,The text.")
    assert isinstance(flaw, NotRead)
    assert flaw.hint.endswith("--map text=NAME. There are: headline, story.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("title", "maps no field"),
        ("title=", "maps no field"),
        ("=headline", "no field ''"),
        ("headline=title", "no field 'headline'"),
        ("title=a,title=b", "mapped twice"),
    ],
)
def test_a_map_that_makes_no_sense(given: str, said: str) -> None:
    with pytest.raises(CorpusError, match=said) as caught:
        field_names(given)
    assert caught.value.hint


def test_an_empty_map_maps_nothing() -> None:
    assert field_names("") == field_names(" , ") == {}
