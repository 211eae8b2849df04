"""Reading the registry: everything begins with ``visible_to``."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound
from xiezhi.core.masking.forms import name as mask
from xiezhi.people.keyed_hash import person_hashes
from xiezhi.record import queries as record
from xiezhi.record import sealing
from xiezhi.record.models import Event
from xiezhi.record.services import note_sensitive_read
from xiezhi.record.types import LATEST

from . import searching
from .importing.fields import COLUMNS, TITLES
from .models import (
    ColumnMapping,
    Entity,
    EntityCode,
    EntityPerson,
    ImportBatch,
    Participant,
    Permit,
    Person,
    Project,
    Site,
    SourceRecord,
)

HISTORY = 200


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


def places_visible_to(actor: Actor) -> "QuerySet[EntityPerson]":
    """Who stands for which entity, of the agencies in which the actor may read personal data."""
    people = Person.objects.visible_to(actor)
    return EntityPerson.objects.filter(person__in=people, entity__in=entities_visible_to(actor))


def get_place(actor: Actor, place_id: uuid.UUID) -> EntityPerson:
    """A person's place in an entity, or ``NotFound``."""
    return _get(places_visible_to(actor).select_related("entity", "person"), place_id)


def get_permit(actor: Actor, permit_id: uuid.UUID) -> Permit:
    """The permit, or ``NotFound``."""
    return _get(permits_visible_to(actor).select_related("entity", "project"), permit_id)


def get_site(actor: Actor, site_id: uuid.UUID) -> Site:
    """The site, or ``NotFound``."""
    return _get(sites_visible_to(actor).select_related("project"), site_id)


def get_participant(actor: Actor, participant_id: uuid.UUID) -> Participant:
    """An entity's role in a project that the actor may see, or ``NotFound``."""
    rows = Participant.objects.filter(project__in=projects_visible_to(actor))
    return _get(rows.select_related("project", "entity"), participant_id)


def places_of(actor: Actor, person: Person, number: str) -> "QuerySet[EntityPerson]":
    """Places of a person that were opened: in this record, and by ``number`` in those of other visible agencies."""
    same = Q(person=person) | Q(person__lookup__in=person_hashes(number) if number else [])
    return places_visible_to(actor).filter(same).select_related("entity").order_by("entity__name", "id")


def find_by_number(actor: Actor, number: str) -> list[EntityPerson]:
    """Places of whoever has this resident number, found by its keyed hash; that it was found is an event."""
    rows = places_visible_to(actor).filter(person__lookup__in=person_hashes(number))
    found = list(rows.select_related("entity", "person").order_by("entity__name", "id"))
    for person in sorted({place.person_id for place in found}):
        note_sensitive_read(
            actor, subject=f"person:{person}", fields=["number"], purpose=gettext("按身份号码查找")
        )
    return found


def masked_name(person: Person) -> str:
    """The person's name as it may stand on a screen: 示某. Reading the whole is :func:`read_person`."""
    return mask(opened(person)["name"])


def opened(person: Person) -> dict[str, str]:
    """``{"name", "number"}`` of a person, for comparing and masking; who is to read them calls :func:`read_person`."""
    _digest, value = sealing.open_private(person.id, bytes(person.sealed), person.key_id, bytes(person.wrapped))
    return dict(value)  # type: ignore[call-overload]


@dataclass(frozen=True)
class Step:
    """Something that was done to an object: when (UTC), what, and what the event openly says of it."""

    at: datetime
    title: str
    data: dict[str, Any]


def history(row: "Permit | Project | Entity") -> list[Step]:
    """What was done to a row that the actor was given by a query of this module, newest first; nothing private."""
    stream = f"{row._meta.model_name}:{row.pk}"
    found = []
    for event in Event.objects.filter(stream=stream).order_by("-recorded_at", "-id")[:HISTORY]:
        envelope = record.envelope(event.id)
        title = gettext(LATEST[event.type].title) if event.type in LATEST else event.type
        found.append(Step(event.recorded_at, title, dict(envelope["data"]) if envelope else {}))
    return found


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
    """The entity that bears or once bore ``code``; where it was merged, the one it went into, if visible."""
    seen = entities_visible_to(actor)
    found = EntityCode.objects.filter(code=code, entity__in=seen).first()
    entity = found.entity if found else None
    while entity is not None and (into := seen.filter(pk=entity.merged_into_id).first()):
        entity = into
    return entity


def search_entities(actor: Actor, text: str) -> "QuerySet[Entity]":
    """Visible entities whose name, former names or codes hold each word of ``text``."""
    return searching.narrowed(entities_visible_to(actor), text)


def search_projects(actor: Actor, text: str) -> "QuerySet[Project]":
    """Visible projects whose name, number or address holds each word of ``text``."""
    return searching.narrowed(projects_visible_to(actor), text)


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
    return opened(person)


def _get(rows: "QuerySet[Any]", pk: uuid.UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"{rows.model.__name__} {pk}")
    return found
