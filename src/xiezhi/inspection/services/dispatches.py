"""Officers for the drawn objects: a draw of their own after that of the objects (docs/dr-1.md §6), then tasks."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.inspection import cycles, dispatch, gate, guards, reckoning, sending, task_guards, together
from xiezhi.inspection.codes import Duty, Level, State, Strata, TaskState
from xiezhi.inspection.dispatch import objects as objects_of
from xiezhi.inspection.gate import scope_of
from xiezhi.inspection.models import Draw, RosterEntry, TargetRoster, Task, TaskOfficer, TaskTarget
from xiezhi.inspection.targets import WHOLE
from xiezhi.inspection.task_ends import PARTY
from xiezhi.people import services as people
from xiezhi.people.models import Account
from xiezhi.record.acts import act, at, emit, unchanged

from .draws import prepare_draw

NOTICE = timedelta(days=1)  # names are open to the pair from the day before the window


@act("inspection.roster_frozen", "inspection.draw_prepared")
def prepare_dispatch(
    actor: Actor,
    *,
    draw: uuid.UUID,
    sources: Sequence[Mapping[str, Any]],
    profile: str = "dr/1",
    level: str = Level.ROUTINE,
) -> Draw:
    """Plan the officers' draw for the published objects of ``draw`` that have none; its commitment makes the table.

    Its roster holds the objects by their opaque ids in ``draw``: whoever reads it learns no name.
    :raises Refused: the result is not published, or every object has officers
    """
    # Locked: two who plan at once would send two teams to each object.
    rows = Draw.objects.visible_to(actor).select_for_update(of=("self",)).select_related("roster__item")
    parent = rows.filter(pk=draw).first()
    if parent is None:
        raise NotFound(f"draw {draw}")
    gate.allowed(actor, parent.agency, gate.PLAN)
    guards.demand(
        guards.in_state(parent, (State.PUBLISHED,), _("抽取检查人员")),
        task_guards.not_dispatched(parent),
        task_guards.rows_as_drawn(parent),
    )
    found = dispatch.without_officers(parent)
    roster = TargetRoster.objects.create(
        item=parent.roster.item,
        title=_("%(draw)s 抽中对象") % {"draw": parent.draw_id},
        selection={"draw": parent.draw_id},
        strata=Strata.ALL,
        size=len(found),
        frozen_at=at(),
        agency=parent.agency,
        district=parent.district,
    )
    RosterEntry.objects.bulk_create(
        RosterEntry(roster=roster, code=opaque, name=_("（名称密封）"), stratum=WHOLE) for opaque in found
    )
    emit(
        "inspection.roster_frozen",
        stream=f"roster:{roster.id}",
        subject=f"roster:{roster.id}",
        data={
            "roster": str(roster.id),
            "item": str(roster.item_id),
            "size": len(found),
            "strata": [(WHOLE, len(found))],
            "merged": [],
            "frozen_at": at().isoformat(),
        },
        agency=roster.agency,
        district=roster.district,
    )
    return prepare_draw(
        actor,
        roster=roster,
        parent=parent,
        title=_("%(title)s：检查人员") % {"title": parent.title},
        window_from=_first_day(parent, sources),
        window_to=parent.window_to,
        plan=[{"stratum": WHOLE, "method": "equal", "n": len(found), "reserves": 0}],
        sources=sources,
        profile=profile,
        level=level,
    )


def _first_day(parent: Draw, sources: Sequence[Mapping[str, Any]]) -> date:
    """The parent's; a draw that is not the first for it comes late: from the day after its sources, in the window.

    A quick one, without sources: from today.
    """
    if not sources:
        return max(parent.window_from, clock.day(at()))
    days = [clock.day(reckoning.typed_moment("not_before", source["not_before"])) for source in sources]
    due = max(days, default=parent.window_to)
    late = parent.dispatches.exists() and parent.window_from <= due < parent.window_to
    return due + NOTICE if late else parent.window_from


@act("inspection.task_made")
def make_tasks(actor: Actor, *, dispatch: uuid.UUID) -> list[Task]:
    """One sealed task for each object of a drawn officers' draw that still stands; made once."""
    gate.itself(actor, gate.PLAN, actor.agency)
    row = Draw.objects.select_for_update(of=("self",)).select_related("parent__roster__item").get(pk=dispatch)
    parent = None if row.parent is None else Draw.objects.select_for_update().get(pk=row.parent_id)
    if parent is None or row.drawn_at is None or State.VOID in (row.state, parent.state):
        unchanged()
        return []
    if row.dispatched_tasks.exists():
        unchanged()
        return []
    open_ = parent.tasks.exclude(state=TaskState.CANCELLED).values_list("opaque", flat=True)
    standing = set(objects_of(parent)) - set(open_)
    last = parent.tasks.aggregate(last=Max("number"))["last"] or 0
    by_id = cycles.drawn_names(row)
    teams = {target: officers for target, officers, _reserves in cycles.teams(row)}
    items, made = together.of(parent), []
    found = sorted((code, opaque) for opaque, code in by_id.items() if code in standing)
    for number, (parent_id, own_id) in enumerate(found, last + 1):
        task = Task(
            number=number,
            draw=parent,
            opaque=parent_id,
            dispatch=row,
            dispatched=own_id,
            window_from=row.window_from,
            window_to=row.window_to,
            agency=row.agency,
            district=row.district,
        )
        task.stream = f"task:{task.id}"
        task.save(force_insert=True)
        task.items.set(items)
        emit(
            **scope_of(task, "task"),
            data={
                "task": str(task.id),
                "draw": str(row.parent_id),
                "dispatch": str(row.id),
                "object": parent_id,
                "officers": bool(teams.get(own_id)),
            },
        )
        made.append(task)
    if not made:
        unchanged()
    return made


