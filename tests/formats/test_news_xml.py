"""What agencies send."""

from __future__ import annotations

import pytest

from rag.errors import ArticleError
from rag.formats.drafts import ArticleDraft, NotRead
from rag.formats.news_xml import read_xml

NITF = """<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf xml:lang="fr"><head><title>File</title><docdata>
<date.issue norm="20111012T080000Z"/></docdata></head><body><body.head><hedline><hl1>Le barrage</hl1></hedline>
<byline>Par A. B.</byline><distributor>APS</distributor></body.head><body.content><p>Il a <em>ouvert</em>.</p>
<media><media-caption>photo</media-caption></media><p>Six cents ouvriers.</p></body.content></body></nitf>"""
ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" xml:lang="ar"><itemMeta>
<provider><name>وكالة</name></provider><versionCreated>2011-10-13T08:00:00Z</versionCreated>
<firstPublished>2011-10-12T08:00:00Z</firstPublished><pubStatus qcode="stat:{state}"/></itemMeta><contentMeta>
<creator><name>كاتب</name></creator><headline>السد</headline></contentMeta><contentSet><inlineXML>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body><p>افتتح السد.</p></body></html>
</inlineXML></contentSet></newsItem>"""
NEWSML = """<NewsML><NewsItem><NewsManagement><FirstCreated>20111012T080000</FirstCreated><Status FormalName="Usable"/>
</NewsManagement><NewsComponent><NewsLines><HeadLine>Dam</HeadLine><ByLine>By A. B.</ByLine></NewsLines><ContentItem>
<DataContent><p>It opened.</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"""


def fields(find: object) -> tuple[str, ...]:
    assert isinstance(find, ArticleDraft), find
    return find.title, find.text, find.date, find.author, find.source, find.language


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (NITF, ("Le barrage", "Il a ouvert.\nSix cents ouvriers.", "20111012T080000Z", "A. B.", "APS", "fr")),
        (ITEM.format(state="usable"), ("السد", "افتتح السد.", "2011-10-12T08:00:00Z", "كاتب", "وكالة", "ar")),
        (NEWSML, ("Dam", "It opened.", "20111012T080000", "A. B.", "", "")),
    ],
)
def test_an_item_is_an_article(data: str, found: tuple[str, ...]) -> None:
    (draft,) = read_xml(data.encode())
    assert fields(draft) == found


def test_what_was_withdrawn_is_left_out_and_told() -> None:
    items = "".join(ITEM.format(state=state) for state in ("usable", "canceled"))
    message = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>'
    kept, left_out = read_xml(message.encode("utf-16"))
    assert isinstance(kept, ArticleDraft)
    assert kept.place == "#1"
    assert isinstance(left_out, NotRead)
    assert left_out.skipped
    assert "'canceled'" in left_out.reason


def test_other_xml_is_a_feed_or_nothing() -> None:
    (draft,) = read_xml(b"<!-- <nitf> --><rss><channel><item><description>Text.</description></item></channel></rss>")
    assert isinstance(draft, ArticleDraft)
    with pytest.raises(ArticleError):
        list(read_xml(b"<svg/>"))
    with pytest.raises(ArticleError, match="no news item"):
        list(read_xml(b"<newsMessage/>"))
