"""Tables of law as configuration. A row of law is never edited: what changes is a new version with its date."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiezhi import clock

UNVERIFIED = "待核"


class Kind(models.TextChoices):
    """What a row of law is; ``kinds`` says how each is read."""

    DEADLINE = "deadline", _("期限")
    VIOLATION = "violation", _("违法事项")
    FIGURE = "figure", _("数值")
    NOTICE = "notice", _("放假通知")
    MASKING = "masking", _("脱敏规则")


class Origin(models.TextChoices):
    """Who brought a version in."""

    RELEASE = "release", _("随版本发布")
    OFFICE = "office", _("本机关维护")


class LawItemQuerySet(models.QuerySet["LawItem"]):
    """Rows of law."""

    def on(self, day: date) -> "LawItemQuerySet":
        """The versions in force on ``day`` (Shanghai)."""
        begun = Q(valid_from=None) | Q(valid_from__lte=day)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gt=day), withdrawn=False)

    def current(self) -> "LawItemQuerySet":
        """The newest version of each that has not ended; it may begin only later."""
        return self.filter(valid_to=None, withdrawn=False)


class LawItem(models.Model):
    """One version of one row of law: a limit of time, a violation, a figure, a holiday notice, a masking rule.

    code      its id within the kind
    scope     where it holds: empty = everywhere, digits = a division and all below it (``"32"`` Jiangsu),
              ``"/a/b/"`` = an agency and all below it; the narrowest wins
    payload   the row as its kind reads it (``kinds``)
    digest    SHA-256 of the payload, hex
    source    key of the text it was compared with; ``MEM`` = from memory
    mark      待核 where anything in it is not compared with a text, else empty
    valid_from, valid_to   in force on days from (included) to (excluded); NULL = open. A version of a release
              that met a correction of the office is kept with both equal: never in force, but known
    confirmed, withdrawn   written by events
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=80)
    scope = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=20)
    mark = models.CharField(max_length=4, blank=True)
    origin = models.CharField(max_length=7, choices=Origin.choices)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    loaded_by = models.CharField(max_length=80)
    loaded_at = models.DateTimeField()
    confirmed = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)

    objects = LawItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "scope", "version"], name="lawitem_version"),
            models.UniqueConstraint(
                fields=["kind", "code", "scope"],
                condition=Q(valid_to=None, withdrawn=False),
                name="lawitem_one_current",
            ),
        ]
        indexes = [models.Index(fields=["kind", "mark", "confirmed", "code"])]

    @property
    def doubtful(self) -> bool:
        """Is it still 待核?"""
        return bool(self.mark) and not self.confirmed


class Confirmation(models.Model):
    """A jurist held a 待核 version against the text and found it right.

    citation      the text: name, number, article; no addresses
    source_text   the words of the text that bear it out
    consulted_on  the day on which the text was read
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    item = models.ForeignKey(LawItem, on_delete=models.PROTECT, related_name="confirmations")
    citation = models.CharField(max_length=300)
    source_text = models.TextField()
    consulted_on = models.DateField()
    remark = models.TextField(blank=True)
    confirmed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(withdrawn_at=None), name="confirmation_one_standing"
            )
        ]
