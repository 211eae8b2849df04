"""What was drawn from each line of a plan so far."""

import uuid
from dataclasses import dataclass, field

from django.db.models import Count

from . import basis
from .codes import State
from .cycles import REACHED
from .models import Draw, DrawnTarget, Plan


@dataclass(slots=True)
class Progress:
    """``draws`` on the line in the order of their preparation, void ones left out; ``drawn``: objects that stand."""

    draws: list[Draw] = field(default_factory=list)
    drawn: int = 0


def of(plan: Plan) -> dict[uuid.UUID, Progress]:
    """Line's id → what was drawn; an object counts for the line of its stratum."""
    lines = list(plan.lines.select_related("item"))
    found = {line.pk: Progress() for line in lines}
    draws = Draw.objects.filter(line__plan=plan, parent=None).exclude(state=State.VOID)
    draws = draws.select_related("line__item").order_by("prepared_at", "pk")
    rows = DrawnTarget.objects.filter(draw__in=draws.values("pk"), standing__in=REACHED).order_by()
    counted: dict[tuple[uuid.UUID, str], int] = {
        (draw, stratum): number
        for draw, stratum, number in rows.values_list("draw", "stratum").annotate(number=Count("pk"))
    }
    for draw in draws:
        same = [line for line in lines if draw.line is not None and line.item.code == draw.line.item.code]
        for stratum in draw.plan:
            line = basis.line_of(stratum["stratum"], same)
            if line is None or not basis.draws_any(stratum):
                continue
            progress = found[line.pk]
            progress.drawn += counted.get((draw.pk, stratum["stratum"]), 0)
            if draw not in progress.draws:
                progress.draws.append(draw)
    return found
