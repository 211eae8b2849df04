"""What follows from an approval's last signature; called by ``reactions``, once an event however often it comes."""

import uuid

from xiezhi.core.actor import Actor
from xiezhi.inspection import gate, plan_guards
from xiezhi.inspection.codes import PlanState
from xiezhi.inspection.gate import scope_of
from xiezhi.inspection.guards import demand
from xiezhi.inspection.models import Plan, Trigger
from xiezhi.record.acts import act, emit, unchanged


@act("inspection.plan_approved")
def plan_approved(actor: Actor, *, plan: uuid.UUID, approval: uuid.UUID) -> None:
    """The plan may be published now. Nothing changes where it is past that already.

    :raises Denied: anyone but the system itself
    :raises Refused: the approval is not approved, or not the plan's own
    """
    gate.itself(actor, gate.PLAN, actor.agency)
    row = Plan.objects.select_for_update().filter(pk=plan).first()
    if row is None or not _awaits(row, approval):
        return unchanged()
    emit(**scope_of(row, "plan"), data={"plan": str(row.id), "approval": str(approval)})
    return None


@act("inspection.trigger_approved")
def trigger_approved(actor: Actor, *, trigger: uuid.UUID, approval: uuid.UUID) -> None:
    """The triggered inspection may be carried out now; see :func:`plan_approved`."""
    gate.itself(actor, gate.PLAN, actor.agency)
    row = Trigger.objects.select_for_update().filter(pk=trigger).first()
    if row is None or not _awaits(row, approval):
        return unchanged()
    emit(**scope_of(row, "trigger"), data={"trigger": str(row.id), "approval": str(approval)})
    return None


def _awaits(row: Plan | Trigger, approval: uuid.UUID) -> bool:
    """Is it still to be approved? Demands that ``approval`` is its own, and given."""
    demand(plan_guards.approved_by(row, approval))
    return row.state == PlanState.SUBMITTED
