"""Taking back one chunk of written rows: what is unchanged and unused since; the rest is kept, with why."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import ManyToOneRel

from xiezhi.record.models import Event
from xiezhi.registry.models import Entity, EntityCode, EntityName, ImportBatch, ImportRow, SourceRecord

from .writing import columns_of, upsert

_Outcome = ImportRow.Outcome
# An entity's own facts go and come with it; anything else that points at it is a use.
_OWN = (EntityCode, EntityName, SourceRecord)
Why = dict[str, Any]


def undo(batch: ImportBatch, rows: Sequence[ImportRow], at: datetime) -> list[dict[str, str]]:
    """Take ``rows`` back where that is right, and answer the lines of the event."""
    ids = [row.entity for row in rows]
    entities = {e.pk: e for e in Entity.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    uses = _uses(batch, rows)
    kept = {row.pk: why for row in rows if (why := _why(row, entities.get(row.entity), uses))}  # type: ignore[arg-type]
    free = [row for row in rows if row.pk not in kept]
    _restore(batch, [row for row in free if row.outcome == _Outcome.CHANGED], entities, at)
    SourceRecord.objects.filter(batch=batch, entity__in=[row.entity for row in free]).delete()
    made = [row.entity for row in free if row.outcome == _Outcome.NEW]
    EntityCode.objects.filter(entity__in=made).delete()
    Entity.objects.filter(pk__in=made).delete()
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


def _why(row: ImportRow, entity: Entity | None, uses: dict[uuid.UUID, str]) -> Why | None:
    """Why ``row`` can't be taken back; None where it can. A mere confirmation always can."""
    if row.outcome == _Outcome.CONFIRMED:
        return None
    if entity is None:
        return {"code": "gone", "params": {}}
    if entity.merged_into_id:
        return {"code": "merged", "params": {}}
    if entity.rev != row.rev + 1:
        return {"code": "changed-since", "params": {}}
    if entity.pk in uses:
        return {"code": "used", "params": {"where": uses[entity.pk]}}
    return None


def _uses(batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[uuid.UUID, str]:
    """Entities that something names: by foreign key from any app, by another source, or by the record's events.

    For an entity that was there before, only what the record names since the import counts.
    """
    made = [row.entity for row in rows if row.outcome == _Outcome.NEW]
    all_ids = [row.entity for row in rows if row.outcome != _Outcome.CONFIRMED]
    found: dict[uuid.UUID, str] = {}
    for name, pk in _events(batch, all_ids):
        found[pk] = name
    others = SourceRecord.objects.filter(entity__in=made).exclude(batch=batch).values_list("source", "entity_id")
    for source, pk in others:
        found[pk] = source  # type: ignore[index]
    for relation in Entity._meta.related_objects:
        if relation.related_model in _OWN:
            continue
        for pk in _pointing(relation, made):
            found[pk] = str(relation.related_model._meta.verbose_name)
    return found


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
    batch: ImportBatch, rows: Sequence[ImportRow], entities: dict[uuid.UUID, Entity], at: datetime
) -> None:
    columns, restored = set[str](), []
    for row in rows:
        entity = entities[row.entity]  # type: ignore[index]
        before = columns_of({column: _as_stored(column, old) for column, (old, _) in row.diff.items()})
        for column, value in before.items():
            setattr(entity, column, value)
        entity.rev += 1
        entity.updated_at = at
        columns.update(row.diff)
        restored.append(entity)
    upsert(restored, sorted(columns))
    EntityName.objects.filter(batch=batch, entity__in=restored).delete()


def _as_stored(column: str, value: Any) -> Any:
    """``None`` in a diff means nothing was known: NULL, or the empty text where the column takes no NULL."""
    return "" if value is None and not Entity._meta.get_field(column).null else value
