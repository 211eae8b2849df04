"""Before a plan is approved: for each line, how many targets one more visit would take above a yearly ceiling."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor

from . import ceilings, queries, together, visits_known
from .codes import Measure
from .models import Plan, PlanLine, TargetRoster


@dataclass(frozen=True, slots=True)
class Reach:
    """``size`` targets of the line on the newest roster (None: there is none yet), ``beyond`` of them too many."""

    line: PlanLine
    ceilings: tuple[ceilings.Ceiling, ...]
    size: int | None
    beyond: int

    def in_words(self) -> str:
        """For the pages of the plan and of its approval."""
        limits = "；".join(visits_known.in_words(one) for one in self.ceilings)
        if self.size is None:
            return _("%(limits)s。尚无该事项的名录，无法核算。") % {"limits": limits}
        if not any(one.binds for one in self.ceilings):
            return _("%(limits)s。名录 %(size)s 个对象。") % {"limits": limits, "size": self.size}
        return _("%(limits)s。名录 %(size)s 个对象，其中 %(beyond)s 个按本行检查将超过上限，抽取时自动排除。") % {
            "limits": limits,
            "size": self.size,
            "beyond": self.beyond,
        }


def of(plan: Plan, today: date) -> list[Reach]:
    """Line by line. Drawn lines reach a target once more at each draw; one that is not drawn visits all every time."""
    visits = visits_known.of_year(plan.year, today)
    return [_reach(plan, line, visits, today) for line in plan.lines.select_related("item")]


def _reach(plan: Plan, line: PlanLine, visits: Sequence[ceilings.Visit], today: date) -> Reach:
    limits = visits_known.ceilings_of(line.item, today, agency=plan.agency, district=plan.district)
    rosters = TargetRoster.objects.filter(
        item__code=line.item.code,
        item__agency=line.item.agency,
        agency__startswith=plan.agency,
        district=plan.district,
        frozen_at__isnull=False,
    )
    # Rosters of objects already drawn hold opaque ids: they are for the officers' draw.
    roster = rosters.exclude(draws__parent__isnull=False).order_by("-frozen_at", "-pk").first()
    if roster is None:
        return Reach(line, limits, None, 0)
    entries = roster.entries.filter(stratum=line.stratum) if line.stratum else roster.entries.all()
    more = line.draws if line.measure == Measure.ALL else 1
    busy = {visit.code for visit in visits}
    bound = min((one.limit for one in limits if one.binds and one.limit is not None), default=more)
    size = entries.count()
    if more > bound:
        return Reach(line, limits, size, size)
    over = ceilings.beyond(busy, visits, limits, plan.year, more)
    found = sum(
        entries.filter(code__in=sorted(over)[start : start + 500]).count() for start in range(0, len(over), 500)
    )
    return Reach(line, limits, size, found)


def told(actor: Actor, key: Any, today: date) -> list[tuple[str, str]]:
    """What the page of the plan's approval says of it, for who may see the plan."""
    plan = queries.plans_visible_to(actor).filter(pk=key).first()
    if plan is None:
        return []
    rows = [
        (_("第 %(number)s 行 %(item)s") % {"number": one.line.number, "item": one.line.item}, one.in_words())
        for one in of(plan, today)
    ]
    return [*together.told(plan), *rows, (_("已知范围"), visits_known.as_of(today))]
