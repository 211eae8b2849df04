"""Acts in the life of a permit: registered, changed, suspended, restored, revoked, expired."""

import uuid
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, Refusal, Refused
from xiezhi.core.ids import PermitNumber
from xiezhi.record.acts import act, at, emit
from xiezhi.registry.gate import EDIT, TYPED, canonical, changes, demand, locked, note_source
from xiezhi.registry.models import Entity, Permit, PermitKind, Project

# Which states a step may begin from.
_FROM = {
    "registry.permit_changed": {"valid", "suspended", "expired"},
    "registry.permit_suspended": {"valid"},
    "registry.permit_restored": {"suspended"},
    "registry.permit_revoked": {"valid", "suspended"},
    "registry.permit_expired": {"valid", "suspended"},
}
_EDITABLE = frozenset({"content", "issuer", "valid_until"})


@act("registry.permit_registered")
def register_permit(
    actor: Actor,
    *,
    agency: str,
    district: str,
    kind: str,
    number: str,
    entity_id: uuid.UUID,
    issuer: str,
    issued_on: date,
    valid_until: date | None = None,
    project_id: uuid.UUID | None = None,
    content: str = "",
    source: str = TYPED,
) -> Permit:
    """Enter a permit. A construction permit names its project. A number of unusual form is taken and marked.

    ``Denied``, ``Invalid``, ``Refused`` where the number is entered already.
    """
    demand(actor, EDIT, agency)
    entity = Entity.objects.visible_to(actor).filter(pk=entity_id).first()
    project = Project.objects.visible_to(actor).filter(pk=project_id).first() if project_id else None
    _check(kind, number, entity, project, issued_on, valid_until)
    if Permit.objects.filter(district=district, kind=kind, number=number).exists():
        raise Refused(
            Refusal(
                "xz-registry-permit-once",
                "",
                _("许可编号 %(number)s 已登记。"),
                _("请打开已有的许可，或核对编号。"),
                {"number": number},
            )
        )
    columns = {
        "kind": kind,
        "number": number,
        "issuer": issuer,
        "content": content,
        "issued_on": issued_on,
        "valid_until": valid_until,
    }
    permit = Permit.objects.create(
        agency=agency,
        district=district,
        entity=entity,
        project=project,
        unverified=kind == PermitKind.CONSTRUCTION and not PermitNumber.holds(number),
        created_at=at(),
        **columns,
    )
    facts = columns | {"entity": entity_id, "project": project_id}
    note_source(source, number, facts, at(), permit=permit)
    emit(
        **_about(permit),
        data={"id": str(permit.id), "source": source},
        private={"facts": {name: canonical(value) for name, value in facts.items()}},
    )
    return permit


@act("registry.permit_changed")
def change_permit(
    actor: Actor, permit_id: uuid.UUID, *, rev: int, on: date, document: str = "", **facts: Any
) -> Permit:
    """Change content, issuer or ``valid_until`` from ``on``. ``Invalid``, ``Refused``, ``Stale``.

    An expired permit whose extension was entered late is valid again, if it now lasts beyond this day.
    """
    permit = _step(actor, permit_id, rev, "registry.permit_changed")
    if unknown := set(facts) - _EDITABLE:
        raise Invalid({name: [_("此项不能变更。")] for name in sorted(unknown)})
    changed = changes(permit, facts)
    if not changed:
        raise Invalid({"": [_("没有任何改动。")]})
    valid_until = facts.pop("valid_until", permit.valid_until)
    _check_change(permit, valid_until, facts)
    for column, value in facts.items():
        setattr(permit, column, value)
    permit.save(update_fields=[*facts])
    note_source(TYPED, permit.number, facts | {"valid_until": valid_until}, at(), permit=permit)
    emit(
        **_about(permit),
        data={
            "id": str(permit.id),
            "columns": sorted(changed),
            "valid_until": canonical(valid_until),
            "document": document,
            "on": on.isoformat(),
            "state": Permit.State.VALID if permit.state == Permit.State.EXPIRED else None,
        },
        private={"changes": changed},
    )
    permit.refresh_from_db()
    return permit


