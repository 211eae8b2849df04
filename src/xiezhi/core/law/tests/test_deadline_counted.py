"""A limit counted from its rule: what cannot be counted, what is in doubt, and the sentences beside the date."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from xiezhi.core.calendar import Notice, Span, WorkCalendar, add_months
from xiezhi.core.law import Mark, Uncountable, due
from xiezhi.core.law.rules import read_rule

SHIPPED = Path(__file__).resolve().parents[3] / "lawbase" / "data" / "deadlines.json"
RULES = {row["id"]: read_rule(row) for row in json.loads(SHIPPED.read_text())["deadlines"]}
# A calendar of its own: 2026 with one day off (Friday 6 March) and one worked Saturday (14 March).
CALENDAR = WorkCalendar.of(
    [
        Notice(
            2026,
            "示例〔2025〕1号",
            date(2025, 11, 1),
            "示例通知",
            frozenset({date(2026, 3, 6)}),
            frozenset({date(2026, 3, 14)}),
            True,
        )
    ]
)


def counted(rule: str, start, *spans: Span, extensions: int = 0):
    return due(RULES[rule], start, CALENDAR, spans, extensions)


def said(found) -> str:
    return "\n".join(step.text() for step in found.steps)


@pytest.mark.parametrize(
    ("rule", "start", "extensions", "reason"),
    [
        ("filing", date(2026, 3, 2), 0, "numberless"),
        ("urgent_measure_report", date(2026, 3, 2), 0, "needs-time"),
        ("decision", date(2026, 3, 2), 3, "extension"),
        ("decision", date(2026, 3, 2), -1, "extension"),
        ("decision", date(9999, 12, 1), 0, "out-of-range"),
        ("hearing_notice", date(1, 1, 2), 0, "out-of-range"),
        ("court_enforcement", date(9999, 11, 1), 0, "out-of-range"),
        ("urgent_measure_report", datetime(9999, 12, 31, 23, tzinfo=UTC), 0, "out-of-range"),
    ],
)
def test_where_no_date_follows_the_reason_is_given(rule, start, extensions, reason):
    with pytest.raises(Uncountable) as caught:
        counted(rule, start, extensions=extensions)
    assert caught.value.reason == reason


def test_hours_run_on_in_shanghai_time_and_leave_out_whole_days():
    start = datetime(2026, 3, 5, 10, 30, tzinfo=UTC)
    found = counted("urgent_measure_report", start)
    assert f"{found.due_at:%Y-%m-%d %H:%M}" == "2026-03-06 18:30"
    later = counted("urgent_measure_report", start, Span(date(2026, 3, 6), date(2026, 3, 7)))
    assert f"{later.due_at:%Y-%m-%d %H:%M}" == "2026-03-08 18:30"
    assert "2026-03-05 18:30" in said(later)


def test_a_limit_ends_on_a_working_day_and_a_worked_saturday_is_one():
    moved = counted("fine_payment", date(2026, 2, 19))
    assert (moved.unrolled, moved.due) == (date(2026, 3, 6), date(2026, 3, 9))
    stays = counted("fine_payment", date(2026, 2, 27))
    assert stays.due == stays.unrolled == date(2026, 3, 14)


def test_a_wait_stays_where_it_ends_and_names_the_first_free_day():
    found = counted("surcharge_enforce", date(2026, 2, 5))
    assert found.due == found.unrolled == date(2026, 3, 7)
    assert "2026-03-08" in said(found)


def test_backward_the_latest_day_is_named_and_the_working_day_before_it():
    rule = "fire_site_notice" if "fire_site_notice" in RULES else "hearing_notice"
    found = counted(rule, date(2026, 3, 17))
    assert found.due < date(2026, 3, 17)
    backward = counted("hearing_notice", date(2026, 3, 17))
    # 16, 14 (worked), 13, 12, 11, 10, 9 March.
    assert backward.due == date(2026, 3, 9)


def test_an_exclusion_that_the_law_does_not_settle_leaves_the_stricter_date():
    spans = Span(date(2026, 3, 3), date(2026, 3, 12))
    doubtful = counted("decision", date(2026, 3, 2), spans)
    assert (doubtful.due, doubtful.stricter) == (date(2026, 6, 10), date(2026, 6, 1))
    assert Mark.UNVERIFIED in doubtful.marks
    settled = counted("seizure", date(2026, 3, 2), spans)
    assert settled.due == settled.stricter == date(2026, 4, 11)
    assert "检测" in said(settled)


def test_days_left_out_without_a_cause_in_the_law_are_said_to_have_none():
    assert "扣除" in said(counted("fine_payment", date(2026, 3, 2), Span(date(2026, 3, 3), date(2026, 3, 3))))
    outside = counted("seizure", date(2026, 3, 2), Span(date(2027, 3, 3), date(2027, 3, 3)))
    assert outside.due == outside.without_exclusions == date(2026, 4, 1)


def test_a_granted_extension_lengthens_and_one_from_memory_is_marked():
    sure = counted("seizure", date(2026, 3, 2), extensions=1)
    assert (sure.due, sure.stricter) == (date(2026, 5, 1), date(2026, 5, 1))
    recalled = counted("decision", date(2026, 3, 2), extensions=1)
    assert (recalled.due, recalled.stricter) == (date(2026, 6, 30), date(2026, 6, 1))
    assert Mark.UNVERIFIED in recalled.marks


def test_a_date_beyond_the_notices_is_an_estimate_and_names_the_years():
    found = counted("fine_payment", date(2026, 12, 25))
    assert Mark.ESTIMATED in found.marks
    assert any("2027" in step.text() for mark, step in found.reservations if mark is Mark.ESTIMATED)
    assert Mark.ESTIMATED not in counted("fine_payment", date(2026, 3, 2)).marks


def test_only_a_day_of_the_years_that_were_asked_can_be_estimated():
    window = Span(date(2026, 12, 30), date(2028, 1, 2))
    assert CALENDAR.estimated_years(window) == (2027, 2028)
    arranged = frozenset(date(2027, 1, day) for day in (1, 2))
    calendar = WorkCalendar.of([*CALENDAR.notices, Notice(2026, None, None, "补", arranged, frozenset(), False)])
    assert calendar.estimated_years(Span(date(2026, 12, 30), date(2027, 1, 2))) == ()
    assert calendar.estimated_years(Span(date(2026, 12, 30), date(2027, 1, 3))) == (2027,)


def test_months_end_on_their_last_day_and_leave_no_calendar():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    for start, months in ((date(9999, 12, 1), 1), (date(1, 1, 31), -1)):
        with pytest.raises(OverflowError):
            add_months(start, months)


def test_the_same_days_left_out_twice_count_once():
    once = counted("seizure", date(2026, 3, 2), Span(date(2026, 3, 3), date(2026, 3, 12)))
    twice = counted(
        "seizure",
        date(2026, 3, 2),
        Span(date(2026, 3, 8), date(2026, 3, 12)),
        Span(date(2026, 3, 3), date(2026, 3, 9)),
    )
    assert once.due == twice.due == date(2026, 4, 1) + timedelta(days=10)
