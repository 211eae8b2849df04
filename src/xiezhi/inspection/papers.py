"""Papers about a task: seen by those alone to whom its names are open, until everyone's are or the task is done."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from xiezhi.core.actor import Actor
from xiezhi.documents import subjects

from .codes import TaskState
from .models import Task, TaskTarget


def sealed(actor: Actor) -> QuerySet[Task]:
    """Tasks whose names are closed to the actor."""
    rows = Task.objects.exclude(state=TaskState.DONE).filter(Q(draw=None) | Q(draw__opened_at=None))
    named = TaskTarget.objects.visible_to(actor).filter(task=OuterRef("pk"))
    return rows.exclude(Exists(named))


def concerns(actor: Actor, task: uuid.UUID) -> bool:
    """Is he sent, or does he lead those who are?"""
    return TaskTarget.objects.visible_to(actor).filter(task=task).exists()


subjects.register("task", sealed=sealed, concerns=concerns)
