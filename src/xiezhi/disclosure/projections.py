"""Which columns events determine. A row of the table: type, model, field of ``data`` with the row's id, columns.

A column's value is a path into the event (``data.digest``, ``id``, ``actor``, ``occurred_at``), a member of
``codes``, a number, or a function of the event.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from django.db.models import Model, TextChoices

from xiezhi.record.projections import Envelope, project

from .codes import DeliveryState, ObjectionState, State
from .models import Delivery, Objection, Publication, PublicationVersion

Source: TypeAlias = "str | int | TextChoices | Callable[[Envelope], object]"
Columns: TypeAlias = Mapping[str, Source]


def _prepared(event: Envelope) -> State:
    return State.CORRECTING if event["data"]["corrects"] else State.PREPARED


def _returned(event: Envelope) -> State:
    return State.PUBLISHED if event["data"]["standing"] else State.DUE


def _nothing(event: Envelope) -> str:
    return ""


def _none(event: Envelope) -> None:
    return None


_CHANGE: Columns = {"source_change": "data.change", "source_change_event": "data.source"}
_SHOWN: Columns = {
    "state": State.PUBLISHED, "shown": "data.version", "pending": 0, "changed_at": "occurred_at",
    "expires_on": "data.expires_on", "source_change": _nothing, "source_change_event": _none,
}  # fmt: skip
_SIGNATURE: Columns = {"signed_by": "actor", "signed_at": "occurred_at", "signed_event": "id"}

TABLE: tuple[tuple[str, type[Model], str, Columns], ...] = (
    ("due", Publication, "publication", {
        "state": State.DUE, "due_rule": "data.rule", "due_from": "data.starts", "due_on": "data.due_on",
    }),
    ("source_changed", Publication, "publication", _CHANGE),
    ("stopped", Publication, "publication", {"state": State.STOPPED, "pending": 0, **_CHANGE}),
    ("prepared", Publication, "publication", {"state": _prepared, "pending": "data.version"}),
    ("prepared", PublicationVersion, "version_id", {"prepared_by": "actor", "prepared_at": "occurred_at"}),
    ("returned", Publication, "publication", {"state": _returned, "pending": 0}),
    ("signed", Publication, "publication", {**_SHOWN, "published_at": "occurred_at"}),
    ("signed", PublicationVersion, "version_id", _SIGNATURE),
    ("corrected", Publication, "publication", _SHOWN),
    ("corrected", PublicationVersion, "version_id", _SIGNATURE),
    ("withdrawn", Publication, "publication", {
        "state": State.WITHDRAWN, "shown": 0, "pending": 0, "withdrawn_at": "occurred_at",
        "changed_at": "occurred_at", "withdraw_ground": "data.ground",
    }),
    ("expired", Publication, "publication", {
        "state": State.EXPIRED, "shown": 0, "pending": 0, "changed_at": "occurred_at",
    }),
    ("delivered", Delivery, "delivery", {
        "state": DeliveryState.DELIVERED, "receipt": "data.receipt", "delivered_at": "occurred_at",
    }),
    ("objection_received", Objection, "objection", {
        "state": ObjectionState.RECEIVED, "received_at": "occurred_at", "received_event": "id",
        "due_rule": "data.rule", "due_on": "data.due_on",
    }),
    ("objection_answered", Objection, "objection", {
        "state": "data.state", "answered_by": "actor", "answered_at": "occurred_at", "answered_event": "id",
    }),
)  # fmt: skip


def _values(columns: Columns) -> Callable[[Envelope], dict[str, Any]]:
    return lambda event: {column: _value(event, source) for column, source in columns.items()}


def _value(event: Envelope, source: Source) -> object:
    if isinstance(source, TextChoices | int):
        return source
    if callable(source):
        return source(event)
    found: Any = event
    for step in source.split("."):
        found = found[step]
    return found


def _key(field: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda data: data[field]


for _type, _model, _field, _columns in TABLE:
    project(f"disclosure.{_type}", _model, key=_key(_field), set=_values(_columns))