@act("inspection.task_released")
def release_task(actor: Actor, task: uuid.UUID) -> Task:
    """Name object and officers to those who go, from the day before the window on; done once.

    :raises Refused: it is too early, its draw was voided, its object left, or its trigger ended
    """
    gate.itself(actor, gate.PLAN, actor.agency)
    locked = Task.objects.select_for_update(of=("self",)).select_related("draw", "dispatch", "trigger")
    row = locked.get(pk=task)
    if row.state != TaskState.SEALED:
        unchanged()
        return row
    guards.demand(task_guards.stands(row), task_guards.day_before(row, clock.day(at()), NOTICE))
    code, name, team, reserves = _names(row)
    shared = {"agency": row.agency, "district": row.district, "sensitivity": 1, "stream": row.stream}
    TaskTarget.objects.create(task=row, code=code, name=name, **shared)
    duties = [Duty.LEADER, *[Duty.MEMBER] * (len(team) - 1)][: len(team)]
    listed = [*zip(team, duties, range(1, len(team) + 1), strict=True)]
    listed += [(officer, Duty.RESERVE, place) for place, officer in enumerate(reserves, 1)]
    TaskOfficer.objects.bulk_create(
        TaskOfficer(task=row, officer_id=officer, duty=duty, place=place, **shared)
        for officer, duty, place in listed
    )
    for account in Account.objects.filter(officer__in=team, is_active=True):
        people.open_grant(actor, stream=row.stream, account=str(account.pk), role=PARTY, agency=row.agency)
    emit(
        "inspection.task_released",
        **scope_of(row, "task"),
        data={"task": str(row.id), "officers": len(team)},
        private={"code": code, "name": name, "officers": team, "reserves": reserves},
    )
    row.refresh_from_db()
    return row


def _names(task: Task) -> tuple[str, str, list[str], list[str]]:
    """Code and name of the object, ids of the team and of the reserves in order."""
    if task.trigger is not None:
        return task.trigger.code, task.trigger.name, sending.team_of(task), []
    code = cycles.drawn_names(task.draw)[task.opaque]
    entry = RosterEntry.objects.get(roster_id=task.draw.roster_id, code=code)
    return code, entry.name, *cycles.team_of(task.dispatch, task.dispatched)
