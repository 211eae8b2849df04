"""Ordering messages that leave the house, and noting what became of them."""

import hashlib
import re
import uuid
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from xiezhi.core import canonical
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound
from xiezhi.record.acts import act, at, emit, unchanged

from . import queries
from .models import Channel, Message, State

MOBILE = re.compile(r"1[3-9][0-9]{9}")
REQUEUE = "notify.requeue"


@act("notify.ordered")
def send_mail(actor: Actor, *, key: str, to: str, subject: str, body: str, about: str = "") -> Message:
    """Order a mail (plain text); the same ``key`` again changes nothing and answers the first."""
    try:
        validate_email(to)
    except ValidationError:
        raise Invalid({"to": [_("电子邮件地址不正确。")]}) from None
    if not subject.strip() or "\n" in subject or "\r" in subject:
        raise Invalid({"subject": [_("邮件主题应为一行文字。")]})
    message = Message(channel=Channel.MAIL, key=key, address=to, subject=subject, body=body, about=about)
    return _order(actor, message, {"subject": subject, "body": body})


@act("notify.ordered")
def send_sms(
    actor: Actor, *, key: str, number: str, template: str, params: Mapping[str, str], about: str = ""
) -> Message:
    """Order a text message from a template the service knows; the same ``key`` again changes nothing."""
    if not MOBILE.fullmatch(number):
        raise Invalid({"number": [_("手机号码应为 11 位数字。")]})
    message = Message(
        channel=Channel.SMS, key=key, address=number, template=template, params=dict(params), about=about
    )
    return _order(actor, message, {"template": template, "params": dict(params)})


def _order(actor: Actor, message: Message, content: Mapping[str, object]) -> Message:
    found = Message.objects.filter(key=message.key).first()
    if found is not None:
        unchanged()
        return found
    message.agency, message.district = actor.agency, actor.district
    message.created_at = message.next_try_at = at()
    message.save(force_insert=True)
    emit(
        stream=f"message:{message.pk}",
        subject=f"message:{message.pk}",
        data={
            "message": str(message.pk),
            "channel": message.channel,
            "key": message.key,
            "about": message.about,
            "content_hash": hashlib.sha256(canonical.encode(content)).hexdigest(),
            "sendable": queries.sendable(Channel(message.channel)),
        },
        private={"address": message.address},
    )
    message.refresh_from_db()
    return message


@act("notify.sent")
def record_sent(actor: Actor, message_id: uuid.UUID, *, reference: str) -> None:
    """The message went out; ``reference`` is what the other side knows it by."""
    message = _locked(message_id)
    if message.state == State.SENT:
        unchanged()
        return
    attempts = message.attempts + 1
    Message.objects.filter(pk=message_id).update(attempts=attempts, reference=reference, error="")
    data = {"message": str(message_id), "reference": reference, "attempts": attempts}
    emit(stream=f"message:{message_id}", subject=f"message:{message_id}", data=data, **_scope(message))


@act("notify.failed")
def record_failed(actor: Actor, message_id: uuid.UUID, *, reason: str) -> None:
    """The message will not go out: the other side refused it, or the attempts are used up."""
    message = _locked(message_id)
    attempts = message.attempts + 1
    Message.objects.filter(pk=message_id).update(attempts=attempts, error=reason[:300])
    data = {"message": str(message_id), "reason": reason[:300], "attempts": attempts}
    emit(stream=f"message:{message_id}", subject=f"message:{message_id}", data=data, **_scope(message))


@act("notify.requeued")
def requeue(actor: Actor, message_id: uuid.UUID) -> Message:
    """Try an unsent or failed message again; ``NotFound``, ``Denied``, ``Invalid`` where nothing could send it."""
    if not queries.visible_to(actor).filter(pk=message_id).exists():
        raise NotFound(f"message {message_id}")
    message = _locked(message_id)
    if not actor.may(REQUEUE, message.agency):
        raise Denied(REQUEUE, message.agency)
    if not queries.sendable(Channel(message.channel)):
        raise Invalid({"": [_("尚未配置发送服务，请先由系统管理员配置。")]})
    if message.forgotten_at is not None:
        raise Invalid({"": [_("收件地址已按保存期限清除，请重新提交消息。")]})
    if message.state not in (State.UNSENT, State.FAILED):
        unchanged()
        return message
    Message.objects.filter(pk=message_id).update(attempts=0, next_try_at=at(), error="")
    data = {"message": str(message_id)}
    emit(stream=f"message:{message_id}", subject=f"message:{message_id}", data=data, **_scope(message))
    message.refresh_from_db()
    return message


def _locked(message_id: uuid.UUID) -> Message:
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NotFound(f"message {message_id}")
    return message


def _scope(message: Message) -> dict[str, str]:
    return {"agency": message.agency, "district": message.district}
