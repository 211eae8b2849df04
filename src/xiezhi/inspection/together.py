"""综合查一次: lines of a plan with the same mark are one visit. Items and partners of such a visit.

The officers' table sends those alone who may go for every item of the visit: each officer of the pair has the scope and
the skills of all of them (``dispatch.able``). That is stricter than the law asks, and holds whoever is drawn or moves up.
"""

from datetime import date

from xiezhi.core.actor import system
from xiezhi.people import queries as people

from .models import Draw, InspectionItem, PlanLine


def lines(line: PlanLine) -> list[PlanLine]:
    """The lines of its plan that are carried out in one visit with it, itself among them."""
    if not line.together:
        return [line]
    return list(PlanLine.objects.filter(plan=line.plan_id, together=line.together).select_related("item"))


def items(line: PlanLine, own: InspectionItem, on: date) -> list[InspectionItem]:
    """Items beside ``own``, for the same kind of target, in the version in force on the day (Shanghai)."""
    found = {}
    for one in lines(line):
        same = InspectionItem.objects.in_force(on).filter(
            code=one.item.code, agency=one.item.agency, district=one.item.district, target_kind=own.target_kind
        )
        found |= {row.pk: row for row in same if row.code != own.code}
    return sorted(found.values(), key=lambda row: row.code)


def of(draw: Draw) -> list[InspectionItem]:
    """Everything that a visit for the draw looks at, the roster's item first."""
    return [draw.roster.item, *draw.items.order_by("code")]


def partners(line: PlanLine | None) -> str:
    """Names of the bodies that come along, as they are now; a path where nobody bears it any more."""
    paths = sorted({path for one in lines(line) for path in one.partners}) if line is not None else []
    if not paths:
        return ""
    names = dict(people.agencies(system("inspection")).filter(path__in=paths).values_list("path", "name"))
    return "、".join(names.get(path, path) for path in paths)
