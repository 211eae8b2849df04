"""The list of what may be inspected (抽查事项清单)."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from xiezhi import clock
from xiezhi.inspection.codes import Field, Origin, TargetKind

READ = "inspection.read"


class ItemQuerySet(models.QuerySet["InspectionItem"]):
    """Versions of items."""

    def in_force(self, on: date) -> "ItemQuerySet":
        """Begun by the day, not ended, and no newer version begun; ``item_guards`` says of one why it is not."""
        newer = InspectionItem.objects.filter(
            code=OuterRef("code"),
            agency=OuterRef("agency"),
            district=OuterRef("district"),
            version__gt=OuterRef("version"),
            valid_from__lte=on,
        )
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=on), ~Exists(newer), valid_from__lte=on)


class InspectionItem(models.Model):
    """An item of the list (抽查事项): what may be inspected, on which basis. A reference table, in versions.

    A change is a new row with the next ``version``, which takes the place of the earlier from its own ``valid_from``
    on, for good; what is committed keeps the version that it was committed with.

    valid_from, valid_to    in force on days (Asia/Shanghai) from (included) to (excluded); null is open

    inspectors      who may inspect (检查主体), as published
    applies_to      which targets it is for, in words
    methods         codes of :class:`codes.Method`
    share           the ratio or cycle that the list announces, in words; the plan sets the numbers
    per_year        a target is visited for it so often in a year at most; null: the list sets no limit
    contents        what is looked at (检查内容): ``[{"text", "basis"}]``
    scope, skills   what an officer's certificate covers and what he is trained for
    unverified      its text rests on memory or on a text that was not compared: shown as 待核
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    basis = models.TextField(help_text="Articles as a reader would cite them.")
    field = models.CharField(max_length=20, choices=Field.choices, default=Field.OTHER)
    target_kind = models.CharField(max_length=10, choices=TargetKind.choices)
    inspectors = models.CharField(max_length=200, blank=True)
    applies_to = models.CharField(max_length=300, blank=True)
    methods = models.JSONField(default=list)
    share = models.CharField(max_length=100, blank=True)
    per_year = models.PositiveSmallIntegerField(null=True, blank=True)
    contents = models.JSONField(default=list)
    scope = models.CharField(max_length=40, blank=True)
    skills = models.JSONField(default=list)
    least_officers = models.PositiveSmallIntegerField(default=2)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.LOCAL)
    unverified = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    agency = models.CharField(max_length=200)
    district = models.CharField(max_length=6)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "agency", "code", "version"], name="item_version"),
        ]
        ordering = ["code", "-version"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def successor(self, on: date) -> "InspectionItem | None":
        """The newest version that has taken this one's place by the day."""
        same = InspectionItem.objects.filter(code=self.code, agency=self.agency, district=self.district)
        return same.filter(version__gt=self.version, valid_from__lte=on).order_by("-version").first()
