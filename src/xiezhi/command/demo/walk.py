"""What the steps of stage ``inspection`` hand on to each other, and the days of its calendar."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from xiezhi.command.demo import Steps, Summary, visits

at = visits.at
YEAR, FIRMS, RATIO, RESERVES = 2026, 240, (1, 24), 5
ITEM = "GJ-02"
PLANNED, DRAWN, SENT, CHANGED = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)
FIRST, LAST, REVIEWED, OVER = date(2026, 3, 10), date(2026, 3, 20), date(2026, 3, 20), date(2026, 3, 21)
EVE = FIRST - timedelta(days=1)


@dataclass
class Walk:
    """What the steps hand on to each other."""

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
