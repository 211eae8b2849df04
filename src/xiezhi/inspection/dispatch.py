"""Who may be sent to the drawn objects, before the seed of the officers' draw: the table that is committed.

An officer may go who serves in the agency, holds a certificate valid on every day of the window for the item's scope,
has the skills it asks for, has no day of leave in the window, declared no relation with a firm concerned, and was not
sent there the last time (while enough others may go). Why others may not is counted, never named.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from xiezhi.core.actor import system
from xiezhi.core.draw import hashing, officer_table, roster
from xiezhi.people import queries as people
from xiezhi.people.models import Officer
from xiezhi.registry import queries as registry

from . import cycles, together
from .codes import Duty, Standing, State
from .models import Draw, DrawnTarget, InspectionItem, RosterEntry, Task, TaskOfficer
from .reckoning import Secret

ACTOR = system("inspection")
HELD = (Standing.DRAWN, Standing.CALLED)
NOT_VOID = [state for state in State if state != State.VOID]
SENT = (Duty.LEADER, Duty.MEMBER)


@dataclass(frozen=True)
class Dispatch:
    """The table by codes, who may go to each object, and how many officers were barred, by what."""

    table: tuple[tuple[str, str, int], ...]
    able: Mapping[str, list[str]]
    barred: Mapping[str, int] = field(default_factory=dict)


def objects(parent: Draw) -> list[str]:
    """Opaque ids of the objects that are to be visited, sorted: drawn or called up."""
    rows = DrawnTarget.objects.filter(draw=parent, standing__in=HELD)
    return sorted(set(rows.values_list("opaque", flat=True)))


def without_officers(parent: Draw) -> list[str]:
    """Opaque ids of the objects that stand and that no officers' draw (planned or later, not void) is for, sorted."""
    sent = RosterEntry.objects.filter(roster__draws__in=parent.dispatches.exclude(state=State.VOID))
    taken = set(sent.values_list("code", flat=True))
    return [opaque for opaque in objects(parent) if opaque not in taken]


def lacking_officers(draws: QuerySet[Draw], today: date) -> QuerySet[Draw]:
    """Those of ``draws`` that are published, can still be visited, and have objects without officers."""
    held = DrawnTarget.objects.filter(draw=OuterRef("pk"), standing__in=HELD)
    rows = draws.filter(parent=None, state=State.PUBLISHED, window_to__gte=today)
    sent = RosterEntry.objects.filter(
        roster__draws__parent=OuterRef("draw"), roster__draws__state__in=NOT_VOID, code=OuterRef("opaque")
    )
    return rows.filter(Exists(held.filter(~Exists(sent))))


def roster_of(draw: Draw) -> list[str]:
    """Of an officers' draw: ids of its objects in the parent draw, sorted."""
    return sorted(RosterEntry.objects.filter(roster=draw.roster_id).values_list("code", flat=True))


def dispatch(draw: Draw, secret: Secret) -> Dispatch:
    """The table of an officers' draw; codes of its objects are their opaque ids in the parent draw."""
    parent = draw.parent
    if parent is None:
        raise LookupError(f"{draw.draw_id} sends no officers")
    items, barred = together.of(parent), Counter[str]()
    least = max(item.least_officers for item in items)
    codes = cycles.drawn_names(parent)
    free = [str(row.pk) for row in able(items, draw.agency, draw.window_from, draw.window_to)]
    fit: dict[str, list[str]] = {}
    for opaque in roster_of(draw):
        fit[opaque] = _able(draw, codes[opaque], free, least, barred)
    profile = hashing.PROFILES[draw.profile]
    by_id = {code: roster.opaque_id(profile, code, secret.salt(code)) for code in {*fit, *free}}
    back = {opaque: code for code, opaque in by_id.items()}
    table = officer_table.even_table(
        profile,
        draw.draw_id,
        {by_id[one]: [by_id[officer] for officer in officers] for one, officers in fit.items()},
        team=least,
    )
    edges = tuple((back[edge.target], back[edge.officer], edge.millionths) for edge in table)
    return Dispatch(edges, fit, dict(barred))


def _able(draw: Draw, code: str, free: list[str], team: int, barred: Counter[str]) -> list[str]:
    related = people.recused(free, first=draw.window_from, last=draw.window_to, entities=firms(code))
    kept = [officer for officer in free if officer not in {str(key) for key in related}]
    barred["related"] += len(free) - len(kept)
    last = _sent_last_time(code)
    others = [officer for officer in kept if officer not in last]
    if len(others) < team:
        return kept
    barred["last time"] += len(kept) - len(others)
    return others


def able(items: Iterable[InspectionItem], agency: str, first: date, last: date) -> list[Officer]:
    """Officers who may be sent for all of ``items`` on every day from ``first`` to ``last``, relations apart.

    Serving in the agency, with a certificate valid throughout for each item's scope, its skills, and no leave.
    """
    found: dict[uuid.UUID, Officer] | None = None
    for item in items:
        rows = people.available_officers(ACTOR, agency=agency, first=first, last=last, scope=item.scope)
        here = {row.pk: row for row in rows if set(item.skills) <= set(row.skills)}
        found = here if found is None else {key: row for key, row in found.items() if key in here}
    return list((found or {}).values())


def certified(task: Task, officers: Iterable[uuid.UUID], day: date) -> set[uuid.UUID]:
    """Which of ``officers`` hold on ``day`` (Shanghai) a certificate for the scope of each of the task's items."""
    left = set(officers)
    for item in task.items.all():
        left &= people.certified(left, day, item.scope)
    return left


def firms(code: str) -> Iterable[str]:
    """Codes of the firms concerned: the entity itself, or everyone who takes part in the project."""
    project = registry.projects_visible_to(ACTOR).filter(number=code).first()
    if project is None:
        return [code]
    return list(project.participants.values_list("entity__code", flat=True))


def _sent_last_time(code: str) -> set[str]:
    last = TaskOfficer.objects.filter(task__target__code=code, duty__in=SENT).order_by("-task__window_to").first()
    if last is None:
        return set()
    sent = TaskOfficer.objects.filter(task=last.task_id, duty__in=SENT)
    return {str(officer) for officer in sent.values_list("officer", flat=True)}
