"""Deliveries carried to their channels, again and again until acknowledged; terms that ended."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.jobs.context import JobContext
from xiezhi.jobs.registry import Budget, loop, periodic

from . import channels, services
from .codes import STANDING, Change, DeliveryState, State
from .models import Delivery, Publication

ACTOR = system("disclosure")
BATCH = 50
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=6)
#: longer than one delivery may take: another worker leaves it alone meanwhile
RESERVED = timedelta(minutes=10)
log = structlog.get_logger(__name__)


@loop("disclosure.deliver", interval=5)
def deliver(budget: Budget) -> int:
    """Carry what is due; answers how many were tried."""
    tried = 0
    for key in _due():
        if budget.spent():
            break
        carry(key)
        tried += 1
    return tried


@periodic("disclosure.expire", title=_("公示期满的撤下"), daily="00:20")
def expire(ctx: JobContext) -> dict[str, Any]:
    """Take down what has stood its term, or gave way to a newer version."""
    ended = Q(expires_on__lt=clock.today()) | Q(source_change=Change.REPLACED)
    keys = list(Publication.objects.filter(ended, state__in=STANDING).values_list("pk", flat=True))
    rows = [services.expire(ACTOR, key) for key in keys]
    return {"expired": sum(1 for row in rows if row.state == State.EXPIRED)}


def carry(key: Any) -> bool:
    """One delivery, outside of any transaction; True where it was acknowledged."""
    row = Delivery.objects.select_related("publication").get(pk=key)
    provider = channels.CHANNELS[row.channel].deliver
    try:
        if provider is None:
            raise channels.NotDelivered(row.channel)
        data = channels.payload(row)
        receipt = provider(row, data)
        if receipt.digest != row.digest:
            raise channels.NotDelivered("digest")
    except channels.NotDelivered as error:
        delay = min(FIRST_DELAY * 2 ** min(row.tries, 10), LONGEST_DELAY)
        Delivery.objects.filter(pk=key, state=DeliveryState.WAITING).update(
            tries=F("tries") + 1, error=str(error)[:200], next_try_at=clock.now() + delay
        )
        log.warning("not_delivered", channel=row.channel, delivery=str(key), error=str(error))
        return False
    services.note_delivered(ACTOR, row.pk, digest=receipt.digest, receipt=receipt.reference)
    return True


def _due() -> list[Any]:
    now = clock.now()
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, next_try_at__lte=now).order_by("next_try_at", "pk")
    if not rows.exists():
        return []
    with transaction.atomic():
        batch = list(rows.select_for_update()[:BATCH].values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=batch).update(next_try_at=now + RESERVED)
    return batch
