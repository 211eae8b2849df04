"""Acts on officers, their certificates, leave and declared relations, and on assistants."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.people import keyed_hash
from xiezhi.people.aggregate import agency_at, demand, demand_order, hold, need, refuse, take, today
from xiezhi.people.models import Assistant, Certificate, DeclaredRelation, Leave, Officer
from xiezhi.record.acts import act, emit, unchanged

LEAVES: dict[str, str] = {
    "annual": gettext_noop("年休假"),
    "sick": gettext_noop("病假"),
    "personal": gettext_noop("事假"),
    "training": gettext_noop("脱产培训"),
    "secondment": gettext_noop("借调"),
    "other": gettext_noop("其他"),
}
RELATIONS: dict[str, str] = {
    "relative": gettext_noop("近亲属"),
    "former_employer": gettext_noop("曾任职"),
    "shareholding": gettext_noop("持股、投资"),
    "other": gettext_noop("其他可能影响公正的关系"),
}


@act("people.officer_registered")
def register_officer(actor: Actor, *, unit: str, name: str, skills: Sequence[str] = ()) -> Officer:
    """Enter an officer of the agency or division at path ``unit``."""
    need(actor, "people.manage_officers", unit)
    demand(name=name)
    place = agency_at(unit)
    officer = Officer.objects.create(
        unit=place, agency=place.path, district=place.district, name=name, skills=_codes(skills)
    )
    _emit(officer, {"officer": officer.id, "unit": unit, "skills": _codes(skills)}, {"name": name})
    return officer


@act("people.officer_changed")
def change_officer(
    actor: Actor,
    *,
    officer: uuid.UUID | str,
    rev: int,
    unit: str | None = None,
    name: str | None = None,
    skills: Sequence[str] | None = None,
) -> Officer:
    """Move him to another unit, correct his name, or set his skills; what is None stays."""
    row = _take(actor, officer, rev)
    place = agency_at(row.agency if unit is None else unit)
    need(actor, "people.manage_officers", place.path)
    row.name = row.name if name is None else name
    demand(name=row.name)
    row.unit, row.district = place, place.district
    row.save(update_fields=["name", "unit", "district"])
    kept = row.skills if skills is None else _codes(skills)
    _emit(row, {"officer": row.id, "unit": place.path, "skills": kept}, {"name": row.name})
    row.refresh_from_db()
    return row


@act("people.officer_left")
def release_officer(actor: Actor, *, officer: uuid.UUID | str, reason: str, rev: int | None = None) -> Officer:
    """He serves no more: he is drawn, sent and approves no longer; what he did stays his."""
    row = _take(actor, officer, rev)
    demand(reason=reason)
    _emit(row, {"officer": row.id}, {"reason": reason})
    row.refresh_from_db()
    return row


@act("people.certificate_recorded")
def record_certificate(
    actor: Actor,
    *,
    officer: uuid.UUID | str,
    number: str,
    scope: str,
    authority: str,
    valid_from: date,
    valid_to: date | None,
    scopes: Sequence[str] = (),
    rev: int | None = None,
) -> Certificate:
    """Enter an enforcement certificate. ``scope`` as printed; ``scopes`` codes of the fields that it covers."""
    row = _take(actor, officer, rev)
    demand(number=number, scope=scope, authority=authority)
    demand_order(valid_from, valid_to)
    if Certificate.objects.filter(authority=authority, number=number).exists():
        raise Invalid({"number": [_("该发证机关的证号 %(number)s 已登记。") % {"number": number}]})
    certificate = Certificate.objects.create(
        officer=row,
        number=number,
        scope=scope,
        scopes=_codes(scopes),
        authority=authority,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _emit(
        row,
        {
            "certificate": certificate.id,
            "officer": row.id,
            "scopes": certificate.scopes,
            "authority": authority,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
        {"number": number, "scope": scope},
    )
    return certificate


@act("people.certificate_revoked")
def revoke_certificate(
    actor: Actor, *, certificate: uuid.UUID | str, on: date, reason: str, rev: int | None = None
) -> Certificate:
    """The certificate holds no more from day ``on``."""
    row = take(Certificate, certificate)
    officer = _take(actor, row.officer_id, rev)
    demand(reason=reason)
    _emit(officer, {"certificate": row.id, "officer": officer.id, "on": on}, {"reason": reason})
    row.refresh_from_db()
    return row


@act("people.leave_recorded")
def record_leave(
    actor: Actor,
    *,
    officer: uuid.UUID | str,
    kind: str,
    valid_from: date,
    valid_to: date,
    rev: int | None = None,
) -> Leave:
    """He is not at hand from ``valid_from`` to ``valid_to``, both included."""
    row = _take(actor, officer, rev)
    demand_order(valid_from, valid_to)
    if kind not in LEAVES:
        raise Invalid({"kind": [_("请选择请假种类。")]})
    leave = Leave.objects.create(officer=row, kind=kind, valid_from=valid_from, valid_to=valid_to)
    _emit(
        row,
        {"leave": leave.id, "officer": row.id},
        {"kind": kind, "valid_from": valid_from, "valid_to": valid_to},
    )
    return leave


@act("people.leave_cancelled")
def cancel_leave(actor: Actor, *, leave: uuid.UUID | str, rev: int | None = None) -> Leave:
    """The leave was not taken."""
    row = take(Leave, leave)
    officer = _take(actor, row.officer_id)
    if row.cancelled:
        unchanged()
        return row
    hold(officer, rev)
    _emit(officer, {"leave": row.id, "officer": officer.id})
    row.refresh_from_db()
    return row


@act("people.relation_declared")
def declare_relation(
    actor: Actor,
    *,
    officer: uuid.UUID | str,
    kind: str,
    entity: str = "",
    person_number: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> DeclaredRelation:
    """He declares a tie to a firm (``entity``: its code) or to a person (``person_number``; only its keyed hash
    is kept). The officer himself may declare, and whoever manages officers.
    """
    row = take(Officer, officer)
    if not _is_self(actor.id, row):
        need(actor, "people.manage_officers", row.agency)
    if kind not in RELATIONS:
        raise Invalid({"kind": [_("请选择关系种类。")]})
    if bool(entity.strip()) == bool(person_number.strip()):
        raise Invalid({"": [_("填写单位代码或个人证件号码，二者填一项。")]})
    first = valid_from or today()
    demand_order(first, valid_to)
    relation = DeclaredRelation.objects.create(
        officer=row,
        kind=kind,
        entity=entity.strip().upper(),
        person=keyed_hash.person_hash(person_number) if person_number.strip() else "",
        valid_from=first,
        valid_to=valid_to,
    )
    _emit(
        row,
        {"relation": relation.id, "officer": row.id},
        {
            "kind": kind,
            "entity": relation.entity,
            "person": relation.person,
            "valid_from": first,
            "valid_to": valid_to,
        },
    )
    return relation


@act("people.relation_ended")
def end_relation(actor: Actor, *, relation: uuid.UUID | str, on: date, reason: str) -> DeclaredRelation:
    """The tie ended; ``on`` is its last day. Never the officer's own act: he can declare, not undeclare."""
    row = take(DeclaredRelation, relation)
    officer = take(Officer, row.officer_id)
    if _is_self(actor.person, officer):
        raise refuse(
            "xz-relation-self",
            gettext_noop("本人不能终止自己申报的利害关系。"),
            gettext_noop("请由人员管理员核实后办理。"),
        )
    need(actor, "people.manage_officers", officer.agency)
    demand(reason=reason)
    demand_order(row.valid_from, on)
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    _emit(officer, {"relation": row.id, "officer": officer.id}, {"on": on, "reason": reason})
    return row


