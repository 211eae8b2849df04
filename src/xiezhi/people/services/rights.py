"""Acts on roles, their holders, and grants of single streams. Nobody gives himself anything."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.people.abilities import ABILITIES, ENFORCEMENT
from xiezhi.people.aggregate import agency_at, demand, demand_order, need, refuse, take, today
from xiezhi.people.models import Account, Grant, Role, RoleAssignment
from xiezhi.people.models.dated import on as holding_on
from xiezhi.people.roles import DEFAULT_ROLES
from xiezhi.record.acts import act, at, emit, unchanged


@act("people.role_defined")
def define_role(actor: Actor, *, code: str, name: str, abilities: Iterable[str], rev: int | None = None) -> Role:
    """Define a role, or change what it holds. A role that the actor himself holds is another's to change."""
    need(actor, "people.manage_roles", "/")
    demand(code=code, name=name)
    wanted = sorted(set(abilities))
    unknown = [ability for ability in wanted if ability not in ABILITIES]
    if unknown:
        raise Invalid({"abilities": [_("权限目录中没有：%(names)s。") % {"names": "、".join(unknown)}]})
    known = Role.objects.filter(code=code).first()
    if known is None:
        return _define(Role.objects.create(code=code, name=name), name, wanted)
    if RoleAssignment.objects.filter(holding_on(today()), role=known, account__id=_uuid(actor.person)).exists():
        raise _own_role()
    role = take(Role, known.pk, rev)
    if (role.name, role.abilities) == (name, wanted):
        unchanged()
        return role
    return _define(role, name, wanted)


@act("people.role_defined")
def install_default_roles(actor: Actor) -> list[Role]:
    """Define those of ``roles.DEFAULT_ROLES`` that aren't there yet; what was changed since is left alone."""
    need(actor, "people.manage_roles", "/")
    known = set(Role.objects.values_list("code", flat=True))
    fresh = [role for role in DEFAULT_ROLES if role.code not in known]
    if not fresh:
        unchanged()
    return [
        _define(Role.objects.create(code=role.code, name=role.name), role.name, sorted(role.abilities))
        for role in fresh
    ]


@act("people.role_assigned")
def assign_role(
    actor: Actor,
    *,
    account: uuid.UUID | str,
    role: str,
    agency: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    document: str = "",
) -> RoleAssignment:
    """Let ``account`` hold the role with code ``role`` in the subtree of ``agency`` (a path; ``"/"`` everywhere).

    Dates are days in Asia/Shanghai, both included; ``valid_from`` defaults to today.
    """
    need(actor, "people.assign_roles", agency)
    holder = take(Account, account)
    if str(holder.id) == actor.person:
        raise _own_role()
    if agency != "/":
        agency_at(agency)
    given = Role.objects.filter(code=role).first()
    if given is None:
        raise Invalid({"role": [_("没有代码为 %(code)s 的角色。") % {"code": role}]})
    if holder.kind != Account.STAFF:
        raise Invalid({"account": [_("当事人账号不能担任机构角色。")]})
    if holder.assistant_id is not None and ENFORCEMENT & set(given.abilities):
        raise refuse(
            "处罚法-42",
            gettext_noop("%(name)s是辅助人员，不能担任含执法权限的角色“%(role)s”。"),
            gettext_noop("改授不含执法权限的角色；如已取得执法资格，先登记为执法人员并登记执法证。"),
            article="《行政处罚法》第四十二条",
            name=holder.name,
            role=given.name,
        )
    first = valid_from or today()
    demand_order(first, valid_to)
    row = RoleAssignment.objects.create(
        account=holder, role=given, agency=agency, valid_from=first, valid_to=valid_to, document=document
    )
    _emit_assignment(
        row,
        "people.role_assigned",
        {
            "assignment": row.id,
            "account": holder.id,
            "role": role,
            "agency": agency,
            "valid_from": first,
            "valid_to": valid_to,
            "document": document,
        },
    )
    return row


@act("people.assignment_ended")
def end_assignment(actor: Actor, *, assignment: uuid.UUID | str, on: date, reason: str) -> RoleAssignment:
    """``on`` is the last day of the role. A later end that was set before is brought forward."""
    row = take(RoleAssignment, assignment)
    need(actor, "people.assign_roles", row.agency)
    demand(reason=reason)
    demand_order(row.valid_from, on)
    if row.valid_to is not None and row.valid_to < on:
        raise Invalid({"on": [_("角色已于 %(day)s 终止。") % {"day": row.valid_to.isoformat()}]})
    _emit_assignment(row, "people.assignment_ended", {"assignment": row.id, "valid_to": on}, {"reason": reason})
    row.refresh_from_db()
    return row


@act("people.grant_opened")
def open_grant(
    actor: Actor,
    *,
    stream: str,
    account: str,
    role: str,
    agency: str,
    begins: datetime | None = None,
    ends: datetime | None = None,
) -> Grant:
    """Let the actor with id ``account`` see the rows of ``stream``, which belongs to agency path ``agency``.

    Called by the app that owns the stream, within its own act. Times are aware; opening again sets the end anew.
    """
    need(actor, "people.grant", agency)
    demand(stream=stream, account=account, role=role)
    grant, created = Grant.objects.get_or_create(
        stream=stream, actor=account, role=role, defaults={"begins": begins or at(), "ends": ends}
    )
    if not created and grant.ends == ends:
        unchanged()
        return grant
    _emit_grant(
        grant,
        agency,
        {
            "grant": grant.id,
            "stream": stream,
            "actor": account,
            "role": role,
            "begins": grant.begins,
            "ends": ends,
        },
    )
    grant.refresh_from_db()
    return grant


@act("people.grant_closed")
def close_grant(actor: Actor, *, stream: str, account: str, role: str, agency: str) -> None:
    """He no longer takes part from now on; a grant that isn't open changes nothing."""
    need(actor, "people.grant", agency)
    grant = Grant.objects.select_for_update().filter(stream=stream, actor=account, role=role).first()
    if grant is None or (grant.ends is not None and grant.ends <= at()):
        unchanged()
        return
    _emit_grant(grant, agency, {"grant": grant.id, "ends": at()})


def _define(role: Role, name: str, abilities: list[str]) -> Role:
    subject = f"role:{role.id}"
    emit(
        stream=subject,
        subject=subject,
        data={"role": role.id, "code": role.code, "name": name, "abilities": abilities},
    )
    role.refresh_from_db()
    return role


def _own_role() -> Exception:
    return refuse(
        "xz-role-self",
        gettext_noop("不能给自己授予角色，也不能修改自己担任的角色。"),
        gettext_noop("请由另一位系统管理员办理。"),
    )


def _uuid(text: str) -> uuid.UUID:
    """The account's id, or one that no account has (components have names instead)."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def _emit_assignment(
    row: RoleAssignment, type_: str, data: dict[str, object], private: dict[str, object] | None = None
) -> None:
    subject = f"account:{row.account_id}"
    emit(type_, stream=subject, subject=subject, data=data, private=private, agency=row.agency)


def _emit_grant(grant: Grant, agency: str, data: dict[str, object]) -> None:
    emit(stream=f"access:{grant.stream}"[:120], subject=f"grant:{grant.id}", data=data, agency=agency)
