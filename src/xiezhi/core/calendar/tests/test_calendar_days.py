"""Which days are worked, on a small calendar that the reader sees whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.core.calendar import Notice, Span, Spans, WorkCalendar
from xiezhi.core.calendar.days import add_natural_days

NEW_YEAR = Notice(
    year=2026,
    number="示例〔2025〕1号",
    issued=date(2025, 11, 4),
    title="示例通知",
    days_off=frozenset({date(2026, 1, 1), date(2026, 1, 2)}),
    workdays=frozenset({date(2026, 1, 4)}),
    verified=True,
)
CALENDAR = WorkCalendar.of([NEW_YEAR], {2027: frozenset({date(2027, 2, 5)})})


@pytest.mark.parametrize(
    ("day", "worked", "estimated"),
    [
        (date(2026, 1, 1), False, False),
        (date(2026, 1, 3), False, False),  # a Saturday
        (date(2026, 1, 4), True, False),  # a Sunday worked in exchange
        (date(2026, 5, 1), True, False),  # the notice says nothing of it
        (date(2027, 2, 5), False, True),  # computed
        (date(2027, 5, 3), True, True),
        (date(2031, 5, 1), False, True),  # beyond the computed table: the fixed days
        (date(2031, 5, 2), False, True),
        (date(2031, 2, 3), True, True),
    ],
)
def test_a_day_is_worked_by_notice_weekend_or_statute(day: date, worked: bool, estimated: bool) -> None:
    assert CALENDAR.is_working_day(day) is worked
    assert CALENDAR.is_estimated(day) is estimated


def test_neighbouring_working_days() -> None:
    assert CALENDAR.next_working_day(date(2026, 1, 1)) == date(2026, 1, 4)
    assert CALENDAR.next_working_day(date(2026, 1, 4)) == date(2026, 1, 4)
    assert CALENDAR.previous_working_day(date(2026, 1, 3)) == date(2025, 12, 31)


def test_working_days_are_counted_both_ways_without_the_first() -> None:
    assert CALENDAR.add_working_days(date(2025, 12, 31), 2) == date(2026, 1, 5)
    assert CALENDAR.add_working_days(date(2026, 1, 5), -2) == date(2025, 12, 31)
    assert CALENDAR.add_working_days(date(2026, 1, 5), 0) == date(2026, 1, 5)
    skipped = Spans.of([Span(date(2026, 1, 5), date(2026, 1, 6))])
    assert CALENDAR.add_working_days(date(2026, 1, 4), 1, skipped) == date(2026, 1, 7)


def test_a_range_says_of_which_years_it_is_estimated() -> None:
    assert CALENDAR.estimated_years(Span(date(2026, 1, 1), date(2026, 12, 31))) == ()
    assert CALENDAR.estimated_years(Span(date(2025, 12, 31), date(2028, 1, 1))) == (2025, 2027, 2028)


def test_a_day_cannot_be_off_and_worked_and_a_range_cannot_be_reversed() -> None:
    day = frozenset({date(2026, 1, 1)})
    with pytest.raises(ValueError, match="both"):
        Notice(2026, None, None, "示例", day, day, False)
    with pytest.raises(ValueError, match="before it begins"):
        Span(date(2026, 1, 2), date(2026, 1, 1))


@given(st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.integers(-100, 100))
def test_natural_days_are_plain_days(day: date, length: int) -> None:
    assert (add_natural_days(day, length) - day).days == length


def test_the_version_is_that_of_the_content() -> None:
    assert WorkCalendar.of([NEW_YEAR], {2027: frozenset({date(2027, 2, 5)})}).version == CALENDAR.version
    assert WorkCalendar.of([NEW_YEAR]).version != CALENDAR.version
