"""Who is told how the approval of a plan or a triggered inspection goes: those whose turn it is, and the applicant.

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


follow("inspection.news", STEPS, on_moved)
