"""Working days, from the State Council's yearly notices; estimates for the years without one.

A notice gives days off and the weekend days that are worked in exchange (调休上班日), and may touch the last
days of the year before. A later notice wins over an earlier one. A year without a notice has its weekends and
statutory days (全国年节及纪念日放假办法), and its answers are estimates (预估): no exchange is guessed.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xiezhi.core.calendar.spans import ONE_DAY, Span, Spans

SATURDAY = 5
NONE_SKIPPED = Spans()
# The statutory days that need no almanac, for years that the table of computed days lacks.
FIXED_STATUTORY_DAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice on a year's holidays. ``number`` or ``issued`` is ``None`` while it is 待核.

    ``year`` is the year it arranges; ``days_off`` and ``workdays`` have no day in common.
    """

    year: int
    number: str | None
    issued: date | None
    title: str
    days_off: frozenset[date]
    workdays: frozenset[date]
    verified: bool

    def __post_init__(self) -> None:
        both = sorted(self.days_off & self.workdays)
        if both:
            raise ValueError(f"notice on {self.year}: {both[0]} is both a day off and a working day")


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked. ``notices`` in order of issue; ``statutory``: a year's computed days."""

    notices: tuple[Notice, ...]
    statutory: Mapping[int, frozenset[date]]

    @classmethod
    def of(
        cls, notices: Iterable[Notice], statutory: Mapping[int, frozenset[date]] | None = None
    ) -> "WorkCalendar":
        """A calendar of ``notices``, the later winning, and the computed statutory days of other years."""
        return cls(tuple(notices), dict(statutory or {}))

    @cached_property
    def _arranged(self) -> Mapping[date, bool]:
        return {
            day: worked
            for notice in self.notices
            for days, worked in ((notice.days_off, False), (notice.workdays, True))
            for day in days
        }

    @cached_property
    def years(self) -> frozenset[int]:
        """The years that have their notice."""
        return frozenset(notice.year for notice in self.notices)

    @cached_property
    def version(self) -> str:
        """Short digest of all that the calendar says, stored beside every date computed from it."""
        arranged = [f"{day}{'+' if worked else '-'}" for day, worked in sorted(self._arranged.items())]
        computed = [str(day) for year in sorted(self.statutory) for day in sorted(self.statutory[year])]
        return hashlib.sha256("\n".join([*arranged, "", *computed]).encode()).hexdigest()[:16]

    def is_working_day(self, day: date) -> bool:
        """Is ``day`` worked, as far as is known? See :meth:`is_estimated`."""
        arranged = self._arranged.get(day)
        if arranged is not None:
            return arranged
        return day.weekday() < SATURDAY and (day.year in self.years or not self._is_statutory(day))

    def is_estimated(self, day: date) -> bool:
        """Is the answer for ``day`` an estimate, its year's notice not being loaded?"""
        return day.year not in self.years and day not in self._arranged

    def estimated_years(self, window: Span) -> tuple[int, ...]:
        """The years in ``window`` of which some day is only estimated."""
        years = (year for year in range(window.first.year, window.last.year + 1) if year not in self.years)
        return tuple(year for year in years if self._is_any_estimated(year, window))

    def next_working_day(self, day: date) -> date:
        """``day`` if it is worked, else the first working day after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """``day`` if it is worked, else the last working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def add_working_days(self, start: date, length: int, skipped: Spans = NONE_SKIPPED) -> date:
        """The ``length``-th working day after ``start`` (before it if negative), ``start`` not counted.

        Days in ``skipped`` do not count. ``OverflowError`` outside the years 1 to 9999.
        """
        return _walk(start, length, skipped, self.is_working_day)

    def _is_statutory(self, day: date) -> bool:
        known = self.statutory.get(day.year)
        return (day.month, day.day) in FIXED_STATUTORY_DAYS if known is None else day in known

    def _is_any_estimated(self, year: int, window: Span) -> bool:
        day, last = max(window.first, date(year, 1, 1)), min(window.last, date(year, 12, 31))
        while day < last and not self.is_estimated(day):
            day += ONE_DAY
        return self.is_estimated(day)


def add_natural_days(start: date, length: int, skipped: Spans = NONE_SKIPPED) -> date:
    """The ``length``-th day after ``start`` (before it if negative), days in ``skipped`` not counted."""
    return _walk(start, length, skipped, _every_day)


def _every_day(day: date) -> bool:
    return True


def _walk(start: date, length: int, skipped: Spans, counts: Callable[[date], bool]) -> date:
    step, left, day = (ONE_DAY if length > 0 else -ONE_DAY), abs(length), start
    while left:
        day += step
        span = skipped.covering(day)
        if span is not None:
            day = span.last if length > 0 else span.first
        elif counts(day):
            left -= 1
    return day
