"""A task that is cancelled: by whose approval, and what becomes of its object."""

from datetime import date

from django.utils.translation import gettext as _

from xiezhi.people import queries as people
from xiezhi.people.approval_kinds import DRAW_CHANGE, TASK_CHANGE
from xiezhi.people.models import ApprovalRoute

from . import leaving
from .codes import Change, Reason, State
from .models import Draw, Task
from .task_ends import cancel_tasks


def approval_kind(task: Task, change: str, day: date) -> str:
    """The kind of approval that a change takes on the day (Shanghai).

    A cancellation takes an object out of the draw: where the matrix asks more of that, it asks as much of this.
    """
    if change != Change.CANCEL:
        return TASK_CHANGE
    kinds = (TASK_CHANGE, DRAW_CHANGE)
    return max(kinds, key=lambda kind: _strictness(people.route_in_force(kind, task.agency, day)))


def _strictness(route: ApprovalRoute | None) -> tuple[int, int]:
    """(signatures, meetings); a route that is not there asks for nothing."""
    steps = route.path if route is not None else ()
    return sum(len(step.roles) for step in steps), sum(step.meeting for step in steps)


def cancel(draw: Draw, task: Task, ground: str, document: str, approval: str) -> None:
    """End the task, as was approved; part of the act that carries it out.

    While names are sealed its object leaves the draw and the next reserve comes. Once they are open the draw stands as
    it was published: nobody was there, and the record says why.
    """
    draw.rev += 1
    draw.save(update_fields=["rev"])
    if draw.state == State.OPENED:
        told = _("没有检查（%(reason)s，%(document)s）") % {"reason": Reason(ground).label, "document": document}
        return cancel_tasks(Task.objects.filter(pk=task.pk), told, approval)
    held = leaving.standing(draw, task.opaque or "", ground, document)
    leaving.leave(draw, held, ground, document, approval)
    return None
