"""Reading messages."""

from django.conf import settings
from django.db.models import Q, QuerySet

from xiezhi.core.actor import Actor

from . import sms
from .models import Channel, Message, Notification

READ = "notify.read"


def inbox(actor: Actor) -> "QuerySet[Notification]":
    """The actor's own messages, newest first."""
    return Notification.objects.filter(account=actor.id).order_by("-created_at", "-id")


def unread(actor: Actor) -> int:
    """How many of them he has not read."""
    return Notification.objects.filter(account=actor.id, read_at=None).count()


def visible_to(actor: Actor) -> "QuerySet[Message]":
    """Outgoing messages of the agencies in which the actor holds ``notify.read``."""
    seen = Q(pk__in=[])
    for path in actor.paths(READ):
        if path == "/":
            return Message.objects.all()
        seen |= Q(agency__startswith=path)
    return Message.objects.filter(seen)


def sendable(channel: Channel) -> bool:
    """Is there a server or service for this channel?"""
    return bool(settings.EMAIL_HOST) if channel == Channel.MAIL else sms.provider().configured
