"""Links of the console's side navigation, and what waits."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.web import navigation, subjects

from . import plan_ceilings, queries
from .codes import PlanState, State, TaskState
from .gate import DRAW, PUBLISH, REVIEW, VISIT, WITNESS
from .models import READ


def _waiting(state: State) -> Callable[[Actor], int]:
    return lambda actor: queries.visible_to(actor).filter(state=state).count()


subjects.register("task", "inspection:task")
subjects.register("plan", "inspection:plan", told=lambda actor, key: plan_ceilings.told(actor, key, clock.today()))
subjects.register("trigger", "inspection:trigger")
navigation.register("inspection", _("随机抽取"), "inspection:draws", READ, order=10)
navigation.register("inspection", _("抽取日程"), "inspection:schedule", READ, order=15)
navigation.register("inspection", _("检查对象名录库"), "inspection:rosters", READ, order=20)
navigation.register("inspection", _("抽查事项清单"), "inspection:items", READ, order=30)
navigation.register("inspection", _("检查计划"), "inspection:plans", READ, order=40)
navigation.register("inspection", _("检查任务"), "inspection:tasks", READ, order=45)
navigation.register("inspection", _("我的检查任务"), "inspection:my_tasks", READ, order=46)
navigation.register("inspection", _("检查日程"), "inspection:calendar", READ, order=47)
navigation.register("inspection", _("检查数字"), "inspection:numbers", READ, order=48)
navigation.register("inspection", _("触发式检查"), "inspection:triggers", READ, order=50)
navigation.register_todo(
    _("已获批、待公布的计划"),
    "inspection:plans",
    PUBLISH,
    lambda actor: queries.plans_visible_to(actor).filter(state=PlanState.APPROVED).count(),
    f"state={PlanState.APPROVED}",
)
navigation.register_todo(
    _("待复核的随机源"), "inspection:draws", WITNESS, _waiting(State.ENTERED), f"state={State.ENTERED}"
)
navigation.register_todo(
    _("待抽取"), "inspection:draws", DRAW, _waiting(State.CONFIRMED), f"state={State.CONFIRMED}"
)
navigation.register_todo(
    _("待复核的检查结果"),
    "inspection:tasks",
    REVIEW,
    lambda actor: queries.tasks_visible_to(actor).filter(state=TaskState.FILED).count(),
    f"state={TaskState.FILED}",
)
navigation.register_todo(
    _("待检查的任务"),
    "inspection:my_tasks",
    VISIT,
    lambda actor: queries.tasks_of(actor).filter(state__in=(TaskState.RELEASED, TaskState.RETURNED)).count(),
)
