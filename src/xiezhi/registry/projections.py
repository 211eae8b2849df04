"""Columns that events determine (see ``record.projections``)."""

from collections.abc import Mapping
from typing import Any

from xiezhi.record.projections import project

from .models import Entity, ImportBatch, Permit, Project

_PERMIT_STATES = {
    "registry.permit_suspended": "suspended",
    "registry.permit_restored": "valid",
    "registry.permit_revoked": "revoked",
    "registry.permit_expired": "expired",
}
_BATCH_STATES = {
    "registry.import_received": "received",
    "registry.import_discarded": "discarded",
    "registry.import_cancelled": "cancelled",
    "registry.import_applied": "applied",
    "registry.import_undone": "undone",
}


def _batch(data: Mapping[str, Any]) -> str:
    return str(data["batch"])


def _id(data: Mapping[str, Any]) -> str:
    return str(data["id"])


def _fixed(state: str) -> Any:
    return lambda event: {"state": state}


def _extended(event: Mapping[str, Any]) -> dict[str, Any]:
    data = event["data"]
    state = {"state": data["state"]} if data.get("state") else {}
    return {"valid_until": data["valid_until"], **state}


for _type, _state in _PERMIT_STATES.items():
    project(_type, Permit, key=_id, set=_fixed(_state))
for _type, _state in _BATCH_STATES.items():
    project(_type, ImportBatch, key=_batch, set=_fixed(_state))

project("registry.permit_changed", Permit, key=_id, set=_extended)
project("registry.project_moved", Project, key=_id, set=lambda e: {"state": e["data"]["state"]})
project(
    "registry.entities_merged",
    Entity,
    key=lambda data: data["merged"],
    set=lambda e: {"state": "merged", "merged_into_id": e["data"]["into"]},
)
project(
    "registry.entities_separated",
    Entity,
    key=lambda data: data["separated"],
    set=lambda e: {"state": "active", "merged_into_id": None},
)
project(
    "registry.import_staged",
    ImportBatch,
    key=_batch,
    set=lambda e: {"state": "staged", "counts": {k: e["data"][k] for k in ("rows", "marks", "changes")}},
)
project(
    "registry.import_refused",
    ImportBatch,
    key=_batch,
    set=lambda e: {"state": "refused", "reason": e["data"]["reason"]},
)
project(
    "registry.import_rows_applied",
    ImportBatch,
    key=_batch,
    set=lambda e: {"state": "applying", "applied_through": e["data"]["through"]},
)
project(
    "registry.import_rows_undone",
    ImportBatch,
    key=_batch,
    set=lambda e: {"state": "undoing", "undone_through": e["data"]["through"]},
)
