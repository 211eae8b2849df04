"""Out to the channels: one delivery each, in the transaction of the act; the job carries them."""

from datetime import datetime

from . import channels, searching
from .codes import Action, DeliveryState
from .models import Delivery, Publication


def send(row: Publication, action: Action, digest: str, moment: datetime) -> None:
    """Let every channel that ``row`` goes to know; what waited for one is overtaken by this."""
    waiting = (DeliveryState.WAITING, DeliveryState.MANUAL)
    Delivery.objects.filter(publication=row, state__in=waiting).update(state=DeliveryState.OVERTAKEN)
    version = row.shown or row.versions.exclude(signed_event=None).first().number
    Delivery.objects.bulk_create(
        Delivery(
            publication=row,
            version=version,
            channel=channel.code,
            action=action,
            digest=digest,
            created_at=moment,
            next_try_at=moment,
            state=DeliveryState.MANUAL if channel.by_hand else DeliveryState.WAITING,
        )
        for channel in channels.of(row)
    )
    searching.let_find(row)
