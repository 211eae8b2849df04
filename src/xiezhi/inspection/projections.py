"""Which columns events determine: the state of a draw, its source values, where a drawn object stands."""

from collections.abc import Mapping
from typing import Any

from xiezhi.record.projections import Envelope, project

from .codes import Standing, State
from .models import Draw, DrawnTarget, SourceValue, TargetRoster


def _draw(data: Mapping[str, Any]) -> str:
    return str(data["draw"])


def _frozen(event: Envelope) -> dict[str, Any]:
    return {"size": event["data"]["size"], "frozen_at": event["data"]["frozen_at"]}


def _committed(event: Envelope) -> dict[str, Any]:
    data = event["data"]
    return {
        "state": State.COMMITTED,
        "committed_at": data["committed_at"],
        "root": data["root"],
        "rules_hash": data["rules_hash"],
        "objects_count": data["objects"],
        "commitment_event": event["id"],
    }


def _entered(event: Envelope) -> dict[str, Any]:
    data = event["data"]
    return {
        "value": data["value"],
        "published_at": data["published_at"],
        "entered_by": event["actor"],
        "entered_at": event["occurred_at"],
    }


def _drawn(event: Envelope) -> dict[str, Any]:
    data = event["data"]
    return {
        "state": State.DRAWN,
        "drawn_at": data["drawn_at"],
        "seed": data["seed"],
        "drawn_count": data["drawn"],
        "result_event": event["id"],
    }


def _voided(event: Envelope) -> dict[str, Any]:
    data = event["data"]
    return {
        "state": State.VOID,
        "voided_at": data["voided_at"],
        "void_reason": data["reason"],
        "void_explanation": data["explanation"],
        "void_document": data["document"],
        "void_event": event["id"],
    }


def _opened(event: Envelope) -> dict[str, Any]:
    data = event["data"]
    return {
        "state": State.OPENED,
        "opened_at": data["opened_at"],
        "opened_count": data["opened"],
        "opened_event": event["id"],
    }


def _published(event: Envelope) -> dict[str, Any]:
    return {"state": event["data"]["state"], "published_at": event["data"]["published_at"]}


def _removed(event: Envelope) -> dict[str, Any]:
    data = event["data"]
    return {
        "standing": Standing.REMOVED,
        "changed_at": data["at"],
        "reason": data["reason"],
        "document": data["document"],
        "successor": data["called"],
    }


project("inspection.roster_frozen", TargetRoster, key=lambda d: d["roster"], set=_frozen)
project(
    "inspection.draw_prepared",
    Draw,
    key=_draw,
    set=lambda e: {"state": State.PREPARED, "prepared_at": e["occurred_at"]},
)
project("inspection.draw_committed", Draw, key=_draw, set=_committed)
project("inspection.source_entered", SourceValue, key=lambda d: d["source"], set=_entered)
project("inspection.source_entered", Draw, key=_draw, set=lambda e: {"state": State.ENTERED})
project(
    "inspection.source_confirmed",
    SourceValue,
    key=lambda d: d["source"],
    set=lambda e: {"confirmed_by": e["actor"], "confirmed_at": e["occurred_at"]},
)
project(
    "inspection.source_confirmed",
    Draw,
    key=_draw,
    set=lambda e: {"state": State.CONFIRMED if e["data"]["complete"] else State.ENTERED},
)
project("inspection.targets_drawn", Draw, key=_draw, set=_drawn)
project("inspection.drawn_target_replaced", DrawnTarget, key=lambda d: d["removed"], set=_removed)
project(
    "inspection.drawn_target_replaced",
    DrawnTarget,
    key=lambda d: d["called"],
    set=lambda e: {"standing": Standing.CALLED, "changed_at": e["data"]["at"]},
)
project("inspection.drawn_target_replaced", Draw, key=_draw, set=lambda e: {"changes_event": e["id"]})
project("inspection.draw_voided", Draw, key=_draw, set=_voided)
project("inspection.names_opened", Draw, key=_draw, set=_opened)
project("inspection.bundle_published", Draw, key=_draw, set=_published)
