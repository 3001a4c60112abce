"""Files as people have them, each of a kind that was once lost or garbled: what is read of them, or why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.documents import Article
from rag.formats.articles import read_source
from rag.formats.drafts import NotRead
from rag.formats.sources import Source
from rag.text.sentences import split_sentences

CASES = Path(__file__).with_name("cases")
RAIL = (
    "أعلنت وزارة النقل يوم الثلاثاء افتتاح الخط الحديدي الجديد بين المدينتين. "
    "وقال الوزير إن القطار سينقل ثلاثين ألف مسافر كل يوم."
)
DAM = "ارتفع منسوب المياه خلف السد بمترين بعد أمطار الأسبوع الماضي. وفتح المهندسون ثلاث بوابات يوم الجمعة."
PAGE = "أعلنت وزارة النقل يوم الثلاثاء افتتاح الخط الحديدي الجديد بين المدينتين بعد سنوات من الأشغال."
NOTE = "بلغت كلفة المشروع أربعة مليارات دينار وفق تقرير دائرة المحاسبات."
BAD_FEED = "its feed is not well-formed: what could be read of it was"


def finds(name: str) -> list[Article | NotRead]:
    (path,) = CASES.glob(f"*/{name}")
    return list(read_source(Source(path, name)))


def articles(name: str) -> list[Article]:
    return [find for find in finds(name) if isinstance(find, Article)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("w1-wrapped-div.html", None),
        (
            "ar.epub",
            "صوت مجلس بلدية باجة مساء الخميس بتسعة عشر صوتا مقابل سبعة أصوات على بناء مستشفى ميداني جديد "
            "فوق أرض المحطة القديمة.",
        ),
        (
            "links.rss",
            "Le marché couvert\nLe conseil municipal de Béja a voté jeudi soir, par dix-neuf voix contre sept, la "
            "construction d'un nouveau marché couvert sur l'ancien terrain de la gare routière. "
            "Les travaux doivent commencer en octobre.",
        ),
        ("html-body.json", f"{RAIL}\n{DAM} اقرأ أيضا"),
        ("html-in-cell.csv", f"{RAIL}\n{DAM} & غيره"),
        ("text-list.json", f"{RAIL}\n\n{DAM}"),
        ("textbox.docx", f"{RAIL}\n\nالقطار سينقل ثلاثين ألف مسافر\n\n{DAM}"),
        ("footnote.docx", f"{RAIL}\n\n{NOTE}"),
        ("table.docx", "المدينة | المسافرون\nصفاقس | 12000\nسوسة | 9000"),
        ("altchunk.docx", RAIL),
        ("undeclared-ns.rss", RAIL),
        ("mhtml-as.html", RAIL),
        ("nested-attr.json", RAIL),
        ("wp-rest.json", f"{RAIL}\n{DAM}"),
        ("frontmatter-colon.md", RAIL),
        ("frontmatter-toml.md", RAIL),
        ("html-as.txt", RAIL),
        ("f.rss.txt", RAIL),
        ("sep-line.csv", RAIL),
        ("title-row.csv", RAIL),
        ("atom-author.atom", RAIL),
    ],
)
def test_the_text_of_each_is_whole(name: str, text: str | None) -> None:
    (found,) = articles(name)
    if text is None:
        assert len(split_sentences(found.text)) == 3
        assert "rose by two metres after the rain" in found.text
    else:
        assert found.text == text


@pytest.mark.parametrize(("name", "line"), [("heads-fr.pdf", "En {} :"), ("heads.pdf", "سنة {} :")])
def test_lines_that_differ_by_a_number_stay(name: str, line: str) -> None:
    (found,) = articles(name)
    assert all(line.format(year) in found.text for year in range(2019, 2024))


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("b2-webpage-first.html", "title", "افتتاح الخط الحديدي"),
        ("b2-webpage-first.html", "author", "سلمى التجريبية"),
        ("b2-webpage-first.html", "source", "موقع الخبر التجريبي"),
        *(
            (page, "date", "2024-03-05")
            for page in ("b2-webpage-first.html", "b3-type-list.html", "b4-jsonld-newline.html")
        ),
        *((path.name, "date", "2024-03-05") for path in sorted(CASES.glob("06-*/*"))),
        ("b1-jsonld-escaped.html", "title", '"قطار الشمال" ينطلق\' اليوم & غدا'),
        ("b1-jsonld-escaped.html", "author", "مراسل & محرر"),
        ("html-body.json", "title", "قطار & سكة"),
        ("wp-rest.json", "title", "قطار – الشمال"),
        ("wp-rest.json", "author", ""),
        ("atom-author.atom", "author", "سلمى ت"),
        ("atom-author.atom", "title", 'خبر "عاجل"'),
        ("atom-author.atom", "date", "2024-03-05"),
        ("ar.epub", "author", "سلمى, كريم"),
        ("frontmatter-colon.md", "title", "قطار الشمال: افتتاح"),
        ("frontmatter-toml.md", "date", "2024-03-05"),
        ("nested-attr.json", "date", "2024-03-05"),
    ],
)
def test_what_each_tells_of_itself(name: str, field: str, value: str) -> None:
    (found,) = articles(name)
    assert getattr(found, field) == value
    assert found.language in ("ar", "fr", "en")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no-tounicode-ar.pdf", "fonts do not tell which letters"),
        ("no-tounicode-fr.pdf", "fonts do not tell which letters"),
        ("captcha.html", "no article, but an error page"),
        ("error-page.html", "no article, but an error page"),
        ("locked.docx", "locked with a password"),
        ("doc-named.docx", "old office document"),
        ("arabic-comma.csv", "no column goes by a name of one"),
    ],
)
def test_what_is_no_article_is_refused_once_and_by_name(name: str, says: str) -> None:
    (found,) = finds(name)
    assert isinstance(found, NotRead)
    assert says in found.reason
    assert found.hint


def test_every_piece_of_a_message_is_read() -> None:
    plain, pieces, service = finds("telegram.json")
    assert isinstance(service, NotRead)
    assert service.skipped
    assert isinstance(plain, Article)
    assert isinstance(pieces, Article)
    assert plain.text == RAIL
    assert pieces.text == f"عاجل | ارتفاع منسوب السد\n{DAM} https://news.example/2"


@pytest.mark.parametrize(("name", "entries"), [("amp.rss", 2), ("nbsp.rss", 2), ("undeclared-ns.rss", 1)])
def test_a_flaw_in_a_feed_loses_no_entry(name: str, entries: int) -> None:
    found = articles(name)
    assert len(found) == entries
    assert all(BAD_FEED in article.warnings for article in found)
    assert "5 % en mai" in found[-1].text or RAIL in found[0].text


def test_dates_as_agencies_write_them() -> None:
    dates = {article.title: article.date for article in articles("dates.rss")}
    undated = {name for name, day in dates.items() if not day}
    assert undated == {"t9", "t16", "t28", "t29"}  # two readings, a month alone, and two that count from today
    assert {dates[name] for name in ("t8", "t10", "t12", "t13", "t14", "t23", "t27")} == {"2024-03-05"}
    assert (dates["t4"], dates["t6"]) == ("2012-05-23", "2022-10-02")


def test_a_text_cut_off_is_told_and_one_removed_is_refused() -> None:
    cut, removed, summary = finds("newsapi.json")
    assert isinstance(cut, Article)
    assert isinstance(summary, Article)
    assert (cut.text, summary.text) == (DAM, DAM)
    assert cut.warnings == ("its text was cut off where it comes from, by 2150 characters",)
    assert summary.warnings == ("it has no text but a summary, which was read",)
    assert isinstance(removed, NotRead)


@pytest.mark.parametrize("name", ["elastic.jsonl", "jsonfeed.json"])
def test_records_inside_objects_are_read(name: str) -> None:
    assert [article.text for article in articles(name)] == [RAIL, DAM]


def test_times_of_subtitles_are_no_text() -> None:
    (found,) = articles("srt-as.txt")
    assert "-->" not in found.text
    assert "وقال الوزير إن القطار سينقل ثلاثين ألف مسافر كل يوم." in found.text
