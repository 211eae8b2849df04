"""Acts on entities: register, correct, give another code, merge, place a person."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, Refusal, Refused
from xiezhi.core.ids import ResidentNumberError, resident
from xiezhi.people.keyed_hash import person_hash, person_hashes
from xiezhi.record import sealing
from xiezhi.record.acts import act, at, emit
from xiezhi.registry.gate import EDIT, TYPED, changes, code_kind, demand, locked, note_source
from xiezhi.registry.importing.fields import FIELDS, Value, entity_kind, read_issued_code, says_nothing
from xiezhi.registry.importing.messages import cell_message
from xiezhi.registry.importing.problems import CellRefused
from xiezhi.registry.models import Entity, EntityCode, EntityName, EntityPerson, Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DATES = frozenset({"established_on"})


@act("registry.entity_registered")
def register_entity(
    actor: Actor, *, agency: str, district: str, code: str, name: str, source: str = TYPED, **texts: str
) -> Entity:
    """Register an entity by hand. ``texts`` are the other fields of ``importing.fields`` as a user types them.

    Raises ``Denied``, ``Invalid`` (by field), ``Refused`` where the code is taken.
    """
    demand(actor, EDIT, agency)
    values, marks = _read({"code": code, "name": name, **texts})
    taken = EntityCode.objects.filter(code=values["code"]).first()
    if taken is not None:
        raise Refused(_taken(str(values["code"])))
    values.setdefault(
        "kind", entity_kind(str(values["code"]), str(values.get("entity_type", ""))) or "organisation"
    )
    entity = Entity.objects.create(
        agency=agency, district=district, created_at=at(), updated_at=at(), **_columns(values)
    )
    EntityCode.objects.create(entity=entity, code=entity.code, kind=code_kind(entity.code), marks=marks)
    note_source(source, entity.code, values, at(), entity=entity)
    emit(
        stream=f"entity:{entity.id}",
        subject=f"entity:{entity.id}",
        data={"id": str(entity.id), "source": source},
        private={"facts": values},
        agency=agency,
        district=district,
    )
    return entity


@act("registry.entity_corrected")
def correct_entity(actor: Actor, entity_id: uuid.UUID, *, rev: int, source: str = TYPED, **texts: str) -> Entity:
    """Correct facts by hand (not the code: :func:`change_code`). An empty text erases, but for the name.

    Raises ``NotFound``, ``Denied``, ``Stale``, ``Invalid``.
    """
    entity = locked(Entity, entity_id, actor, EDIT, rev)
    _not_merged(entity)
    if "code" in texts:
        raise Invalid({"code": [_("代码请通过“变更代码”修改。")]})
    values, _marks = _read(texts)
    columns = _columns(values)
    for name, text in texts.items():
        if says_nothing(text.strip()):
            columns.update({column: _empty(column) for column in FIELDS[name].columns})
    changed = changes(entity, columns)
    if not changed:
        raise Invalid({"": [_("没有任何改动。")]})
    if "name" in changed:
        today = at().astimezone(SHANGHAI).date()
        EntityName.objects.create(entity=entity, name=entity.name, ends=today)
    _write(entity, columns)
    note_source(source, entity.code, values, at(), entity=entity)
    emit(
        stream=f"entity:{entity.id}",
        subject=f"entity:{entity.id}",
        data={"id": str(entity.id), "columns": sorted(changed), "source": source},
        private={"changes": changed},
        agency=entity.agency,
        district=entity.district,
    )
    return entity


@act("registry.entity_code_changed")
def change_code(
    actor: Actor, entity_id: uuid.UUID, *, rev: int, code: str, begins: date, marks: tuple[str, ...] = ()
) -> Entity:
    """Give an entity another code from ``begins`` on; the old one stays known.

    Raises ``NotFound``, ``Denied``, ``Stale``, ``Invalid``, ``Refused`` where another entity bears the code.
    """
    entity = locked(Entity, entity_id, actor, EDIT, rev)
    _not_merged(entity)
    values, read_marks = _read({"code": code})
    fresh = str(values["code"])
    if fresh == entity.code:
        raise Invalid({"code": [_("新代码与现有代码相同。")]})
    if EntityCode.objects.filter(code=fresh).exists():
        raise Refused(_taken(fresh))
    before = entity.code
    EntityCode.objects.filter(entity=entity, ends=None).update(ends=begins)
    EntityCode.objects.create(
        entity=entity, code=fresh, kind=code_kind(fresh), begins=begins, marks=[*read_marks, *marks]
    )
    _write(entity, {"code": fresh})
    emit(
        stream=f"entity:{entity.id}",
        subject=f"entity:{entity.id}",
        data={"id": str(entity.id), "kind": code_kind(fresh)},
        private={"changes": {"code": (before, fresh)}},
        agency=entity.agency,
        district=entity.district,
    )
    return entity


@act("registry.entities_merged")
def merge_entities(actor: Actor, entity_id: uuid.UUID, *, rev: int, into: uuid.UUID, reason: str) -> Entity:
    """Declare that two entities are one: the first stays, pointing at ``into``, and is no longer changed.

    Raises ``NotFound``, ``Denied``, ``Stale``, ``Invalid``, ``Refused`` where either is merged already.
    """
    if entity_id == into:
        raise Invalid({"into": [_("不能与自身合并。")]})
    # Both rows in the order of their ids, so that two merges of the same pair can't wait for each other.
    for pk in sorted((entity_id, into)):
        locked(Entity, pk, actor, EDIT)
    entity, target = locked(Entity, entity_id, actor, EDIT, rev), locked(Entity, into, actor, EDIT)
    _not_merged(entity)
    _not_merged(target)
    if not reason.strip():
        raise Invalid({"reason": [_("请写明合并的理由。")]})
    _write(entity, {})
    emit(
        stream=f"entity:{entity.id}",
        subject=f"entity:{entity.id}",
        data={"merged": str(entity.id), "into": str(into), "reason": reason},
        agency=entity.agency,
        district=entity.district,
    )
    entity.refresh_from_db()
    return entity


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
    """Enter who stands for an entity. Name and number are kept encrypted; the number finds the person again.

    Raises ``NotFound``, ``Denied``, ``Invalid`` (which never repeats the number).
    """
    entity = locked(Entity, entity_id, actor, EDIT)
    errors = {}
    if role not in EntityPerson.Role.values:
        errors["role"] = [_("请选择职务。")]
    if not name.strip():
        errors["name"] = [_("请填写姓名。")]
    if number and not _is_resident(number, at().astimezone(SHANGHAI).date()):
        errors["number"] = [_("公民身份号码不正确，请核对。")]
    if errors:
        raise Invalid(errors)
    person = _person(entity, name.strip(), number)
    place = EntityPerson.objects.create(entity=entity, person=person, role=role, begins=begins)
    emit(
        stream=f"entity:{entity.id}",
        subject=f"entity:{entity.id}",
        data={"entity": str(entity.id), "person": str(person.id), "role": role},
        agency=entity.agency,
        district=entity.district,
    )
    return place


def _read(texts: Mapping[str, str]) -> tuple[dict[str, Value], list[str]]:
    """Typed texts through the same readers as a file's cells; ``Invalid`` by field."""
    values: dict[str, Value] = {}
    marks: list[str] = []
    errors: dict[str, list[str]] = {}
    for name, text in texts.items():
        if name not in FIELDS:
            raise TypeError(f"no field {name!r}")
        if says_nothing(text.strip()):
            if FIELDS[name].required:
                errors[name] = [cell_message("required", {})]
            continue
        try:
            read = read_issued_code(text.strip()) if name == "code" else FIELDS[name].read(text.strip())
        except CellRefused as refused:
            errors[name] = [cell_message(refused.code, refused.params)]
            continue
        if "check" in read.marks:
            errors[name] = [cell_message("code-wrong-check-character", {"text": text})]
        values.update(read.values)
        marks.extend(read.marks)
    if errors:
        raise Invalid(errors)
    return values, marks


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {column: date.fromisoformat(value) if column in _DATES else value for column, value in values.items()}


def _empty(column: str) -> Any:
    return None if Entity._meta.get_field(column).null else ""


def _write(entity: Entity, columns: Mapping[str, Any]) -> None:
    for column, value in columns.items():
        setattr(entity, column, value)
    entity.rev += 1
    entity.updated_at = at()
    entity.save(update_fields=[*columns, "rev", "updated_at"])


def _not_merged(entity: Entity) -> None:
    if entity.merged_into_id:
        raise Refused(
            Refusal(
                "xz-registry-merged",
                "",
                _("“%(name)s”已并入其他主体，不能再修改。"),
                _("请到合并后的主体上操作。"),
                {"name": entity.name},
            )
        )


def _taken(code: str) -> Refusal:
    return Refusal(
        "xz-registry-code-once",
        "",
        _("代码 %(code)s 已登记在另一主体名下。"),
        _("请核对代码；若两者是同一主体，请合并。"),
        {"code": code},
    )


def _is_resident(number: str, today: date) -> bool:
    try:
        resident(number, today)
    except ResidentNumberError:
        return False
    return True


def _person(entity: Entity, name: str, number: str) -> Person:
    known = person_hashes(number) if number else []
    found = Person.objects.filter(district=entity.district, lookup__in=known).first() if known else None
    if found is not None:
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
