"""``xiezhi law due`` for every rule against counting on the fingers, with chinesecalendar as the other calendar.

Days are walked one by one and nothing of ``core`` is used. What is 预估 (from 2027) is asked for its form alone.
"""

import calendar
import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezhi.command.tests.inprocess import run

SHIPPED = Path(__file__).resolve().parents[2] / "lawbase" / "data" / "deadlines.json"
ROWS = {row["id"]: row for row in json.loads(SHIPPED.read_text())["deadlines"]}
NUMBERLESS = ("promptly", "clock", "within_decision_limit")
COUNTED = [name for name, row in ROWS.items() if row["unit"] not in NUMBERLESS]
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)


def worked(day: date) -> bool:
    """The calendar of another hand; outside its years (and ours) nothing is asserted."""
    return chinese_calendar.is_workday(day)


def moves(row: dict) -> bool:
    """Rolled: a limit that runs forward, but 查封扣押 and what is counted in hours."""
    forward = row["kind"] == "limit" and row["direction"] == "after"
    return forward and row["unit"] != "hour" and row["id"] != "seizure"


def months_from(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def counted(row: dict, start: date, left_out: set[date]) -> date:
    """The last day before any rolling; ``IndexError`` where it leaves the years of both calendars."""
    step = DAY if row["direction"] == "after" else -DAY
    if row["unit"] in ("month", "year"):
        length = row["length"] * (12 if row["unit"] == "year" else 1)
        end = months_from(start, length if step == DAY else -length)
        day, owed = start, 0
        while day != end:
            day += step
            owed += day in left_out
        while owed:
            day += step
            owed -= day not in left_out
        return day
    day, left = start, row["length"]
    while left:
        day += step
        if day in left_out:
            continue
        if row["unit"] == "working_day":
            if not FIRST <= day <= LAST:
                raise IndexError(day)
            left -= worked(day)
        else:
            left -= 1
    return day


def rolled(row: dict, day: date) -> date:
    while moves(row):
        if not FIRST <= day <= LAST:
            raise IndexError(day)
        if worked(day):
            break
        day += DAY
    return day


def after_hours(row: dict, start: datetime, left_out: set[date]) -> datetime:
    """Minute by minute: those of a day left out do not count."""
    moment = start
    left = row["length"] * 60
    minute = timedelta(minutes=1)
    if row["direction"] == "after":
        while left:
            left -= moment.date() not in left_out
            moment += minute
    else:
        while left:
            moment -= minute
            left -= moment.date() not in left_out
    return moment


def due(name: str, start: str, *excluded: tuple[date, date]) -> list[str]:
    spans = [f"--exclude={first}..{last}" for first, last in excluded]
    code, out, err = run("law", "due", name, "--from", start, *spans)
    assert (code, err) == (0, "")
    return out.decode().splitlines()


STARTS = st.dates(FIRST, LAST)
SPANS = st.lists(st.tuples(st.integers(-5, 70), st.integers(0, 30)), max_size=3)


def spans_near(start: date, offsets: list[tuple[int, int]], row: dict) -> list[tuple[date, date]]:
    sign = 1 if row["direction"] == "after" else -1
    found = []
    for offset, length in offsets:
        first = start + sign * offset * DAY
        found.append((first, first + length * DAY))
    return found


def days_of(spans: list[tuple[date, date]]) -> set[date]:
    return {first + n * DAY for first, last in spans for n in range((last - first).days + 1)}


@pytest.mark.parametrize("name", [name for name in COUNTED if ROWS[name]["unit"] != "hour"])
@settings(max_examples=25)
@given(start=STARTS, offsets=SPANS)
def test_every_rule_in_days_months_and_years_ends_where_the_fingers_end(name, start, offsets):
    row = ROWS[name]
    spans = spans_near(start, offsets, row)
    answer = due(name, str(start), *spans)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", answer[0])
    try:
        unrolled = counted(row, start, days_of(spans))
        last = rolled(row, unrolled)
    except IndexError:
        return
    assert answer[0] == str(last)
    assert (f"未顺延\t{unrolled}" in answer) == (last != unrolled)


@pytest.mark.parametrize("name", [name for name in COUNTED if ROWS[name]["unit"] == "hour"])
@settings(max_examples=15)
@given(
    start=STARTS,
    clock=st.times().map(lambda one: time(one.hour, one.minute)),
    offsets=st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 2)), max_size=2),
)
def test_every_rule_in_hours_ends_where_the_minutes_end(name, start, clock, offsets):
    row = ROWS[name]
    spans = spans_near(start, offsets, row)
    moment = datetime.combine(start, clock)
    expected = after_hours(row, moment, days_of(spans))
    answer = due(name, f"{moment:%Y-%m-%dT%H:%M}", *spans)[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", answer)
    # A day left out that ends exactly at the limit's end may be skipped or not: both name the same moment.
    reached = datetime.fromisoformat(answer)
    between = {reached.date(), expected.date()}
    assert reached == expected or all(
        minute.date() in days_of(spans)
        for minute in (min(reached, expected) + n * timedelta(hours=1) for n in range(24 * len(between)))
        if minute < max(reached, expected)
    )


@pytest.mark.parametrize("name", COUNTED)
def test_beyond_the_loaded_years_a_date_is_given_and_says_so(name):
    row = ROWS[name]
    start = "2031-05-01T10:30" if row["unit"] == "hour" else "2031-05-01"
    answer = due(name, start)
    asked = moves(row) or row["unit"] == "working_day"
    assert any(line.startswith(f"预估\t{answer[0]}\t") for line in answer) == asked


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row["unit"] in NUMBERLESS])
def test_rules_without_a_number_exit_2(name):
    code, out, err = run("law", "due", name, "--from", "2026-03-02")
    assert (code, out) == (2, b"")
    assert name in err


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_still_to_be_checked_says_so_with_the_date(name):
    row = ROWS[name]
    start = "2026-03-02T10:30" if row["unit"] == "hour" else "2026-03-02"
    answer = due(name, start)
    doubt = not row["verified"] or "待核" in (row["note"] or "")
    assert any(line.startswith(f"待核\t{answer[0]}\t") for line in answer) == doubt
