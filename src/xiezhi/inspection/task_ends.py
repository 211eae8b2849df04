"""Tasks that end without a visit because their draw was voided or their object left; part of the act that does it."""

from typing import Any

from django.db.models import QuerySet

from xiezhi.core.actor import system
from xiezhi.inspection.codes import TaskState
from xiezhi.inspection.gate import scope_of
from xiezhi.inspection.models import Task
from xiezhi.people import services as people
from xiezhi.people.models import Account
from xiezhi.record.acts import emit

PARTY = "inspection"  # the role in which a grant lets those who go into the task's stream
ACTOR = system("inspection")

AHEAD = (TaskState.SEALED, TaskState.RELEASED, TaskState.RETURNED)


def cancel_tasks(tasks: QuerySet[Task], ground: str, approval: str | None = None) -> None:
    """Cancel those of ``tasks`` that are still ahead, and shut out who was to go; what was filed or is done stays.

    ground     why, as the record publishes it: no names
    approval   whose last signature led here, if any
    """
    for row in tasks.select_for_update(of=("self",)).filter(state__in=AHEAD).order_by("pk"):
        row.rev += 1
        row.save(update_fields=["rev"])
        data: dict[str, Any] = {"task": str(row.id), "approval": approval, "ground": ground}
        emit("inspection.task_cancelled", **scope_of(row, "task"), data=data)
        shut_out(row)


def shut_out(task: Task) -> None:
    """Who was to go learns nothing more of the task: its grants end with it."""
    for account in Account.objects.filter(officer__tasks__task=task).distinct():
        # The system opened them, whoever ends the task: an organiser of draws holds no ``people.grant``.
        people.close_grant(ACTOR, stream=task.stream, account=str(account.pk), role=PARTY, agency=task.agency)
