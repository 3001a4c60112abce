"""Exports of Telegram, MediaWiki and WordPress, read as they are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rag.formats.drafts import ArticleDraft, NotRead
from rag.formats.feeds import read_feed
from rag.formats.records import read_json


def message(text: Any, **more: Any) -> dict[str, Any]:
    return {"id": 2, "type": "message", "date": "2024-01-02T10:00:00", "from": "قناة", "text": text, **more}


def chat(*messages: dict[str, Any], name: str = "قناة", kind: str = "public_channel") -> dict[str, Any]:
    return {"name": name, "type": kind, "id": 1, "messages": list(messages)}


def read(value: Any) -> tuple[list[ArticleDraft], list[NotRead]]:
    finds = list(read_json(json.dumps(value).encode()))
    drafts = [find for find in finds if isinstance(find, ArticleDraft)]
    return drafts, [find for find in finds if isinstance(find, NotRead)]


PIECES = [{"type": "bold", "text": "عاجل"}, " ارتفاع السد."]
SERVICE = {"id": 1, "type": "service", "date": "2024-01-01T00:00:00", "action": "create_channel", "text": ""}


def test_a_chat_is_its_messages_with_words() -> None:
    (first, second), (left,) = read(chat(SERVICE, message(PIECES), message("Two.", **{"from": "Amal"}), message("")))
    assert (first.text, first.source, first.date) == ("عاجل ارتفاع السد.", "قناة", "2024-01-02T10:00:00")
    assert (first.author, second.author, first.place, first.id) == ("", "Amal", "#2", "")
    assert left.skipped
    assert left.reason.startswith("Left out: 2 messages without words")


def test_a_whole_export_is_its_channels_and_groups_and_tells_of_the_rest() -> None:
    private = chat(message("A secret."), name="Omar", kind="personal_chat")
    chats = [chat(message("One.")), private, chat(message("Two."), name="Group", kind="private_supergroup")]
    whole = {"about": "x", "contacts": {"list": [{"first_name": "B"}]}, "chats": {"about": "y", "list": chats}}
    drafts, (left,) = read(whole)
    assert [(draft.text, draft.source, draft.place) for draft in drafts] == [
        ("One.", "قناة", "#1"),
        ("Two.", "Group", "#2"),
    ]
    assert left.reason.startswith("Left out: 1 private chats")
    assert read(private)[0][0].text == "A secret."  # given by itself


WIKITEXT = (
    "{{byline|x}}{{date|October 12, 2011}}\n'''The dam''' opened on [[Monday|a Monday]].<ref>note</ref>\n"
    "== Sources ==\n[[Category:Dams]]\n[[File:a.jpg|thumb|a caption]]\n"
)


@pytest.mark.parametrize(
    ("value", "title", "text", "date"),
    [
        ({"query": {"pages": {"7": {"title": "Dam", "extract": "<p>It <b>opened</b>.</p>"}}}}, "Dam", "It opened.", ""),
        (
            {"query": {"pages": [{"title": "Dam", "revisions": [{"slots": {"main": {"content": WIKITEXT}}}]}]}},
            *("Dam", "The dam opened on a Monday.\n\nSources", "2011-10-12"),
        ),
        (
            {"query": {"pages": {"7": {"title": "Dam", "revisions": [{"*": WIKITEXT}]}, "-1": {"missing": ""}}}},
            *("Dam", "The dam opened on a Monday.\n\nSources", "2011-10-12"),
        ),
        ({"parse": {"title": "Dam", "text": {"*": "<div><p>It opened.</p></div>"}}}, "Dam", "It opened.", ""),
        ({"parse": {"title": "Dam", "text": "<p>It opened.</p>"}}, "Dam", "It opened.", ""),
    ],
)
def test_a_wiki_answers_with_pages(value: Any, title: str, text: str, date: str) -> None:
    (draft,), left = read(value)
    assert (draft.title, draft.text, draft.date, left) == (title, text, date, [])


@pytest.mark.parametrize("value", [{"query": {"pages": [7, {"title": "x"}]}}, {"parse": {"text": {}}}, chat()])
def test_exports_without_text_harm_nothing(value: Any) -> None:
    assert read(value)[0] == []


def test_an_export_of_wordpress_is_its_published_posts() -> None:
    def item(title: str, kind: str, status: str) -> str:
        marks = f"<wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>"
        return f"<item><title>{title}</title><description>Text of {title}.</description>{marks}</item>"

    items = item("one", "post", "publish") + item("two", "post", "draft") + item("three", "attachment", "inherit")
    feed = f'<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>{items}</channel></rss>'
    one, two, three = read_feed(feed.encode())
    assert isinstance(one, ArticleDraft)
    assert one.text == "Text of one."
    assert isinstance(two, NotRead)
    assert "draft" in two.reason
    assert isinstance(three, NotRead)
    assert three.skipped
