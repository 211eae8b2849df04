"""What is to be published, its versions, where they went, and who objects. Projected columns: ``projections``."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiezhi import clock
from xiezhi.disclosure.codes import Action, Change, DeliveryState, Ground, Kind, ObjectionState, State
from xiezhi.people.scope import Scoped

READ = "disclosure.read"
OBJECTIONS = "disclosure.objections"


class Publication(Scoped):
    """One thing that is to be, is, or was published. Its content stands in :class:`PublicationVersion`.

    subject        id of the item, plan, draw or task that it is about
    working_title  for the work list: names no target, so that it may be read before anything is public
    shown          number of the version that the public sees; 0: none
    pending        number of the version that waits for a signature; 0: none
    title, target_code, target_key, outcome, year   of the shown version, for lists and filters; "" before
    due_rule, due_from, due_on   the limit (a rule of the lawbase), the day it counts from, its last day
    source_change, source_change_event   the source changed after this was prepared or published
    expires_on     last day of the term of publication; null: none is set
    """

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.UUIDField()
    source_event = models.UUIDField()
    working_title = models.CharField(max_length=300)
    rev = models.PositiveIntegerField(default=0)

    title = models.CharField(max_length=300, blank=True)
    target_code = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    return_reason = models.CharField(max_length=300, blank=True)
    withdraw_text = models.CharField(max_length=300, blank=True)

    state = models.CharField(max_length=12, choices=State.choices, null=True)
    due_rule = models.CharField(max_length=60, blank=True)
    due_from = models.DateField(null=True)
    due_on = models.DateField(null=True)
    shown = models.PositiveSmallIntegerField(default=0)
    pending = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_ground = models.CharField(max_length=12, choices=Ground.choices, blank=True)
    source_change = models.CharField(max_length=12, choices=Change.choices, blank=True)
    source_change_event = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "agency", "kind", "subject"], name="publication_once"),
            # Public lists sort by it, and take it for filled.
            models.CheckConstraint(
                condition=Q(shown=0) | Q(published_at__isnull=False), name="publication_shown_dated"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_on", "id"]),
            models.Index(fields=["kind", "subject"]),
            models.Index(fields=["-published_at", "id"], condition=Q(shown__gt=0), name="published_all"),
            models.Index(fields=["kind", "-published_at", "id"], condition=Q(shown__gt=0), name="published_kind"),
            models.Index(fields=["agency", "-published_at", "id"], condition=Q(shown__gt=0), name="published_by"),
            models.Index(fields=["year", "-published_at", "id"], condition=Q(shown__gt=0), name="published_year"),
            models.Index(
                fields=["outcome", "-published_at", "id"], condition=Q(shown__gt=0), name="published_result"
            ),
            models.Index(fields=["target_code"], condition=~Q(target_code=""), name="published_target"),
            models.Index(fields=["-changed_at", "id"], name="publication_changes"),
        ]
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title or self.working_title


class PublicationVersion(models.Model):
    """What is shown, exactly: ``fields`` are ``[{"name", "label", "value"}]``, a value is text or a list of texts.

    digest   SHA-256 (hex) of :func:`content.of`; the signing event binds it
    reason   why the one before was corrected; published. ``waiver``: why warnings of the scan do not matter
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    fields = models.JSONField()
    digest = models.CharField(max_length=64)
    target_code = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    waiver = models.CharField(max_length=300, blank=True)

    prepared_by = models.CharField(max_length=80, blank=True)
    prepared_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_event = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "number"], name="publication_version")]
        ordering = ["-number"]


class Delivery(models.Model):
    """One message to one channel. ``tries``, ``error``, ``next_try_at`` are the machinery's, not the record's.

    digest   of the version's content, or of the withdrawal notice; the channel acknowledges by it
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="deliveries")
    version = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=20)
    action = models.CharField(max_length=10, choices=Action.choices)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    next_try_at = models.DateTimeField(null=True)

    state = models.CharField(max_length=10, choices=DeliveryState.choices)
    receipt = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_try_at"])]
        ordering = ["-created_at", "-id"]


class Objection(Scoped):
    """Someone says that what is published is wrong. Who, and in which words, stands in the event's private part.

    number   what the objector is given; unguessable, since it opens the answer
    """

    read_ability: ClassVar[str] = OBJECTIONS

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="objections")
    version = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40, unique=True)
    rev = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=10, choices=ObjectionState.choices, null=True)
    received_at = models.DateTimeField(null=True)
    received_event = models.UUIDField(null=True)
    due_rule = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_event = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "state", "due_on"])]
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.number
