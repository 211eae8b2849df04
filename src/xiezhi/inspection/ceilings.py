"""Yearly ceilings (年度检查频次上限), pure: visits and ceilings in, who is at the ceiling out. No database, no clock.

A visit counts for the code that carries it: in construction the project, so that of a contractor's six sites the one
at its ceiling is left out and the other five are not. Triggered inspections are told, never counted. A ceiling that is
not established here (null), or that nobody has confirmed (待核), neither counts nor leaves anybody out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of one carrier, done or ahead; however many items it looks at, it is one.

    day         it was made; ahead: the first day of its window (Shanghai)
    window      first and last day on which it may be made
    ahead       no result was filed yet
    sealed      the carrier's name is not open yet, not even to those who go
    triggered   outside the draw (complaint, transfer, alarm, 回头看)
    """

    code: str
    day: date
    items: frozenset[str]
    window: tuple[date, date]
    ahead: bool = False
    sealed: bool = False
    triggered: bool = False


@dataclass(frozen=True, slots=True)
class Ceiling:
    """``limit`` visits of a carrier in a calendar year; of one ``item`` (its code), or of all items where it is empty.

    limit      None: not established here
    confirmed  compared with the text by which it was published; without that it is shown as 待核 and binds nobody
    per        what it is counted over, as the draw's rules announce it
    """

    name: str
    limit: int | None
    confirmed: bool
    per: str
    item: str = ""

    @property
    def binds(self) -> bool:
        """Does it leave anybody out?"""
        return self.confirmed and self.limit is not None

    def holds(self, visit: Visit, year: int) -> bool:
        """Does the visit count against it?"""
        return visit.day.year == year and not visit.triggered and (not self.item or self.item in visit.items)


def counted(visits: Iterable[Visit], ceiling: Ceiling, year: int) -> Counter[str]:
    """Code → visits in the calendar year that count against the ceiling."""
    return Counter(visit.code for visit in visits if ceiling.holds(visit, year))


def beyond(
    codes: Iterable[str], visits: Sequence[Visit], ceilings: Iterable[Ceiling], year: int, more: int = 1
) -> set[str]:
    """Codes that ``more`` visits in the year would take above a ceiling that binds."""
    found: set[str] = set()
    wanted = set(codes)
    for ceiling in ceilings:
        if not ceiling.confirmed or ceiling.limit is None:
            continue
        had = counted(visits, ceiling, year)
        if more > ceiling.limit:
            return wanted
        found |= {code for code, number in had.items() if number + more > ceiling.limit}
    return found & wanted


def underway(visits: Iterable[Visit], first: date, last: date) -> set[str]:
    """Codes with a visit ahead whose window meets the days ``first`` … ``last``."""
    return {visit.code for visit in visits if visit.ahead and visit.window[0] <= last and visit.window[1] >= first}
