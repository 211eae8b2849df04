"""Work at night: tasks whose window begins tomorrow are opened to those who go."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from xiezhi import clock
from xiezhi.jobs.context import JobContext
from xiezhi.jobs.registry import periodic

from . import services
from .codes import TaskState
from .models import Task


@periodic("inspection.release_tasks", title=_("向检查人员开启任务"), daily="00:05")
def release_tasks(ctx: JobContext) -> dict[str, Any]:
    """Each in a transaction of its own; what is released already is left as it is."""
    tomorrow = clock.today() + timedelta(days=1)
    due = list(Task.objects.filter(state=TaskState.SEALED, window_from__lte=tomorrow).values_list("pk", flat=True))
    for pk in due:
        services.release_task(ctx.actor, pk)
    return {"released": len(due)}
