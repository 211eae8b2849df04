"""What a visit came to: the checklist of an item, and the result of a task."""

from typing import ClassVar

from django.db import models

from xiezhi import clock
from xiezhi.inspection.codes import Outcome
from xiezhi.people.scope import Scoped

from .items import READ, InspectionItem
from .tasks import READ_RELEASED, Task


class Checklist(Scoped):
    """What is looked at for an item (检查表). A filled one names its version; a version never changes.

    sections   ``[{"title", "checks": [{"code", "text", "basis", "required"}]}]``; ``code`` is unique in the list
    """

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    item = models.ForeignKey(InspectionItem, on_delete=models.PROTECT, related_name="checklists")
    version = models.PositiveIntegerField()
    sections = models.JSONField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "version"], name="checklist_version")]
        ordering = ["item", "-version"]

    def __str__(self) -> str:
        return f"{self.item} · {self.version}"


class TaskResult(Scoped):
    """The result of a task as its officers filed it last; every filing stays in the record.

    visited_on   day of the visit, Shanghai
    answers      checklist id → code of the check → :class:`codes.Answer`
    findings     ``[{"text", "basis", "measure"}]``
    """

    read_ability: ClassVar[str] = READ_RELEASED

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="result")
    visited_on = models.DateField()
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    answers = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    notes = models.TextField(blank=True)

    filed_by = models.CharField(max_length=80, blank=True)
    filed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "outcome"])]

    def __str__(self) -> str:
        return str(self.task)