@act("people.assistant_registered")
def register_assistant(actor: Actor, *, unit: str, name: str) -> Assistant:
    """Enter an assistant (辅助人员)."""
    need(actor, "people.manage_officers", unit)
    demand(name=name)
    place = agency_at(unit)
    row = Assistant.objects.create(unit=place, agency=place.path, district=place.district, name=name)
    _emit_assistant(row, {"assistant": row.id, "unit": unit}, {"name": name})
    return row


@act("people.assistant_left")
def release_assistant(actor: Actor, *, assistant: uuid.UUID | str, reason: str) -> Assistant:
    """The assistant works here no more."""
    row = take(Assistant, assistant)
    need(actor, "people.manage_officers", row.agency)
    demand(reason=reason)
    _emit_assistant(row, {"assistant": row.id}, {"reason": reason})
    row.refresh_from_db()
    return row


def _take(actor: Actor, officer: uuid.UUID | str, rev: int | None = None) -> Officer:
    row = take(Officer, officer)
    need(actor, "people.manage_officers", row.agency)
    hold(row, rev)
    return row


def _is_self(person: str, officer: Officer) -> bool:
    account = getattr(officer, "account", None)
    return account is not None and str(account.id) == person


def _codes(given: Sequence[str]) -> list[str]:
    return sorted({code.strip() for code in given if code.strip()})


def _emit(officer: Officer, data: dict[str, object], private: dict[str, object] | None = None) -> None:
    name = f"officer:{officer.id}"
    emit(stream=name, subject=name, data=data, private=private, agency=officer.agency, district=officer.district)


def _emit_assistant(row: Assistant, data: dict[str, object], private: dict[str, object]) -> None:
    name = f"assistant:{row.id}"
    emit(stream=name, subject=name, data=data, private=private, agency=row.agency, district=row.district)
