"""Events that this app answers, of lower apps and (once they are sealed) its own."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from xiezhi.core.actor import system
from xiezhi.people.approval_kinds import DRAW_CHANGE, INSPECTION, PLAN, TASK_CHANGE
from xiezhi.record.relay import follow

from . import services
from .replacing import SUBJECT

ACTOR = system("inspection")
CHANGES = ("inspection.drawn_target_replaced", "inspection.names_opened", "inspection.draw_voided")
# Kind of approval and of its subject → the act that its last signature leads to, and the name of the id it takes.
APPROVED: dict[tuple[str, str], tuple[Callable[..., Any], str]] = {
    (DRAW_CHANGE, SUBJECT): (services.carry_out_replacement, "target"),
    (PLAN, "plan"): (services.plan_approved, "plan"),
    (TASK_CHANGE, "task"): (services.carry_out_task_change, "task"),
    (INSPECTION, "trigger"): (services.trigger_approved, "trigger"),
}


def on_approved(event: Mapping[str, Any]) -> None:
    """An approval has its last signature."""
    data = event["data"]
    kind, _colon, key = str(event["subject"]).partition(":")
    found = APPROVED.get((data["kind"], kind))
    if found is not None:
        act, name = found
        act(ACTOR, **{name: uuid.UUID(key)}, approval=uuid.UUID(data["approval"]))


def on_changed(event: Mapping[str, Any]) -> None:
    """What is published has changed, and the change is sealed: the relay hands over sealed events only."""
    services.republish_bundle(ACTOR, uuid.UUID(event["data"]["draw"]), change=uuid.UUID(event["id"]))


def on_drawn(event: Mapping[str, Any]) -> None:
    """Officers were drawn, and the draw is sealed: the tasks are made."""
    services.make_tasks(ACTOR, dispatch=uuid.UUID(event["data"]["draw"]))


follow("inspection.approvals", ["people.approved"], on_approved)
follow("inspection.bundles", CHANGES, on_changed)
follow("inspection.tasks", ["inspection.targets_drawn"], on_drawn)