@act("registry.permit_suspended")
def suspend_permit(
    actor: Actor, permit_id: uuid.UUID, *, rev: int, on: date, reason: str, document: str = ""
) -> Permit:
    """暂扣 from ``on``. ``Invalid`` without a reason, ``Refused`` unless it is valid."""
    return _move(actor, permit_id, rev, "registry.permit_suspended", on, reason, document)


@act("registry.permit_restored")
def restore_permit(
    actor: Actor, permit_id: uuid.UUID, *, rev: int, on: date, reason: str, document: str = ""
) -> Permit:
    """End a suspension. ``Refused`` unless it is suspended."""
    return _move(actor, permit_id, rev, "registry.permit_restored", on, reason, document)


@act("registry.permit_revoked")
def revoke_permit(
    actor: Actor, permit_id: uuid.UUID, *, rev: int, on: date, reason: str, document: str = ""
) -> Permit:
    """撤销或吊销 from ``on``. ``Refused`` where it is over already."""
    return _move(actor, permit_id, rev, "registry.permit_revoked", on, reason, document)


@act("registry.permit_expired")
def expire_permit(actor: Actor, permit_id: uuid.UUID, *, rev: int, on: date) -> Permit:
    """The day after ``valid_until`` has come. ``Refused`` where ``on`` is not yet past it."""
    permit = _step(actor, permit_id, rev, "registry.permit_expired")
    if permit.valid_until is None or on <= permit.valid_until:
        raise Refused(
            Refusal(
                "xz-registry-permit-running",
                "",
                _("许可 %(number)s 仍在有效期内。"),
                _("有效期届满后再作过期处理。"),
                {"number": permit.number},
            )
        )
    emit(**_about(permit), data={"id": str(permit.id), "reason": "", "document": "", "on": on.isoformat()})
    permit.refresh_from_db()
    return permit


def _move(actor: Actor, permit_id: uuid.UUID, rev: int, step: str, on: date, reason: str, document: str) -> Permit:
    permit = _step(actor, permit_id, rev, step)
    if not reason.strip():
        raise Invalid({"reason": [_("请写明理由。")]})
    if on < permit.issued_on:
        raise Invalid({"on": [_("日期早于发证日期。")]})
    emit(
        **_about(permit),
        data={"id": str(permit.id), "reason": reason, "document": document, "on": on.isoformat()},
    )
    permit.refresh_from_db()
    return permit


def _step(actor: Actor, permit_id: uuid.UUID, rev: int, step: str) -> Permit:
    permit = locked(Permit, permit_id, actor, EDIT, rev)
    if permit.state not in _FROM[step]:
        raise Refused(
            Refusal(
                "xz-registry-permit-step",
                "",
                _("许可现为“%(now)s”，不能作此处理。"),
                _("请核对许可的现状。"),
                {"now": permit.get_state_display()},
            )
        )
    permit.rev += 1
    permit.save(update_fields=["rev"])
    return permit


def _check(
    kind: str,
    number: str,
    entity: Entity | None,
    project: Project | None,
    issued_on: date,
    valid_until: date | None,
) -> None:
    errors = {}
    if kind not in PermitKind.values:
        errors["kind"] = [_("请选择许可种类。")]
    if not number.strip():
        errors["number"] = [_("请填写许可编号。")]
    if entity is None:
        errors["entity"] = [_("请选择持证单位。")]
    if kind == PermitKind.CONSTRUCTION and project is None:
        errors["project"] = [_("施工许可证须对应工程项目。")]
    if valid_until is not None and valid_until < issued_on:
        errors["valid_until"] = [_("有效期不能早于发证日期。")]
    if errors:
        raise Invalid(errors)


def _check_change(permit: Permit, valid_until: date | None, facts: dict[str, Any]) -> None:
    errors = {}
    if valid_until is not None and valid_until < permit.issued_on:
        errors["valid_until"] = [_("有效期不能早于发证日期。")]
    elif permit.state == Permit.State.EXPIRED and valid_until and valid_until < clock.day(at()):
        errors["valid_until"] = [_("许可已过期；延续时请填写新的有效期。")]
    if not str(facts.get("issuer", permit.issuer)).strip():
        errors["issuer"] = [_("请填写发证机关。")]
    if errors:
        raise Invalid(errors)


def _about(permit: Permit) -> dict[str, str]:
    name = f"permit:{permit.id}"
    return {"stream": name, "subject": name, "agency": permit.agency, "district": permit.district}
