"""What may not be done with a plan or a triggered inspection, and why."""

import uuid

from django.utils.translation import gettext_noop as _

from xiezhi.core.errors import Refusal, Verdict
from xiezhi.people import flow

from .codes import PlanKind, PlanState
from .guards import ALLOWED
from .models import Plan, Trigger

RANDOM = "《优化营商环境条例》第五十四条"


def in_state(row: Plan | Trigger, states: tuple[PlanState, ...], what: str) -> Verdict:
    """The plan stands in one of ``states``, where ``what`` may be done."""
    if row.state in states:
        return ALLOWED
    return Refusal(
        "xz-plan-order",
        "",
        _("“%(title)s”当前为“%(state)s”，不能%(what)s。"),
        _("请依次办理：起草、报批、公布；已公布的计划只能终止后另立。"),
        {"title": str(row), "state": PlanState(row.state).label, "what": what},
    )


def may_submit(row: Plan) -> Verdict:
    """A draft, or one whose approval was withdrawn; a returned one is submitted again in its approval."""
    withdrawn = row.approval is not None and row.approval.state == flow.WITHDRAWN
    if row.state == PlanState.SUBMITTED and withdrawn:
        return ALLOWED
    return in_state(row, (PlanState.DRAFT,), str(_("报批")))


def may_change(plan: Plan) -> Verdict:
    """A draft may be changed, and a plan whose approval was returned or withdrawn."""
    returned = plan.approval is not None and plan.approval.state in (flow.RETURNED, flow.WITHDRAWN)
    if plan.state == PlanState.DRAFT or (plan.state == PlanState.SUBMITTED and returned):
        return ALLOWED
    return in_state(plan, (PlanState.DRAFT,), str(_("修改")))


def approved(row: Plan | Trigger) -> Verdict:
    """Its approval has its last signature."""
    return approved_by(row, row.approval_id)


def approved_by(row: Plan | Trigger, approval: uuid.UUID | None) -> Verdict:
    """The same, and ``approval`` is the one that its own act asked for last."""
    if row.approval is not None and row.approval.pk == approval and row.approval.state == flow.APPROVED:
        return ALLOWED
    return Refusal(
        "xz-plan-approved",
        "",
        _("“%(title)s”尚未获批，不能公布或据以检查。"),
        _("请在“审批”中查看办理到哪一步；退回的，修改后重新提交。"),
        {"title": str(row)},
    )


def number_free(plan: Plan, document: str) -> Verdict:
    """No other plan of its kind, agency and year was published under the number; one that ended keeps its number.

    One notice may publish plans of several kinds.
    """
    others = Plan.objects.filter(agency=plan.agency, year=plan.year, kind=plan.kind, document=document.strip())
    other = others.exclude(pk=plan.pk).exclude(published_at=None).first()
    if other is None:
        return ALLOWED
    return Refusal(
        "xz-plan-number",
        "",
        _("文号 %(document)s 已用于公布本机构 %(year)s 年度的同类计划“%(title)s”，不能再用。"),
        _("请核对后填写本计划自己的文号；前一计划的文号填错的，终止后另立。"),
        {"document": document.strip(), "year": plan.year, "title": other.title},
    )


def only_one_a_year(plan: Plan) -> Verdict:
    """An agency has one published yearly plan a year."""
    others = Plan.objects.filter(
        agency=plan.agency, district=plan.district, year=plan.year, kind=PlanKind.YEARLY, state=PlanState.PUBLISHED
    )
    other = others.exclude(pk=plan.pk).first() if plan.kind == PlanKind.YEARLY else None
    if other is None:
        return ALLOWED
    return Refusal(
        "xz-plan-one-a-year",
        RANDOM,
        _("%(year)s 年度抽查计划“%(title)s”已经公布。"),
        _("要改变年度计划，请先终止已公布的，再公布新的；临时需要请另立专项检查。"),
        {"year": plan.year, "title": other.title},
    )
