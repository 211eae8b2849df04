"""Tables of messages."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi import clock


class Notification(models.Model):
    """A message inside the house, to one account.

    account  id of the actor it is for
    kind     "app.what_happened", for filters
    link     path inside the site, or empty
    key      the same key reaches an account once
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    account = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="notification_once")]
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"]),
            models.Index(fields=["account"], condition=models.Q(read_at=None), name="notification_unread"),
        ]


class Channel(models.TextChoices):
    """How a message leaves the house."""

    MAIL = "mail", gettext_lazy("电子邮件")
    SMS = "sms", gettext_lazy("短信")


class State(models.TextChoices):
    """Where an outgoing message stands; a projection of its events."""

    QUEUED = "queued", gettext_lazy("待发送")
    UNSENT = "unsent", gettext_lazy("未发送")
    SENT = "sent", gettext_lazy("已发送")
    FAILED = "failed", gettext_lazy("发送失败")


class Message(models.Model):
    """A message that leaves the house: the outbox of ``delivery``.

    key        what it is ordered under, once
    address    mail address or mobile number; emptied when ``forgotten_at`` is set
    subject    mail only; ``template`` and ``params`` SMS only
    about      "<kind>:<id>" of what it tells of, or empty
    reference  Message-ID of the mail, or the SMS service's number
    state, ended_at   written by events
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    channel = models.CharField(max_length=4, choices=Channel.choices)
    key = models.CharField(max_length=160, unique=True)
    agency = models.CharField(max_length=200, blank=True)
    district = models.CharField(max_length=6, blank=True)
    about = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    template = models.CharField(max_length=60, blank=True)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=6, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    reference = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_try_at", "id"]),
            models.Index(fields=["agency", "-id"]),
            models.Index(fields=["about", "-id"]),
        ]

    @property
    def status(self) -> str:
        """What a screen says about it."""
        if self.state == State.UNSENT:
            return _("未发送：未配置短信服务") if self.channel == Channel.SMS else _("未发送：未配置邮件服务器")
        if self.state == State.QUEUED and self.attempts:
            return _("待发送（已试 %(n)d 次）") % {"n": self.attempts}
        return str(State(self.state).label)
