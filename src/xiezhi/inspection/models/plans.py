"""Plans (yearly, special, key supervision), triggered inspections, and yearly ceilings.

清单之外无检查: a plan and a trigger name items of the list only. 计划之外无抽查: a draw asks for the line of a published
plan (``basis``).
"""

from typing import ClassVar

from django.db import models

from xiezhi import clock
from xiezhi.inspection.codes import Ground, Measure, PlanKind, PlanState
from xiezhi.people.models import Approval
from xiezhi.people.scope import Scoped

from .items import READ, InspectionItem


class Plan(Scoped):
    """A plan of inspections of one agency.

    year         that it is for; a special plan may lie in part of it (``begins`` … ``ends``)
    ground       why there is a special or key plan, in words; printed and published
    document     number of the notice that it is filed and published under
    state        and the times below: projections
    """

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=10, choices=PlanKind.choices)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    ground = models.TextField(blank=True)
    begins = models.DateField()
    ends = models.DateField()
    rev = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=12, choices=PlanState.choices, null=True)
    drafted_by = models.CharField(max_length=80, blank=True)
    drafted_at = models.DateTimeField(null=True)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    document = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        # Two that are published at once: the guard of each sees none.
        constraints = [
            models.UniqueConstraint(
                fields=["district", "agency", "year"],
                condition=models.Q(kind=PlanKind.YEARLY, state=PlanState.PUBLISHED),
                name="one_yearly_plan_a_year",
            )
        ]
        indexes = [models.Index(fields=["agency", "-year", "kind"])]
        ordering = ["-year", "kind", "title"]

    def __str__(self) -> str:
        return self.title


class PlanLine(models.Model):
    """One item for one class of targets within a plan.

    stratum      class or district, as the draw's strata are named; empty: all of them
    measure      :class:`codes.Measure`; a cycle has ``cycle_years`` and ``draws``, a ratio has ``ratio``
    ratio        ``[p, q]`` in lowest terms
    quota        visits planned, for the reader; the draw computes its own numbers
    months       1 … 12, in which it is drawn
    together     lines with the same mark are carried out in one visit (综合查一次); empty: alone
    partners     paths of other agencies or divisions that come along
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    item = models.ForeignKey(InspectionItem, on_delete=models.PROTECT, related_name="lines")
    stratum = models.CharField(max_length=60, blank=True)
    measure = models.CharField(max_length=8, choices=Measure.choices)
    ratio = models.JSONField(null=True)
    cycle_years = models.PositiveSmallIntegerField(null=True)
    draws = models.PositiveSmallIntegerField(default=1)
    quota = models.PositiveIntegerField()
    months = models.JSONField(default=list)
    together = models.CharField(max_length=40, blank=True)
    partners = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_line_number"),
            models.UniqueConstraint(fields=["plan", "item", "stratum"], name="plan_line_once"),
        ]
        ordering = ["number"]


class Trigger(Scoped):
    """A triggered inspection (触发式检查): outside the draw, never outside approval.

    code, name   of the entity or project to be inspected, as the registry has them
    reference    number of the complaint, transfer or alarm
    """

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    ground = models.CharField(max_length=12, choices=Ground.choices)
    reference = models.CharField(max_length=80)
    reason = models.TextField()
    items = models.ManyToManyField(InspectionItem, related_name="triggers")
    target = models.UUIDField(null=True)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    window_from = models.DateField()
    window_to = models.DateField()
    rev = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=12, choices=PlanState.choices, null=True)
    asked_by = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField(null=True)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "-asked_at"]), models.Index(fields=["code"])]
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        # Messages and headings name no target: not everyone who reads inspections may see it.
        return f"{self.get_ground_display()} {self.reference}"
