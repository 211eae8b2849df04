"""Held against what is known, what would each row do?"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.registry.gate import IMPORT
from xiezhi.registry.importing.fields import COLUMNS, Value
from xiezhi.registry.importing.kinds import ENTITY
from xiezhi.registry.importing.rows import MappedRow
from xiezhi.registry.models import Entity, EntityCode, ImportBatch, ImportRow, SourceRecord

from . import bulk

_Outcome = ImportRow.Outcome
COMPARED = ("kind", *(column for column in COLUMNS if column != "code"))
_STAGED = (
    "batch", "number", "outcome", "entity", "rev", "digest", "values", "marks", "diff", "problems", "cells",
    "result", "why",
)  # fmt: skip


@dataclass(slots=True)
class Staged:
    """What becomes an ``ImportRow``."""

    row: MappedRow
    outcome: str
    entity: uuid.UUID | None = None
    rev: int = 0
    diff: dict[str, list[Value | None]] = field(default_factory=dict)
    problems: list[dict[str, object]] = field(default_factory=list)


def match(actor: Actor, batch: ImportBatch, rows: Sequence[MappedRow]) -> list[Staged]:
    """What the rows of one chunk would do."""
    codes = [str(row.values["code"]) for row in rows if not row.problems]
    owners = dict(EntityCode.objects.filter(code__in=codes).values_list("code", "entity_id"))
    known = stored(owners.values())
    said = _last_said(batch.source, list(owners))
    return [_judge(actor, row, known.get(owners.get(str(row.values.get("code")))), said) for row in rows]


def save(batch: ImportBatch, staged: Iterable[Staged]) -> None:
    """Keep them as the batch's rows; the original cells of rejected rows only."""
    bulk.insert(
        ImportRow,
        _STAGED,
        (
            (
                batch.pk, s.row.number, s.outcome, s.entity, s.rev, s.row.digest, s.row.values, s.row.marks,
                s.diff, s.problems, s.row.cells if s.outcome == _Outcome.REJECTED else (), "", (),
            )
            for s in staged
        ),
    )  # fmt: skip


def stored(ids: Iterable[Any], *, locked: bool = False) -> dict[Any, dict[str, Any]]:
    """Entities by id: their columns as files state them (None: nothing known), with rev, agency and state."""
    rows = Entity.objects.filter(pk__in=list(set(ids))).order_by("pk")
    found = {}
    for entity in (rows.select_for_update() if locked else rows).values(
        "id", "code", "rev", "agency", "state", "merged_into", *COMPARED
    ):
        for column in COMPARED:
            value = entity[column]
            if value == "":
                entity[column] = None
            elif isinstance(value, date):
                entity[column] = value.isoformat()
        found[entity["id"]] = entity
    return found


def _judge(actor: Actor, row: MappedRow, entity: dict[str, Any] | None, said: dict[str, str]) -> Staged:
    if row.problems:
        return Staged(row, _Outcome.REJECTED, problems=[problem.as_json() for problem in row.problems])
    if entity is None:
        return Staged(row, _Outcome.NEW, clock.new_id())
    if not actor.may(IMPORT, entity["agency"]):
        return Staged(row, _Outcome.REJECTED, problems=[{"column": "", "code": "elsewhere", "params": {}}])
    if entity["state"] == "merged":
        return Staged(row, _Outcome.REJECTED, problems=[{"column": "", "code": "merged", "params": {}}])
    if said.get(str(row.values["code"])) == row.digest:
        return Staged(row, _Outcome.SAME, entity["id"], entity["rev"])
    diff = ENTITY.differences(row.values, entity)
    return Staged(row, _Outcome.CHANGED if diff else _Outcome.CONFIRMED, entity["id"], entity["rev"], diff)


def _last_said(source: str, codes: list[str]) -> dict[str, str]:
    records = SourceRecord.objects.filter(source=source, key__in=codes).order_by("received_at", "id")
    return dict(records.values_list("key", "digest"))
