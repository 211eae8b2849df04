"""Acts on the record itself: erasure of a body, rotation of keys, the note that sensitive data were read."""

import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound

from . import keys, sealing
from .acts import act, emit
from .models import Event, EventBody, EventKey

ERASE = "record.erase"
ROTATE = "record.rotate_keys"


@act("record.body_erased")
def erase_body(actor: Actor, event_id: uuid.UUID, *, ground: str, approver: str, whole: bool = False) -> Event:
    """Erase an event's private part and its key; with ``whole`` its public data too. The leaf hash stays.

    ground    the rule or decision that asks for it; approver: the id of who approved, not the actor himself
    """
    target = Event.objects.filter(pk=event_id).first()
    if target is None:
        raise NotFound(f"event {event_id}")
    if not actor.may(ERASE, target.agency):
        raise Denied(ERASE, target.agency)
    if not ground.strip():
        raise Invalid({"ground": ["请写明抹除的依据。"]})
    if not approver or approver == actor.id:
        raise Invalid({"approver": ["抹除须由另一人批准，请填写批准人。"]})
    event = emit(
        stream=f"erasure:{event_id.hex}",
        subject=f"event:{event_id.hex}",
        data={"event": str(event_id), "ground": ground, "approver": approver, "whole": whole},
        agency=target.agency,
        district=target.district,
    )
    erased = {"private": None, "data": None} if whole else {"private": None}
    EventBody.objects.filter(pk=event_id).update(**erased)
    EventKey.objects.filter(pk=event_id).delete()
    return event


@act("record.wrapping_key_rotated")
def rotate_wrapping_key(actor: Actor) -> int:
    """Make a new wrapping key and rewrap every event key under it; no body is touched. Answers how many."""
    _demand(actor, ROTATE)
    key_id = sealing.add_wrapping_key(Path(settings.KEYS))
    count = 0
    for row in EventKey.objects.exclude(key_id=key_id).iterator(chunk_size=1000):
        row.key_id, row.wrapped = sealing.rewrap(row.key_id, bytes(row.wrapped))
        row.save(update_fields=["key_id", "wrapped"])
        count += 1
    emit(stream="record:keys", subject=f"key:{key_id}", data={"key": key_id, "rewrapped": count})
    return count


@act("record.signing_key_rotated")
def rotate_signing_key(actor: Actor) -> str:
    """Let a new key sign from the next checkpoint on; answers its public form. Old ones still verify."""
    _demand(actor, ROTATE)
    public = keys.add_signing_key().encode()
    emit(stream="record:keys", subject="key:signing", data={"key": public, "rewrapped": 0})
    return public


@act("record.sensitive_read")
def note_sensitive_read(actor: Actor, *, subject: str, fields: Sequence[str], purpose: str) -> Event:
    """Record that ``actor`` saw sensitive fields; in a stream of its own, so the case's chain does not grow."""
    return emit(stream=f"access:{subject}", subject=subject, data={"fields": sorted(fields), "purpose": purpose})


def _demand(actor: Actor, ability: str) -> None:
    if not actor.may(ability, actor.agency or "/"):
        raise Denied(ability, actor.agency)
