"""Tasks that end without a visit because their draw was voided or their object left; part of the act that does it."""

from typing import Any

from django.db.models import QuerySet

from xiezhi.inspection.codes import TaskState
from xiezhi.inspection.gate import scope_of
from xiezhi.inspection.models import Task
from xiezhi.record.acts import emit

AHEAD = (TaskState.SEALED, TaskState.RELEASED, TaskState.RETURNED)


def cancel_tasks(tasks: QuerySet[Task], ground: str, approval: str | None = None) -> None:
    """Cancel those of ``tasks`` that are still to be visited; what was filed or is done stays.

    ground     why, as the record publishes it: no names
    approval   whose last signature led here, if any
    """
    for row in tasks.select_for_update(of=("self",)).filter(state__in=AHEAD).order_by("pk"):
        row.rev += 1
        row.save(update_fields=["rev"])
        data: dict[str, Any] = {"task": str(row.id), "approval": approval, "ground": ground}
        emit("inspection.task_cancelled", **scope_of(row, "task"), data=data)
