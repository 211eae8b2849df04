"""抽取日程: the draws that the lines of published plans ask for, and how each stands. Derived; nothing is stored.

A draw counts for every line that it reaches: those of its item whose strata it draws, and those carried out in the same
visit. A draw whose visits begin in a month of the schedule is that month's; any other takes the earliest one left.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from . import basis, due
from .codes import WITH_RESULT, State
from .due import Month, Stands
from .models import Draw, Plan, PlanLine


@dataclass(frozen=True)
class Slot:
    """One draw of a line that is due in a month; ``number`` among those of the line, from 1."""

    line: PlanLine
    month: Month
    number: int
    stands: Stands
    draw: Draw | None

    @property
    def open(self) -> bool:
        """Somebody has to begin it now."""
        return self.draw is None and self.stands in (Stands.DUE, Stands.OVERDUE)


def slots(plans: QuerySet[Plan], draws: QuerySet[Draw], today: date) -> list[Slot]:
    """The schedule of ``plans`` in the order of months, as far as ``draws`` answer it."""
    rows = list(PlanLine.objects.filter(plan__in=plans).select_related("plan", "item").order_by("number"))
    by_line = _by_line(rows, draws)
    found = [slot for line in rows for slot in _of_line(line, by_line[line.pk], today)]
    return sorted(found, key=lambda slot: (slot.month, slot.line.plan.title, slot.line.number, slot.number))


def _by_line(rows: Sequence[PlanLine], draws: QuerySet[Draw]) -> dict[uuid.UUID, list[Draw]]:
    found: dict[uuid.UUID, list[Draw]] = {line.pk: [] for line in rows}
    of_plan: dict[uuid.UUID, list[PlanLine]] = {}
    for line in rows:
        of_plan.setdefault(line.plan_id, []).append(line)
    asked = draws.filter(line__plan__in=of_plan, parent=None).exclude(state=State.VOID)
    for draw in asked.prefetch_related("items").order_by("window_from", "prepared_at", "pk"):
        if draw.line is not None:
            for line in _reached(draw, draw.line, of_plan[draw.line.plan_id]):
                found[line.pk].append(draw)
    return found


def _reached(draw: Draw, own: PlanLine, lines: Sequence[PlanLine]) -> list[PlanLine]:
    codes = {own.item.code} | ({item.code for item in draw.items.all()} if own.together else set())
    found: dict[uuid.UUID, PlanLine] = {}
    for code in codes:
        same = [
            line
            for line in lines
            if line.item.code == code and (code == own.item.code or line.together == own.together)
        ]
        for stratum in draw.plan:
            line = basis.line_of(stratum["stratum"], same)
            if line is not None and basis.draws_any(stratum):
                found[line.pk] = line
    return list(found.values())


def _of_line(line: PlanLine, draws: Iterable[Draw], today: date) -> list[Slot]:
    inside = due.between(line.plan.begins, line.plan.ends)
    months = due.spread(inside, line.months, line.draws)
    taken: dict[int, Draw] = {}
    late: list[Draw] = []
    for draw in draws:
        its = Month(draw.window_from.year, draw.window_from.month)
        place = next((n for n, month in enumerate(months) if month == its and n not in taken), None)
        if place is None:
            late.append(draw)
        else:
            taken[place] = draw
    left = (n for n in range(len(months)) if n not in taken)
    taken |= dict(zip(list(left), late, strict=False))
    return [
        Slot(
            line,
            month,
            number + 1,
            due.stands(
                month,
                line.plan.ends,
                today,
                begun=number in taken,
                done=number in taken and taken[number].state in WITH_RESULT,
            ),
            taken.get(number),
        )
        for number, month in enumerate(months)
    ]
