"""Where an account belongs (agency, stream) and the ending of its sessions: what several acts on accounts share."""

from allauth.usersessions.models import UserSession

from xiezhi.people.models import Account


def path_of(account: Account) -> str:
    """The path whose administrators look after the account; ``"/"`` for parties."""
    return account.unit.path if account.unit is not None else "/"


def stream_of(account: Account) -> str:
    """Sign-ins and the like: apart from any case's chain."""
    return f"access:account:{account.id}"


def end_sessions(account: Account, keys: list[int] | None = None) -> int:
    """End the account's sessions (all, or those with these ids) and say how many there were."""
    rows = UserSession.objects.filter(user=account)
    ended = 0
    for session in rows if keys is None else rows.filter(pk__in=keys):
        session.end()
        ended += 1
    return ended
