"""Before a plan is approved: for each visit, how many targets one more would take above a yearly ceiling.

Lines with one mark, for targets with one kind of carrier, are one visit (综合查一次): it counts once for each carrier,
against the ceiling for all inspections and that of every item it looks at, as the draw will count it (``left_out``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor

from . import ceilings, queries, together, visits_known
from .codes import Measure, TargetKind
from .models import Plan, PlanLine, RosterEntry, TargetRoster


@dataclass(frozen=True, slots=True)
class Reach:
    """``size`` targets of the visit on the newest rosters (None: there is none yet), ``beyond`` of them too many."""

    lines: tuple[PlanLine, ...]
    ceilings: tuple[ceilings.Ceiling, ...]
    size: int | None
    beyond: int

    def numbers(self) -> str:
        """Which lines of the plan it is."""
        several = "、".join(str(line.number) for line in self.lines)
        if len(self.lines) == 1:
            return _("第 %(number)s 行") % {"number": several}
        told = {"numbers": several, "mark": self.lines[0].together}
        return _("第 %(numbers)s 行（综合查一次“%(mark)s”，按一次计）") % told

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
    """Visit by visit. Drawn lines reach a target once more at each draw; one that is not drawn visits all every time."""
    visits = visits_known.of_year(plan.year, today)
    return [_reach(plan, several, visits, today) for several in _visits(plan)]


def _visits(plan: Plan) -> list[list[PlanLine]]:
    # As ``together.items``: a visit to a project or its site looks at no item whose carrier is a firm.
    found: dict[tuple[object, ...], list[PlanLine]] = {}
    for line in plan.lines.select_related("item"):
        key = (line.together, TargetKind(line.item.target_kind).carrier) if line.together else (line.number,)
        found.setdefault(key, []).append(line)
    return list(found.values())


def _entries(plan: Plan, line: PlanLine) -> Q | None:
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
        return None
    return Q(roster=roster, stratum=line.stratum) if line.stratum else Q(roster=roster)


def _targets(entries: "QuerySet[RosterEntry]") -> int:
    # A target on the rosters of several lines is one carrier.
    return entries.order_by().values("code").distinct().count()


def _reach(plan: Plan, lines: Sequence[PlanLine], visits: Sequence[ceilings.Visit], today: date) -> Reach:
    each = [visits_known.ceilings_of(one.item, today, agency=plan.agency, district=plan.district) for one in lines]
    limits = tuple(dict.fromkeys(one for several in each for one in several))
    chosen = [one for one in (_entries(plan, line) for line in lines) if one is not None]
    if not chosen:
        return Reach(tuple(lines), limits, None, 0)
    entries = RosterEntry.objects.filter(reduce(or_, chosen))
    more = max(line.draws if line.measure == Measure.ALL else 1 for line in lines)
    busy = {visit.code for visit in visits}
    bound = min((one.limit for one in limits if one.binds and one.limit is not None), default=more)
    size = _targets(entries)
    if more > bound:
        return Reach(tuple(lines), limits, size, size)
    over = sorted(ceilings.beyond(busy, visits, limits, plan.year, more))
    found = sum(_targets(entries.filter(code__in=over[at : at + 500])) for at in range(0, len(over), 500))
    return Reach(tuple(lines), limits, size, found)


def told(actor: Actor, key: Any, today: date) -> list[tuple[str, str]]:
    """What the page of the plan's approval says of it, for who may see the plan."""
    plan = queries.plans_visible_to(actor).filter(pk=key).first()
    if plan is None:
        return []
    rows = [
        (f"{one.numbers()} {'；'.join(str(line.item) for line in one.lines)}", one.in_words())
        for one in of(plan, today)
    ]
    return [*together.told(plan), *rows, (_("已知范围"), visits_known.as_of(today))]
