"""A task changes only with reason and approval: who goes, when, or that nobody does.

The reserve of a lapsed certificate moves up by itself: its order was drawn and committed with the pair.
"""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid, Refusal
from xiezhi.inspection import cancelling, dispatch, gate, guards, reserves, task_guards, texts
from xiezhi.inspection.codes import WITH_RESULT, Change, Duty, Reason, State, TaskState, Why
from xiezhi.inspection.gate import scope_of
from xiezhi.inspection.guards import demand
from xiezhi.inspection.models import Draw, Task, TaskOfficer
from xiezhi.inspection.task_ends import AHEAD, PARTY
from xiezhi.notify import inbox
from xiezhi.people import queries as people_queries
from xiezhi.people import services as people
from xiezhi.people.models import Account, Approval
from xiezhi.people.services.officers import RELATIONS
from xiezhi.record.acts import act, at, emit, unchanged

CODE = 18  # characters of a unified social credit code; no firm's is longer


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
    ground: str = "",
    document: str = "",
    why: str = Why.OTHER,
    relation: str = "",
    entity: str = "",
) -> Approval:
    """Ask for it; nothing changes before the last signature. ``reason`` is the applicant's opinion on the form.

    change       ``codes.Change``
    officer      who is to be replaced by the next reserve (reassign)
    window_from, window_to   the new days, Shanghai (postpone)
    why          ``codes.Why`` of a reassignment; on recusal (回避) also ``relation``, the kind of tie as it is declared,
                 and ``entity``, the firm's code: approved, it is entered among the officer's declared relations
    ground, document   ``codes.Reason`` and number on which the object leaves the draw with its task (cancel)
    :raises Refused: the task is past it, nobody is in reserve, names are open, or the plan's period ends (postpone)
    """
    row: Task = gate.locked_row(actor, Task, task, rev, gate.PLAN)
    texts.demand(reason=reason)
    recused = change == Change.REASSIGN and why == Why.RECUSAL
    wrong = _wrong(row, change, officer, window_from, window_to) or _wrong_ground(change, ground, document)
    if change == Change.REASSIGN:
        wrong |= _wrong_why(why, relation, entity)
    if wrong:
        raise Invalid(wrong)
    demand(task_guards.in_state(row, AHEAD, str(Change(change).label)))
    if change == Change.POSTPONE and row.draw is not None:
        demand(guards.in_state(row.draw, WITH_RESULT[:-1], str(Change.POSTPONE.label)))
    if change == Change.REASSIGN:
        demand(task_guards.has_reserve(row, reserves.next_of(row, clock.day(at()))))
    if change == Change.CANCEL:
        demand(task_guards.can_be_cancelled(row))
    window = (window_from, window_to) if change == Change.POSTPONE else None
    if window_from and window_to and window:
        demand(task_guards.within_plan(row, window_from, window_to))
    approval = people.submit(
        actor,
        kind=cancelling.approval_kind(row, change, clock.day(at())),
        subject=f"task:{row.id}",
        title=_title(row, change, ground, document, recused),
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
            "ground": ground if change == Change.CANCEL else None,
            "document": document if change == Change.CANCEL else None,
            "why": why if change == Change.REASSIGN else None,
        },
        private={
            "reason": reason,
            "officer": str(officer) if change == Change.REASSIGN else None,
            "relation": relation if recused else None,
            "entity": entity.strip().upper() if recused else None,
        },
    )
    return approval


@act(
    "inspection.task_officer_replaced",
    "inspection.task_postponed",
    "inspection.task_cancelled",
    "inspection.drawn_target_replaced",
)
def carry_out_task_change(actor: Actor, *, task: uuid.UUID, approval: uuid.UUID) -> None:
    """What was asked for has its last signature: do it, once however often the news comes.

    A cancelled task's object leaves the draw as a replaced one does, while names are sealed (``cancelling``).
    The applicant is told where nothing happens any more: the task is past it meanwhile, is to be postponed into a
    window that is past, nobody is in reserve, or names were opened.
    :raises Denied: anyone but the system itself
    :raises Refused: the approval is not approved, or not of this task
    """
    gate.itself(actor, gate.PLAN, actor.agency)
    # The draw first, as whoever opens its names or voids it does.
    draw = Draw.objects.select_for_update().filter(tasks=task).first()
    row = Task.objects.select_for_update(of=("self",)).select_related("draw", "dispatch").get(pk=task)
    signed = Approval.objects.filter(pk=approval).first()
    demand(task_guards.change_approved(row, signed))
    asked = reserves.asked(row, approval)
    if asked is None or signed is None or reserves.carried_out(row, approval):
        return unchanged()
    if asked["why"] == Why.RECUSAL:
        # Also where nobody can take his place any more: he stands back from whatever concerns the firm.
        _declare(actor, asked)
    lapsed = _lapsed(draw, row, asked, signed)
    if lapsed:
        unchanged()
        return _tell(signed, row, Change(asked["change"]), lapsed)
    if asked["change"] == Change.CANCEL and draw is not None:
        return cancelling.cancel(draw, row, asked["ground"], asked["document"], str(approval))
    row.rev += 1
    row.save(update_fields=["rev"])
    if asked["change"] == Change.REASSIGN:
        _replace(actor, row, asked["officer"], str(approval), asked["why"])
        return None
    first, last = asked["window"]
    done = {"task": str(row.id), "approval": str(approval), "window_from": first, "window_to": last}
    emit("inspection.task_postponed", **scope_of(row, "task"), data=done)
    return None


