"""Delivering the outbox: at least once, under one Message-ID or key, so that twice is seen as once.

A batch is reserved first (its ``next_try_at`` moves on), then sent without any transaction held open, then each
result is noted by its act. A crash between sending and noting sends again, under the same reference.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.jobs.registry import Budget

from . import queries, services, sms
from .models import Channel, Message, State

ACTOR = system("notify")
BATCH = 50
#: longer than a batch may take; a reserved message of a crashed worker is taken up again after it
RESERVED = timedelta(minutes=10)
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=6)
ATTEMPTS = 8
#: what SMTP says when the same mail would be refused again
PERMANENT = range(500, 600)


@dataclass(frozen=True)
class Sent:
    """It went out."""

    reference: str


@dataclass(frozen=True)
class Refused:
    """It will never go out."""

    reason: str


@dataclass(frozen=True)
class Later:
    """It did not go out now."""

    reason: str


Outcome = Sent | Refused | Later


def deliver(budget: Budget) -> int:
    """Deliver what is due, one batch a channel; answers how many messages were tried."""
    return sum(
        sender(reserve(channel), budget) for channel, sender in SENDERS.items() if queries.sendable(channel)
    )


def reserve(channel: Channel) -> list[Message]:
    """Up to a batch of due messages, which nobody else will take for a while."""
    now = clock.now()
    due = Message.objects.filter(state=State.QUEUED, channel=channel, next_try_at__lte=now).order_by("id")
    if not due.exists():
        return []
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        batch = list(due.select_for_update(skip_locked=skip)[:BATCH])
        Message.objects.filter(pk__in=[m.pk for m in batch]).update(next_try_at=now + RESERVED)
    return batch


def message_id(message: Message) -> str:
    """The mail's Message-ID: the same in every attempt."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.pk}@{domain}>"


def _send_mails(batch: list[Message], budget: Budget) -> int:
    if not batch:
        return 0
    server = get_connection(timeout=20)
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        for message in batch:
            note(message, Later(_said(error)))
        return len(batch)
    try:
        return _each(batch, budget, lambda message: _send_mail(server, message))
    finally:
        server.close()


def _send_mail(server: BaseEmailBackend, message: Message) -> Outcome:
    reference = message_id(message)
    mail = EmailMessage(
        message.subject, message.body, to=[message.address], headers={"Message-ID": reference}, connection=server
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        said = f"{code} {text.decode(errors='replace')}"
        return Refused(said) if code in PERMANENT else Later(said)
    except smtplib.SMTPResponseException as error:
        return Refused(_said(error)) if error.smtp_code in PERMANENT else Later(_said(error))
    except (OSError, smtplib.SMTPException) as error:
        server.close()
        return Later(_said(error))
    return Sent(reference)


def _send_texts(batch: list[Message], budget: Budget) -> int:
    return _each(batch, budget, _send_text)


def _send_text(message: Message) -> Outcome:
    try:
        receipt = sms.provider().send(message.address, message.template, message.params, key=str(message.pk))
    except sms.TryLater as error:
        return Later(str(error))
    return Sent(receipt.reference) if receipt.accepted else Refused(receipt.reason)


def _each(batch: list[Message], budget: Budget, send: Callable[[Message], Outcome]) -> int:
    """Send and note one by one; what the budget leaves over is given back."""
    for tried, message in enumerate(batch):
        if budget.spent():
            left = [m.pk for m in batch[tried:]]
            Message.objects.filter(pk__in=left).update(next_try_at=clock.now())
            return tried
        note(message, send(message))
    return len(batch)


def note(message: Message, outcome: Outcome) -> None:
    """Write down what became of an attempt; servers like to quote the address, which reasons must not hold."""
    if isinstance(outcome, Sent):
        services.record_sent(ACTOR, message.pk, reference=outcome.reference)
        return
    reason = outcome.reason.replace(message.address, "…")
    if isinstance(outcome, Refused) or message.attempts + 1 >= ATTEMPTS:
        services.record_failed(ACTOR, message.pk, reason=reason)
    else:
        attempts = message.attempts + 1
        wait = min(LONGEST_DELAY, FIRST_DELAY * 4 ** (attempts - 1))
        Message.objects.filter(pk=message.pk, state=State.QUEUED).update(
            attempts=attempts, next_try_at=clock.now() + wait, error=reason[:300]
        )


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    return f"{type(error).__name__}: {error}"


SENDERS: dict[Channel, Callable[[list[Message], Budget], int]] = {
    Channel.MAIL: _send_mails,
    Channel.SMS: _send_texts,
}
