"""Writing one chunk of staged rows, inside its act's transaction."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from xiezhi.registry.gate import code_kind
from xiezhi.registry.models import Entity, EntityCode, EntityName, ImportBatch, ImportRow, SourceRecord

_Outcome = ImportRow.Outcome
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DATES = frozenset({"established_on"})


def write(batch: ImportBatch, rows: Sequence[ImportRow], at: datetime) -> list[dict[str, str]]:
    """Write ``rows`` and answer the lines of the event: hash, entity, outcome of each."""
    entities = _locked([row.entity for row in rows if row.outcome != _Outcome.NEW])
    taken = _taken([str(row.values["code"]) for row in rows if row.outcome == _Outcome.NEW])
    good = [row for row in rows if _as_seen(row, entities, taken)]
    fresh = [row for row in good if row.outcome == _Outcome.NEW]
    changed = [row for row in good if row.outcome == _Outcome.CHANGED]
    Entity.objects.bulk_create([_entity(batch, row, at) for row in fresh])
    EntityCode.objects.bulk_create([_code(row) for row in fresh])
    _change(batch, changed, entities, at)
    SourceRecord.objects.bulk_create([_record(batch, row, at) for row in good])
    written = {row.pk for row in good}
    shifted = [row.pk for row in rows if row.pk not in written]
    _mark(batch, rows, shifted)
    return [
        {
            "hash": row.digest,
            "entity": str(row.entity),
            "outcome": str(row.outcome) if row.pk in written else "shifted",
        }
        for row in rows
    ]


def columns_of(values: dict[str, Any]) -> dict[str, Any]:
    """Canonical values as a model takes them."""
    return {
        column: date.fromisoformat(value) if column in _DATES and value else value
        for column, value in values.items()
    }


def upsert(entities: Sequence[Entity], columns: Sequence[str]) -> None:
    """Write ``columns`` of existing entities in few statements."""
    if entities:
        Entity.objects.bulk_create(
            entities, update_conflicts=True, unique_fields=["id"], update_fields=[*columns, "rev", "updated_at"]
        )


def _locked(ids: Sequence[uuid.UUID | None]) -> dict[uuid.UUID, Entity]:
    found = Entity.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {entity.pk: entity for entity in found}


def _taken(codes: Sequence[str]) -> set[str]:
    return set(EntityCode.objects.filter(code__in=codes).values_list("code", flat=True))


def _as_seen(row: ImportRow, entities: dict[uuid.UUID, Entity], taken: set[str]) -> bool:
    if row.outcome == _Outcome.NEW:
        return row.values["code"] not in taken
    entity = entities.get(row.entity) if row.entity else None
    return entity is not None and entity.rev == row.rev


def _entity(batch: ImportBatch, row: ImportRow, at: datetime) -> Entity:
    return Entity(
        id=row.entity,
        agency=batch.agency,
        district=batch.district,
        created_at=at,
        updated_at=at,
        **columns_of(row.values),
    )


def _code(row: ImportRow) -> EntityCode:
    code = str(row.values["code"])
    return EntityCode(entity_id=row.entity, code=code, kind=code_kind(code), marks=row.marks)


def _record(batch: ImportBatch, row: ImportRow, at: datetime) -> SourceRecord:
    return SourceRecord(
        source=batch.source,
        key=row.values["code"],
        batch=batch,
        payload=row.values,
        digest=row.digest,
        entity_id=row.entity,
        received_at=at,
    )


def _change(
    batch: ImportBatch, rows: Sequence[ImportRow], entities: dict[uuid.UUID, Entity], at: datetime
) -> None:
    names, columns, changed = [], set[str](), []
    today = at.astimezone(_SHANGHAI).date()
    for row in rows:
        entity = entities[row.entity]  # type: ignore[index]
        if "name" in row.diff:
            names.append(EntityName(entity=entity, name=entity.name, ends=today, batch=batch))
        for column, value in columns_of({column: after for column, (_, after) in row.diff.items()}).items():
            setattr(entity, column, value)
        entity.rev += 1
        entity.updated_at = at
        columns.update(row.diff)
        changed.append(entity)
    upsert(changed, sorted(columns))
    EntityName.objects.bulk_create(names)


def _mark(batch: ImportBatch, rows: Sequence[ImportRow], shifted: Sequence[int]) -> None:
    span = batch.rows.filter(number__gte=rows[0].number, number__lte=rows[-1].number)
    written = span.filter(outcome__in=(_Outcome.NEW, _Outcome.CHANGED, _Outcome.CONFIRMED))
    written.exclude(pk__in=shifted).update(result="written")
    if shifted:
        why = [{"code": "shifted", "params": {}}]
        batch.rows.filter(pk__in=shifted).update(result="shifted", why=why)
