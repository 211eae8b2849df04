"""A drawn object leaves a draw (docs/dr-1.md §3.5); part of the act that lets it: a replacement, a task's end."""

from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.draw import bundle as files_of_draw
from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.record.acts import at, emit

from . import bundles, gate, reckoning
from .codes import Reason, Standing
from .models import Draw, DrawnTarget, Task
from .task_ends import cancel_tasks

HELD = (Standing.DRAWN, Standing.CALLED)


def standing(draw: Draw, opaque: str, reason: str, document: str) -> DrawnTarget:
    """The row of the object that is to leave; :class:`Invalid` where the ground is not named."""
    wrong: dict[str, list[str]] = {}
    if reason not in Reason.values:
        wrong["reason"] = [_("请选择事由。")]
    if not rules_of_draw.is_plain(document):
        wrong["document"] = [_("请填写依据的文号。")]
    if wrong:
        raise Invalid(wrong)
    held = DrawnTarget.objects.filter(draw=draw, opaque=opaque, standing__in=HELD)
    found = held.order_by("stream_label").first()
    if found is None:
        raise NotFound(f"drawn object {opaque}")
    return found


def leave(
    draw: Draw, removed: DrawnTarget, reason: str, document: str, approval: str | None = None
) -> DrawnTarget | None:
    """Let the object leave: the next reserve takes its place, its tasks that are still ahead end.

    approval   of the change of a task that led here, if any
    :returns: the reserve called up, None where none is left
    """
    called, twin = _next_reserve(draw, removed), _in_other_stream(draw, removed)
    data: dict[str, Any] = {
        "draw": str(draw.id),
        "at": rules_of_draw.stamp(reckoning.whole_second(at())),
        "stratum": removed.stratum,
        "stream": removed.stream_label,
        "out": removed.opaque,
        "into": called.opaque if called else None,
        "reason": reason,
        "document": document,
        "removed": str(removed.id),
        "called": str(called.id) if called else None,
        "also": str(twin.id) if twin else None,
    }
    changes = files_of_draw.changes_file([*bundles.changes(draw), bundles.change(data)])
    emit(
        "inspection.drawn_target_replaced",
        **gate.scope(draw),
        data={**data, "files": bundles.digests({"changes.json": changes})},
    )
    left = Task.objects.filter(draw=draw, opaque=removed.opaque)
    ground = _("对象移出（%(reason)s，%(document)s）") % {"reason": Reason(reason).label, "document": document}
    cancel_tasks(left, ground, approval)
    if called:
        called.refresh_from_db()
    return called


def _in_other_stream(draw: Draw, removed: DrawnTarget) -> DrawnTarget | None:
    """The object's row in the other stream: drawn in both, it leaves both (docs/dr-1.md §3.5)."""
    rows = DrawnTarget.objects.filter(draw=draw, opaque=removed.opaque, standing__in=HELD)
    return rows.exclude(pk=removed.pk).first()


def _next_reserve(draw: Draw, removed: DrawnTarget) -> DrawnTarget | None:
    """The first reserve of the same stratum and stream that is neither drawn elsewhere nor called before."""
    used = set(
        DrawnTarget.objects.filter(draw=draw)
        .exclude(first_standing=Standing.RESERVE, standing=Standing.RESERVE)
        .values_list("opaque", flat=True)
    )
    reserves = DrawnTarget.objects.filter(
        draw=draw,
        stratum=removed.stratum,
        stream_label=removed.stream_label,
        first_standing=Standing.RESERVE,
        standing=Standing.RESERVE,
    ).order_by("place")
    return next((one for one in reserves if one.opaque not in used), None)
