"""Kinds that come by thousands, not by hundreds of thousands: written row by row through the ORM.

A kind says how it finds, reads, makes and changes its objects (:class:`Handling`); what holds for all is here: who
may, what the dry run saw, sources, undo of what is unchanged and unused since. A projected column is changed by an
event of its own, in the same act.
"""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.record.models import Event
from xiezhi.registry import uses
from xiezhi.registry.gate import IMPORT
from xiezhi.registry.importing.fields import Value
from xiezhi.registry.importing.kinds import Kind
from xiezhi.registry.importing.rows import MappedRow
from xiezhi.registry.models import Entity, EntityCode, ImportBatch, ImportRow, Project, SourceRecord

from .matching import Staged
from .writing import ELSEWHERE, SHIFTED, Line, Why, mark

_Outcome = ImportRow.Outcome
Values = Mapping[str, Value]
Diff = Mapping[str, Sequence[Any]]
Refused = tuple[str, str, dict[str, object]]
"""(column, code of ``messages.CELL``, params)"""


class Handling(ABC):
    """How rows of one kind are matched, written and taken back. ``subject`` is its name in ``SourceRecord``."""

    kind: ClassVar[Kind]
    model: ClassVar[type[Any]]
    subject: ClassVar[str]

    @abstractmethod
    def find(self, batch: ImportBatch, rows: Iterable[Values]) -> dict[str, Any]:
        """Known objects by :meth:`Kind.key_of`."""

    @abstractmethod
    def current(self, found: Any) -> dict[str, Value | None]:
        """The object's columns as files state them."""

    @abstractmethod
    def faults(self, actor: Actor, batch: ImportBatch, values: Values, found: Any) -> list[Refused]:
        """What stands against the row: what it names is not there, or is not its own."""

    @abstractmethod
    def create(self, batch: ImportBatch, pk: uuid.UUID, values: Values, at: datetime) -> None:
        """Make the object."""

    @abstractmethod
    def change(self, batch: ImportBatch, found: Any, diff: Diff, at: datetime) -> None:
        """Let the object be as ``diff`` says after; its ``rev`` is counted by the caller."""

    @abstractmethod
    def restore(self, batch: ImportBatch, found: Any, diff: Diff, at: datetime) -> None:
        """Let the object be as ``diff`` says before."""

    @abstractmethod
    def erase(self, found: Any) -> None:
        """Delete an object that nothing else uses, with what is its own."""

    @abstractmethod
    def used(self, batch: ImportBatch, found: Any, values: Values) -> str:
        """What has come to use an object that the batch made; empty: nothing."""

    def match(self, actor: Actor, batch: ImportBatch, rows: Sequence[MappedRow]) -> list[Staged]:
        """What the rows of one chunk would do."""
        found = self.find(batch, [row.values for row in rows if not row.problems])
        said = _last_said(batch.source, self.subject, [self.kind.key_of(row.values) for row in rows])
        return [self._judge(actor, batch, row, found, said) for row in rows]

    def write(self, actor: Actor, batch: ImportBatch, rows: Sequence[Line], at: datetime) -> list[dict[str, str]]:
        """Write ``rows`` and answer the lines of the event; what the dry run would not take now is left out."""
        ids = [row.entity for row in rows if row.outcome != _Outcome.NEW]
        there = {row.pk: row for row in self.model.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
        taken = self.find(batch, [row.values for row in rows if row.outcome == _Outcome.NEW])
        left: dict[int, Why] = {}
        lines = []
        for row in rows:
            found = there.get(row.entity)
            if why := self._left(actor, batch, row, found, taken):
                left[row.pk] = why
            else:
                self._write(batch, row, found, at)
            outcome = "shifted" if why else row.outcome
            lines.append({"hash": row.digest, "entity": str(row.entity), "outcome": outcome})
        mark(batch, rows, left)
        return lines

    def undo(self, actor: Actor, batch: ImportBatch, rows: Sequence[Line], at: datetime) -> list[dict[str, str]]:
        """Take ``rows`` back where that is right, and answer the lines of the event."""
        lines = []
        for row in rows:
            found = self.model.objects.select_for_update().filter(pk=row.entity).first()
            why = self._why(actor, batch, row, found)
            if why is None:
                self._take_back(batch, row, found, at)
            result = {"result": "undone"} if why is None else {"result": "kept", "why": [why]}
            batch.rows.filter(pk=row.pk).update(**result)
            lines.append(
                {
                    "hash": row.digest,
                    "entity": str(row.entity),
                    "result": str(result["result"]),
                    "why": str(why["code"]) if why else "",
                }
            )
        return lines

    def _judge(
        self, actor: Actor, batch: ImportBatch, row: MappedRow, known: Mapping[str, Any], said: Mapping[str, str]
    ) -> Staged:
        if row.problems:
            return Staged(row, _Outcome.REJECTED, problems=[problem.as_json() for problem in row.problems])
        key = self.kind.key_of(row.values)
        found = known.get(key)
        if found is not None and not actor.may(IMPORT, found.agency):
            return Staged(row, _Outcome.REJECTED, problems=[{"column": "", "code": "elsewhere", "params": {}}])
        if faults := self.faults(actor, batch, row.values, found):
            problems = [{"column": column, "code": code, "params": params} for column, code, params in faults]
            return Staged(row, _Outcome.REJECTED, problems=problems)
        if found is None:
            return Staged(row, _Outcome.NEW, clock.new_id())
        if said.get(key[:60]) == row.digest:
            return Staged(row, _Outcome.SAME, found.pk, found.rev)
        diff = self.kind.differences(row.values, self.current(found))
        return Staged(row, _Outcome.CHANGED if diff else _Outcome.CONFIRMED, found.pk, found.rev, diff)

    def _left(
        self, actor: Actor, batch: ImportBatch, row: Line, found: Any, taken: Mapping[str, Any]
    ) -> Why | None:
        if row.outcome == _Outcome.NEW:
            if self.kind.key_of(row.values) in taken:
                return SHIFTED
        elif found is None or found.rev != row.rev:
            return SHIFTED
        elif not actor.may(IMPORT, found.agency):
            return ELSEWHERE
        faults = self.faults(actor, batch, row.values, found)
        return {"code": faults[0][1], "params": faults[0][2]} if faults else None

    def _write(self, batch: ImportBatch, row: Line, found: Any, at: datetime) -> None:
        if row.outcome == _Outcome.NEW:
            self.create(batch, row.entity, row.values, at)
        elif row.outcome == _Outcome.CHANGED:
            self.change(batch, found, row.diff, at)
        SourceRecord.objects.create(
            source=batch.source,
            key=self.kind.key_of(row.values)[:60],
            batch=batch,
            payload=row.values,
            digest=row.digest,
            received_at=at,
            **{f"{self.subject}_id": row.entity},
        )

    def _why(self, actor: Actor, batch: ImportBatch, row: Line, found: Any) -> Why | None:
        if found is not None and not actor.may(IMPORT, found.agency):
            return ELSEWHERE
        if row.outcome == _Outcome.CONFIRMED:
            return None
        if found is None:
            return {"code": "gone", "params": {}}
        if found.rev != row.rev + 1:
            return {"code": "changed-since", "params": {}}
        if row.outcome == _Outcome.CHANGED:
            return None
        others = SourceRecord.objects.filter(**{f"{self.subject}_id": row.entity}).exclude(batch=batch)
        source = others.values_list("source", flat=True).first()
        # Acts of the registry itself show in rows; any other event that names it is a use.
        named = Event.objects.filter(subject=f"{self.subject}:{row.entity}").exclude(type__startswith="registry.")
        by_id = uses.of([found.pk]).get(found.pk)
        where = (
            source or self.used(batch, found, row.values) or by_id or named.values_list("type", flat=True).first()
        )
        return {"code": "used", "params": {"where": where}} if where else None

    def _take_back(self, batch: ImportBatch, row: Line, found: Any, at: datetime) -> None:
        SourceRecord.objects.filter(batch=batch, **{f"{self.subject}_id": row.entity}).delete()
        if row.outcome == _Outcome.NEW:
            self.erase(found)
        elif row.outcome == _Outcome.CHANGED:
            self.restore(batch, found, row.diff, at)


def entities_of(actor: Actor | None, codes: Iterable[str]) -> dict[str, Entity]:
    """Registered entities by code, the one that a merged one went into; of those that ``actor`` may see."""
    rows = EntityCode.objects.filter(code__in=set(codes)).select_related("entity")
    if actor is not None:
        rows = rows.filter(entity__in=Entity.objects.visible_to(actor))
    found = {}
    for row in rows:
        entity = row.entity
        while entity.merged_into_id:
            entity = entity.merged_into
        found[row.code] = entity
    return found


def projects_of(batch: ImportBatch, numbers: Iterable[str]) -> dict[str, Project]:
    """Projects of the batch's district by number."""
    rows = Project.objects.filter(district=batch.district, number__in=set(numbers))
    return {row.number: row for row in rows}


def _last_said(source: str, subject: str, keys: Iterable[str]) -> dict[str, str]:
    short = [key[:60] for key in keys if key]
    records = SourceRecord.objects.filter(source=source, key__in=short, **{f"{subject}__isnull": False})
    return dict(records.order_by("received_at", "id").values_list("key", "digest"))
