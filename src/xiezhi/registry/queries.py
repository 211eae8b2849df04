"""Reading the registry: everything begins with ``visible_to``."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound
from xiezhi.record import sealing
from xiezhi.record.services import note_sensitive_read

from .importing.fields import COLUMNS, TITLES
from .models import (
    ColumnMapping,
    Entity,
    EntityCode,
    EntityName,
    ImportBatch,
    Permit,
    Person,
    Project,
    Site,
    SourceRecord,
)


def entities_visible_to(actor: Actor) -> "QuerySet[Entity]":
    """Entities of the agencies in which the actor may read the registry; merged ones included."""
    return Entity.objects.visible_to(actor)


visible_to = entities_visible_to


def projects_visible_to(actor: Actor) -> "QuerySet[Project]":
    """Projects likewise."""
    return Project.objects.visible_to(actor)


def permits_visible_to(actor: Actor) -> "QuerySet[Permit]":
    """Permits likewise."""
    return Permit.objects.visible_to(actor)


def sites_visible_to(actor: Actor) -> "QuerySet[Site]":
    """Sites likewise."""
    return Site.objects.visible_to(actor)


def imports_visible_to(actor: Actor) -> "QuerySet[ImportBatch]":
    """Import batches of the agencies in which the actor may import."""
    return ImportBatch.objects.visible_to(actor)


def mappings_visible_to(actor: Actor) -> "QuerySet[ColumnMapping]":
    """Saved column mappings likewise."""
    return ColumnMapping.objects.visible_to(actor)


def get_entity(actor: Actor, entity_id: uuid.UUID) -> Entity:
    """The entity, or ``NotFound`` where there is none for this actor."""
    return _get(entities_visible_to(actor), entity_id)


def get_project(actor: Actor, project_id: uuid.UUID) -> Project:
    """The project, or ``NotFound``."""
    return _get(projects_visible_to(actor), project_id)


def get_import(actor: Actor, batch_id: uuid.UUID) -> ImportBatch:
    """The import batch, or ``NotFound``."""
    return _get(imports_visible_to(actor), batch_id)


def find_by_code(actor: Actor, code: str) -> Entity | None:
    """The entity that bears or once bore ``code``; where it was merged, the one it went into."""
    found = EntityCode.objects.filter(code=code, entity__in=entities_visible_to(actor)).first()
    entity = found.entity if found else None
    while entity is not None and entity.merged_into_id:
        entity = entity.merged_into
    return entity


def search_entities(actor: Actor, text: str) -> "QuerySet[Entity]":
    """Visible entities whose name, former name or code holds each word of ``text``."""
    return narrowed(entities_visible_to(actor), text)


def narrowed(entities: "QuerySet[Entity]", text: str) -> "QuerySet[Entity]":
    """Those of ``entities`` that hold each word of ``text``: in name or former name, or as a code's beginning."""
    for word in text.split():
        codes = EntityCode.objects.filter(code__startswith=word.upper())
        names = EntityName.objects.filter(name__icontains=word)
        entities = entities.filter(
            Q(name__icontains=word) | Q(pk__in=codes.values("entity")) | Q(pk__in=names.values("entity"))
        )
    return entities


@dataclass(frozen=True)
class Fact:
    """A column of an entity, who said so last, and since when. ``record`` is None where no source is kept."""

    column: str
    title: str
    value: Any
    record: SourceRecord | None
    currency: str = ""


def facts(entity: Entity) -> list[Fact]:
    """Every known column with the latest source whose statement agrees with what is stored."""
    records = list(entity.sources.select_related("batch").order_by("-received_at", "-id"))
    found = []
    for column in COLUMNS:
        value = stored(entity, column)
        if value is None:
            continue
        record = next((r for r in records if r.payload.get(column) == value), None)
        found.append(Fact(column, str(TITLES[column]), value, record, entity.capital_currency))
    return found


def stored(entity: Entity, column: str) -> str | int | None:
    """A column as files state it: ISO dates, whole numbers, text; None where nothing is known."""
    value = getattr(entity, column)
    if value is None or value == "":
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value  # type: ignore[no-any-return]


def read_person(actor: Actor, person_id: uuid.UUID, *, purpose: str) -> dict[str, str]:
    """Name and number of a person, opened; the reading is an event. ``NotFound``, ``Denied``."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound(f"person {person_id}")
    if not actor.may("registry.read_personal", person.agency):
        raise Denied("registry.read_personal", person.agency)
    note_sensitive_read(actor, subject=f"person:{person_id}", fields=["name", "number"], purpose=purpose)
    _, value = sealing.open_private(person.id, bytes(person.sealed), person.key_id, bytes(person.wrapped))
    return dict(value)  # type: ignore[call-overload]


def _get(rows: "QuerySet[Any]", pk: uuid.UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"{rows.model.__name__} {pk}")
    return found
