"""Rosters and draws. Columns named in ``projections`` are written by events only."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiezhi import clock
from xiezhi.blobs.models import Blob
from xiezhi.inspection.codes import Level, Standing, State, Strata
from xiezhi.people.scope import Scoped

from .items import READ, InspectionItem


class TargetRoster(Scoped):
    """A frozen snapshot of who may be inspected for an item (检查对象名录库), as of ``frozen_at``.

    selection   the filter as it was set, for people; ``strata`` how it was parted
    """

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    item = models.ForeignKey(InspectionItem, on_delete=models.PROTECT, related_name="rosters")
    title = models.CharField(max_length=200)
    selection = models.JSONField(default=dict)
    strata = models.CharField(max_length=10, choices=Strata.choices)
    size = models.PositiveIntegerField(null=True)
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "-frozen_at"])]
        ordering = ["-frozen_at"]

    def __str__(self) -> str:
        return self.title


class RosterEntry(models.Model):
    """One target of a roster. ``target`` is its id in the registry; ``code`` what its opaque ids are made of."""

    id = models.BigAutoField(primary_key=True)
    roster = models.ForeignKey(TargetRoster, on_delete=models.PROTECT, related_name="entries")
    target = models.UUIDField(null=True)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    grade = models.CharField(max_length=10, blank=True)
    stratum = models.CharField(max_length=60)
    weight = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "code"], name="roster_code_once")]
        indexes = [models.Index(fields=["code"]), models.Index(fields=["target"])]


class DrawNumber(models.Model):
    """The last number given out by an agency in a year; the row that those who prepare a draw queue up at."""

    district = models.CharField(max_length=6)
    agency = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "agency", "year"], name="draw_number_year")]


class Draw(Scoped):
    """One run of the random selection (抽取), from its plan to the opened names.

    plan         per stratum, in announced order: method, n or ratio, coverage, reserves (``core.draw`` shape)
    sources      announced sources of randomness: label, describes, not_before (UTC ``…Z``), encoding; a witness's and
                 the system's own also commitment (``announced`` tells them apart)
    cycle        coverage cycle (name, draws, number) or null
    caps         yearly ceilings that held when it was prepared: code, limit, per (``ceilings``)
    items        looked at in the same visit beside the roster's (综合查一次)
    parent       the draw whose objects this one sends officers to (docs/dr-1.md §6); null: it draws objects
    line         of a published plan, that it rests on; an officers' draw has its parent's. Null: from before plans
                 were asked for
    root, rules_hash, seed     lower-case hex
    commitment_event, result_event, opened_event   events of the record whose proofs go into the bundle
    """

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    draw_id = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    roster = models.ForeignKey(TargetRoster, on_delete=models.PROTECT, related_name="draws")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="dispatches")
    line = models.ForeignKey("PlanLine", on_delete=models.PROTECT, null=True, related_name="resting")
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.ROUTINE)
    profile = models.CharField(max_length=12, default="dr/1")
    window_from = models.DateField()
    window_to = models.DateField()
    plan = models.JSONField()
    sources = models.JSONField()
    cycle = models.JSONField(null=True)
    caps = models.JSONField(default=list)
    items = models.ManyToManyField(InspectionItem, related_name="drawn_with")
    code_version = models.CharField(max_length=40)
    rev = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=12, choices=State.choices, null=True)
    prepared_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    root = models.CharField(max_length=64, blank=True)
    rules_hash = models.CharField(max_length=64, blank=True)
    objects_count = models.PositiveIntegerField(null=True)
    drawn_at = models.DateTimeField(null=True)
    seed = models.CharField(max_length=64, blank=True)
    drawn_count = models.PositiveIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    opened_count = models.PositiveIntegerField(default=0)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=40, blank=True)
    void_explanation = models.TextField(blank=True)
    void_document = models.CharField(max_length=80, blank=True)
    commitment_event = models.UUIDField(null=True)
    result_event = models.UUIDField(null=True)
    changes_event = models.UUIDField(null=True)
    opened_event = models.UUIDField(null=True)
    void_event = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "agency", "draw_id"], name="draw_id_once")]
        indexes = [
            models.Index(fields=["agency", "-prepared_at", "id"]),
            models.Index(
                fields=["-committed_at", "id"], condition=Q(committed_at__isnull=False), name="draw_public"
            ),
        ]
        ordering = ["-prepared_at"]

    def __str__(self) -> str:
        return self.draw_id

    @property
    def stream_name(self) -> str:
        """The draw's chain in the record."""
        return f"draw:{self.id}"


class DrawExclusion(models.Model):
    """A target left out before the commitment, with reason code and document number.

    automatic   by the draw itself (``left_out``); it is not taken back
    sealed      because of a visit whose name is sealed: no page shows whose row it is
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="exclusions")
    entry = models.ForeignKey(RosterEntry, on_delete=models.PROTECT, related_name="exclusions")
    reason = models.CharField(max_length=20)
    document = models.CharField(max_length=80)
    automatic = models.BooleanField(default=False)
    sealed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "entry"], name="exclusion_once")]


class SourceValue(models.Model):
    """The value of an announced source: typed by one, confirmed by another who types it again.

    A witness's reveal is confirmed by his own hash: ``confirmed_by`` is the label. ``reveal_event`` tells it.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="values")
    label = models.CharField(max_length=60)
    value = models.CharField(max_length=600, blank=True)
    published_at = models.DateTimeField(null=True)
    entered_by = models.CharField(max_length=80, blank=True)
    entered_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    reveal_event = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "label"], name="source_value_once")]


class DrawnTarget(models.Model):
    """A drawn object or a reserve, by opaque id; ``code`` and ``salt`` are filled when its name is opened.

    place   position in the stream's own order, drawn and reserves counted apart, from 1
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="targets")
    opaque = models.CharField(max_length=64)
    stratum = models.CharField(max_length=60)
    stream_label = models.CharField(max_length=12)
    place = models.PositiveIntegerField()
    first_standing = models.CharField(max_length=10, choices=Standing.choices)
    standing = models.CharField(max_length=10, choices=Standing.choices)
    changed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    document = models.CharField(max_length=80, blank=True)
    successor = models.UUIDField(null=True)
    code = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200, blank=True)
    salt = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "stream_label", "opaque"], name="drawn_target_once"),
        ]
        indexes = [models.Index(fields=["draw", "standing", "stratum", "place"]), models.Index(fields=["code"])]
        ordering = ["stratum", "stream_label", "place"]


class DrawBundle(models.Model):
    """A published bundle.zip; a later one replaces it on the pages, and both stay.

    vkey   public key that signed its checkpoint, so that a page can demand it though keys rotate
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="bundles")
    built_at = models.DateTimeField()
    file = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    stage = models.CharField(max_length=12, choices=State.choices)
    vkey = models.CharField(max_length=250)

    class Meta:
        ordering = ["-built_at", "-id"]
