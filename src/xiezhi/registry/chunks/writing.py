"""Writing one chunk of staged rows, inside its act's transaction."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.registry.gate import IMPORT, code_kind
from xiezhi.registry.models import (
    Entity,
    EntityCode,
    EntityName,
    EntityState,
    ImportBatch,
    ImportRow,
    SourceRecord,
)

from . import bulk
from .counts import WRITTEN_OUTCOMES
from .matching import COMPARED, stored

_Outcome = ImportRow.Outcome
Why = dict[str, Any]
"""``{"code": of messages.KEPT or CELL, "params": {…}}``"""
SHIFTED: Why = {"code": "shifted", "params": {}}
# Who orders the writing or the undo may hold less than he held at the dry run.
ELSEWHERE: Why = {"code": "elsewhere", "params": {}}
_TEXTS = tuple(name for name in COMPARED if not Entity._meta.get_field(name).null)
_ENTITY = (
    "id", "agency", "district", "sensitivity", "stream", "code", *COMPARED, "state", "rev", "created_at",
    "updated_at",
)  # fmt: skip


class Line(NamedTuple):
    """What writing and undoing need of an ``ImportRow``."""

    pk: int
    number: int
    outcome: str
    entity: uuid.UUID
    rev: int
    digest: str
    values: dict[str, Any]
    marks: list[str]
    diff: dict[str, list[Any]]


def lines(rows: "QuerySet[ImportRow]", limit: int) -> list[Line]:
    """The first ``limit`` of ``rows`` by line."""
    return [Line(*row) for row in rows.order_by("number").values_list(*Line._fields)[:limit]]


def write(actor: Actor, batch: ImportBatch, rows: Sequence[Line], at: datetime) -> list[dict[str, str]]:
    """Write ``rows`` and answer the lines of the event: hash, entity, outcome of each.

    Left out, with why: what is not as the dry run saw it, and what ``actor`` may no longer import.
    """
    entities = stored((row.entity for row in rows if row.outcome != _Outcome.NEW), locked=True)
    taken = _taken([str(row.values["code"]) for row in rows if row.outcome == _Outcome.NEW])
    left = {row.pk: why for row in rows if (why := _why(actor, row, entities, taken))}
    good = [row for row in rows if row.pk not in left]
    _create(batch, [row for row in good if row.outcome == _Outcome.NEW], at)
    _change(batch, [row for row in good if row.outcome == _Outcome.CHANGED], entities, at)
    _note_sources(batch, good, at)
    mark(batch, rows, left)
    return [
        {
            "hash": row.digest,
            "entity": str(row.entity),
            "outcome": "shifted" if row.pk in left else row.outcome,
        }
        for row in rows
    ]


def set_columns(entities: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Write the columns of existing entities as they stand in these mappings (see :func:`.matching.stored`)."""
    bulk.update(
        Entity,
        (*COMPARED, "rev", "updated_at"),
        [(*map(e.__getitem__, COMPARED), e["rev"], at, e["id"]) for e in map(_full, entities)],
    )


def _taken(codes: Sequence[str]) -> set[str]:
    return set(EntityCode.objects.filter(code__in=codes).values_list("code", flat=True))


def _why(actor: Actor, row: Line, entities: Mapping[uuid.UUID, Mapping[str, Any]], taken: set[str]) -> Why | None:
    if row.outcome == _Outcome.NEW:
        return SHIFTED if row.values["code"] in taken else None
    entity = entities.get(row.entity)
    if entity is None or entity["rev"] != row.rev:
        return SHIFTED
    return None if actor.may(IMPORT, entity["agency"]) else ELSEWHERE


def _full(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` with every compared column: NULL, or the empty text where a column takes no NULL."""
    full = dict.fromkeys(COMPARED) | dict(values)
    for name in _TEXTS:
        if full[name] is None:
            full[name] = "organisation" if name == "kind" else ""
    return full


def _create(batch: ImportBatch, rows: Sequence[Line], at: datetime) -> None:
    made = [(row, _full(row.values)) for row in rows]
    bulk.insert(
        Entity,
        _ENTITY,
        [
            (
                row.entity, batch.agency, batch.district, batch.sensitivity, "", full["code"],
                *map(full.__getitem__, COMPARED), EntityState.ACTIVE, 1, at, at,
            )
            for row, full in made
        ],
    )  # fmt: skip
    bulk.insert(
        EntityCode,
        ("id", "entity", "code", "kind", "marks"),
        [
            (clock.new_id(), row.entity, row.values["code"], code_kind(row.values["code"]), row.marks)
            for row in rows
        ],
    )


def _note_sources(batch: ImportBatch, rows: Sequence[Line], at: datetime) -> None:
    bulk.insert(
        SourceRecord,
        ("id", "source", "key", "batch", "payload", "digest", "entity", "received_at"),
        [
            (clock.new_id(), batch.source, row.values["code"], batch.pk, row.values, row.digest, row.entity, at)
            for row in rows
        ],
    )


def _change(
    batch: ImportBatch, rows: Sequence[Line], entities: Mapping[uuid.UUID, dict[str, Any]], at: datetime
) -> None:
    today = clock.day(at).isoformat()
    renamed = [row for row in rows if "name" in row.diff]
    bulk.insert(
        EntityName,
        ("id", "entity", "name", "ends", "batch"),
        [(clock.new_id(), row.entity, entities[row.entity]["name"], today, batch.pk) for row in renamed],
    )
    for row in rows:
        entities[row.entity].update({column: after for column, (_, after) in row.diff.items()})
        entities[row.entity]["rev"] += 1
    set_columns([entities[row.entity] for row in rows], at)


def mark(batch: ImportBatch, rows: Sequence[Line], left: Mapping[int, Why]) -> None:
    """Note what became of ``rows``: written, or for the ids in ``left`` left out, with why."""
    span = batch.rows.filter(number__gte=rows[0].number, number__lte=rows[-1].number, outcome__in=WRITTEN_OUTCOMES)
    span.update(result="written")
    for pk, why in left.items():
        batch.rows.filter(pk=pk).update(result="shifted", why=[why])
