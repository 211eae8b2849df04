"""Acts on the record itself: erasure of a body, rotation of keys, repair of what is derived, the note of a reading."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound, Refusal, Refused
from xiezhi.jobs import actors

from . import keys, wrapping
from .acts import act, at, emit, unchanged
from .models import Event, EventBody, EventKey
from .replaying import Replay, mend
from .verification import Check

ERASE = "record.erase"
ROTATE = "record.rotate_keys"
#: the stream that tells of repairs
REPAIRS = "record:repairs"
#: an old wrapping key is kept at least so long after its rotation
REST = timedelta(hours=1)


@act("record.body_erased")
def erase_body(actor: Actor, event_id: uuid.UUID, *, ground: str, approver: str, whole: bool = False) -> Event:
    """Erase an event's private part and its key; with ``whole`` its public data too. The leaf hash stays.

    ground    the rule or decision that asks for it
    approver  id of the account that approved: another person, who holds the ability there himself. ``Invalid`` else
    """
    target = Event.objects.filter(pk=event_id).first()
    if target is None:
        raise NotFound(f"event {event_id}")
    place = target.agency or "/"
    if not actor.may(ERASE, place):
        raise Denied(ERASE, target.agency)
    if target.type == "record.body_erased":
        raise Refused(
            Refusal(
                "xz-erasure-kept",
                "",
                gettext_noop("抹除事件本身不能抹除：没有它，被抹除的内容就无从说明是依法抹除的。"),
                gettext_noop("请抹除含有个人信息的原事件。"),
            )
        )
    if not ground.strip():
        raise Invalid({"ground": [_("请写明抹除的依据。")]})
    account = _account(approver)
    if account in {_account(actor.id), _account(actor.person)}:
        raise Invalid({"approver": [_("抹除须由另一人批准，请填写批准人。")]})
    if not _may_approve(account, place):
        raise Invalid({"approver": [_("批准人须是在用的账号，并在该机构持有“依法删除记录中的个人信息”权限。")]})
    event = emit(
        stream=f"erasure:{event_id.hex}",
        subject=f"event:{event_id.hex}",
        data={"event": str(event_id), "ground": ground, "approver": account, "whole": whole},
        agency=target.agency,
        district=target.district,
    )
    erased = {"private": None, "data": None} if whole else {"private": None}
    EventBody.objects.filter(pk=event_id).update(**erased)
    EventKey.objects.filter(pk=event_id).delete()
    return event


@act("record.wrapping_key_rotated")
def rotate_wrapping_key(actor: Actor) -> int:
    """Make a new wrapping key and rewrap under it all that any app keeps wrapped; no body is touched.

    Answers how many rows. The old key stays in the ring until :func:`forget_wrapping_keys`.
    """
    _demand(actor, ROTATE)
    key_id = wrapping.add_wrapping_key()
    count = sum(wrapping.rewrap_all().values())
    emit(stream="record:keys", subject=f"key:{key_id}", data={"key": key_id, "rewrapped": count})
    return count


@act("record.wrapping_keys_forgotten")
def forget_wrapping_keys(actor: Actor) -> list[str]:
    """Destroy every wrapping key but the current one, after rewrapping what came late; answers their ids.

    ``Refused`` within an hour of the rotation: an act that began before it may still commit under the old key.
    A backup made before holds rows under the old keys; it needs the ``wrapping.json`` that lies in it.
    """
    _demand(actor, ROTATE)
    old = wrapping.old_wrapping_keys()
    # Read after them: a rotation that is still under way has changed the ring, and its event is not to be seen yet.
    current, _key = wrapping.current_wrapping_key()
    rotations = Event.objects.filter(type="record.wrapping_key_rotated")
    recorded = not old or rotations.filter(subject=f"key:{current}").exists()
    if not recorded or rotations.filter(recorded_at__gt=at() - REST).exists():
        raise Refused(
            Refusal(
                "xz-keys-rest",
                "",
                gettext_noop("更换密钥后不足一小时，旧密钥暂不能销毁：更换前开始的业务可能仍在使用。"),
                gettext_noop("请在更换密钥满一小时后再试。"),
            )
        )
    rewrapped = sum(wrapping.rewrap_all().values())
    emit(stream="record:keys", subject=f"key:{current}", data={"keys": old, "rewrapped": rewrapped})
    transaction.on_commit(lambda: wrapping.forget_wrapping_keys(old))
    return old


@act("record.signing_key_rotated")
def rotate_signing_key(actor: Actor) -> str:
    """Let a new key sign from the next checkpoint on; answers its public form. Old ones still verify."""
    _demand(actor, ROTATE)
    public = keys.add_signing_key().encode()
    emit(stream="record:keys", subject="key:signing", data={"key": public, "rewrapped": 0})
    return public


@act("record.state_repaired")
def repair_state(actor: Actor, found: Replay, *, model: str, key: str) -> list[str]:
    """Write one derived row anew from the events; answers its mended columns, empty where none differs any more.

    ``model`` is a label and ``key`` a primary key, as ``found.differences()`` names them. The system's own act:
    an operator orders it at the command line.
    """
    if actor.kind != "system":
        raise Denied("record.repair", actor.agency)
    columns = mend(found, model, key)
    if columns:
        emit(stream=REPAIRS, subject=f"{model}:{key}"[:120], data={"model": model, "key": key, "columns": columns})
    else:
        unchanged()
    return columns


@act("record.checked")
def note_check(actor: Actor, found: Check) -> Event:
    """Record the outcome of a check of the whole record; the house's alarm answers to this event."""
    if actor.kind != "system":
        raise Denied("record.check", actor.agency)
    data = {
        "size": found.size,
        "root": found.root.hex(),
        "faults": len(found.faults),
        "tile": found.faults[0].tile if found.faults else "",
    }
    return emit(stream="record:checks", subject="record:log", data=data)


@act("record.sensitive_read")
def note_sensitive_read(actor: Actor, *, subject: str, fields: Sequence[str], purpose: str) -> Event:
    """Record that ``actor`` saw sensitive fields; in a stream of its own, so the case's chain does not grow."""
    return emit(stream=f"access:{subject}", subject=subject, data={"fields": sorted(fields), "purpose": purpose})


def _demand(actor: Actor, ability: str) -> None:
    if not actor.may(ability, actor.agency or "/"):
        raise Denied(ability, actor.agency)


def _account(actor_id: str) -> str:
    """The account's id in its one form, of ``"account:<uuid>"`` too; any other id as it is."""
    try:
        return str(uuid.UUID(actor_id.strip().removeprefix("account:")))
    except ValueError:
        return actor_id.strip()


def _may_approve(account: str, place: str) -> bool:
    try:
        approver = actors.standing(account)
    except LookupError:
        return False
    return approver is not None and approver.may(ERASE, place)
