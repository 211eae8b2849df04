"""Acts on accounts. Names and addresses go into the event's private part; passwords go nowhere."""

import uuid

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid
from xiezhi.people.account_places import end_sessions, path_of, reach_of
from xiezhi.people.aggregate import agency_at, demand, need, refuse, take
from xiezhi.people.models import Account, Assistant, Officer
from xiezhi.record.acts import act, emit, unchanged


@act("people.account_created")
def create_account(
    actor: Actor,
    *,
    username: str,
    name: str,
    unit: str = "",
    password: str | None = None,
    email: str = "",
    kind: str = Account.STAFF,
    officer: uuid.UUID | str | None = None,
    assistant: uuid.UUID | str | None = None,
    must_use_totp: bool = False,
    demo: bool = False,
) -> Account:
    """Open an account. Staff belong to ``unit`` (a path) and have no ability until a role is assigned.

    Without a password the account can only sign in by a linked identity (OIDC).
    """
    need(actor, "people.manage_accounts", unit or "/")
    demand(username=username, name=name)
    if (kind == Account.STAFF) != bool(unit):
        raise Invalid({"unit": [_("工作人员账号须属于一个机构，当事人账号不属于任何机构。")]})
    if Account.objects.filter(username__iexact=username).exists():
        raise Invalid({"username": [_("用户名 %(name)s 已被使用。") % {"name": username}]})
    account = Account(username=username, name=name, email=email, kind=kind, demo=demo)
    account.unit = agency_at(unit) if unit else None
    account.officer = _person(actor, Officer, officer)
    account.assistant = _person(actor, Assistant, assistant)
    _set_password(account, password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        # Another opened it at the same moment.
        raise Invalid({"username": [_("用户名 %(name)s 已被使用。") % {"name": username}]}) from None
    _emit(
        account,
        {
            "account": account.id,
            "kind": kind,
            "unit": unit,
            "officer": account.officer_id,
            "assistant": account.assistant_id,
            "must_use_totp": must_use_totp,
        },
        {"username": username, "name": name, "email": email},
    )
    account.refresh_from_db()
    return account


@act("people.account_deactivated")
def deactivate_account(actor: Actor, *, account: uuid.UUID | str, reason: str) -> Account:
    """Nobody signs in with it any more; sessions end at once. Not one's own."""
    row = _take(actor, account)
    demand(reason=reason)
    if str(row.id) == actor.person:
        raise refuse(
            "xz-account-self",
            gettext_noop("不能停用自己的账号。"),
            gettext_noop("请由另一位系统管理员办理。"),
        )
    if not row.is_active:
        unchanged()
        return row
    _emit(row, {"account": row.id}, {"reason": reason})
    end_sessions(row)
    row.refresh_from_db()
    return row


@act("people.account_activated")
def activate_account(actor: Actor, *, account: uuid.UUID | str, reason: str) -> Account:
    """A deactivated account may sign in again; its roles count as far as their dates go."""
    row = _take(actor, account)
    demand(reason=reason)
    if row.is_active:
        unchanged()
        return row
    _emit(row, {"account": row.id}, {"reason": reason})
    row.refresh_from_db()
    return row


@act("people.account_totp_set")
def demand_account_totp(actor: Actor, *, account: uuid.UUID | str, demanded: bool) -> Account:
    """Demand (or no longer demand) an authenticator of this account."""
    row = _take(actor, account)
    if row.must_use_totp == demanded:
        unchanged()
        return row
    _emit(row, {"account": row.id, "demanded": demanded})
    row.refresh_from_db()
    return row


@act("people.password_reset")
def reset_password(actor: Actor, *, account: uuid.UUID | str, password: str) -> Account:
    """An administrator sets a new password; every session of the account ends."""
    row = _take(actor, account)
    _set_password(row, password)
    row.save(update_fields=["password"])
    _emit(row, {"account": row.id})
    end_sessions(row)
    return row


@act("people.password_changed")
def change_password(actor: Actor, *, account: uuid.UUID | str, password: str) -> Account:
    """The holder himself sets a new password; the surface has checked the old one."""
    row = take(Account, account)
    if str(row.id) != actor.id:
        raise Denied("people.manage_accounts", path_of(row))
    _set_password(row, password)
    row.save(update_fields=["password"])
    _emit(row, {"account": row.id})
    return row


@act("people.identity_linked")
def link_identity(actor: Actor, *, account: uuid.UUID | str, provider: str, subject: str) -> Account:
    """Let the identity ``subject`` of the OIDC provider ``provider`` sign in as this account."""
    row = _take(actor, account)
    demand(provider=provider, subject=subject)
    other = SocialAccount.objects.filter(provider=provider, uid=subject).first()
    if other is not None and other.user_id == row.pk:
        unchanged()
        return row
    if other is not None:
        raise Invalid({"subject": [_("该统一身份已绑定另一个账号。")]})
    SocialAccount.objects.create(user=row, provider=provider, uid=subject)
    _emit(row, {"account": row.id}, {"provider": provider, "subject": subject})
    return row


@act("people.identity_unlinked")
def unlink_identity(actor: Actor, *, account: uuid.UUID | str, provider: str, subject: str) -> Account:
    """Undo :func:`link_identity`; sessions end."""
    row = _take(actor, account)
    removed, _rows = SocialAccount.objects.filter(user=row, provider=provider, uid=subject).delete()
    if not removed:
        unchanged()
        return row
    _emit(row, {"account": row.id}, {"provider": provider, "subject": subject})
    end_sessions(row)
    return row


def _take(actor: Actor, account: uuid.UUID | str) -> Account:
    row = take(Account, account)
    for path in sorted(reach_of(row)):
        need(actor, "people.manage_accounts", path)
    return row


def _person(actor: Actor, model: type, key: uuid.UUID | str | None) -> "object | None":
    if key is None:
        return None
    row = take(model, key)
    need(actor, "people.manage_accounts", row.agency)
    if hasattr(row, "account"):
        raise Invalid({model.__name__.lower(): [_("此人已有账号。")]})
    return row


def _set_password(account: Account, password: str | None) -> None:
    if password is None:
        account.set_unusable_password()
        return
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid({"password": list(error.messages)}) from error
    account.set_password(password)


def _emit(account: Account, data: dict[str, object], private: dict[str, object] | None = None) -> None:
    unit = account.unit
    emit(
        stream=f"account:{account.id}",
        subject=f"account:{account.id}",
        data=data,
        private=private,
        agency=unit.path if unit else "",
        district=unit.district if unit else "",
    )
