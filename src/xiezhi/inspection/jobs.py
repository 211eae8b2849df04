"""Work at night: tasks of tomorrow are opened, reserves called for lapsed certificates, draws that are due told."""

import logging
import uuid
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xiezhi import clock
from xiezhi.jobs.context import JobContext, JobFailed
from xiezhi.jobs.registry import periodic
from xiezhi.people import queries as people

from . import reminders, services
from .codes import TaskState
from .dispatch import SENT
from .models import Task, TaskOfficer

log = logging.getLogger("xiezhi.inspection")


@periodic("inspection.release_tasks", title=_("向检查人员开启任务"), daily="00:05")
def release_tasks(ctx: JobContext) -> dict[str, Any]:
    """Each in a transaction of its own; what is released already is left as it is.

    One that can't be released does not hold up the others: the log names the fault, the job fails with their number.
    """
    tomorrow = clock.today() + timedelta(days=1)
    due = list(Task.objects.filter(state=TaskState.SEALED, window_from__lte=tomorrow).values_list("pk", flat=True))
    failed = 0
    for pk in due:
        try:
            services.release_task(ctx.actor, pk)
        except Exception:
            failed += 1
            log.exception("task not released", extra={"task": str(pk)})
    if failed:
        raise JobFailed(
            gettext("%(failed)s 个任务未能向检查人员开启（共 %(due)s 个），原因见运行日志；其余已开启。")
            % {"failed": failed, "due": len(due)}
        )
    return {"released": len(due)}


@periodic("inspection.call_reserves", title=_("证件失效的检查人员由候补接替"), daily="00:15")
def call_reserves(ctx: JobContext) -> dict[str, Any]:
    """Of the tasks that can still be visited: who holds no certificate today gives way to the next in reserve."""
    open_ = Task.objects.filter(state__in=(TaskState.RELEASED, TaskState.RETURNED), window_to__gte=clock.today())
    rows = TaskOfficer.objects.filter(task__in=open_, duty__in=SENT)
    scopes: dict[str, list[tuple[uuid.UUID, uuid.UUID]]] = {}
    for scope, task, officer in rows.values_list("task__items__scope", "task", "officer"):
        scopes.setdefault(scope, []).append((task, officer))
    lapsed: dict[tuple[uuid.UUID, uuid.UUID], None] = {}  # once, though several items ask for a certificate
    for scope, sent in scopes.items():
        held = people.certified({officer for _task, officer in sent}, clock.today(), scope)
        lapsed |= dict.fromkeys(row for row in sent if row[1] not in held)
    called = [services.call_reserve(ctx.actor, task=task, officer=officer) for task, officer in lapsed]
    for (task, officer), row in zip(lapsed, called, strict=True):
        if row is None:
            reminders.tell_lapsed(Task.objects.select_related("draw", "trigger").get(pk=task), officer)
    return {"lapsed": len(lapsed), "called": sum(1 for row in called if row is not None)}


@periodic("inspection.remind_draws", title=_("提醒到期和逾期的抽取"), daily="07:30")
def remind_draws(ctx: JobContext) -> dict[str, Any]:
    """Tell those who may plan draws what the schedule asks for: once when it falls due, once when it is overdue."""
    return {"told": reminders.tell(clock.today())}
