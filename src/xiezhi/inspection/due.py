"""When the lines of a plan are to be drawn: months as plain values. What was drawn of them: ``schedule``."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LEAD = timedelta(days=7)  # a draw is due from so many days before its month: it needs an evening between


class Stands(StrEnum):
    """How a draw of the schedule stands on a day."""

    OVERDUE = "overdue"
    DUE = "due"
    UNDERWAY = "underway"
    AHEAD = "ahead"
    DONE = "done"


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> "Month | None":
        """From ``2026-03``; None where it is none."""
        year, _dash, number = text.partition("-")
        if not (year.isdecimal() and number.isdecimal() and len(year) == 4 and len(number) == 2):
            return None
        return cls(int(year), int(number)) if 1 <= int(number) <= 12 and int(year) else None

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])


def between(begins: date, ends: date) -> list[Month]:
    """The months that have a day from ``begins`` to ``ends``."""
    count = (ends.year - begins.year) * 12 + ends.month - begins.month + 1
    return [
        Month(begins.year + (begins.month - 1 + n) // 12, (begins.month - 1 + n) % 12 + 1) for n in range(count)
    ]


def spread(inside: Sequence[Month], chosen: Iterable[int], draws: int) -> list[Month]:
    """The month of each draw, in order.

    inside   the plan's months
    chosen   1 … 12, in which it is drawn: at least once in each; none: at the ends of equal parts of the plan
    """
    wanted = set(chosen)
    named = [month for month in inside if month.number in wanted]
    if named:
        count = max(draws, len(named))
        return [named[n * len(named) // count] for n in range(count)]
    if wanted:
        return []  # months outside of the plan's days
    return [inside[-(-(n + 1) * len(inside) // draws) - 1] for n in range(draws)]


def stands(month: Month, ends: date, today: date, *, begun: bool, done: bool) -> Stands:
    """How the draw of a month stands; ``ends``: the plan's last day, ``begun``: a draw is prepared for it."""
    if done:
        return Stands.DONE
    if today > min(month.last, ends):
        return Stands.OVERDUE
    if begun:
        return Stands.UNDERWAY
    return Stands.DUE if today >= month.first - LEAD else Stands.AHEAD
