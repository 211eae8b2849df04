"""Filters of the lists of tasks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.inspection import worklist
from xiezhi.inspection.codes import Outcome, PlanKind, Rests, TaskState
from xiezhi.inspection.models import InspectionItem
from xiezhi.people.models import Agency
from xiezhi.web.lists import Choice, DateRange, Filter, Flag, Search, Text


@dataclass(frozen=True)
class Window(DateRange):
    """Tasks whose window has a day in the range; not only those that begin in it."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        return rows.filter(worklist.on_days(*self.days(params)))


class ByRests(Choice):
    """Drawn, by which kind of plan, or triggered."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        value = params.get(self.name, "")
        known = {str(key) for key, _label in self.options()}
        return rows.filter(worklist.resting_on(value)) if value in known else rows


class ByItem(Choice):
    """Tasks for any version of an item."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        code = params.get(self.name, "")
        return rows.filter(worklist.of_item(code)) if code else rows


class ByOutcome(Choice):
    """Tasks by what the visit came to; a result that one may not see is not found by it either."""

    def narrow(self, actor: Actor, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        outcome = params.get(self.name, "")
        return rows.filter(worklist.with_outcome(actor, outcome)) if outcome in Outcome.values else rows


class ByYear(Text):
    """Tasks whose window begins in the year."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        year = params.get(self.name, "")
        return rows.filter(worklist.begun_in(int(year))) if re.fullmatch("[0-9]{4}", year) else rows


class ByAgency(Choice):
    """Tasks of an agency and of those below it."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        path = params.get(self.name, "")
        return rows.filter(agency__startswith=path) if path else rows


class Visited(Flag):
    """Tasks whose result was filed."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        return rows.filter(state__in=worklist.VISITED) if params.get(self.name) == "1" else rows


class Overdue(Flag):
    """Tasks whose window is over without a result."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        return rows.filter(worklist.overdue(clock.today())) if params.get(self.name) == "1" else rows


class Mine(Flag):
    """Tasks that one is sent to oneself."""

    def narrow(self, actor: Actor, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        return rows.filter(worklist.mine(actor)) if params.get(self.name) == "1" else rows


def _items() -> Sequence[tuple[str, str]]:
    """Code and newest title of every item; the list is open to everyone."""
    rows = InspectionItem.objects.order_by("code", "version").values_list("code", "title")
    return [(code, f"{code} {title}") for code, title in dict(rows).items()]


def _agencies() -> Sequence[tuple[str, str]]:
    """Paths and names; the tree of agencies is public."""
    return list(Agency.objects.order_by("path").values_list("path", "name"))


RESTS = (
    *Rests.choices,
    (worklist.DRAWN, _("按年度计划抽取")),
    (PlanKind.SPECIAL, _("按专项检查抽取")),
    (PlanKind.KEY, _("按重点监管抽取")),
)
OWN: tuple[Filter, ...] = (
    Search(label=_("任务编号或抽查名称"), search=worklist.by_number),
    ByRests("rests", _("来源"), choices=RESTS),
    Choice("state", _("状态"), choices=TaskState.choices),
    Window("window", _("检查期间")),
    ByItem("item", _("抽查事项"), choices=_items),
    ByOutcome("outcome", _("检查结果"), choices=Outcome.choices),
    ByYear("year", _("检查开始年份")),
    Visited("visited", _("只看已检查")),
    Overdue("overdue", _("只看逾期")),
)
ALL: tuple[Filter, ...] = (*OWN, ByAgency("agency", _("机构"), choices=_agencies), Mine("mine", _("只看我的")))
