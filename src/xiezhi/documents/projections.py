"""Which columns events determine: where documents, numbers, uses of the seal and templates stand."""

from typing import Any

from xiezhi.record.projections import Envelope, project

from .codes import NumberState, Sealing, State, TemplateState
from .models import Document, DocumentNumber, SealUse, Template


def _of(name: str):  # type: ignore[no-untyped-def]
    return lambda data: data[name]


def _drafted(event: Envelope) -> dict[str, Any]:
    data = event["data"]
    return {
        "state": State.DRAFT,
        "sealing": Sealing.OWED if data["seal"] else Sealing.NONE,
        "created_at": event["occurred_at"],
        **_saved(event),
    }


def _saved(event: Envelope) -> dict[str, Any]:
    return {
        "saved_at": event["occurred_at"],
        "values_event": event["id"],
        "missing": len(event["data"]["missing"]),
    }


def _signed(event: Envelope) -> dict[str, Any]:
    data = event["data"]
    return {
        "state": State.SIGNED,
        "number": data["number"],
        "signed_at": event["occurred_at"],
        "signed_by": event["actor"],
        "signed_event": event["id"],
        "pdf_id": data["sha256"],
    }


def _taken(event: Envelope) -> dict[str, Any]:
    return {
        "state": NumberState.USED,
        "document": event["data"]["document"],
        "reason": "",
        "changed_at": event["recorded_at"],
    }


def _voided(event: Envelope) -> dict[str, Any]:
    return {"state": State.VOID, "voided_at": event["occurred_at"], "void_reason": event["data"]["reason"]}


def _blank_used(event: Envelope) -> dict[str, Any]:
    return {
        "state": State.SIGNED,
        "sealing": Sealing.NONE,
        "created_at": event["recorded_at"],
        "number": event["data"]["text"],
        "signed_at": event["occurred_at"],
        "signed_by": event["actor"],
        "signed_event": event["id"],
        "pdf_id": event["data"]["scan"],
    }


def _number(state: NumberState):  # type: ignore[no-untyped-def]
    return lambda event: {
        "state": state,
        "reason": event["data"].get("reason", ""),
        "changed_at": event["recorded_at"],
    }


def _published(event: Envelope) -> dict[str, Any]:
    data = event["data"]
    return {
        "state": TemplateState.PUBLISHED,
        "published_by": event["actor"],
        "published_at": event["occurred_at"],
        "valid_from": data["valid_from"],
        "digest": data["digest"],
    }


project(
    "documents.template_drafted",
    Template,
    key=_of("template"),
    set=lambda e: {"state": TemplateState.DRAFT, "drafted_by": e["actor"], "digest": e["data"]["digest"]},
)
project("documents.template_published", Template, key=_of("template"), set=_published)
project("documents.drafted", Document, key=_of("document"), set=_drafted)
project("documents.saved", Document, key=_of("document"), set=_saved)
project(
    "documents.approval_asked",
    Document,
    key=_of("document"),
    set=lambda e: {"approval_id": e["data"]["approval"]},
)
project("documents.signed", Document, key=_of("document"), set=_signed)
project("documents.signed", DocumentNumber, key=_of("number_id"), set=_taken)
project("documents.signed", Document, key=_of("corrects"), set=lambda e: {"corrected_by": e["data"]["document"]})
project(
    "documents.issued",
    Document,
    key=_of("document"),
    set=lambda e: {"state": State.ISSUED, "issued_at": e["occurred_at"]},
)
project("documents.voided", Document, key=_of("document"), set=_voided)
project("documents.voided", Document, key=lambda data: data.get("corrects"), set=lambda e: {"corrected_by": None})
project("documents.voided", DocumentNumber, key=_of("number_id"), set=_number(NumberState.VOID))
project("documents.number_reserved", DocumentNumber, key=_of("number"), set=_number(NumberState.RESERVED))
project("documents.number_voided", DocumentNumber, key=_of("number"), set=_number(NumberState.VOID))
project(
    "documents.blank_issued",
    DocumentNumber,
    key=_of("number"),
    set=lambda e: {**_number(NumberState.HANDED)(e), "holder": e["data"]["holder"]},
)
project("documents.blank_returned", DocumentNumber, key=_of("number"), set=_number(NumberState.RETURNED))
project("documents.blank_used", DocumentNumber, key=_of("number"), set=_taken)
project("documents.blank_used", Document, key=_of("document"), set=_blank_used)
project(
    "documents.seal_requested",
    SealUse,
    key=_of("use"),
    set=lambda e: {"state": Sealing.REQUESTED, "requested_by": e["actor"], "requested_at": e["occurred_at"]},
)
project("documents.seal_requested", Document, key=_of("document"), set=lambda e: {"sealing": Sealing.REQUESTED})
project(
    "documents.seal_registered",
    SealUse,
    key=_of("use"),
    set=lambda e: {
        "state": Sealing.REGISTERED,
        "seal_name": e["data"]["seal_name"],
        "registered_by": e["actor"],
        "registered_at": e["occurred_at"],
    },
)
project("documents.seal_registered", Document, key=_of("document"), set=lambda e: {"sealing": Sealing.REGISTERED})
project(
    "documents.scan_returned",
    SealUse,
    key=_of("use"),
    set=lambda e: {"state": Sealing.SEALED, "scan_id": e["data"]["scan"], "returned_at": e["occurred_at"]},
)
project("documents.scan_returned", Document, key=_of("document"), set=lambda e: {"sealing": Sealing.SEALED})
