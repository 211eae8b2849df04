"""Where an account belongs (agency, stream) and the ending of its sessions: what several acts on accounts share."""

from allauth.usersessions.models import UserSession
from django.db.models import Q

from xiezhi.people.aggregate import today
from xiezhi.people.models import Account


def path_of(account: Account) -> str:
    """The path whose administrators look after the account; ``"/"`` for parties."""
    return account.unit.path if account.unit is not None else "/"


def reach_of(account: Account) -> set[str]:
    """Every path on which the account may act today or later, by a role or as a substitute, and its own place.

    Who resets a password could sign in with it: he must look after accounts on all of them.
    """
    ahead = Q(valid_to=None) | Q(valid_to__gte=today())
    roles = account.assignments.filter(ahead).values_list("agency", flat=True)
    kept = ahead & (Q(revoked_on=None) | Q(revoked_on__gt=today()))
    return {path_of(account), *roles, *account.authorisations_held.filter(kept).values_list("agency", flat=True)}


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
