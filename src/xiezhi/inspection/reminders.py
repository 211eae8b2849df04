"""What the house is told by night: draws that are due or overdue, lapsed certificates without a reserve."""

import uuid
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.core.actor import system
from xiezhi.notify import inbox
from xiezhi.people import queries as people
from xiezhi.people.models import Account
from xiezhi.record import queries as record

from . import gate, queries, schedule
from .codes import Duty
from .dispatch import SENT
from .due import LEAD, Month, Stands
from .models import Plan, Task

ACTOR = system("inspection")


def tell(today: date) -> int:
    """One message a plan, month and standing to each who may plan for the plan's agency; answers how many were put."""
    found: dict[tuple[Plan, Month, Stands], int] = {}
    for slot in schedule.slots(_plans(today), queries.visible_to(ACTOR), today):
        # What was prepared and never drawn is overdue as well.
        if slot.open or slot.stands == Stands.OVERDUE:
            key = (slot.line.plan, slot.month, slot.stands)
            found[key] = found.get(key, 0) + 1
    return sum(_tell(*key, number, today) for key, number in found.items())


def tell_lapsed(task: Task, officer: uuid.UUID) -> int:
    """Nobody in reserve goes for an officer whose certificate lapsed: tell the task's leader and who can exchange him.

    The visit itself is barred by ``task_guards.two_certified``. The message names nobody: it says which duty.
    """
    lapsed = task.officers.filter(officer=officer, duty__in=SENT).first()
    if lapsed is None:
        return 0
    leader = Account.objects.filter(officer__tasks__task=task, officer__tasks__duty=Duty.LEADER, is_active=True)
    if task.trigger_id is not None:
        link, who = reverse("inspection:trigger", args=[task.trigger_id]), _senders(task)
        body = _("触发式检查没有候补：请负责人在该触发式检查页面重新指派。持证不足两人的，结果不能登记。")
    else:
        link, who = reverse("inspection:task", args=[task.pk]), people.holders(gate.PLAN, task.agency)
        body = _("候补都不能接替：请申请改期，或者申请取消并写明理由。持证不足两人的，结果不能登记。")
    return inbox.tell(
        [*(str(key) for key in leader.values_list("pk", flat=True)), *who],
        kind="inspection.certificate_lapsed",
        title=_("任务 %(task)s 的%(duty)s证件失效，没有人接替") % {"task": task, "duty": Duty(lapsed.duty).label},
        body=body,
        link=link,
        key=f"task_certificate:{task.pk}:{officer}",
    )


def _senders(task: Task) -> list[str]:
    """Who named the officers, as long as he may name others; else all who may."""
    able = people.holders(gate.REVIEW, task.agency)
    made = record.visible_to(ACTOR).filter(stream=task.stream, type="inspection.task_made")
    return [one for one in made.values_list("actor", flat=True) if one in able] or able


def _plans(today: date) -> QuerySet[Plan]:
    # A plan's last month is overdue only when the plan's year is over.
    found = queries.plans_to_draw(ACTOR, today.year)
    for day in (today - LEAD, today + LEAD):
        found |= queries.plans_to_draw(ACTOR, day.year)
    return found


def _tell(plan: Plan, month: Month, stands: Stands, number: int, today: date) -> int:
    told = {"month": str(month), "number": number}
    overdue = stands == Stands.OVERDUE
    title = (
        _("抽取逾期：%(month)s 有 %(number)s 次没有完成")
        if overdue
        else _("抽取到期：%(month)s 应抽 %(number)s 次")
    )
    body = (
        _("依据：%(plan)s。计划已经结束，不能再据以抽取。")
        if today > plan.ends
        else _("依据：%(plan)s。在抽取日程中点“拟定”，方案照计划和上一次填好。")
    )
    page = reverse("inspection:schedule")
    return inbox.tell(
        people.holders(gate.PLAN, plan.agency),
        kind="inspection.draw_due",
        title=title % told,
        body=body % {"plan": plan.title},
        link=f"{page}?year={month.year}&show=all",
        key=f"draw_{stands}:{plan.pk}:{month}",
    )
