"""Changes of a task: who is next in reserve, what was asked for with an approval, whether it was done."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from xiezhi.core.actor import system
from xiezhi.people import queries as people
from xiezhi.record import queries as record

from . import dispatch
from .codes import Duty
from .models import Task, TaskOfficer

ACTOR = system("inspection")
SENT = dispatch.SENT
NOBODY = {"officer": None, "relation": None, "entity": None}  # where the private part was erased
DONE = ("inspection.task_officer_replaced", "inspection.task_postponed", "inspection.task_cancelled")


def next_of(task: Task, today: date) -> TaskOfficer | None:
    """The first reserve who can still go: certified and free for what is left of the window, without relation."""
    waiting = list(task.officers.filter(duty=Duty.RESERVE).select_related("officer").order_by("place"))
    first = max(today, task.window_from)
    last = max(first, task.window_to)
    free = {row.pk for row in dispatch.able(task.items.all(), task.agency, first, last)}
    keys = [row.officer_id for row in waiting]
    related = (
        people.recused(keys, first=first, last=last, entities=dispatch.firms(task.target.code)) if keys else {}
    )
    return next((row for row in waiting if row.officer_id in free and row.officer_id not in related), None)


def asked(task: Task, approval: uuid.UUID) -> Mapping[str, Any] | None:
    """What was asked for with this approval, from the record."""
    for row in record.visible_to(ACTOR).filter(stream=task.stream, type="inspection.task_change_asked"):
        envelope = record.envelope(row.id)
        if envelope is not None and envelope["data"]["approval"] == str(approval):
            return dict(envelope["data"]) | dict(record.private_part(row.id) or NOBODY)
    return None


def carried_out(task: Task, approval: uuid.UUID) -> bool:
    """Whether what was asked for with this approval is done."""
    done = record.visible_to(ACTOR).filter(stream=task.stream, type__in=DONE)
    envelopes = (record.envelope(row.id) for row in done)
    return any(one is not None and one["data"].get("approval") == str(approval) for one in envelopes)
