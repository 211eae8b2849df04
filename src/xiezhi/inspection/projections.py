"""Which columns events determine: the state of a draw, its source values, where a drawn object stands.

A row of the table: the event's type, the model, the field of ``data`` that holds the row's id, and its columns with
where each comes from: a path into the event (``data.root``, ``id``, ``actor``, ``occurred_at``), or a fixed
state or standing.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from django.db.models import Model

from xiezhi.record.projections import Envelope, check, project

from . import drawn_rows
from .codes import PlanState, Standing, State, TaskState
from .models import Checklist, Draw, DrawnTarget, Plan, SourceValue, TargetRoster, Task, TaskResult, Trigger

Source: TypeAlias = "str | State | Standing | PlanState | TaskState | Callable[[Envelope], object]"
Columns: TypeAlias = Mapping[str, Source]


def _confirmed(event: Envelope) -> State:
    return State.CONFIRMED if event["data"]["complete"] else State.ENTERED


def _nothing(event: Envelope) -> str:
    return ""


TABLE: tuple[tuple[str, type[Model], str, Columns], ...] = (
    ("roster_frozen", TargetRoster, "roster", {"size": "data.size", "frozen_at": "data.frozen_at"}),
    ("draw_prepared", Draw, "draw", {"state": State.PREPARED, "prepared_at": "occurred_at"}),
    ("draw_committed", Draw, "draw", {
        "state": State.COMMITTED, "committed_at": "data.committed_at", "root": "data.root",
        "rules_hash": "data.rules_hash", "objects_count": "data.objects", "commitment_event": "id",
    }),
    ("source_entered", SourceValue, "source", {
        "value": "data.value", "published_at": "data.published_at",
        "entered_by": "actor", "entered_at": "occurred_at",
    }),
    ("source_entered", Draw, "draw", {"state": State.ENTERED}),
    ("source_confirmed", SourceValue, "source", {"confirmed_by": "actor", "confirmed_at": "occurred_at"}),
    ("source_confirmed", Draw, "draw", {"state": _confirmed}),
    ("own_number_made", Draw, "draw", {"sources": "data.sources"}),
    ("witness_revealed", SourceValue, "source", {
        "value": "data.value", "published_at": "data.published_at", "entered_by": "data.by",
        "entered_at": "occurred_at", "confirmed_by": "data.label", "confirmed_at": "occurred_at",
        "reveal_event": "id",
    }),
    ("own_number_released", SourceValue, "source", {
        "value": "data.value", "published_at": "data.published_at", "entered_by": "data.by",
        "entered_at": "occurred_at", "confirmed_by": "actor", "confirmed_at": "occurred_at", "reveal_event": "id",
    }),
    ("own_number_released", Draw, "draw", {"state": State.CONFIRMED}),
    ("targets_drawn", Draw, "draw", {
        "state": State.DRAWN, "drawn_at": "data.drawn_at", "seed": "data.seed",
        "drawn_count": "data.drawn", "result_event": "id",
    }),
    ("drawn_target_replaced", DrawnTarget, "removed", {
        "standing": Standing.REMOVED, "changed_at": "data.at", "reason": "data.reason",
        "document": "data.document", "successor": "data.called",
    }),
    ("drawn_target_replaced", DrawnTarget, "also", {
        "standing": Standing.REMOVED, "changed_at": "data.at", "reason": "data.reason",
        "document": "data.document", "successor": "data.called",
    }),
    ("drawn_target_replaced", DrawnTarget, "called", {"standing": Standing.CALLED, "changed_at": "data.at"}),
    ("drawn_target_replaced", Draw, "draw", {"changes_event": "id"}),
    ("draw_voided", Draw, "draw", {
        "state": State.VOID, "voided_at": "data.voided_at", "void_reason": "data.reason",
        "void_explanation": "data.explanation", "void_document": "data.document", "void_event": "id",
    }),
    ("names_opened", Draw, "draw", {
        "state": State.OPENED, "opened_at": "data.opened_at", "opened_count": "data.opened", "opened_event": "id",
    }),
    ("bundle_published", Draw, "draw", {"state": "data.state", "published_at": "data.published_at"}),
    ("task_made", Task, "task", {"state": TaskState.SEALED, "made_at": "occurred_at", "outcome": _nothing}),
    ("task_released", Task, "task", {"state": TaskState.RELEASED, "released_at": "occurred_at"}),
    ("checklist_published", Checklist, "checklist", {"published_at": "occurred_at"}),
    ("task_postponed", Task, "task", {"window_from": "data.window_from", "window_to": "data.window_to"}),
    ("task_cancelled", Task, "task", {"state": TaskState.CANCELLED}),
    ("result_filed", Task, "task", {"state": TaskState.FILED, "outcome": "data.outcome"}),
    ("result_filed", TaskResult, "result", {
        "filed_by": "actor", "filed_at": "occurred_at",
        "visited_on": "data.visited_on", "outcome": "data.outcome",
    }),
    ("result_returned", Task, "task", {"state": TaskState.RETURNED}),
    ("result_returned", TaskResult, "result", {
        "reviewed_by": "actor", "reviewed_at": "occurred_at", "return_reason": "data.reason",
    }),
    ("result_released", Task, "task", {"state": TaskState.DONE, "done_at": "occurred_at"}),
    ("result_released", TaskResult, "result", {
        "reviewed_by": "actor", "reviewed_at": "occurred_at", "return_reason": _nothing,
    }),
    ("plan_drafted", Plan, "plan", {
        "state": PlanState.DRAFT, "drafted_by": "actor", "drafted_at": "occurred_at",
    }),
    ("plan_submitted", Plan, "plan", {"state": PlanState.SUBMITTED, "approval_id": "data.approval"}),
    ("plan_approved", Plan, "plan", {"state": PlanState.APPROVED, "approved_at": "occurred_at"}),
    ("plan_published", Plan, "plan", {
        "state": PlanState.PUBLISHED, "published_at": "occurred_at", "document": "data.document",
    }),
    ("plan_ended", Plan, "plan", {
        "state": PlanState.ENDED, "ended_at": "occurred_at", "end_reason": "data.reason",
    }),
    ("trigger_asked", Trigger, "trigger", {
        "state": PlanState.SUBMITTED, "asked_by": "actor", "asked_at": "occurred_at",
        "approval_id": "data.approval",
    }),
    ("trigger_approved", Trigger, "trigger", {"state": PlanState.APPROVED, "approved_at": "occurred_at"}),
    ("trigger_ended", Trigger, "trigger", {
        "state": PlanState.ENDED, "ended_at": "occurred_at", "end_reason": "data.reason",
    }),
)  # fmt: skip


def _values(columns: Columns) -> Callable[[Envelope], dict[str, Any]]:
    return lambda event: {column: _value(event, source) for column, source in columns.items()}


def _value(event: Envelope, source: Source) -> object:
    if callable(source):
        return source(event)
    if isinstance(source, State | Standing | PlanState | TaskState):
        return source
    found: Any = event
    for step in source.split("."):
        found = found[step]
    return found


def _key(field: str) -> Callable[[Mapping[str, Any]], str | None]:
    # An event from before the field was there names no row.
    return lambda data: data.get(field)


# Columns that the event's private part determines.
PRIVATE: Mapping[tuple[str, type[Model]], Mapping[str, str]] = {
    ("result_filed", TaskResult): {"answers": "answers", "findings": "findings", "notes": "notes"},
}

for _type, _model, _field, _columns in TABLE:
    _private = PRIVATE.get((_type, _model), {})
    project(f"inspection.{_type}", _model, key=_key(_field), set=_values(_columns), private=_private)
check("inspection.targets_drawn", drawn_rows.differences)
