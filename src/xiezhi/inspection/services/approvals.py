"""What follows from an approval's last signature; called by ``reactions``, once an event however often it comes."""

import uuid

from xiezhi.core.actor import Actor
from xiezhi.inspection.codes import PlanState
from xiezhi.inspection.gate import scope_of
from xiezhi.inspection.models import Plan, Trigger
from xiezhi.record.acts import act, emit, unchanged


@act("inspection.plan_approved")
def plan_approved(actor: Actor, *, plan: uuid.UUID, approval: uuid.UUID) -> None:
    """The plan may be published now."""
    row = Plan.objects.select_for_update().filter(pk=plan, approval=approval, state=PlanState.SUBMITTED).first()
    if row is None:
        return unchanged()
    emit(**scope_of(row, "plan"), data={"plan": str(row.id), "approval": str(approval)})
    return None


@act("inspection.trigger_approved")
def trigger_approved(actor: Actor, *, trigger: uuid.UUID, approval: uuid.UUID) -> None:
    """The triggered inspection may be carried out now."""
    rows = Trigger.objects.select_for_update().filter(pk=trigger, approval=approval, state=PlanState.SUBMITTED)
    row = rows.first()
    if row is None:
        return unchanged()
    emit(**scope_of(row, "trigger"), data={"trigger": str(row.id), "approval": str(approval)})
    return None
