"""Who is told how the approval of a plan or a triggered inspection goes: those whose turn it is, and the applicant.

When a plan is published, those who work by it.

The title of a trigger's approval names no target, so neither does the message.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.notify import inbox
from xiezhi.people import flow
from xiezhi.people import queries as people
from xiezhi.people.approval_kinds import INSPECTION, PLAN
from xiezhi.people.models import Approval
from xiezhi.record.relay import follow

from .codes import PlanState
from .models import READ, Plan

KINDS = (PLAN, INSPECTION)
STEPS = (
    "people.approval_submitted",
    "people.approval_resubmitted",
    "people.step_agreed",
    "people.approval_returned",
)


def on_moved(event: Mapping[str, Any]) -> None:
    """An approval of ours took a step: it waits for somebody else now, came back, or has its last signature."""
    data = event["data"]
    approval = Approval.objects.filter(pk=data["approval"]).first() if data["kind"] in KINDS else None
    # News that come late tell of what has passed: where it stands by now has an event of its own.
    if approval is None or (approval.state, approval.step, approval.round) != (
        data["state"],
        data["step"],
        data["round"],
    ):
        return
    applicant = [str(approval.submitted_by_id)]
    told = {
        flow.PENDING: (people.awaited(approval), _("待您审批：%(title)s")),
        flow.RETURNED: (applicant, _("审批退回，请补正：%(title)s")),
        flow.APPROVED: (applicant, _("审批通过：%(title)s")),
    }.get(approval.state)
    if told is None:
        return
    accounts, title = told
    inbox.tell(
        accounts,
        kind="inspection.approval",
        title=title % {"title": approval.title},
        link=reverse("console:approval", args=[approval.pk]),
        key=f"approval_moved:{event['id']}",
    )


def on_published(event: Mapping[str, Any]) -> None:
    """A plan was published: whoever works in its agency or in a body that comes along, and has to do with inspections.

    A division may not see the pages of the agency above it: those people are told without a link that would lead nowhere.
    """
    plan = Plan.objects.filter(pk=event["data"]["plan"]).first()
    # News that come late: the plan has ended by now.
    if plan is None or plan.state != PlanState.PUBLISHED:
        return
    partners = {path for line in plan.lines.all() for path in line.partners}
    told: dict[bool, list[str]] = {True: [], False: []}
    for account in people.staff_of([plan.agency, *sorted(partners)]):
        actor = people.actor_of(account)
        if paths := actor.paths(READ):
            told[any(plan.agency.startswith(path) for path in paths)].append(actor.id)
    for may_open, accounts in told.items():
        inbox.tell(
            accounts,
            kind="inspection.plan",
            title=_("计划已公布：%(title)s") % {"title": plan.title},
            body=_("公布文号：%(document)s") % {"document": plan.document},
            link=reverse("inspection:plan", args=[plan.pk]) if may_open else "",
            key=f"plan_published:{event['id']}",
        )


follow("inspection.news", STEPS, on_moved)
follow("inspection.plan_news", ("inspection.plan_published",), on_published)
