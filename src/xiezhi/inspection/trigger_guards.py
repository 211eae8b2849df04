"""What may not be done with triggered inspections (触发式检查), and why."""

from datetime import date

from django.utils.translation import gettext_noop as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Refusal, Verdict

from . import gate
from .codes import PlanState, TaskState
from .guards import ALLOWED
from .models import Trigger

TWO_OFFICERS = "《行政处罚法》第四十二条"
RECUSAL = "《行政处罚法》第四十三条"
# A result was filed: somebody was there.
VISITED = (TaskState.FILED, TaskState.RETURNED, TaskState.DONE)


def approved(trigger: Trigger) -> Verdict:
    """It was approved and has not ended."""
    if trigger.state == PlanState.APPROVED:
        return ALLOWED
    return Refusal(
        "xz-trigger-approved",
        "",
        _("触发式检查“%(trigger)s”当前为“%(state)s”，不能据以检查。"),
        _("尚在审批的，获批之后再办理；已终止的，如仍须检查，请重新申请。"),
        {"trigger": str(trigger), "state": PlanState(trigger.state).label},
    )


def not_visited(trigger: Trigger, what: str) -> Verdict:
    """Nobody filed a result of it yet."""
    if not trigger.tasks.filter(state__in=VISITED).exists():
        return ALLOWED
    return Refusal(
        "xz-trigger-visited",
        "",
        _("触发式检查“%(trigger)s”已经到场检查并登记结果，不能%(what)s。"),
        _("请在检查任务中复核或者补正结果；还须再查的，另行申请触发式检查。"),
        {"trigger": str(trigger), "what": what},
    )


def may_end(trigger: Trigger, actor: Actor) -> Verdict:
    """Under approval it is its applicant's, or of who may send for it; once approved, of whoever plans."""
    if trigger.state != PlanState.SUBMITTED or actor.may(gate.REVIEW, trigger.agency):
        return ALLOWED
    if trigger.approval is not None and str(trigger.approval.submitted_by_id) == actor.id:
        return ALLOWED
    return Refusal(
        "xz-trigger-applicant",
        "",
        _("触发式检查“%(trigger)s”尚在审批，只有承办人和负责指派的人可以撤回。"),
        _("请由承办人终止，或在审批中写明意见退回。"),
        {"trigger": str(trigger)},
    )


def window_ahead(trigger: Trigger, today: date) -> Verdict:
    """Its approved window is not over."""
    if today <= trigger.window_to:
        return ALLOWED
    return Refusal(
        "xz-trigger-window",
        "",
        _("触发式检查“%(trigger)s”获批的检查期间到 %(last)s 为止，已经过去。"),
        _("仍须检查的，请终止后重新申请。"),
        {"trigger": str(trigger), "last": trigger.window_to.isoformat()},
    )


def enough(named: int, wanted: int) -> Verdict:
    """At least two are named, or as many as the items ask for."""
    if named >= wanted:
        return ALLOWED
    return Refusal(
        "xz-trigger-two",
        TWO_OFFICERS,
        _("检查须由不少于 %(wanted)s 名执法人员进行，只指派了 %(named)s 名。"),
        _("请再指派执法人员；组长和组员不能是同一人。"),
        {"wanted": wanted, "named": named},
    )


def all_able(unable: int) -> Verdict:
    """Everyone named serves here, with a certificate for the items throughout the window, and is not on leave."""
    if not unable:
        return ALLOWED
    return Refusal(
        "xz-trigger-able",
        TWO_OFFICERS,
        _(
            "指派的人员中有 %(count)s 名在检查期间不能派出：证件不满全期或不合事项范围，缺少所需技能，请假，或不在岗。"
        ),
        _("请改派页面列出的人员。"),
        {"count": unable},
    )


def none_related(related: int) -> Verdict:
    """Nobody named declared a relation with a firm concerned."""
    if not related:
        return ALLOWED
    return Refusal(
        "xz-trigger-recusal",
        RECUSAL,
        _("指派的人员中有 %(count)s 名与检查对象有利害关系，应当回避。"),
        _("请改派页面列出的人员。"),
        {"count": related},
    )
