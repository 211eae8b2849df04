"""When a limit ends: counted from its rule, its start and the days left out, and explained in words.

The rules of counting (law.md's section on 期间):

- the day of the event is not counted; a limit that runs forward ends on its last day, and if that is not
  worked, on the next working day, unless the rule says never;
- waits, keeping periods, maxima and accruals stay where they end; hours run on through nights and holidays;
- backward ("N days before"), the event's day is not counted, and the end never moves towards the event;
- days left out are not counted: days and hours skip them, months and years grow by as many as lie inside.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from xiezhi.core.calendar.days import WorkCalendar, add_natural_days
from xiezhi.core.calendar.months import MONTHS_A_YEAR, add_months
from xiezhi.core.calendar.spans import ONE_DAY, Span, Spans
from xiezhi.core.calendar.zone import SHANGHAI
from xiezhi.core.law import explanation
from xiezhi.core.law.rules import Direction, Extension, Kind, Roll, Rule, Unit
from xiezhi.core.law.words import Mark, Step

# The civil time of the whole country since 1991, when summer time was dropped.
T = TypeVar("T", date, datetime)
MONTHS = {Unit.MONTH: 1, Unit.YEAR: MONTHS_A_YEAR}


class Uncountable(ValueError):
    """No date follows from what was given. ``reason`` is ``numberless``, ``needs-time``, ``extension`` or
    ``out-of-range``."""

    def __init__(self, reason: str, text: str):
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a limit with all that it was computed from; days are those of Asia/Shanghai.

    due                 the last day (of the wait, for a minimum; the latest day, backward)
    due_at              for rules in hours the last moment, else ``None``; so with the other ``…_at``
    unrolled            the last day before it moved on to a working day; equal to ``due`` if it did not
    without_exclusions  ``due`` had nothing been left out
    doubtful_exclusions whether it is 待核 that days may be left out here
    established         ``due`` on what was compared with a text alone: no doubtful exclusion or extension
    calendar_version    of the calendar it was counted with
    """

    rule: Rule
    start: date
    length: int
    exclusions: Spans
    due: date
    due_at: datetime | None
    unrolled: date
    without_exclusions: date
    without_exclusions_at: datetime | None
    doubtful_exclusions: bool
    established: date
    established_at: datetime | None
    calendar_version: str
    steps: tuple[Step, ...] = ()
    reservations: tuple[tuple[Mark, Step], ...] = ()

    @property
    def marks(self) -> frozenset[Mark]:
        """What is not sure about the date."""
        return frozenset(mark for mark, _ in self.reservations)

    @property
    def stricter(self) -> date:
        """The date that work lists go by while an exclusion or an extension is 待核."""
        return self._stricter(self.due, self.established)

    @property
    def stricter_at(self) -> datetime | None:
        """For rules in hours the moment that work lists go by, else ``None``."""
        if self.due_at is None or self.established_at is None:
            return None
        return self._stricter(self.due_at, self.established_at)

    def _stricter(self, one: T, other: T) -> T:
        # A wait or a keeping period is the stricter the longer it lasts; anything else the sooner it ends.
        later = self.rule.kind in (Kind.MINIMUM, Kind.KEEP)
        return (max if later else min)(one, other)


@dataclass(frozen=True, slots=True)
class Count:
    """A bare count: the end before and after it moved; ``asked`` are the days whose being worked mattered."""

    unrolled: date
    due: date
    moment: datetime | None
    asked: Span | None


def due(
    rule: Rule,
    start: date | datetime,
    calendar: WorkCalendar,
    exclusions: Iterable[Span] = (),
    extensions: int = 0,
) -> Deadline:
    """When ``rule`` ends if its event falls on ``start``; :class:`Uncountable` if no date follows.

    A rule in hours needs a moment; one without a zone is Shanghai time. ``extensions`` is how many of the
    rule's extensions were granted, in their order. ``exclusions`` are days not counted, both ends included.
    """
    moment = _moment(start)
    first = moment.date() if moment else start
    length = _length(rule, extensions)
    skipped = Spans.of(exclusions)
    try:
        count = _count(rule, length, first, moment, skipped, calendar)
        plain = _count(rule, length, first, moment, Spans(), calendar)
        # The moments too: hours may end later on the same day.
        moved = (count.due, count.moment) != (plain.due, plain.moment)
        doubtful = moved and not (rule.verified and rule.suspensions_verified)
        sure = _count(
            rule, _sure_length(rule, extensions), first, moment, Spans() if doubtful else skipped, calendar
        )
        deadline = Deadline(
            rule=rule,
            start=first,
            length=length,
            exclusions=skipped,
            due=count.due,
            due_at=count.moment,
            unrolled=count.unrolled,
            without_exclusions=plain.due,
            without_exclusions_at=plain.moment,
            doubtful_exclusions=doubtful,
            established=sure.due,
            established_at=sure.moment,
            calendar_version=calendar.version,
        )
        return _explained(deadline, rule.grants()[:extensions], moment, count.asked, calendar)
    except OverflowError as error:
        raise Uncountable("out-of-range", f"{rule.id} from {first}: the date lies outside the calendar") from error


