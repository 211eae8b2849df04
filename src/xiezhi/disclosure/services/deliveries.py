"""What a channel acknowledged: by itself, or by hand where no interface reaches it."""

import uuid

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound
from xiezhi.disclosure import gate, queries, texts
from xiezhi.disclosure.codes import DeliveryState
from xiezhi.disclosure.models import Delivery, Publication
from xiezhi.record.acts import act, emit, unchanged


@act("disclosure.delivered")
def note_delivered(actor: Actor, delivery: uuid.UUID, *, digest: str, receipt: str) -> Delivery:
    """A channel acknowledged ``digest``; once, however often it answers.

    :raises Denied: anyone but the system itself
    :raises Invalid: it acknowledged something else
    """
    gate.itself(actor)
    row = Delivery.objects.select_for_update().get(pk=delivery)
    if row.state != DeliveryState.WAITING:
        unchanged()
        return row
    if digest != row.digest:
        raise Invalid({"digest": [_("渠道回执的摘要与送出的不符。")]})
    return _note(row, receipt)


@act("disclosure.delivered")
def report_by_hand(actor: Actor, delivery: uuid.UUID, *, receipt: str) -> Delivery:
    """A person reported it to a channel that no interface reaches, and was given ``receipt``."""
    seen = Delivery.objects.filter(publication__in=queries.visible_to(actor).values("pk"))
    row = seen.select_for_update(of=("self",)).filter(pk=delivery).first()
    if row is None:
        raise NotFound(f"delivery {delivery}")
    publication = Publication.objects.get(pk=row.publication_id)
    if not actor.may(gate.PREPARE, publication.agency):
        raise Denied(gate.PREPARE, publication.agency)
    texts.demand(receipt=receipt)
    if row.state != DeliveryState.MANUAL:
        raise Invalid({"receipt": [_("该渠道不需要人工报送，或者已经登记。")]})
    return _note(row, receipt[:200])


def _note(row: Delivery, receipt: str) -> Delivery:
    emit(
        **gate.scope(Publication.objects.get(pk=row.publication_id)),
        data={
            "delivery": str(row.id),
            "publication": str(row.publication_id),
            "channel": row.channel,
            "action": row.action,
            "digest": row.digest,
            "receipt": receipt,
        },
    )
    row.refresh_from_db()
    return row
