"""The calendar's sheet: weeks of days, and what stands on each. Plain values; days are those of Shanghai."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MONTH, WEEK = "month", "week"
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Entry:
    """What stands on every day from ``first`` to ``last`` (both included)."""

    first: date
    last: date
    text: str
    url: str = ""
    kind: str = "task"


@dataclass(frozen=True)
class Day:
    """A cell: the first entries of the day, and how many more there are. ``outside``: of a neighbouring month."""

    day: date
    entries: tuple[Entry, ...]
    more: int = 0
    outside: bool = False


@dataclass(frozen=True)
class Span:
    """What a page shows: a month in whole weeks from Monday, or one week; the day that leads to its neighbours."""

    view: str
    day: date

    @property
    def weeks(self) -> list[list[date]]:
        """Weeks of seven days."""
        if self.view == WEEK:
            monday = self.day - timedelta(days=self.day.weekday())
            return [[monday + timedelta(days=n) for n in range(7)]]
        return calendar.Calendar().monthdatescalendar(self.day.year, self.day.month)

    @property
    def first(self) -> date:
        return self.weeks[0][0]

    @property
    def last(self) -> date:
        return self.weeks[-1][-1]

    @property
    def before(self) -> date:
        """A day of the span before."""
        return (self.day.replace(day=1) if self.view == MONTH else self.first) - timedelta(days=1)

    @property
    def after(self) -> date:
        """A day of the span after."""
        if self.view == WEEK:
            return self.last + timedelta(days=1)
        return (self.day.replace(day=1) + timedelta(days=31)).replace(day=1)


def span(view: str, asked: date | None, today: date) -> Span:
    """The span with the day that was asked for; with today where none, or none that a calendar has room for, was."""
    day = asked if asked is not None and asked.year in YEARS else today
    return Span(WEEK if view == WEEK else MONTH, day)


def sheet(shown: Span, entries: Iterable[Entry], room: int) -> list[list[Day]]:
    """The weeks with their entries, those that begin first above; at most ``room`` of them in a cell."""
    ordered = sorted(entries, key=lambda entry: (entry.first, entry.last, entry.text))
    return [[_cell(shown, day, ordered, room) for day in week] for week in shown.weeks]


def _cell(shown: Span, day: date, ordered: Sequence[Entry], room: int) -> Day:
    found = [entry for entry in ordered if entry.first <= day <= entry.last]
    outside = shown.view == MONTH and day.month != shown.day.month
    return Day(day, tuple(found[:room]), max(0, len(found) - room), outside)
