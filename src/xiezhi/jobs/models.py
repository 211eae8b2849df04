"""Tables of background work."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiezhi import clock


class State(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("运行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


ENDED = (State.DONE, State.FAILED, State.CANCELLED)


class Job(models.Model):
    """One piece of work.

    args        keyword arguments, JSON; ids only, never personal data
    abilities   [[name, path], …] of the one who ordered it, for the case that no source of actors is set
    once        while a job with this key waits or runs, a second order answers the first; empty: none
    saved       what the job put by at its last checkpoint
    error       for people; error_id is found again in the log
    rule_id, article, remedy   of the refusal that ended it; empty where it was none
    attempts    how often it was begun
    worker      id of the :class:`Worker` that runs it; with ``attempts`` it fences off one thought dead
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    name = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    queue = models.CharField(max_length=40)
    args = models.JSONField(default=dict)
    actor = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=10)
    agency = models.CharField(max_length=200, blank=True)
    district = models.CharField(max_length=6, blank=True)
    abilities = models.JSONField(default=list)
    once = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    text = models.CharField(max_length=200, blank=True)
    saved = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    result_blob = models.CharField(max_length=64, blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    result_type = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True)
    error_id = models.CharField(max_length=12, blank=True)
    rule_id = models.CharField(max_length=80, blank=True)
    article = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True)
    cancel_requested = models.BooleanField(default=False)
    run_after = models.DateTimeField()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "run_after", "id"]),
            models.Index(fields=["actor", "-id"]),
            models.Index(fields=["agency", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["once"],
                condition=~models.Q(once="") & models.Q(state__in=["queued", "running"]),
                name="job_once_while_alive",
            )
        ]

    @property
    def ended(self) -> bool:
        """Nothing more will happen to it."""
        return self.state in ENDED

    @property
    def percent(self) -> int | None:
        """Progress, 0–100; None where the total is unknown."""
        if self.state == State.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None


class Worker(models.Model):
    """A process that works; ``beat_at`` tells that it is alive."""

    id = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()


class ScheduleRun(models.Model):
    """A slot of a schedule that was seen to; ``job`` is NULL where it lay before the schedule was first known."""

    name = models.CharField(max_length=80)
    slot = models.DateTimeField()
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="schedule_slot_once")]


class LoopLease(models.Model):
    """Which worker runs a loop, and until when nobody else may."""

    name = models.CharField(max_length=80, primary_key=True)
    worker = models.CharField(max_length=80)
    until = models.DateTimeField()
