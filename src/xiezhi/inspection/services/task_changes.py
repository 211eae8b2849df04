"""A task changes only with reason and approval: who goes, when, or that nobody does.

The reserve of a lapsed certificate moves up by itself: its order was drawn and committed with the pair.
"""

import uuid
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.inspection import dispatch, gate, guards, reserves, task_guards, texts
from xiezhi.inspection.codes import WITH_RESULT, Change, Duty, TaskState
from xiezhi.inspection.gate import scope_of
from xiezhi.inspection.guards import demand
from xiezhi.inspection.models import Draw, Task, TaskOfficer
from xiezhi.people import queries as people_queries
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import TASK_CHANGE
from xiezhi.people.models import Account, Approval
from xiezhi.record.acts import act, at, emit, unchanged

from .dispatches import PARTY

CARRIED_OUT = {Change.POSTPONE: "inspection.task_postponed", Change.CANCEL: "inspection.task_cancelled"}
AHEAD = (TaskState.SEALED, TaskState.RELEASED, TaskState.RETURNED)


@act("inspection.task_change_asked")
def ask_task_change(
    actor: Actor,
    task: uuid.UUID,
    *,
    rev: int,
    change: str,
    reason: str,
    officer: uuid.UUID | None = None,
    window_from: date | None = None,
    window_to: date | None = None,
) -> Approval:
    """Ask for it; nothing changes before the last signature. ``reason`` is the applicant's opinion on the form.

    change       ``codes.Change``
    officer      who is to be replaced by the next reserve (reassign)
    window_from, window_to   the new days, Shanghai (postpone)
    :raises Refused: the task is past it, or nobody is in reserve
    """
    row: Task = gate.locked_row(actor, Task, task, rev, gate.PLAN)
    texts.demand(reason=reason)
    wrong = _wrong(row, change, officer, window_from, window_to)
    if wrong:
        raise Invalid(wrong)
    demand(task_guards.in_state(row, AHEAD, str(Change(change).label)))
    if change == Change.POSTPONE:
        demand(guards.in_state(row.draw, WITH_RESULT[:-1], str(Change.POSTPONE.label)))
    if change == Change.REASSIGN:
        demand(task_guards.has_reserve(row, reserves.next_of(row, clock.day(at()))))
    window = (window_from, window_to) if change == Change.POSTPONE else None
    approval = people.submit(
        actor,
        kind=TASK_CHANGE,
        subject=f"task:{row.id}",
        title=_("任务 %(task)s：%(change)s") % {"task": row, "change": Change(change).label},
        agency=row.agency,
        text=reason,
        stream=row.stream,
    )
    emit(
        **scope_of(row, "task"),
        data={
            "task": str(row.id),
            "approval": str(approval.id),
            "change": change,
            "window": tuple(day.isoformat() for day in window if day) if window else None,
        },
        private={"reason": reason, "officer": str(officer) if change == Change.REASSIGN else None},
    )
    return approval


@act("inspection.task_officer_replaced", "inspection.task_postponed", "inspection.task_cancelled")
def carry_out_task_change(actor: Actor, *, task: uuid.UUID, approval: uuid.UUID) -> None:
    """What was asked for has its last signature: do it, once however often the news comes.

    Nothing happens where the task is past it meanwhile, or is to be postponed into a window that is past, or after
    names were opened.
    :raises Denied: anyone but the system itself
    :raises Refused: the approval is not approved, or not of this task
    """
    gate.itself(actor, gate.PLAN, actor.agency)
    # The draw first, as whoever opens its names or voids it does.
    draw = Draw.objects.select_for_update().get(tasks=task)
    row = Task.objects.select_for_update(of=("self",)).select_related("draw", "dispatch").get(pk=task)
    demand(task_guards.change_approved(row, Approval.objects.filter(pk=approval).first()))
    asked = reserves.asked(row, approval)
    if asked is None or row.state not in AHEAD or reserves.carried_out(row, approval):
        return unchanged()
    if asked["change"] == Change.POSTPONE and not _still_ahead(draw, asked["window"]):
        return unchanged()
    row.rev += 1
    row.save(update_fields=["rev"])
    if asked["change"] == Change.REASSIGN:
        _replace(actor, row, asked["officer"], str(approval))
        return None
    done = {"task": str(row.id), "approval": str(approval)}
    if asked["change"] == Change.POSTPONE:
        first, last = asked["window"]
        done |= {"window_from": first, "window_to": last}
    emit(CARRIED_OUT[Change(asked["change"])], **scope_of(row, "task"), data=done)
    return None


@act("inspection.task_officer_replaced")
def call_reserve(actor: Actor, *, task: uuid.UUID, officer: uuid.UUID) -> TaskOfficer | None:
    """The certificate of ``officer`` lapsed before the visit: the next reserve goes. None: nobody is left.

    :raises Denied: anyone but the system itself
    """
    gate.itself(actor, gate.PLAN, actor.agency)
    row = Task.objects.select_for_update(of=("self",)).get(pk=task)
    if row.state not in (TaskState.RELEASED, TaskState.RETURNED) or people_queries.certified(
        [officer], clock.day(at()), dispatch.scope_of(row)
    ):
        unchanged()
        return None
    return _replace(actor, row, str(officer), None)


def _replace(actor: Actor, task: Task, out: str, approval: str | None) -> TaskOfficer | None:
    """Let the next reserve take the duty of officer ``out``; nothing where either is not there."""
    leaving = task.officers.filter(officer=out, duty__in=reserves.SENT).first()
    coming = reserves.next_of(task, clock.day(at()))
    if leaving is None or coming is None:
        unchanged()
        return None
    coming.duty, coming.place, leaving.duty = leaving.duty, leaving.place, Duty.REPLACED
    leaving.save(update_fields=["duty"])
    coming.save(update_fields=["duty", "place"])
    for account in Account.objects.filter(officer__in=(leaving.officer_id, coming.officer_id), is_active=True):
        given: dict[str, Any] = {
            "stream": task.stream,
            "account": str(account.pk),
            "role": PARTY,
            "agency": task.agency,
        }
        if account.officer_id == leaving.officer_id:
            people.close_grant(actor, **given)
        else:
            people.open_grant(actor, **given)
    emit(
        "inspection.task_officer_replaced",
        **scope_of(task, "task"),
        data={"task": str(task.id), "approval": approval},
        private={"out": str(leaving.officer_id), "into": str(coming.officer_id)},
    )
    return coming


def _still_ahead(draw: Draw, window: tuple[str, str]) -> bool:
    """Whether a visit may still be moved to ``window`` (ISO days, Shanghai): it is not past, names are sealed."""
    return draw.state in WITH_RESULT[:-1] and date.fromisoformat(window[1]) >= clock.day(at())


def _wrong(
    task: Task, change: str, officer: uuid.UUID | None, window_from: date | None, window_to: date | None
) -> dict[str, list[str]]:
    if change not in Change.values:
        return {"change": [_("请选择变更的种类。")]}
    if change == Change.REASSIGN and not task.officers.filter(officer=officer, duty__in=reserves.SENT).exists():
        return {"officer": [_("请选择任务的一名检查人员；名称密封期间不能改派。")]}
    if change == Change.POSTPONE:
        if window_from is None or window_to is None or window_to < window_from:
            return {"window_from": [_("请填写新的检查开始和结束日期，先后有序。")]}
        if window_from <= clock.day(at()):
            return {"window_from": [_("新的检查期间须从明日或以后开始。")]}
    return {}
