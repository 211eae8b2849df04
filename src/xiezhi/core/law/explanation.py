"""The steps by which a date was found, and the reservations under which it stands, as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from xiezhi.core.calendar.days import WorkCalendar
from xiezhi.core.calendar.spans import ONE_DAY, Span, Spans
from xiezhi.core.law import words
from xiezhi.core.law.rules import Direction, Extension, Kind, Roll, Rule, Unit
from xiezhi.core.law.words import Mark, Step, dated, weekday

if TYPE_CHECKING:
    from xiezhi.core.law.deadline import Deadline


def steps(
    deadline: Deadline, granted: tuple[Extension, ...], moment: datetime | None, calendar: WorkCalendar
) -> tuple[Step, ...]:
    """How the date was found: rule, start, length, days left out, end, and whether it moved on."""
    rule = deadline.rule
    return (
        Step(words.RULE, {"name": rule.name, "basis": rule.legal_basis}),
        _start(rule, deadline.start, moment),
        Step(words.LENGTHS[rule.unit], {"length": rule.length}),
        *(Step(words.EXTENDED, {"length": e.length, "approval": e.approval}) for e in granted),
        *_excluded(deadline, moment),
        *_end(deadline, calendar),
    )


def reservations(
    deadline: Deadline, granted: tuple[Extension, ...], estimated: tuple[int, ...]
) -> Iterator[tuple[Mark, Step]]:
    """What is 待核 or 预估 about the date."""
    rule = deadline.rule
    if not rule.verified:
        yield Mark.UNVERIFIED, Step(words.MARK_UNVERIFIED)
    elif Mark.UNVERIFIED in rule.note:
        yield Mark.UNVERIFIED, Step(words.MARK_BASIS, {"basis": rule.note})
    if any(not extension.verified for extension in granted):
        yield (
            Mark.UNVERIFIED,
            Step(words.MARK_EXTENSION, {"stricter": dated(deadline.stricter, deadline.stricter_at)}),
        )
    if deadline.doubtful_exclusions:
        params = {
            "date": dated(deadline.without_exclusions, deadline.without_exclusions_at),
            "stricter": dated(deadline.stricter, deadline.stricter_at),
        }
        yield Mark.UNVERIFIED, Step(words.MARK_EXCLUSION, params)
    if estimated:
        yield (
            Mark.ESTIMATED,
            Step(words.MARK_ESTIMATED, {"years": "、".join(str(year) for year in estimated)}),
        )


def _start(rule: Rule, start: date, moment: datetime | None) -> Step:
    after = rule.direction is Direction.AFTER
    if moment is not None:
        message = words.STARTS_HOUR if after else words.STARTS_HOUR_BEFORE
        return Step(message, {"start": dated(start, moment), "event": rule.starts_at})
    message, first = (words.STARTS_AFTER, ONE_DAY) if after else (words.STARTS_BEFORE, -ONE_DAY)
    return Step(message, {"start": start, "event": rule.starts_at, "first": start + first})


def _excluded(deadline: Deadline, moment: datetime | None) -> Iterator[Step]:
    window = _counted(deadline, moment)
    for span in deadline.exclusions:
        inside = Spans((span,)).within(window).days() if window else 0
        message = words.EXCLUDED if inside > 0 else words.EXCLUDED_OUTSIDE
        yield Step(message, {"first": span.first, "last": span.last, "days": inside})
    if deadline.exclusions and not deadline.rule.suspended_by:
        yield Step(words.NO_CAUSE)
    elif deadline.exclusions:
        yield Step(words.CAUSES, {"causes": "、".join(cause.cause for cause in deadline.rule.suspended_by)})


def _counted(deadline: Deadline, moment: datetime | None) -> Span | None:
    """The days from the start to the end that the limit touches: but for hours, the event's own is none."""
    if moment is not None and deadline.due_at is not None:
        first, last = sorted((moment, deadline.due_at))
        return Span(first.date(), (last - datetime.resolution).date())
    if deadline.start == deadline.unrolled:
        return None
    if deadline.start < deadline.unrolled:
        return Span(deadline.start + ONE_DAY, deadline.unrolled)
    return Span(deadline.unrolled, deadline.start - ONE_DAY)


def _end(deadline: Deadline, calendar: WorkCalendar) -> Iterator[Step]:
    rule, last = deadline.rule, deadline.unrolled
    before = rule.direction is Direction.BEFORE
    yield Step(
        words.ENDS_BEFORE if before else words.ENDS,
        {"last": dated(last, deadline.due_at), "weekday": weekday(last)},
    )
    if deadline.due != last:
        yield Step(words.ROLLED, {"due": deadline.due, "weekday": weekday(deadline.due)})
    elif rule.roll is Roll.NEVER and rule.unit is not Unit.HOUR:
        if not before:
            following = last + ONE_DAY if rule.kind is Kind.MINIMUM else None
            yield Step(words.NOT_ROLLED[rule.kind], {"next": following})
        elif not calendar.is_working_day(last):
            earlier = calendar.previous_working_day(last)
            yield Step(words.NOT_ROLLED_BEFORE, {"earlier": earlier, "weekday": weekday(earlier)})
