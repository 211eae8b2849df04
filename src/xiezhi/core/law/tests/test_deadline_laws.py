"""What must hold of every count, whatever the rule, the start and the days left out."""

from datetime import date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from xiezhi.core.calendar import SHANGHAI, Notice, Span, Spans, WorkCalendar, add_months
from xiezhi.core.calendar.spans import ONE_DAY
from xiezhi.core.law.deadline import due
from xiezhi.core.law.rules import Direction, Kind, Roll, Rule, Unit

CALENDAR = WorkCalendar.of(
    [
        Notice(
            2026,
            None,
            None,
            "通知",
            frozenset(date(2026, 10, day) for day in range(1, 8)),
            frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
            False,
        )
    ]
)
DAYS = st.dates(date(2025, 6, 1), date(2028, 6, 1))
SPANS = st.lists(
    st.builds(lambda first, length: Span(first, first + timedelta(days=length)), DAYS, st.integers(0, 60)),
    max_size=4,
)
LENGTHS = st.integers(1, 60)
COUNTED = st.sampled_from([Unit.WORKING_DAY, Unit.NATURAL_DAY, Unit.MONTH, Unit.YEAR])


def rule(unit: Unit, length: int, direction: Direction = Direction.AFTER, kind: Kind = Kind.LIMIT) -> Rule:
    moves = kind is Kind.LIMIT and direction is Direction.AFTER and unit is not Unit.HOUR
    roll = Roll.NEXT if moves else Roll.NEVER
    basis = ("某法第一条", True, "LRB", "")
    return Rule("r", "某期限", "机关", kind, "某日", direction, length, unit, roll, (), (), "", *basis)


def end(unit: Unit, length: int, start: date, spans: list[Span] | None = None) -> date:
    return due(rule(unit, length), start, CALENDAR, spans or []).unrolled


@given(COUNTED, LENGTHS, DAYS, st.integers(0, 400), SPANS)
def test_a_later_start_never_ends_earlier(
    unit: Unit, length: int, start: date, later: int, spans: list[Span]
) -> None:
    # Months differ in length, so days left out of one period may outweigh a later start of another.
    if unit in (Unit.MONTH, Unit.YEAR):
        spans = []
    first = due(rule(unit, length), start, CALENDAR, spans)
    second = due(rule(unit, length), start + timedelta(days=later), CALENDAR, spans)
    assert first.due <= second.due


@given(COUNTED, LENGTHS, DAYS, SPANS)
def test_a_longer_limit_ends_later(unit: Unit, length: int, start: date, spans: list[Span]) -> None:
    assert end(unit, length, start, spans) < end(unit, length + 1, start, spans)


@given(st.sampled_from([Unit.WORKING_DAY, Unit.NATURAL_DAY]), LENGTHS, DAYS, SPANS)
def test_exactly_as_many_days_count_as_the_law_says(
    unit: Unit, length: int, start: date, spans: list[Span]
) -> None:
    last, day, counted = end(unit, length, start, spans), start, 0
    while day < last:
        day += ONE_DAY
        worked = unit is Unit.NATURAL_DAY or CALENDAR.is_working_day(day)
        counted += worked and not any(day in span for span in spans)
    assert counted == length
    assert not any(last in span for span in spans)


@given(COUNTED, LENGTHS, DAYS, SPANS)
def test_days_left_out_never_shorten_and_their_order_is_nothing(
    unit: Unit, length: int, start: date, spans: list[Span]
) -> None:
    plain, with_spans = end(unit, length, start), end(unit, length, start, spans)
    assert plain <= with_spans
    assert with_spans == end(unit, length, start, [*reversed(spans), *spans])
    if all(span.last <= start or span.first > plain for span in spans):
        assert with_spans == plain


@given(st.sampled_from([Unit.MONTH, Unit.YEAR]), st.integers(1, 12), DAYS, SPANS)
def test_months_grow_by_the_days_left_out_inside(unit: Unit, length: int, start: date, spans: list[Span]) -> None:
    plain, last = end(unit, length, start), end(unit, length, start, spans)
    lost = Spans.of(spans).within(Span(start + ONE_DAY, last)).days()
    assert last == plain + timedelta(days=lost)


@given(st.sampled_from([Unit.WORKING_DAY, Unit.NATURAL_DAY]), LENGTHS, DAYS)
def test_backward_undoes_forward(unit: Unit, length: int, start: date) -> None:
    assume(CALENDAR.is_working_day(start))
    forward = end(unit, length, start)
    assert due(rule(unit, length, Direction.BEFORE), forward, CALENDAR).due == start


@given(COUNTED, LENGTHS, DAYS, SPANS, st.sampled_from(Kind))
def test_what_moves_ends_on_a_working_day_and_the_rest_stays(
    unit: Unit, length: int, start: date, spans: list[Span], kind: Kind
) -> None:
    found = due(rule(unit, length, kind=kind), start, CALENDAR, spans)
    if kind is Kind.LIMIT:
        assert CALENDAR.is_working_day(found.due)
        assert found.due >= found.unrolled
    else:
        assert found.due == found.unrolled


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


@given(DAYS, st.integers(0, 1439), st.integers(1, 72), SPANS, st.sampled_from(Direction))
def test_hours_last_as_long_as_the_law_says(
    day: date, minute: int, hours: int, spans: list[Span], direction: Direction
) -> None:
    moment = midnight(day) + timedelta(minutes=minute)
    last = due(rule(Unit.HOUR, hours, direction), moment, CALENDAR, spans).due_at
    assert last is not None
    assert (last > moment) == (direction is Direction.AFTER)
    low, high = sorted((moment, last))
    lost = timedelta()
    for span in Spans.of(spans):
        begin, end_of_span = midnight(span.first), midnight(span.last + ONE_DAY)
        lost += max(timedelta(), min(high, end_of_span) - max(low, begin))
    assert high - low - lost == timedelta(hours=hours)


@given(DAYS, st.integers(-60, 60))
def test_months_keep_the_day_or_take_the_months_last(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + ONE_DAY).day == 1)


@given(SPANS, DAYS)
def test_merged_ranges_hold_the_same_days(ranges: list[Span], day: date) -> None:
    merged = Spans.of(ranges)
    assert (merged.covering(day) is not None) == any(day in span for span in ranges)
    assert merged.days() == len({span.first + timedelta(days=n) for span in ranges for n in range(len(span))})
    assert all((b.first - a.last).days > 1 for a, b in zip(merged.parts, merged.parts[1:], strict=False))


def test_texts_can_be_translated() -> None:
    found = due(rule(Unit.NATURAL_DAY, 3), date(2026, 3, 2), CALENDAR)
    assert found.steps[0].text(lambda message: "%(name)s!") == "某期限!"
