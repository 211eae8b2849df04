"""Reading the record: events by scope, private parts, proofs, what the log publishes."""

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_noop

from xiezhi.core import canonical
from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound, Refusal, Refused
from xiezhi.core.tlog import merkle, proof, tiles

from . import keys, sealing
from .models import Checkpoint, Event, EventBody, Pending, Sequence
from .sequencer import tile_reader

READ = "record.read"


def visible_to(actor: Actor) -> QuerySet[Event]:
    """Events of the agencies in which the actor may read the record, and his own."""
    allowed = Q(actor=actor.id)
    for path in actor.paths(READ):
        if path == "/":
            return Event.objects.all()
        allowed |= Q(agency__startswith=path)
    return Event.objects.filter(allowed)


def envelope(event_id: uuid.UUID) -> dict[str, Any] | None:
    """The canonical event, or None where it was erased whole."""
    text = EventBody.objects.values_list("data", flat=True).get(pk=event_id)
    return None if text is None else dict(canonical.decode(text.encode()))  # type: ignore[call-overload]


def private_part(event_id: uuid.UUID) -> dict[str, Any] | None:
    """The decrypted private part; None where there is none or it was erased.

    Callers decide who may see it and note the reading (``services.note_sensitive_read``).
    """
    body = EventBody.objects.select_related("event__key").get(pk=event_id)
    if body.private is None:
        return None
    key = body.event.key
    _, value = sealing.open_private(event_id, bytes(body.private), key.key_id, bytes(key.wrapped))
    return dict(value)  # type: ignore[call-overload]


def last_of(stream: str, type_: str) -> uuid.UUID | None:
    """The newest event of a type in a stream, by id."""
    rows = Event.objects.filter(stream=stream, type=type_).order_by("-pk")
    return rows.values_list("pk", flat=True).first()


def latest_checkpoint() -> Checkpoint | None:
    """The last signed checkpoint of this installation's log."""
    return Checkpoint.objects.filter(log=settings.LOG_ORIGIN).order_by("-size").first()


@dataclass(frozen=True)
class LastCheck:
    """The last check of the whole record: when, how many faults, the tile of the first."""

    at: datetime
    faults: int
    tile: str


def last_check() -> LastCheck | None:
    """What the monitor found last; None before its first night. Says nothing about anyone."""
    event = Event.objects.filter(type="record.checked").order_by("-recorded_at", "-id").first()
    told = None if event is None else envelope(event.pk)
    if event is None or told is None:
        return None
    return LastCheck(event.recorded_at, told["data"]["faults"], told["data"]["tile"])


def waiting() -> tuple[int, datetime | None]:
    """How many events wait to be sealed, and since when the oldest does."""
    found = Pending.objects.aggregate(count=Count("pk"), since=Min("event__recorded_at"))
    return found["count"], found["since"]


@dataclass(frozen=True)
class Sealed:
    """An event as a stranger can check it: leaf = SHA-256(0x00 || salt || text), proven by ``proof``."""

    salt: bytes
    text: bytes
    proof: proof.TlogProof


def sealed(event_id: uuid.UUID) -> Sealed | None:
    """The event with its proof under the latest checkpoint; None while it waits to be sealed or is erased."""
    place = Sequence.objects.filter(event_id=event_id, log=settings.LOG_ORIGIN).first()
    head = latest_checkpoint()
    body = EventBody.objects.get(pk=event_id)
    if place is None or head is None or body.data is None:
        return None
    hashes = tiles.TileHashes(head.size, tile_reader(head.log))
    path = merkle.inclusion_proof(place.index, head.size, hashes)
    return Sealed(
        bytes(body.salt), body.data.encode(), proof.TlogProof(place.index, tuple(path), head.note.encode())
    )


EVENT_PROOF = "xiezhi-event-proof/1"


def event_proof(actor: Actor, event_id: uuid.UUID) -> dict[str, str]:
    """What a party takes home and checks with ``core/tlog/check_event.py``, whatever becomes of this house.

    :raises NotFound: there is none for this actor, or it was erased whole
    :raises Refused: it waits to be sealed
    """
    if not visible_to(actor).filter(pk=event_id, body__data__isnull=False).exists():
        raise NotFound(f"event {event_id}")
    found = sealed(event_id)
    if found is None:
        raise Refused(
            Refusal(
                "xz-record-unsealed",
                "",
                gettext_noop("该事件尚未封存（通常需要两秒），还没有证明。"),
                gettext_noop("请稍候再取；持续不成功的，请管理员检查封存服务。"),
            )
        )
    signer = found.proof.signed.decode().rpartition("\n\n")[2].split("\n")[0].split(" ")
    number = base64.b64decode(signer[2])[:4]
    vkey = next(key.encode() for key in keys.verifiers() if (key.name, key.key_id) == (signer[1], number))
    return {
        "format": EVENT_PROOF,
        "event": found.text.decode(),
        "salt": found.salt.hex(),
        "proof": found.proof.encode().decode(),
        "vkey": vkey,
    }


def sealed_at(event_id: uuid.UUID) -> datetime | None:
    """When the first checkpoint that covers the event was signed; None while it waits."""
    place = Sequence.objects.filter(event_id=event_id, log=settings.LOG_ORIGIN).first()
    if place is None:
        return None
    covering = Checkpoint.objects.filter(log=place.log, size__gt=place.index).order_by("size").first()
    return None if covering is None else covering.signed_at


def consistency(size1: int, size2: int) -> list[bytes]:
    """Hashes that show the log at ``size1`` to be a prefix of ``size2``; ``Refuted`` for sizes it never had."""
    hashes = tiles.TileHashes(size2, tile_reader(str(settings.LOG_ORIGIN)))
    return merkle.consistency_proof(size1, size2, hashes)


def public_keys() -> list[str]:
    """The verifier keys of this house in their printed form, oldest first."""
    return [key.encode() for key in keys.verifiers()]
