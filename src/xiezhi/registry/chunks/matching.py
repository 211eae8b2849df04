"""Held against what is known, what would each row do?"""

from collections.abc import Iterable, Sequence
from typing import Any

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.registry.gate import IMPORT
from xiezhi.registry.importing.fields import COLUMNS
from xiezhi.registry.importing.rows import MappedRow, differences
from xiezhi.registry.models import Entity, EntityCode, ImportBatch, ImportRow, SourceRecord

_Outcome = ImportRow.Outcome
_COMPARED = ("kind", *(column for column in COLUMNS if column != "code"))


def match(actor: Actor, batch: ImportBatch, rows: Sequence[MappedRow]) -> list[ImportRow]:
    """Staged rows (not yet saved) for ``rows`` of one chunk."""
    codes = [str(row.values["code"]) for row in rows if not row.problems]
    owners = dict(EntityCode.objects.filter(code__in=codes).values_list("code", "entity_id"))
    known = {found["id"]: found for found in _stored(set(owners.values()))}
    said = _last_said(batch.source, list(owners))
    return [_judge(actor, batch, row, owners, known, said) for row in rows]


def _judge(
    actor: Actor,
    batch: ImportBatch,
    row: MappedRow,
    owners: dict[str, Any],
    known: dict[Any, dict[str, Any]],
    said: dict[str, str],
) -> ImportRow:
    staged = ImportRow(batch=batch, number=row.number, digest=row.digest, values=row.values, marks=list(row.marks))
    if row.problems:
        return _reject(staged, [problem.as_json() for problem in row.problems], row)
    code = str(row.values["code"])
    entity = known.get(owners.get(code))
    if entity is None:
        staged.outcome, staged.entity = _Outcome.NEW, clock.new_id()
        return staged
    staged.entity, staged.rev = entity["id"], entity["rev"]
    if not actor.may(IMPORT, entity["agency"]):
        return _reject(staged, [{"column": "", "code": "elsewhere", "params": {}}], row)
    if entity["state"] == "merged":
        return _reject(staged, [{"column": "", "code": "merged", "params": {}}], row)
    if said.get(code) == row.digest:
        staged.outcome = _Outcome.SAME
        return staged
    staged.diff = differences(row.values, entity)
    staged.outcome = _Outcome.CHANGED if staged.diff else _Outcome.CONFIRMED
    return staged


def _reject(staged: ImportRow, problems: list[dict[str, object]], row: MappedRow) -> ImportRow:
    staged.outcome, staged.problems, staged.cells = _Outcome.REJECTED, problems, list(row.cells)
    return staged


def _stored(ids: Iterable[Any]) -> Iterable[dict[str, Any]]:
    for found in Entity.objects.filter(pk__in=list(ids)).values("id", "rev", "agency", "state", *_COMPARED):
        for column in _COMPARED:
            value = found[column]
            found[column] = None if value == "" else value.isoformat() if hasattr(value, "isoformat") else value
        yield found


def _last_said(source: str, codes: list[str]) -> dict[str, str]:
    records = SourceRecord.objects.filter(source=source, key__in=codes).order_by("received_at", "id")
    return dict(records.values_list("key", "digest"))
