"""综合查一次: lines of a plan with the same mark are one visit. Items and partners of such a visit.

The officers' table sends those alone who may go for every item of the visit: each officer of the pair has the scope and
the skills of all of them (``dispatch.able``). That is stricter than the law asks, and holds whoever is drawn or moves up.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor, system
from xiezhi.people import queries as people

from .codes import TargetKind
from .models import Draw, InspectionItem, Plan, PlanLine


def lines(line: PlanLine) -> list[PlanLine]:
    """The lines of its plan that are carried out in one visit with it, itself among them."""
    if not line.together:
        return [line]
    return list(PlanLine.objects.filter(plan=line.plan_id, together=line.together).select_related("item"))


def items(line: PlanLine, own: InspectionItem, on: date) -> list[InspectionItem]:
    """Items beside ``own``, whose targets have the same carrier, in the version in force on the day (Shanghai)."""
    carrier = TargetKind(own.target_kind).carrier
    kinds = [kind for kind in TargetKind if kind.carrier == carrier]
    found = {}
    for one in lines(line):
        same = InspectionItem.objects.in_force(on).filter(
            code=one.item.code, agency=one.item.agency, district=one.item.district, target_kind__in=kinds
        )
        found |= {row.pk: row for row in same if row.code != own.code}
    return sorted(found.values(), key=lambda row: row.code)


def of(draw: Draw) -> list[InspectionItem]:
    """Everything that a visit for the draw looks at, the roster's item first."""
    return [draw.roster.item, *draw.items.order_by("code")]


def partners(line: PlanLine | None) -> str:
    """Names of the bodies that come along, as they are now; a path where nobody bears it any more."""
    return _named({path for one in lines(line) for path in one.partners}) if line is not None else ""


def partners_of(lines: Sequence[PlanLine]) -> dict[int, str]:
    """The same by number for all lines of a plan; asked once, however many they are."""
    marked: dict[str | int, set[str]] = {}
    for line in lines:
        marked.setdefault(line.together or line.number, set()).update(line.partners)
    names = _names(set().union(*marked.values()))
    return {line.number: _listed(marked[line.together or line.number], names) for line in lines}


def _named(paths: Collection[str]) -> str:
    return _listed(paths, _names(paths))


def _names(paths: Collection[str]) -> dict[str, str]:
    rows = people.agencies(system("inspection")).filter(path__in=paths)
    return dict(rows.values_list("path", "name")) if paths else {}


def _listed(paths: Collection[str], names: Mapping[str, str]) -> str:
    return "、".join(names.get(path, path) for path in sorted(paths))


def choices(actor: Actor, *, own: str = "", kept: Collection[str] = ()) -> list[tuple[str, str]]:
    """Path and name of the bodies that may come along, in order of the tree; ``own``: the plan's, which needs no naming.

    kept    named already: offered even where they are dissolved by now, so that nothing vanishes from a form unseen
    """
    rows = list(people.agencies(actor))
    depth = min((row.path.count("/") for row in rows), default=0)
    today = clock.today()
    return [
        (row.path, "　" * (row.path.count("/") - depth) + _shown(row.name, gone))
        for row in rows
        for gone in [row.dissolved_on is not None and row.dissolved_on <= today]
        if row.path != own and (not gone or row.path in kept)
    ]


def _shown(name: str, gone: bool) -> str:
    return _("%(name)s（已撤销）") % {"name": name} if gone else name


def wrong_partners(plan: Plan, paths: Collection[str], there: Collection[str]) -> list[str]:
    """Faults of the partners typed into a line; ``there``: paths of the bodies that are not dissolved."""
    wrong = []
    if plan.agency in paths:
        wrong.append(_("联合检查机构不能是编制计划的机构本身。"))
    if unknown := sorted(set(paths) - set(there)):
        wrong.append(_("联合检查机构不存在或已撤销：%(names)s。") % {"names": _named(unknown)})
    return wrong


def told(plan: Plan) -> list[tuple[str, str]]:
    """The joint visits of a plan and who comes along to them, for whoever signs it."""
    found: dict[str | int, list[PlanLine]] = {}
    every = list(plan.lines.select_related("item"))
    names = partners_of(every)
    for line in every:
        if line.together or line.partners:
            found.setdefault(line.together or line.number, []).append(line)
    return [(_("综合查一次"), _in_words(several, names[several[0].number])) for several in found.values()]


def _in_words(several: list[PlanLine], names: str) -> str:
    first, *_rest = several
    text = "；".join(f"{one.item.code} {one.item.title}" for one in several)
    named = _("%(mark)s：%(items)s") % {"mark": first.together, "items": text} if first.together else text
    return named + (_("。联合：%(names)s") % {"names": names} if names else "")
