"""The calendar's sheet: which days a month or a week shows, and what stands on each."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.inspection import agenda
from xiezhi.inspection.agenda import Entry

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("view", "asked", "first", "last"),
    [
        ("month", None, date(2026, 2, 23), date(2026, 4, 5)),
        ("month", date(2026, 2, 10), date(2026, 1, 26), date(2026, 3, 1)),
        ("week", date(2026, 3, 8), date(2026, 3, 2), date(2026, 3, 8)),
        ("nonsense", None, date(2026, 2, 23), date(2026, 4, 5)),
        # Beyond what a calendar has room for: today.
        ("month", date(1, 1, 1), date(2026, 2, 23), date(2026, 4, 5)),
        ("week", date.max, date(2026, 3, 2), date(2026, 3, 8)),
    ],
)
def test_what_is_shown_begins_on_a_monday_and_ends_on_a_sunday(view, asked, first, last):
    shown = agenda.span(view, asked, TODAY)
    assert (shown.first, shown.last) == (first, last)


@given(st.sampled_from([agenda.MONTH, agenda.WEEK]), st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_forward_and_back_again_is_where_one_was(view, day):
    shown = agenda.Span(view, day)
    onward = agenda.Span(view, shown.after)
    assert agenda.Span(view, onward.before).weeks == shown.weeks
    assert onward.first > shown.first


def test_an_entry_stands_on_each_of_its_days_and_on_no_other():
    shown = agenda.span("month", None, TODAY)
    entry = Entry(date(2026, 3, 4), date(2026, 3, 6), "示监抽〔2026〕1号")
    days = [cell.day for week in agenda.sheet(shown, [entry], 6) for cell in week if cell.entries]
    assert days == [date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 6)]


def test_what_a_cell_has_no_room_for_is_counted():
    shown = agenda.span("week", None, TODAY)
    entries = [Entry(TODAY, TODAY + timedelta(days=n), f"{n}") for n in range(5)]
    monday = agenda.sheet(shown, entries, 3)[0][0]
    assert [entry.text for entry in monday.entries] == ["0", "1", "2"]
    assert monday.more == 2


def test_days_of_the_neighbouring_months_are_marked():
    cells = agenda.sheet(agenda.span("month", None, TODAY), [], 1)
    assert cells[0][0].outside
    assert not cells[1][0].outside
