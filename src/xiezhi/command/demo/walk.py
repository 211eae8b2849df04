"""What the steps of a walked inspection hand on to each other, and the days of its calendar."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from xiezhi.command.demo import Steps, Summary, visits
from xiezhi.disclosure.codes import Kind

at = visits.at
FIRMS, RESERVES = 240, 5
ITEM = "GJ-02"


@dataclass(frozen=True)
class Days:
    """The calendar of one draw: plan and commitment, draw, officers, a replacement, visits, review, names opened."""

    planned: date
    drawn: date
    sent: date
    changed: date
    first: date
    last: date
    reviewed: date
    over: date

    @property
    def year(self) -> int:
        """The year of the visits, and so of their plan."""
        return self.first.year

    @property
    def eve(self) -> date:
        """The day on which tasks are opened to those who go."""
        return self.first - timedelta(days=1)


def days_from(planned: date) -> Days:
    """The whole calendar, as the stage walks it, from its first day."""
    drawn, sent, changed, first, last, reviewed, over = (
        planned + timedelta(days=days) for days in (1, 2, 3, 8, 18, 18, 19)
    )
    return Days(planned, drawn, sent, changed, first, last, reviewed, over)


@dataclass
class Walk:
    """What the steps hand on to each other.

    publishes   kinds that are prepared and signed on the way as soon as they are due
    """

    home: Path
    steps: Steps
    told: Summary = field(default_factory=dict)
    moments: list[dict[str, Any]] = field(default_factory=list)
    eve: dict[str, Any] = field(default_factory=dict)
    bundles: dict[str, bytes] = field(default_factory=dict)
    heads: list[tuple[int, bytes]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    done: visits.Visited = field(default_factory=visits.Visited)
    issued: list[str] = field(default_factory=list)
    days: Days = field(default_factory=lambda: days_from(date(2026, 3, 2)))
    ratio: tuple[int, int] = (1, 24)
    publishes: Collection[str] = tuple(Kind.values)
