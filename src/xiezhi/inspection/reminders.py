"""Draws that are due or overdue are told to those who may plan them. They limit the agency: it is warned only."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.core.actor import system
from xiezhi.notify import inbox
from xiezhi.people import queries as people

from . import gate, queries, schedule
from .due import LEAD, Month, Stands
from .models import Plan

ACTOR = system("inspection")


def tell(today: date) -> int:
    """One message a plan, month and standing to each who may plan for the plan's agency; answers how many were put."""
    found: dict[tuple[Plan, Month, Stands], int] = {}
    for slot in schedule.slots(_plans(today), queries.visible_to(ACTOR), today):
        # What was prepared and never drawn is overdue as well.
        if slot.open or slot.stands == Stands.OVERDUE:
            key = (slot.line.plan, slot.month, slot.stands)
            found[key] = found.get(key, 0) + 1
    return sum(_tell(*key, number) for key, number in found.items())


def _plans(today: date) -> QuerySet[Plan]:
    return queries.plans_to_draw(ACTOR, today.year) | queries.plans_to_draw(ACTOR, (today + LEAD).year)


def _tell(plan: Plan, month: Month, stands: Stands, number: int) -> int:
    told = {"month": str(month), "number": number}
    overdue = stands == Stands.OVERDUE
    title = (
        _("抽取逾期：%(month)s 有 %(number)s 次没有完成")
        if overdue
        else _("抽取到期：%(month)s 应抽 %(number)s 次")
    )
    page = reverse("inspection:schedule")
    return inbox.tell(
        people.holders(gate.PLAN, plan.agency),
        kind="inspection.draw_due",
        title=title % told,
        body=_("依据：%(plan)s。在抽取日程中点“拟定”，方案照计划和上一次填好。") % {"plan": plan.title},
        link=f"{page}?year={month.year}&show=all",
        key=f"draw_{stands}:{plan.pk}:{month}",
    )
