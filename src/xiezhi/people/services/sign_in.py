"""Acts around the door: sign-ins, lock-outs, revoked sessions, authenticators. All lie in ``access:`` streams.

Failures are counted, never named: one event a lock-out, and the count of failures before a sign-in.
"""

import uuid

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_noop

from xiezhi.core.actor import Actor
from xiezhi.people.account_places import end_sessions, reach_of, stream_of
from xiezhi.people.aggregate import need, refuse, take
from xiezhi.people.models import Account
from xiezhi.record.acts import act, emit, unchanged


@act("people.signed_in")
def note_sign_in(actor: Actor, *, account: uuid.UUID | str, method: str, failures: int = 0) -> Account:
    """``account`` signed in by ``method`` (password, totp, recovery, oidc), after ``failures`` that failed."""
    row = take(Account, account)
    _emit(row, {"account": row.id, "method": method, "failures": failures})
    return row


@act("people.sign_in_locked")
def note_lockout(actor: Actor, *, username: str, failures: int) -> None:
    """Too many failures from one place for one user name. The name itself is not recorded."""
    row = Account.objects.filter(username__iexact=username).first()
    data = {"account": row.id if row else None, "failures": failures}
    if row is not None:
        _emit(row, data)
    else:
        emit(stream="access:sign-in", subject="access:sign-in", data=data, agency="", district="")


@act("people.sessions_revoked")
def revoke_sessions(actor: Actor, *, account: uuid.UUID | str, sessions: list[int] | None = None) -> int:
    """End sessions of the account: one's own, or as its administrator on all its paths. Returns how many."""
    row = take(Account, account)
    if str(row.id) != actor.id:
        _need_all(actor, row)
    ended = end_sessions(row, sessions)
    if not ended:
        unchanged()
        return 0
    _emit(row, {"account": row.id, "sessions": ended})
    return ended


@act("people.authenticator_changed")
def note_authenticator_change(actor: Actor, *, account: uuid.UUID | str, change: str, kind: str) -> Account:
    """An authenticator was added, removed or renewed (``change``); ``kind``: totp, recovery_codes."""
    row = take(Account, account)
    _emit(row, {"account": row.id, "change": change, "kind": kind})
    return row


@act("people.authenticator_changed")
def reset_authenticator(actor: Actor, *, account: uuid.UUID | str) -> Account:
    """An administrator removes a lost authenticator with its recovery codes; every session ends. Not one's own."""
    row = take(Account, account)
    _need_all(actor, row)
    if str(row.id) == actor.person:
        raise refuse(
            "xz-account-self",
            gettext_noop("不能重置自己的动态口令。"),
            gettext_noop("凭恢复码登录后自行更换，或请另一位系统管理员办理。"),
        )
    rows = Authenticator.objects.filter(user=row)
    # Raw: the rows' own watcher would note it as the holder's act (sign_in_notes).
    if not rows._raw_delete(rows.db):
        unchanged()
        return row
    end_sessions(row)
    _emit(row, {"account": row.id, "change": "reset", "kind": "all"})
    return row


def _need_all(actor: Actor, account: Account) -> None:
    for path in sorted(reach_of(account)):
        need(actor, "people.manage_accounts", path)


def _emit(account: Account, data: dict[str, object]) -> None:
    unit = account.unit
    emit(
        stream=stream_of(account),
        subject=f"account:{account.id}",
        data=data,
        agency=unit.path if unit else "",
        district=unit.district if unit else "",
    )
