"""Taking back one chunk of written rows: what is unchanged and unused since; the rest is kept, with why."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import ManyToOneRel, QuerySet

from xiezhi.core.actor import Actor
from xiezhi.record.models import Event
from xiezhi.registry import uses
from xiezhi.registry.gate import IMPORT
from xiezhi.registry.models import Entity, EntityCode, EntityName, ImportBatch, ImportRow, SourceRecord

from .matching import stored
from .writing import ELSEWHERE, Line, Why, set_columns

_Outcome = ImportRow.Outcome
# An entity's own facts go and come with it; anything else that points at it is a use.
_OWN = (EntityCode, EntityName, SourceRecord)


def undo(actor: Actor, batch: ImportBatch, rows: Sequence[Line], at: datetime) -> list[dict[str, str]]:
    """Take ``rows`` back where that is right, and answer the lines of the event."""
    entities = stored((row.entity for row in rows), locked=True)
    used = _uses(batch, rows)
    kept = {row.pk: why for row in rows if (why := _why(actor, row, entities.get(row.entity), used))}
    free = [row for row in rows if row.pk not in kept]
    _restore(batch, [row for row in free if row.outcome == _Outcome.CHANGED], entities, at)
    _forget(SourceRecord.objects.filter(batch=batch, entity__in=[row.entity for row in free]))
    made = [row.entity for row in free if row.outcome == _Outcome.NEW]
    _forget(EntityCode.objects.filter(entity__in=made))
    _forget(Entity.objects.filter(pk__in=made))
    batch.rows.filter(pk__in=[row.pk for row in free]).update(result="undone")
    for pk, why in kept.items():
        batch.rows.filter(pk=pk).update(result="kept", why=[why])
    return [
        {
            "hash": row.digest,
            "entity": str(row.entity),
            "result": "kept" if row.pk in kept else "undone",
            "why": str(kept[row.pk]["code"]) if row.pk in kept else "",
        }
        for row in rows
    ]


def _why(actor: Actor, row: Line, entity: dict[str, Any] | None, used: dict[uuid.UUID, str]) -> Why | None:
    """Why ``row`` can't be taken back; None where it can. A mere confirmation of what one may import always can."""
    if entity is not None and not actor.may(IMPORT, entity["agency"]):
        return ELSEWHERE
    if row.outcome == _Outcome.CONFIRMED:
        return None
    if entity is None:
        return {"code": "gone", "params": {}}
    if entity["merged_into"]:
        return {"code": "merged", "params": {}}
    if entity["rev"] != row.rev + 1:
        return {"code": "changed-since", "params": {}}
    if row.entity in used:
        return {"code": "used", "params": {"where": used[row.entity]}}
    return None


def _forget(rows: "QuerySet[Any]") -> None:
    """Delete without loading each row to look for others that point at it: :func:`_uses` has looked already."""
    rows._raw_delete(rows.db)


def _uses(batch: ImportBatch, rows: Sequence[Line]) -> dict[uuid.UUID, str]:
    """Entities that something names: by foreign key or by id from any app, by another source, by the record's events.

    For an entity that was there before, only what the record names since the import counts.
    """
    made = [row.entity for row in rows if row.outcome == _Outcome.NEW]
    all_ids = [row.entity for row in rows if row.outcome != _Outcome.CONFIRMED]
    found: dict[uuid.UUID, str] = {}
    found.update((pk, name) for name, pk in _events(batch, all_ids))
    others = SourceRecord.objects.filter(entity__in=made).exclude(batch=batch)
    found.update(others.values_list("entity_id", "source"))
    for relation in Entity._meta.related_objects:
        if relation.related_model in _OWN:
            continue
        for pk in _pointing(relation, made):
            found[pk] = str(relation.related_model._meta.verbose_name)
    return found | uses.of([pk for pk in made if pk])


def _pointing(relation: ManyToOneRel, ids: Sequence[uuid.UUID | None]) -> Iterable[uuid.UUID]:
    name = relation.field.name
    rows = relation.related_model._base_manager.filter(**{f"{name}__in": ids})
    return rows.values_list(name, flat=True)


def _events(batch: ImportBatch, ids: Sequence[uuid.UUID | None]) -> Iterable[tuple[str, uuid.UUID]]:
    subjects = {f"entity:{pk}": pk for pk in ids if pk}
    events = Event.objects.filter(subject__in=list(subjects), recorded_at__gte=batch.created_at)
    for kind, subject in events.values_list("type", "subject"):
        yield _title(kind), subjects[subject]


def _title(kind: str) -> str:
    from xiezhi.record.types import LATEST

    return str(LATEST[kind].title) if kind in LATEST else kind


def _restore(
    batch: ImportBatch, rows: Sequence[Line], entities: dict[uuid.UUID, dict[str, Any]], at: datetime
) -> None:
    for row in rows:
        entities[row.entity].update({column: before for column, (before, _) in row.diff.items()})
        entities[row.entity]["rev"] += 1
    set_columns([entities[row.entity] for row in rows], at)
    _forget(EntityName.objects.filter(batch=batch, entity__in=[row.entity for row in rows]))
