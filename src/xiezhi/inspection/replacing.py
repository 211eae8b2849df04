"""Replacements that wait for approval: which route they take, what was asked, what is open."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from xiezhi.core.actor import system
from xiezhi.people import queries as people
from xiezhi.people.approval_kinds import DRAW_CHANGE
from xiezhi.people.flow import OPEN
from xiezhi.people.models import Approval, ApprovalRoute
from xiezhi.record import queries as record

from . import gate
from .models import Draw, DrawnTarget

SUBJECT = "drawn_target"


def subject(target: DrawnTarget) -> str:
    """What the approval is about; one approval of it may be open at a time."""
    return f"{SUBJECT}:{target.pk}"


def route(draw: Draw, day: date) -> ApprovalRoute | None:
    """The route that a replacement takes on ``day``; None where the matrix does not name the act."""
    return people.route_in_force(DRAW_CHANGE, draw.agency, day)


def asked(draw: Draw, approval: uuid.UUID) -> Mapping[str, Any] | None:
    """What was asked for with this approval, from the record."""
    for event in gate.events_of(draw, "inspection.replacement_asked"):
        envelope = record.envelope(event.id)
        if envelope is not None and envelope["data"]["approval"] == str(approval):
            return dict(envelope["data"])
    return None


def waiting(draw: Draw) -> dict[str, Approval]:
    """Open approvals of the draw's objects, by the row's id."""
    rows = people.approvals(system("inspection")).filter(kind=DRAW_CHANGE, stream=draw.stream_name, state__in=OPEN)
    return {row.subject.removeprefix(f"{SUBJECT}:"): row for row in rows}
