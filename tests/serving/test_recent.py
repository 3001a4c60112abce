"""What an operator sees of the last days: counted by the day and bounded."""

from __future__ import annotations

from rag.serving.recent import DAYS, PROBLEMS, Recent, Trouble

DAY = 86_400


def test_questions_are_counted_by_the_day_in_utc() -> None:
    now = [0.0]
    recent = Recent(clock=lambda: now[0])
    for seconds, status in [(0, "answered"), (DAY - 1, "answered"), (DAY, "related"), (DAY, "not_found")]:
        now[0] = seconds
        recent.answered(status)

    assert recent.days() == [
        {"day": "1970-01-02", "related": 1, "not_found": 1},
        {"day": "1970-01-01", "answered": 2},
    ]


def test_old_days_are_forgotten() -> None:
    now = [0.0]
    recent = Recent(clock=lambda: now[0])
    for day in range(DAYS + 5):
        now[0] = day * DAY
        recent.answered("answered")

    days = [each["day"] for each in recent.days()]
    assert (len(days), days[0], days[-1]) == (DAYS, "1970-02-05", "1970-01-06")


def test_of_what_was_refused_the_last_are_kept() -> None:
    recent = Recent(clock=lambda: 60.0)
    for number in range(PROBLEMS + 1):
        recent.refused("ask", 500, f"code_{number}")

    assert len(recent.problems()) == PROBLEMS
    assert recent.problems()[0] == Trouble("1970-01-01T00:01:00Z", "ask", 500, f"code_{PROBLEMS}")
    assert recent.problems()[-1].code == "code_1"
