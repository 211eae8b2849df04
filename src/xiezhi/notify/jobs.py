"""The loop that delivers, and the nightly forgetting of addresses and texts that no step needs any more."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.jobs.context import JobContext
from xiezhi.jobs.registry import Budget, loop, periodic

from . import delivery
from .models import Message, Notification, State

KEEP = timedelta(days=180)


@loop("notify.deliver", interval=2.0)
def deliver(budget: Budget) -> int:
    """Send what is due."""
    return delivery.deliver(budget)


@periodic("notify.forget", daily="03:10", title=_("清除过期消息的地址和内容"))
def forget(ctx: JobContext) -> dict[str, Any]:
    """Empty address and text of messages half a year old, and drop old inbox messages that were read."""
    before = clock.now() - KEEP
    ended = Message.objects.exclude(state=State.QUEUED).filter(forgotten_at=None, created_at__lt=before)
    forgotten = ended.update(address="", subject="", body="", params={}, forgotten_at=clock.now())
    dropped, _details = Notification.objects.filter(read_at__lt=before).delete()
    return {"forgotten": forgotten, "dropped": dropped}