def _explained(
    deadline: Deadline,
    granted: tuple[Extension, ...],
    moment: datetime | None,
    asked: Span | None,
    calendar: WorkCalendar,
) -> Deadline:
    years = calendar.estimated_years(asked) if asked else ()
    at = moment if deadline.rule.unit is Unit.HOUR else None
    return replace(
        deadline,
        steps=explanation.steps(deadline, granted, at, calendar),
        reservations=tuple(explanation.reservations(deadline, granted, years)),
    )


def _count(
    rule: Rule, length: int, first: date, moment: datetime | None, skipped: Spans, calendar: WorkCalendar
) -> Count:
    signed = length if rule.direction is Direction.AFTER else -length
    if rule.unit is Unit.HOUR:
        if moment is None:
            raise Uncountable("needs-time", f"{rule.id} is counted in hours: its start needs a time of day")
        end = _add_hours(moment, signed, skipped)
        return Count(end.date(), end.date(), end, None)
    if rule.unit is Unit.WORKING_DAY:
        last = calendar.add_working_days(first, signed, skipped)
        return Count(last, last, None, Span(min(first, last), max(first, last)))
    if rule.unit is Unit.NATURAL_DAY:
        last = add_natural_days(first, signed, skipped)
    else:
        last = _lengthened(first, add_months(first, signed * MONTHS[rule.unit]), skipped)
    if rule.roll is Roll.NEVER:
        return Count(last, last, None, None)
    rolled = calendar.next_working_day(last)
    return Count(last, rolled, None, Span(last, rolled))


def _lengthened(start: date, end: date, skipped: Spans) -> date:
    """``end`` moved on by the days left out since ``start`` (not counted), those it then meets too."""
    forward = end > start
    window = Span(start + ONE_DAY, end) if forward else Span(end, start - ONE_DAY)
    inside = skipped.within(window).days()
    return add_natural_days(end, inside if forward else -inside, skipped)


def _add_hours(start: datetime, hours: int, skipped: Spans) -> datetime:
    """The moment ``hours`` after ``start`` (before, if negative), whole days in ``skipped`` not counted."""
    left, moment, forward = timedelta(hours=abs(hours)), start, hours > 0
    while left:
        day = moment.date() if forward else (moment - timedelta.resolution).date()
        span = skipped.covering(day)
        if span is not None:
            moment = _midnight(span.last + ONE_DAY) if forward else _midnight(span.first)
            continue
        edge = _midnight(day + ONE_DAY) - moment if forward else moment - _midnight(day)
        part = min(left, edge)
        moment, left = (moment + part if forward else moment - part), left - part
    return moment


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _moment(start: date | datetime) -> datetime | None:
    if not isinstance(start, datetime):
        return None
    if start.tzinfo is None:
        return start.replace(tzinfo=SHANGHAI)
    try:
        return start.astimezone(SHANGHAI)
    except OverflowError as error:
        raise Uncountable("out-of-range", f"{start} lies outside the calendar") from error


def _length(rule: Rule, extensions: int) -> int:
    if rule.length is None:
        raise Uncountable("numberless", f"{rule.id} has no number in the law ({rule.unit})")
    grants = rule.grants()
    if not 0 <= extensions <= len(grants):
        raise Uncountable("extension", f"{rule.id} can be extended {len(grants)} times, not {extensions}")
    return rule.length + sum(grant.length or 0 for grant in grants[:extensions])


def _sure_length(rule: Rule, extensions: int) -> int:
    """The length with those extensions alone that were compared with a text."""
    sure = (grant.length or 0 for grant in rule.grants()[:extensions] if grant.verified)
    return (rule.length or 0) + sum(sure)
