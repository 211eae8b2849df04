"""Rows of permits: granted to an entity, a construction permit for a project; both must be registered before."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.ids import PermitNumber
from xiezhi.record.acts import emit
from xiezhi.registry.importing import kinds
from xiezhi.registry.importing.fields import Value
from xiezhi.registry.models import ImportBatch, Permit, PermitKind

from .rowwise import Diff, Handling, Refused, Values, entities_of, projects_of

_PLAIN = ("issuer", "content", "issued_on")


class Permits(Handling):
    """Known by kind and number within a district."""

    kind = kinds.PERMIT
    model = Permit
    subject = "permit"

    def find(self, batch: ImportBatch, rows: Iterable[Values]) -> dict[str, Any]:
        wanted = Q(pk__in=[])
        for kind in PermitKind.values:
            wanted |= Q(kind=kind, number__in=[values["number"] for values in rows if values["kind"] == kind])
        found = Permit.objects.filter(wanted, district=batch.district).select_related("entity", "project")
        return {f"{permit.kind} {permit.number}": permit for permit in found}

    def current(self, found: Permit) -> dict[str, Value | None]:
        return {
            "issuer": found.issuer,
            "content": found.content or None,
            "issued_on": found.issued_on.isoformat(),
            "valid_until": found.valid_until.isoformat() if found.valid_until else None,
        }

    def faults(self, actor: Actor, batch: ImportBatch, values: Values, found: Any) -> list[Refused]:
        code, number = str(values["code"]), str(values.get("project", ""))
        entity = entities_of(actor, [code]).get(code)
        project = projects_of(batch, [number]).get(number) if number else None
        if entity is None:
            return [("", "unknown-entity", {"text": code})]
        if number and project is None:
            return [("", "unknown-project", {"text": number})]
        if found is not None and entities_of(None, [found.entity.code])[found.entity.code] != entity:
            return [("", "other-holder", {"text": found.entity.name})]
        if found is not None and number and found.project != project:
            return [("", "other-project", {"text": found.project.number if found.project else "—"})]
        return []

    def create(self, batch: ImportBatch, pk: uuid.UUID, values: Values, at: datetime) -> None:
        code, number = str(values["code"]), str(values.get("project", ""))
        columns = {name: values[name] for name in ("kind", "number", *_PLAIN) if name in values}
        Permit.objects.create(
            id=pk,
            agency=batch.agency,
            district=batch.district,
            entity=entities_of(None, [code])[code],
            project=projects_of(batch, [number])[number] if number else None,
            valid_until=_day(values.get("valid_until")),
            unverified=values["kind"] == PermitKind.CONSTRUCTION and not PermitNumber.holds(str(values["number"])),
            created_at=at,
            **columns,
        )

    def change(self, batch: ImportBatch, found: Permit, diff: Diff, at: datetime) -> None:
        self._set(batch, found, {name: after for name, (_before, after) in diff.items()}, at)

    def restore(self, batch: ImportBatch, found: Permit, diff: Diff, at: datetime) -> None:
        self._set(batch, found, {name: before for name, (before, _after) in diff.items()}, at)

    def erase(self, found: Permit) -> None:
        found.delete()

    def used(self, batch: ImportBatch, found: Permit, values: Values) -> str:
        for relation in Permit._meta.related_objects:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: found.pk})
            if relation.name != "sources" and rows.exists():
                return str(relation.related_model._meta.verbose_name)
        return ""

    def _set(self, batch: ImportBatch, permit: Permit, columns: dict[str, Any], at: datetime) -> None:
        plain = {name: columns[name] or "" for name in _PLAIN if name in columns}
        for name, value in plain.items():
            setattr(permit, name, value)
        permit.rev += 1
        permit.save(update_fields=[*plain, "rev"])
        if "valid_until" not in columns:
            return
        name = f"permit:{permit.pk}"
        until = _day(columns["valid_until"])
        today = clock.day(at)
        running = until is None or until >= today
        emit(
            "registry.permit_changed",
            stream=name,
            subject=name,
            data={
                "id": str(permit.pk),
                "columns": ["valid_until"],
                "valid_until": until.isoformat() if until else None,
                "on": today.isoformat(),
                "state": Permit.State.VALID if permit.state == Permit.State.EXPIRED and running else None,
            },
            private={"changes": {}},
            agency=permit.agency,
            district=permit.district,
        )


def _day(value: Value | None) -> date | None:
    return date.fromisoformat(str(value)) if value else None
