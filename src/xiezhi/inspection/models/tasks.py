"""Tasks (检查任务): one object with its officers, to be inspected in a window of dates.

A task of a draw holds opaque ids only. Object and officers are named in :class:`TaskTarget` and :class:`TaskOfficer`
from the day before the window on, for those whom a grant on the task's stream or ``read_released`` lets in.
A triggered one rests on its approved trigger instead: its officers are named by a leader, not drawn.
"""

from typing import ClassVar

from django.db import models

from xiezhi import clock
from xiezhi.inspection.codes import Duty, Outcome, TaskState
from xiezhi.people.models import Officer
from xiezhi.people.scope import Scoped

from .draws import Draw
from .items import READ, InspectionItem
from .plans import Trigger

READ_RELEASED = "inspection.read_released"


class Task(Scoped):
    """One object to be inspected.

    number       within its draw, from 1, in the order of opaque ids; within its trigger, in the order of being sent
    draw         of objects; ``opaque`` the object's id in it
    dispatch     the officers' draw; ``dispatched`` the object's id in that one
    trigger      of a triggered inspection (触发式检查); then the four above are null
    outcome      of the result filed last, also while it is returned; empty before. Found and shown only to who may
                 read results (``TaskResult.read_ability``), which have their task's scope
    """

    read_ability: ClassVar[str] = READ

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    number = models.PositiveIntegerField()
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, null=True, related_name="tasks")
    opaque = models.CharField(max_length=64, null=True)
    dispatch = models.ForeignKey(Draw, on_delete=models.PROTECT, null=True, related_name="dispatched_tasks")
    dispatched = models.CharField(max_length=64, null=True)
    trigger = models.ForeignKey(Trigger, on_delete=models.PROTECT, null=True, related_name="tasks")
    items = models.ManyToManyField(InspectionItem, related_name="tasks")
    window_from = models.DateField()
    window_to = models.DateField()
    rev = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=12, choices=TaskState.choices, null=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices, default="", blank=True)
    made_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "opaque"],
                # A row is saved before its event sets the state: NULL counts as open.
                condition=models.Q(state__isnull=True) | ~models.Q(state=TaskState.CANCELLED),
                name="task_once",
            ),
            models.UniqueConstraint(fields=["draw", "number"], name="task_number"),
            models.UniqueConstraint(
                fields=["trigger"],
                condition=models.Q(state__isnull=True) | ~models.Q(state=TaskState.CANCELLED),
                name="task_of_trigger_once",
            ),
            models.UniqueConstraint(fields=["trigger", "number"], name="task_of_trigger_number"),
            # 清单之外无检查: a task rests on a draw or on an approved trigger, never on neither or both.
            models.CheckConstraint(
                condition=models.Q(
                    draw__isnull=False,
                    opaque__isnull=False,
                    dispatch__isnull=False,
                    dispatched__isnull=False,
                    trigger__isnull=True,
                )
                | models.Q(
                    draw__isnull=True,
                    opaque__isnull=True,
                    dispatch__isnull=True,
                    dispatched__isnull=True,
                    trigger__isnull=False,
                ),
                name="task_drawn_or_triggered",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "window_from", "id"]),
            models.Index(fields=["state", "window_from"]),
            # The list walks in its own order and looks only at rows that it shows.
            models.Index(fields=["-window_from", "number", "id"], name="task_list"),
            models.Index(fields=["window_to", "id"], name="task_list_by_end"),
            models.Index(fields=["outcome", "-window_from", "number", "id"], name="task_list_by_outcome"),
            models.Index(fields=["outcome", "window_to", "id"], name="task_outcome_by_end"),
        ]
        ordering = ["window_from", "number"]

    def __str__(self) -> str:
        return f"{self.draw.draw_id if self.draw else self.trigger.reference}-{self.number}"


class TaskTarget(Scoped):
    """Who is to be inspected; written at the release."""

    read_ability: ClassVar[str] = READ_RELEASED

    task = models.OneToOneField(Task, on_delete=models.PROTECT, primary_key=True, related_name="target")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)


class TaskOfficer(Scoped):
    """Who is sent, or stands in reserve; written at the release. ``place`` counts from 1, officers and reserves apart."""

    read_ability: ClassVar[str] = READ_RELEASED

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="officers")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="tasks")
    duty = models.CharField(max_length=10, choices=Duty.choices)
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "officer"], name="task_officer_once")]
        ordering = ["duty", "place"]
