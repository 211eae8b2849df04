"""Acts on natural persons: who stands for an entity, from when to when."""

import unicodedata
import uuid
from datetime import date

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.core.ids import ResidentNumberError, resident
from xiezhi.people.keyed_hash import person_hash, person_hashes
from xiezhi.record import sealing
from xiezhi.record.acts import act, at, emit
from xiezhi.registry import queries
from xiezhi.registry.gate import EDIT, locked, not_merged
from xiezhi.registry.models import Entity, EntityPerson, Person


@act("registry.person_placed")
def place_person(
    actor: Actor,
    entity_id: uuid.UUID,
    *,
    role: str,
    name: str,
    number: str = "",
    begins: date | None = None,
) -> EntityPerson:
    """Enter who stands for an entity. Name and number are kept encrypted; the number finds the agency's person again.

    Raises ``NotFound``, ``Denied``, ``Refused`` for a merged entity, ``Invalid`` (which never repeats the number),
    also where the agency knows the number under another name.
    """
    entity = locked(Entity, entity_id, actor, EDIT)
    not_merged(entity)
    errors = {}
    if role not in EntityPerson.Role.values:
        errors["role"] = [_("请选择职务。")]
    if not name.strip():
        errors["name"] = [_("请填写姓名。")]
    if number and not _is_resident(number, clock.day(at())):
        errors["number"] = [_("公民身份号码不正确，请核对。")]
    if errors:
        raise Invalid(errors)
    person = _person(entity, name.strip(), number)
    place = EntityPerson.objects.create(entity=entity, person=person, role=role, begins=begins)
    emit(**_about(entity), data={"entity": str(entity.id), "person": str(person.id), "role": role})
    return place


@act("registry.person_ended")
def end_person(actor: Actor, place_id: uuid.UUID, *, ends: date) -> EntityPerson:
    """A person stands for an entity until ``ends``. ``NotFound``, ``Denied``, ``Invalid``."""
    found = EntityPerson.objects.filter(pk=place_id).values_list("entity_id", flat=True).first()
    entity = locked(Entity, found or place_id, actor, EDIT)
    place = EntityPerson.objects.select_for_update().get(pk=place_id)
    if place.ends is not None:
        raise Invalid({"ends": [_("该人员已离任。")]})
    if place.begins and ends < place.begins:
        raise Invalid({"ends": [_("离任日期早于任职日期。")]})
    place.ends = ends
    place.save(update_fields=["ends"])
    data = {"entity": str(entity.id), "person": str(place.person_id), "role": place.role}
    emit(**_about(entity), data=data | {"on": ends.isoformat()})
    return place


def _about(entity: Entity) -> dict[str, str]:
    name = f"entity:{entity.id}"
    return {"stream": name, "subject": name, "agency": entity.agency, "district": entity.district}


def _is_resident(number: str, today: date) -> bool:
    try:
        resident(number, today)
    except ResidentNumberError:
        return False
    return True


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _person(entity: Entity, name: str, number: str) -> Person:
    known = person_hashes(number) if number else []
    own = Person.objects.filter(district=entity.district, agency=entity.agency)
    found = own.filter(lookup__in=known).first() if known else None
    if found is not None:
        if _plain(queries.opened(found)["name"]) != _plain(name):
            text = _("本机构已以另一姓名登记过这一身份号码，请核对姓名和号码；已登记的人员可按身份号码查找。")
            raise Invalid({"name": [text]})
        return found
    person = Person(
        agency=entity.agency,
        district=entity.district,
        sensitivity=2,
        lookup=person_hash(number) if number else "",
        created_at=at(),
    )
    sealed = sealing.seal_private(person.id, {"name": name, "number": number})
    person.sealed, person.key_id, person.wrapped = sealed.ciphertext, sealed.key_id, sealed.wrapped  # type: ignore[union-attr]
    person.save(force_insert=True)
    return person
