from __future__ import annotations

import pytest

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft, NotRead
from rag.formats.feeds import read_feed

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>جريدة</title><link>https://example.org</link><language>ar-dz</language>
<item><title>قمة &amp; ساحل</title><link>https://example.org/1</link><pubDate>Wed, 12 Oct 2011 10:00:00 GMT</pubDate>
<dc:creator>كاتب</dc:creator><description>موجز</description>
<content:encoded><![CDATA[<p>النص <b>كله</b>.</p><p>فقرة.</p><script>x()</script>]]></content:encoded></item>
<item><title>Link only</title><link>https://example.org/2</link></item>
<item><title>Short</title><description>&lt;p&gt;Summary.&lt;/p&gt;</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Le Journal</title>
<entry><title type="html">L&amp;#233;t&amp;#233;</title>
<link rel="self" href="https://e.org/self"/><link href="https://e.org/1"/>
<published>2011-10-12T10:00:00Z</published><updated>2012-01-01T00:00:00Z</updated>
<author><name>A. Auteur</name></author>
<summary>Court.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Le <b>texte</b>.</p></div></content>
</entry></feed>"""


def test_rss_items() -> None:
    first, second, third = read_feed(RSS.encode())
    assert isinstance(first, ArticleDraft)
    assert (first.text, first.title) == ("النص كله.\nفقرة.", "قمة & ساحل")
    assert (first.source, first.language, first.author) == ("جريدة", "ar-dz", "كاتب")
    assert (first.date, first.url, first.place) == ("Wed, 12 Oct 2011 10:00:00 GMT", "https://example.org/1", "#1")
    assert second == NotRead("#2", "The entry has no text, only a link.", "Save the page it links to.")
    assert isinstance(third, ArticleDraft)
    assert (third.text, third.place) == ("Summary.", "#3")
    assert first.content_hash != third.content_hash


def test_atom_entries() -> None:
    (entry,) = read_feed(ATOM.encode())
    assert isinstance(entry, ArticleDraft)
    assert (entry.text, entry.title, entry.author) == ("Le texte.", "Lété", "A. Auteur")
    assert (entry.source, entry.language) == ("Le Journal", "fr")
    assert (entry.date, entry.url) == ("2011-10-12T10:00:00Z", "https://e.org/1")


def test_rdf_items() -> None:
    feed = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>S</title></channel>'
        "<item><title>T</title><description>Text</description><dc:date>2011-10-12</dc:date></item></rdf:RDF>"
    )
    (item,) = read_feed(feed.encode())
    assert isinstance(item, ArticleDraft)
    assert (item.text, item.source, item.date) == ("Text", "S", "2011-10-12")


def test_a_feed_in_a_legacy_encoding_it_declares() -> None:
    feed = RSS.replace('version="1.0"?', 'version="1.0" encoding="windows-1256"?').encode("cp1256")
    assert next(iter(read_feed(feed))).text.startswith("النص كله")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html><p>no feed</p></html>", "neither RSS nor Atom"),
        (b"<rss><channel><item>", "XML is damaged"),
        (b"not xml", "XML is damaged"),
        (b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 50 + b'">]><rss>&b;</rss>', "XML is damaged"),
    ],
)
def test_what_is_no_feed(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says):
        list(read_feed(data))


def test_entities_are_not_resolved(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    doctype = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    feed = f"{doctype}<rss><channel><item><description>open &x; text</description></item></channel></rss>"
    (item,) = read_feed(feed.encode())
    assert isinstance(item, ArticleDraft)
    assert "secret" not in item.text


def test_entities_that_multiply_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(12))
    feed = f"<!DOCTYPE r [{entities}]><rss><channel><item><description>text &e11;</description></item></channel></rss>"
    with pytest.raises(ArticleError, match="XML is damaged"):
        list(read_feed(feed.encode()))
