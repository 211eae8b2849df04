"""Who the giver of an earlier order is today: handed down to ``jobs``, which can't look up accounts itself."""

import uuid

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied

from .models import Account
from .queries.rights import actor_of


def standing_of(actor_id: str, agency: str) -> Actor | None:
    """The account's actor in that agency today; None where it may no longer act; ``LookupError``: no account."""
    try:
        account = Account.objects.filter(pk=uuid.UUID(actor_id)).first()
    except ValueError:
        account = None
    if account is None:
        raise LookupError(actor_id)
    if not account.is_active:
        return None
    try:
        return actor_of(account, agency or None)
    except Denied:
        return None
