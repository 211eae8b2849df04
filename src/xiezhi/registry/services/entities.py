"""Acts on entities: register, correct, give another code."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, Refusal, Refused
from xiezhi.record.acts import act, at, emit
from xiezhi.registry.gate import EDIT, TYPED, changes, code_kind, demand, locked, not_merged, note_source, rewrite
from xiezhi.registry.importing.fields import FIELDS, Value, entity_kind, read_issued_code, says_nothing
from xiezhi.registry.importing.messages import cell_message
from xiezhi.registry.importing.problems import CellRefused
from xiezhi.registry.models import Entity, EntityCode, EntityName
from xiezhi.registry.searching import let_find

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
    let_find(entity)
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
    not_merged(entity)
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
        today = clock.day(at())
        EntityName.objects.create(entity=entity, name=entity.name, ends=today)
    rewrite(entity, columns)
    note_source(source, entity.code, values, at(), entity=entity)
    let_find(entity)
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
    not_merged(entity)
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
    rewrite(entity, {"code": fresh})
    let_find(entity)
    emit(
        stream=f"entity:{entity.id}",
        subject=f"entity:{entity.id}",
        data={"id": str(entity.id), "kind": code_kind(fresh)},
        private={"changes": {"code": (before, fresh)}},
        agency=entity.agency,
        district=entity.district,
    )
    return entity


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


def _taken(code: str) -> Refusal:
    return Refusal(
        "xz-registry-code-once",
        "",
        _("代码 %(code)s 已登记在另一主体名下。"),
        _("请核对代码；若两者是同一主体，请合并。"),
        {"code": code},
    )
