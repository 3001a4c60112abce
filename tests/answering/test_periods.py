"""The period a question names, counted from a day that the test gives."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answering.periods import AskedPeriod, find_period

TODAY = date(2011, 10, 12)  # a Wednesday


@pytest.mark.parametrize(
    ("language", "text", "since", "until"),
    [
        ("en", "What happened in Libya last week?", "2011-10-03", "2011-10-09"),
        ("en", "What did they say this week?", "2011-10-10", "2011-10-12"),
        ("en", "Who was invited yesterday?", "2011-10-11", "2011-10-11"),
        ("en", "Which ministers met last month?", "2011-09-01", "2011-09-30"),
        ("en", "What was signed last year?", "2010-01-01", "2010-12-31"),
        ("en", "News of the past three days", "2011-10-09", "2011-10-12"),
        ("en", "What was decided two months ago?", "2011-08-12", "2011-10-12"),
        ("fr", "Que s'est-il passé la semaine dernière ?", "2011-10-03", "2011-10-09"),
        ("fr", "Qui a été invité hier ?", "2011-10-11", "2011-10-11"),
        ("fr", "les accords signés le mois dernier", "2011-09-01", "2011-09-30"),
        ("fr", "les nouvelles des ces trois derniers jours", "2011-10-09", "2011-10-12"),
        ("fr", "Qu'a-t-on décidé il y a deux semaines ?", "2011-09-28", "2011-10-12"),
        ("ar", "ماذا حدث الشهر الماضي؟", "2011-09-01", "2011-09-30"),
        ("ar", "ماذا حدث في ليبيا الأسبوع الماضي؟", "2011-10-03", "2011-10-09"),
        ("ar", "من زار الجزائر أمس؟", "2011-10-11", "2011-10-11"),
        ("ar", "أخبار آخر أسبوعين", "2011-09-28", "2011-10-12"),
        ("ar", "ما حدث قبل ثلاثة أشهر", "2011-07-12", "2011-10-12"),
    ],
)
def test_what_counts_back_from_today_is_firm(language: str, text: str, since: str, until: str) -> None:
    assert find_period(text, language, TODAY) == AskedPeriod(since, until, firm=True)


@pytest.mark.parametrize(
    ("language", "text", "since", "until"),
    [
        ("en", "What happened in October 2011?", "2011-10-01", "2011-10-31"),
        ("en", "What has changed since May 2011?", "2011-05-01", ""),
        ("en", "What has changed since 2009?", "2009-01-01", ""),
        ("fr", "Que s'est-il passé depuis mai 2011 ?", "2011-05-01", ""),
        ("ar", "ما الذي تغير منذ مايو 2011؟", "2011-05-01", ""),
        ("en", "Who met on 12 October 2011?", "2011-10-12", "2011-10-12"),
        ("en", "What was reported on 2011-10-12?", "2011-10-12", "2011-10-12"),
        ("en", "between May 2011 and July 2011", "2011-05-01", "2011-07-31"),
        ("en", "What was known before June 2010?", "", "2010-06-30"),
        ("fr", "Que s'est-il passé en octobre 2011 ?", "2011-10-01", "2011-10-31"),
        ("fr", "Que s'est-il passé jusqu'en février 2012 ?", "", "2012-02-29"),
        ("ar", "ماذا حدث في أكتوبر 2011؟", "2011-10-01", "2011-10-31"),
        ("ar", "ماذا حدث في تشرين الأول 2011؟", "2011-10-01", "2011-10-31"),
    ],
)
def test_a_date_may_be_of_what_happened_too(language: str, text: str, since: str, until: str) -> None:
    assert find_period(text, language, TODAY) == AskedPeriod(since, until, firm=False)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "When was the Suez Canal opened?"),
        ("en", "Who won the 2010 World Cup?"),
        ("en", "Who opened the canal in 1869?"),
        ("en", "May the president come?"),
        ("en", "Which states are members today?"),
        ("en", "What happened on 31 February 2011?"),
        ("en", "Compare October 2011 with October 2010 and October 2009"),
        ("fr", "Qui a gagné la coupe du monde 2010 ?"),
        ("fr", "Il y a combien de pays ?"),
        ("ar", "ما اسم اليوم الوطني؟"),
        ("ar", "من رئيس مالي؟"),
        ("ja", "2011年10月に何が起きましたか"),
    ],
)
def test_what_names_no_period(language: str, text: str) -> None:
    assert find_period(text, language, TODAY) is None


def test_the_month_before_january_is_of_the_year_before() -> None:
    assert find_period("last month", "en", date(2012, 1, 31)) == AskedPeriod("2011-12-01", "2011-12-31", firm=True)
    assert find_period("the last 2 months", "en", date(2012, 3, 31)) == AskedPeriod(
        "2012-01-31", "2012-03-31", firm=True
    )
