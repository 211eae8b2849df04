"""Triggered inspections (触发式检查): asked for with reason and reference, approved, sent; never drawn."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor, system
from xiezhi.core.errors import Invalid
from xiezhi.inspection import gate, plan_guards, sending, texts, trigger_guards
from xiezhi.inspection.codes import Ground, PlanState
from xiezhi.inspection.guards import demand
from xiezhi.inspection.item_guards import item_in_force
from xiezhi.inspection.models import InspectionItem, Task, Trigger
from xiezhi.inspection.targets import find
from xiezhi.inspection.task_ends import cancel_tasks
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import INSPECTION
from xiezhi.record.acts import act, at, emit

from .dispatches import NOTICE, release_task

ITSELF = system("inspection")


@act("inspection.trigger_asked")
def ask_trigger(
    actor: Actor,
    *,
    ground: str,
    reference: str,
    reason: str,
    items: Sequence[uuid.UUID],
    code: str,
    window_from: date,
    window_to: date,
    agency: str,
    district: str,
) -> Trigger:
    """Ask for an inspection outside the draw; it goes to approval at once.

    code        of the entity or number of the project in the registry
    items       versions of items of the agency's list that are in force in the window: 清单之外无检查
    reference   number of the complaint, transfer or alarm
    """
    gate.allowed(actor, agency, gate.PLAN, gate.VISIT)
    texts.demand(reference=reference, reason=reason)
    wrong: dict[str, list[str]] = {}
    if ground not in Ground.values:
        wrong["ground"] = [_("请选择触发事由。")]
    if window_to < window_from:
        wrong["window_to"] = [_("结束日期不能早于开始日期。")]
    if window_from < clock.day(at()):
        wrong["window_from"] = [_("检查期间不能从过去的日期开始。")]
    listed = [
        row
        for row in InspectionItem.objects.filter(pk__in=items, district=district)
        if agency.startswith(row.agency)
    ]
    if not listed or len(listed) != len(set(items)):
        wrong["items"] = [_("请从本机构的事项清单中选择；清单之外无检查。")]
    target = find(actor, code)
    if target is None:
        wrong["code"] = [_("登记中没有代码或编号为 %(code)s 的市场主体或工程项目。") % {"code": code}]
    if wrong or target is None:
        raise Invalid(wrong)
    demand(*(item_in_force(item, agency, day) for item in listed for day in (window_from, window_to)))
    row = Trigger(
        ground=ground,
        reference=reference,
        reason=reason,
        target=target.target,
        code=target.code,
        name=target.name,
        window_from=window_from,
        window_to=window_to,
        agency=agency,
        district=district,
    )
    row.stream = f"trigger:{row.id}"
    row.save(force_insert=True)
    row.items.set(listed)
    approval = people.submit(
        actor,
        kind=INSPECTION,
        subject=f"trigger:{row.id}",
        # Lists and notifications show the title to whoever reads approvals: it names no target.
        title=_("%(ground)s：%(reference)s") % {"ground": row.get_ground_display(), "reference": reference},
        agency=agency,
        text=reason,
        stream=row.stream,
    )
    emit(
        **gate.scope_of(row, "trigger"),
        data={
            "trigger": str(row.id),
            "ground": ground,
            "reference": reference,
            "items": sorted(item.code for item in listed),
            "window": (window_from.isoformat(), window_to.isoformat()),
            "approval": str(approval.id),
        },
        private={"code": row.code, "name": row.name, "reason": reason},
    )
    row.refresh_from_db()
    return row


@act("inspection.task_made", "inspection.task_cancelled")
def send_for_trigger(
    actor: Actor, trigger: uuid.UUID, *, rev: int, leader: uuid.UUID, members: Sequence[uuid.UUID]
) -> Task:
    """Send officers: the approved inspection becomes a task, released as those of a draw are, at once or on the eve.

    It takes ``inspection.review``: whoever answers for the result names who goes. Leaders hold it, organisers of
    draws, who ask for most of these inspections, do not; and who goes cannot review.
    Sending anew before a result is filed ends the former task: that is how people are exchanged here.

    leader, members   officers of the agency; see ``sending.choice``
    :raises Refused: not approved, past, visited; fewer than two; somebody not at hand, not certified, or related
    """
    row: Trigger = gate.locked_row(actor, Trigger, trigger, rev, gate.REVIEW)
    today = clock.day(at())
    demand(
        trigger_guards.approved(row),
        trigger_guards.not_visited(row, _("指派检查人员")),
        trigger_guards.window_ahead(row, today),
    )
    first, last = sending.window(row, today)
    items = list(row.items.all())
    demand(*(item_in_force(item, row.agency, day) for item in items for day in (first, last)))
    team = list(dict.fromkeys([leader, *members]))
    there = sending.choice(row, today)
    demand(
        trigger_guards.enough(len(team), sending.least(items)),
        trigger_guards.all_able(len(set(team) - {one.pk for one in there.able})),
        trigger_guards.none_related(len(there.related & set(team))),
    )
    cancel_tasks(row.tasks.all(), _("由负责人重新指派"))
    task = Task(
        number=row.tasks.count() + 1,
        trigger=row,
        window_from=first,
        window_to=last,
        agency=row.agency,
        district=row.district,
    )
    task.stream = f"task:{task.id}"
    task.save(force_insert=True)
    task.items.set(items)
    emit(
        "inspection.task_made",
        **gate.scope_of(task, "task"),
        data={
            "task": str(task.id),
            "draw": None,
            "dispatch": None,
            "object": None,
            "officers": True,
            "trigger": str(row.id),
        },
        private={"officers": [str(one) for one in team]},
    )
    if first - NOTICE <= today:
        release_task(ITSELF, task.id)
    task.refresh_from_db()
    return task


@act("inspection.trigger_ended", "inspection.task_cancelled")
def end_trigger(actor: Actor, trigger: uuid.UUID, *, rev: int, reason: str) -> Trigger:
    """Drop it with a reason: no visit is made for it any more.

    Its task ends with it, and an approval that is still open leaves the inboxes.
    :raises Refused: it ended already, a result was filed, or it is under approval and another's
    """
    row = gate.locked_row(actor, Trigger, trigger, rev, gate.PLAN)
    demand(
        plan_guards.in_state(row, (PlanState.SUBMITTED, PlanState.APPROVED), _("终止")),
        trigger_guards.not_visited(row, _("终止")),
        trigger_guards.may_end(row, actor),
    )
    texts.demand(reason=reason)
    emit(
        "inspection.trigger_ended",
        **gate.scope_of(row, "trigger"),
        data={"trigger": str(row.id), "reason": reason},
    )
    cancel_tasks(row.tasks.all(), _("触发式检查终止"))
    if row.approval_id is not None:
        people.withdraw_ended(actor, approval=row.approval_id, text=reason)
    row.refresh_from_db()
    return row
