"""News upward: an upper app follows events of lower ones, at least once an event, in the log's order.

    follow("disclosure.withdraw", ["people.letter_revoked"], on_letter_revoked)    # in reactions.py

The handler gets the canonical event and runs in one transaction with its cursor; acts inside it name the event as
their cause, and it must be idempotent by event id.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from xiezhi.core import canonical

from .acts import caused_by
from .models import Cursor, Sequence
from .sequencer import sealed_size

Handler = Callable[[Mapping[str, Any]], None]
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Follower:
    """``name`` is stable: the cursor is kept under it."""

    name: str
    types: frozenset[str]
    handle: Handler


FOLLOWERS: dict[str, Follower] = {}


def follow(name: str, types: Iterable[str], handle: Handler) -> None:
    """Register a follower; a name twice is a bug."""
    if name in FOLLOWERS and FOLLOWERS[name].handle is not handle:
        raise ValueError(f"follower {name} is registered twice")
    FOLLOWERS[name] = Follower(name, frozenset(types), handle)


def relay(limit: int = 500) -> int:
    """Hand each follower up to ``limit`` events past its cursor; answers how many were looked at.

    A handler that fails stops its own follower at that event until the next round; the others go on.
    """
    return sum(_serve(follower, limit) for follower in FOLLOWERS.values())


def lags() -> dict[str, int]:
    """How many sealed events each follower has still to be handed."""
    size = sealed_size(str(settings.LOG_ORIGIN))
    read = dict(Cursor.objects.values_list("name", "index"))
    return {name: max(0, size - read.get(name, 0)) for name in FOLLOWERS}


def _serve(follower: Follower, limit: int) -> int:
    origin = str(settings.LOG_ORIGIN)
    cursor, _ = Cursor.objects.get_or_create(name=follower.name, defaults={"log": origin})
    rows = list(
        Sequence.objects.filter(log=origin, index__gte=cursor.index)
        .order_by("index")
        .values_list("index", "event_id", "event__type", "event__body__data")[:limit]
    )
    done = cursor.index
    for index, event_id, type_, text in rows:
        if type_ in follower.types and text is not None and not _hand(follower, index, event_id, text):
            break
        done = index + 1
    Cursor.objects.filter(pk=follower.name, index__lt=done).update(index=done)
    return done - cursor.index


def _hand(follower: Follower, index: int, event_id: uuid.UUID, text: str) -> bool:
    try:
        with transaction.atomic():
            cursor = Cursor.objects.select_for_update().get(pk=follower.name)
            if cursor.index > index:
                return True
            with caused_by(event_id):
                follower.handle(canonical.decode(text.encode()))  # type: ignore[arg-type]
            Cursor.objects.filter(pk=follower.name).update(index=index + 1)
    except Exception:
        log.exception("follower_failed", follower=follower.name, event_id=str(event_id))
        return False
    return True
