"""What may not be done with officers' draws and tasks, and why."""

from datetime import date, timedelta

from django.utils.translation import gettext_noop as _

from xiezhi.core.errors import Refusal, Verdict

from .codes import State
from .guards import ALLOWED
from .models import Draw, Task


def not_dispatched(parent: Draw) -> Verdict:
    """Officers are drawn once for a draw of objects; a void officers' draw does not count."""
    other = parent.dispatches.exclude(state=State.VOID).first()
    if other is None:
        return ALLOWED
    return Refusal(
        "xz-dispatch-once",
        "",
        _("抽取 %(draw)s 的检查人员已由 %(other)s 抽取。"),
        _("要重新抽取，请先写明理由作废 %(other)s，再另立新号、另定随机源。"),
        {"draw": parent.draw_id, "other": other.draw_id},
    )


def day_before(task: Task, today: date, notice: timedelta) -> Verdict:
    """Names are open to those who go from the day before the window on, not earlier."""
    first = task.window_from - notice
    if today >= first:
        return ALLOWED
    return Refusal(
        "xz-task-day-before",
        "",
        _("任务 %(task)s 的名称要到 %(day)s 才向检查人员开启。"),
        _("请在检查期间开始的前一日再办理。"),
        {"task": str(task), "day": first.isoformat()},
    )
