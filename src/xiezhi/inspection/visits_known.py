"""The visits of a year as this system knows them, and the ceilings that hold for an item: what ``ceilings`` reckons with.

Visits of bodies that are not on this system are known from an exchange of data; none has been received yet, so whoever
shows a number says :func:`as_of`.
"""

import uuid
from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from xiezhi.lawbase import queries as lawbase

from . import cycles
from .ceilings import Ceiling, Visit
from .codes import State, TaskState
from .models import Draw, DrawnTarget, InspectionItem, Task

FIGURE = "inspection.yearly_cap"
VISITED = (TaskState.FILED, TaskState.RETURNED, TaskState.DONE)


def ceilings_of(item: InspectionItem, on: date, *, agency: str, district: str) -> tuple[Ceiling, ...]:
    """The ceiling for all inspections of a carrier that was set for the place, and the item's own, if it has one."""
    try:
        figure = lawbase.figure(FIGURE, on, lawbase.Place(district, agency))
    except LookupError:
        whole = Ceiling(_("年度行政检查次数上限"), None, False, _("检查对象×年"))
    else:
        limit = figure.value if isinstance(figure.value, int) else None
        whole = Ceiling(figure.name, limit, figure.verified, _("检查对象×年"))
    if item.per_year is None:
        return (whole,)
    per = _("检查对象×%(item)s×年") % {"item": item.code}
    own = Ceiling(_("本事项每年最多次数"), item.per_year, not item.unverified, per, item.code)
    return whole, own


def of_year(year: int, today: date) -> list[Visit]:
    """Visits of the calendar year that were not cancelled: made, ahead, and drawn ones that wait for their officers."""
    return [*(visit for _task, visit in _of_tasks(year)), *_without_tasks(year, today)]


def _of_tasks(year: int) -> Iterator[tuple[Task, Visit]]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Task.objects.exclude(state=TaskState.CANCELLED).filter(window_from__lte=last, window_to__gte=first)
    rows = rows.select_related("draw", "trigger", "target", "result").prefetch_related("items")
    names: dict[uuid.UUID, dict[str, str]] = {}
    for task in rows.order_by("pk").iterator(chunk_size=2000):
        code = _code(task, names)
        if not code:
            continue
        visited = task.state in VISITED and hasattr(task, "result")
        visit = Visit(
            code=code,
            day=task.result.visited_on if visited else task.window_from,
            items=frozenset(item.code for item in task.items.all()),
            window=(task.window_from, task.window_to),
            ahead=not visited,
            sealed=not visited and not _opened(task),
            triggered=task.trigger is not None,
        )
        yield task, visit


def _opened(task: Task) -> bool:
    """Is the name open to everyone although the visit is ahead? That its officers know it opens it to nobody else."""
    return task.draw is not None and task.draw.opened_at is not None


def _code(task: Task, names: dict[uuid.UUID, dict[str, str]]) -> str:
    if task.trigger is not None:
        return str(task.trigger.code)
    if hasattr(task, "target"):
        return str(task.target.code)
    if task.draw is None or task.opaque is None:
        return ""
    if task.draw.pk not in names:
        names[task.draw.pk] = cycles.drawn_names(task.draw)
    return names[task.draw.pk].get(task.opaque, "")


def _without_tasks(year: int, today: date) -> Iterator[Visit]:
    draws = Draw.objects.filter(parent=None, state__in=(State.DRAWN, State.PUBLISHED), window_to__gte=today)
    draws = draws.filter(window_from__year=year).select_related("roster__item").prefetch_related("items")
    for draw in draws:
        sent = Task.objects.filter(draw=draw, opaque=OuterRef("opaque"))
        rows = DrawnTarget.objects.filter(~Exists(sent), draw=draw, standing__in=cycles.REACHED)
        waiting = list(rows.values_list("opaque", flat=True))
        names = cycles.drawn_names(draw) if waiting else {}
        for opaque in waiting:
            if opaque in names:
                yield Visit(
                    code=names[opaque],
                    day=draw.window_from,
                    items=frozenset({draw.roster.item.code, *(item.code for item in draw.items.all())}),
                    window=(draw.window_from, draw.window_to),
                    ahead=True,
                    sealed=True,
                )


def open_to_see(code: str, year: int) -> tuple[int, int]:
    """(visits, triggered ones) of one carrier in the year whose names were released; for who may read such names."""
    seen = [
        visit
        for task, visit in _of_tasks(year)
        if visit.code == code and visit.day.year == year and (visit.triggered or hasattr(task, "target"))
    ]
    triggered = sum(visit.triggered for visit in seen)
    return len(seen) - triggered, triggered


def as_of(today: date) -> str:
    """Up to when and for whom the counts hold, in words."""
    return _("截至 %(day)s 本系统已知；其他部门的检查尚无交换数据，未计入") % {"day": today.isoformat()}


def in_words(ceiling: Ceiling) -> str:
    """A ceiling as a page shows it."""
    limit = _("数值未定") if ceiling.limit is None else _("%(limit)s 次") % {"limit": ceiling.limit}
    mark = "" if ceiling.binds else _("（待核，不据以排除）")
    return f"{ceiling.name} {limit}{mark}"
