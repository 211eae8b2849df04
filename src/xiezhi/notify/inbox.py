"""Messages inside the house. They leave no trace in the record: the act they tell of has its own event.

``tell`` is called inside that act and rolls back with it.
"""

import uuid
from collections.abc import Iterable

from xiezhi import clock
from xiezhi.core.actor import Actor

from .models import Notification


def tell(accounts: Iterable[str], *, kind: str, title: str, body: str = "", link: str = "", key: str) -> int:
    """Put a message into the inboxes of ``accounts`` (actor ids); an account that had ``key`` gets nothing.

    Answers how many were told. ``link`` is a path inside the site.
    """
    wanted = list(dict.fromkeys(accounts))
    had = set(Notification.objects.filter(account__in=wanted, key=key).values_list("account", flat=True))
    now = clock.now()
    fresh = [
        Notification(account=a, kind=kind, title=title[:120], body=body, link=link, key=key, created_at=now)
        for a in wanted
        if a not in had
    ]
    Notification.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def mark_read(actor: Actor, notifications: Iterable[uuid.UUID] | None = None) -> int:
    """Mark these, or all, of the actor's messages as read; answers how many were unread."""
    unread = Notification.objects.filter(account=actor.id, read_at=None)
    if notifications is not None:
        unread = unread.filter(pk__in=list(notifications))
    return unread.update(read_at=clock.now())
