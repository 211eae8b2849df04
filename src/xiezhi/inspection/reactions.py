"""Events that this app answers, of lower apps and (once they are sealed) its own."""

import uuid
from collections.abc import Mapping
from typing import Any

from xiezhi.core.actor import system
from xiezhi.people.approval_kinds import DRAW_CHANGE
from xiezhi.record.relay import follow

from . import services
from .replacing import SUBJECT

ACTOR = system("inspection")
CHANGES = ("inspection.drawn_target_replaced", "inspection.names_opened", "inspection.draw_voided")


def on_replacement_approved(event: Mapping[str, Any]) -> None:
    """A replacement has its last signature."""
    data = event["data"]
    kind, _colon, key = str(event["subject"]).partition(":")
    if data["kind"] == DRAW_CHANGE and kind == SUBJECT:
        services.carry_out_replacement(ACTOR, target=uuid.UUID(key), approval=uuid.UUID(data["approval"]))


def on_changed(event: Mapping[str, Any]) -> None:
    """What is published has changed, and the change is sealed: the relay hands over sealed events only."""
    services.republish_bundle(ACTOR, uuid.UUID(event["data"]["draw"]), change=uuid.UUID(event["id"]))


follow("inspection.replacements", ["people.approved"], on_replacement_approved)
follow("inspection.bundles", CHANGES, on_changed)
