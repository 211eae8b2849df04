"""Filters of the lists of tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.inspection import worklist
from xiezhi.inspection.codes import Outcome, Rests, TaskState
from xiezhi.inspection.models import InspectionItem
from xiezhi.web.lists import Choice, DateRange, Filter, Flag, Search


@dataclass(frozen=True)
class Window(DateRange):
    """Tasks whose window has a day in the range; not only those that begin in it."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        return rows.filter(worklist.on_days(*self.days(params)))


class ByRests(Choice):
    """Drawn or triggered."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        value = params.get(self.name, "")
        return rows.filter(trigger__isnull=value == Rests.DRAW) if value in Rests.values else rows


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


OWN: tuple[Filter, ...] = (
    Search(label=_("任务编号或抽查名称"), search=worklist.by_number),
    ByRests("rests", _("来源"), choices=Rests.choices),
    Choice("state", _("状态"), choices=TaskState.choices),
    Window("window", _("检查期间")),
    ByItem("item", _("抽查事项"), choices=_items),
    ByOutcome("outcome", _("检查结果"), choices=Outcome.choices),
    Overdue("overdue", _("只看逾期")),
)
ALL: tuple[Filter, ...] = (*OWN, Mine("mine", _("只看我的")))