@act("inspection.task_officer_replaced")
def call_reserve(actor: Actor, *, task: uuid.UUID, officer: uuid.UUID) -> TaskOfficer | None:
    """The certificate of ``officer`` lapsed before the visit: the next reserve goes. None: nobody is left.

    :raises Denied: anyone but the system itself
    """
    gate.itself(actor, gate.PLAN, actor.agency)
    row = Task.objects.select_for_update(of=("self",)).get(pk=task)
    if row.state not in (TaskState.RELEASED, TaskState.RETURNED) or dispatch.certified(
        row, [officer], clock.day(at())
    ):
        unchanged()
        return None
    return _replace(actor, row, str(officer), None)


def _declare(actor: Actor, asked: Mapping[str, Any]) -> None:
    """Enter the tie on which he stands back among his relations, unless he declared it himself."""
    today = clock.day(at())
    if not people_queries.recused([asked["officer"]], first=today, last=today, entities=[asked["entity"]]):
        people.declare_relation(actor, officer=asked["officer"], kind=asked["relation"], entity=asked["entity"])


def _replace(
    actor: Actor, task: Task, out: str, approval: str | None, why: str | None = None
) -> TaskOfficer | None:
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
        data={"task": str(task.id), "approval": approval, "why": why},
        private={"out": str(leaving.officer_id), "into": str(coming.officer_id)},
    )
    return coming


def _lapsed(draw: Draw | None, task: Task, asked: Mapping[str, Any], signed: Approval) -> str:
    """Why what was approved can't be done any more; empty where it can."""
    change = asked["change"]
    if task.state not in AHEAD:
        return _("任务已为“%(state)s”。") % {"state": TaskState(task.state).label}
    if change == Change.REASSIGN:
        if not task.officers.filter(officer=asked["officer"], duty__in=reserves.SENT).exists():
            return _("该检查人员已由候补接替。")
        nobody = reserves.next_of(task, clock.day(at())) is None
        return _("已没有可接替的候补。") if nobody else ""
    if draw is not None and not _draw_allows(draw, change, signed):
        return _("抽取的名称已公开或者已作废。")
    if change == Change.CANCEL and isinstance(task_guards.can_be_cancelled(task), Refusal):
        return _("任务已登记过结果，须据实补正。")
    if change == Change.POSTPONE:
        past = date.fromisoformat(asked["window"][1]) < clock.day(at())
        return _("获批时新的检查期间已经过去，任务仍按原期间。") if past else ""
    # Asked for before a cancellation needed a ground on which its object leaves.
    return "" if asked["ground"] else _("申请时没有写明事由代码和文号，请重新申请。")


def _draw_allows(draw: Draw, change: str, signed: Approval) -> bool:
    """Names are sealed; or a cancellation was asked for once they were open: nobody signed that its object leaves."""
    if change == Change.CANCEL and draw.state == State.OPENED:
        return draw.opened_at is not None and signed.submitted_at > draw.opened_at
    return draw.state in WITH_RESULT[:-1]


def _tell(approval: Approval, task: Task, change: Change, why: str) -> None:
    """Let the applicant know that what was approved was not done, and why."""
    inbox.tell(
        [str(approval.submitted_by_id)],
        kind="inspection.task_change_lapsed",
        title=_("任务 %(task)s 的%(change)s已获批，但未能办理") % {"task": task, "change": change.label},
        body=why,
        link=reverse("inspection:task", args=[task.pk]),
        key=f"task_change_lapsed:{approval.pk}",
    )


def _title(task: Task, change: str, ground: str, document: str, recused: bool) -> str:
    """What those who sign read: no names."""
    if recused:
        return _("任务 %(task)s：改派（检查人员回避，由候补接替）") % {"task": task}
    if change == Change.CANCEL:
        given = {"task": task, "ground": Reason(ground).label, "document": document}
        if task.draw is not None and task.draw.state == State.OPENED:
            return _("任务 %(task)s：取消，不再检查（%(ground)s，%(document)s）") % given
        return _("任务 %(task)s：取消并移出对象（%(ground)s，%(document)s）") % given
    return _("任务 %(task)s：%(change)s") % {"task": task, "change": Change(change).label}


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


def _wrong_why(why: str, relation: str, entity: str) -> dict[str, list[str]]:
    """A recusal names the tie and the firm. Not compared with the task's object: who plans may not learn it so."""
    wrong: dict[str, list[str]] = {}
    if why not in Why.values:
        wrong["why"] = [_("请选择改派的原因。")]
    elif why == Why.RECUSAL:
        if relation not in RELATIONS:
            wrong["relation"] = [_("请选择须回避的关系。")]
        if not rules_of_draw.is_plain(entity.strip()) or len(entity.strip()) > CODE:
            wrong["entity"] = [_("请填写有关系的单位的统一社会信用代码或注册号。")]
    return wrong


def _wrong_ground(change: str, ground: str, document: str) -> dict[str, list[str]]:
    """A cancelled task's object leaves the draw: reason code and document number are published with it."""
    wrong: dict[str, list[str]] = {}
    if change != Change.CANCEL:
        return wrong
    if ground not in Reason.values:
        wrong["ground"] = [_("请选择移出的事由。")]
    if not rules_of_draw.is_plain(document):
        wrong["document"] = [_("请填写依据的文号。")]
    return wrong
