"""Lower apps' events that make, stop or mark a row of the work list. A table; the relay hands over sealed events."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from xiezhi.core.actor import system
from xiezhi.inspection.models import InspectionItem, Task
from xiezhi.record.relay import follow

from . import services
from .codes import Change, Kind
from .models import Publication

ACTOR = system("disclosure")
Event = Mapping[str, Any]
# Event → what becomes due, and the field of its data with the subject's id.
DUE: dict[str, tuple[Kind, str]] = {
    "inspection.item_published": (Kind.ITEM, "item"),
    "inspection.plan_published": (Kind.PLAN, "plan"),
    "inspection.bundle_published": (Kind.DRAW, "draw"),
    "inspection.result_released": (Kind.RESULT, "task"),
}


def _earlier_versions(event: Event) -> Iterable[uuid.UUID]:
    new = InspectionItem.objects.filter(pk=event["data"]["item"]).first()
    if new is None:
        return ()
    same = InspectionItem.objects.filter(code=new.code, agency=new.agency, district=new.district)
    return same.filter(version__lt=new.version).values_list("pk", flat=True)


def _results_of(event: Event) -> Iterable[uuid.UUID]:
    draw = event["data"]["draw"]
    rows = Task.objects.filter(draw=draw) | Task.objects.filter(dispatch=draw)
    return rows.values_list("pk", flat=True)


def _named(field: str) -> Callable[[Event], Iterable[uuid.UUID]]:
    return lambda event: (uuid.UUID(event["data"][field]),)


# Event → kind, what changed, and the subjects that it changed.
CHANGED: tuple[tuple[str, Kind, Change, Callable[[Event], Iterable[uuid.UUID]]], ...] = (
    ("inspection.item_published", Kind.ITEM, Change.REPLACED, _earlier_versions),
    ("inspection.plan_ended", Kind.PLAN, Change.ENDED, _named("plan")),
    ("inspection.draw_voided", Kind.DRAW, Change.VOIDED, _named("draw")),
    ("inspection.bundle_published", Kind.DRAW, Change.MOVED_ON, _named("draw")),
    ("inspection.draw_voided", Kind.RESULT, Change.VOIDED, _results_of),
    ("inspection.task_cancelled", Kind.RESULT, Change.CANCELLED, _named("task")),
)
TYPES = sorted({*DUE, *(type_ for type_, *_rest in CHANGED)})


def on_event(event: Event) -> None:
    """Answer one event; each act is idempotent by it."""
    source = uuid.UUID(str(event["id"]))
    for type_, kind, change, subjects in CHANGED:
        if type_ == event["type"]:
            rows = Publication.objects.filter(kind=kind, subject__in=list(subjects(event)))
            for key in rows.exclude(source_event=source).values_list("pk", flat=True):
                services.note_change(ACTOR, publication=key, change=change, source=source)
    if event["type"] in DUE:
        due, field = DUE[event["type"]]
        services.note_due(ACTOR, kind=due, subject=uuid.UUID(event["data"][field]), source=source)


follow("disclosure.sources", TYPES, on_event)
