"""Ranges of days, both ends included, and sets of them without overlap."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days from ``first`` to ``last``, both included; ``ValueError`` if they are reversed."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the range {self.first}..{self.last} ends before it begins")

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Spans:
    """Days in ranges that neither overlap nor touch, in order. Make it with :meth:`of`."""

    parts: tuple[Span, ...] = ()

    @classmethod
    def of(cls, ranges: Iterable[Span]) -> "Spans":
        """The days that lie in any of ``ranges``; overlaps, repeats and neighbours become one."""
        merged: list[Span] = []
        for span in sorted(ranges):
            if merged and (span.first - merged[-1].last).days <= 1:
                merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
            else:
                merged.append(span)
        return cls(tuple(merged))

    def __iter__(self) -> Iterator[Span]:
        return iter(self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def covering(self, day: date) -> Span | None:
        """The range that ``day`` lies in, if any."""
        place = bisect_right(self.parts, day, key=lambda span: span.first)
        return self.parts[place - 1] if place and day in self.parts[place - 1] else None

    def within(self, window: Span) -> "Spans":
        """The part of these days that lies in ``window``."""
        inside = (span for span in self.parts if span.first <= window.last and span.last >= window.first)
        return Spans(tuple(Span(max(s.first, window.first), min(s.last, window.last)) for s in inside))

    def days(self) -> int:
        """How many days they are."""
        return sum(len(span) for span in self.parts)
