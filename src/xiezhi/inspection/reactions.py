"""Events that this app answers, of lower apps and (once they are sealed) its own."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model

from xiezhi.core.actor import system
from xiezhi.core.errors import Refused
from xiezhi.people.approval_kinds import DRAW_CHANGE, INSPECTION, PLAN, TASK_CHANGE
from xiezhi.record.relay import follow

from . import services
from .models import DrawnTarget, Plan, Task, Trigger
from .replacing import SUBJECT

ACTOR = system("inspection")
CHANGES = (
    "inspection.witness_revealed",
    "inspection.drawn_target_replaced",
    "inspection.names_opened",
    "inspection.draw_voided",
)
# Kind of approval and of its subject → the act that its last signature leads to, and the name of the id it takes.
APPROVED: dict[tuple[str, str], tuple[Callable[..., Any], str, type[Model]]] = {
    (DRAW_CHANGE, SUBJECT): (services.carry_out_replacement, "target", DrawnTarget),
    (PLAN, "plan"): (services.plan_approved, "plan", Plan),
    (TASK_CHANGE, "task"): (services.carry_out_task_change, "task", Task),
    (DRAW_CHANGE, "task"): (services.carry_out_task_change, "task", Task),
    (INSPECTION, "trigger"): (services.trigger_approved, "trigger", Trigger),
}
log = structlog.get_logger(__name__)


def on_approved(event: Mapping[str, Any]) -> None:
    """An approval has its last signature.

    A subject that is none of ours, or whose approval this is not, leads to nothing: the news of all agencies come
    one after another, and one that can't be followed may not stop the others.
    """
    data = event["data"]
    kind, _colon, key = str(event["subject"]).partition(":")
    found = APPROVED.get((data["kind"], kind))
    if found is None:
        return
    act, name, model = found
    try:
        row = model._default_manager.get(pk=uuid.UUID(key))
        act(ACTOR, **{name: row.pk}, approval=uuid.UUID(data["approval"]))
    except (ValueError, ObjectDoesNotExist, Refused) as error:
        log.warning(
            "approval_not_followed", kind=data["kind"], event_id=str(event["id"]), error=type(error).__name__
        )


def on_changed(event: Mapping[str, Any]) -> None:
    """What is published has changed, and the change is sealed: the relay hands over sealed events only."""
    services.republish_bundle(ACTOR, uuid.UUID(event["data"]["draw"]), change=uuid.UUID(event["id"]))


def on_drawn(event: Mapping[str, Any]) -> None:
    """Officers were drawn, and the draw is sealed: the tasks are made."""
    services.make_tasks(ACTOR, dispatch=uuid.UUID(event["data"]["draw"]))


follow("inspection.approvals", ["people.approved"], on_approved)
follow("inspection.bundles", CHANGES, on_changed)
follow("inspection.tasks", ["inspection.targets_drawn"], on_drawn)
