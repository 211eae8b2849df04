"""Numbers on inspections (检查数字) of one agency and year: what they are, and the list that each counts.

Everything is counted from rows that the actor may see. A number belongs to the year in which the task's window
begins (Shanghai). Apps above add their own by :func:`register`, e.g. what was published in time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractMonth
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.people import queries as people

from . import queries, visits_known, worklist
from .codes import PlanKind, Rests, TaskState
from .cycles import REACHED, drawn_names
from .dispatch import NOT_VOID, SENT
from .models import Draw, DrawnTarget, InspectionItem, Task, TaskOfficer, TaskTarget

WAITS = timedelta(days=7)  # our own measure of a review that takes long; no rule of law says it
VISITED = worklist.VISITED
NOTHING = "—"


@dataclass(frozen=True)
class Scope:
    """Whose numbers, of which year, on which day they are looked at."""

    agency: str
    year: int
    today: date


@dataclass(frozen=True)
class Figure:
    """One number. ``means`` is its definition; ``url`` the list that it counts, empty where there is none."""

    title: str | Promise
    value: str
    means: str | Promise
    url: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with its figures, and a table that a chart shows: ``labels`` down, ``series`` (name → numbers) across."""

    key: str
    title: str | Promise
    figures: Sequence[Figure] = ()
    head: str | Promise = ""
    labels: Sequence[str] = ()
    series: Mapping[str, Sequence[int]] = field(default_factory=dict)
    means: str | Promise = ""
    chart: bool = True


More = Callable[[Actor, Scope], Iterable[Section]]
_more: list[More] = []


def register(more: More) -> None:
    """Sections of an app above this one, shown after ours."""
    _more.append(more)


def sections(actor: Actor, scope: Scope) -> list[Section]:
    """All sections in the order in which they are shown."""
    own = (_origins, _months, _targets, _ceilings, _officers, _late)
    found = [one(actor, scope) for one in own]
    return found + [section for more in _more for section in more(actor, scope)]


def share(part: int, whole: int) -> str:
    """``37.5%``; a dash where there is nothing to be a part of."""
    return f"{100 * part / whole:.1f}%" if whole else NOTHING


def spread(loads: Iterable[int]) -> tuple[dict[int, int], int]:
    """How many have which load, from 0 to the greatest, and greatest − least."""
    counted = Counter(loads)
    if not counted:
        return {}, 0
    return {load: counted[load] for load in range(max(counted) + 1)}, max(counted) - min(counted)


def tasks_of(actor: Actor, scope: Scope) -> QuerySet[Task]:
    """Tasks of the agency and those below whose window begins in the year."""
    rows = queries.tasks_visible_to(actor).filter(agency__startswith=scope.agency)
    return rows.filter(worklist.begun_in(scope.year)).order_by()


def tasks_url(scope: Scope, **params: Any) -> str:
    """The list of these tasks, narrowed by its own filters."""
    return f"{reverse('inspection:tasks')}?{urlencode({'agency': scope.agency, 'year': scope.year} | params)}"


def _origins(actor: Actor, scope: Scope) -> Section:
    visited = tasks_of(actor, scope).filter(state__in=VISITED)
    grounds = (worklist.DRAWN, str(PlanKind.SPECIAL), str(PlanKind.KEY), str(Rests.TRIGGER))
    counted = visited.aggregate(**{one: Count("pk", filter=worklist.resting_on(one)) for one in grounds})
    whole = sum(counted.values())
    rows = (
        (worklist.DRAWN, _("年度计划抽取"), _("按年度计划抽取检查对象的检查次数。")),
        (str(PlanKind.SPECIAL), _("专项检查"), _("按已公布的专项检查计划抽取的检查次数。")),
        (str(PlanKind.KEY), _("重点监管"), _("按已公布的重点监管计划抽取的检查次数。")),
        (
            str(Rests.TRIGGER),
            _("触发式检查"),
            _("因投诉举报、转办交办、监测预警、回头看、事故调查而批准的检查次数。"),
        ),
    )
    figures = [
        Figure(
            _("已检查"), str(whole), _("检查期间在本年开始、检查结果已登记的任务数。"), tasks_url(scope, visited=1)
        )
    ]
    figures += [
        Figure(
            title,
            _("%(number)s（%(share)s）") % {"number": counted[key], "share": share(counted[key], whole)},
            _("%(means)s括号内是占已检查的比例。") % {"means": means},
            tasks_url(scope, visited=1, rests=key),
        )
        for key, title, means in rows
    ]
    titles, numbers = [title for _key, title, _means in rows], [counted[key] for key, _title, _means in rows]
    return Section("origins", _("检查从何而来"), figures, _("来源"), titles, {str(_("已检查")): numbers})


def _months(actor: Actor, scope: Scope) -> Section:
    rows = tasks_of(actor, scope).exclude(state=TaskState.CANCELLED)
    by_month = rows.annotate(month=ExtractMonth("window_from")).values_list("month")
    planned = dict(by_month.annotate(number=Count("pk")))
    visited = dict(by_month.filter(state__in=VISITED).annotate(number=Count("pk")))
    months = range(1, 13)
    return Section(
        "months",
        _("逐月"),
        head=_("月份"),
        labels=[_("%(month)s月") % {"month": month} for month in months],
        series={
            str(_("任务")): [planned.get(month, 0) for month in months],
            str(_("已检查")): [visited.get(month, 0) for month in months],
        },
        means=_("按检查期间开始的月份；已取消的任务不计。"),
    )


def _targets(actor: Actor, scope: Scope) -> Section:
    """How much of each list of targets the year's draws, or the cycle's, have reached. Counts alone: no name leaves."""
    first, last = date(scope.year, 1, 1), date(scope.year, 12, 31)
    draws = queries.visible_to(actor).filter(agency__startswith=scope.agency, parent=None, state__in=NOT_VOID)
    draws = draws.filter(drawn_at__isnull=False, window_from__range=(first, last))
    found: dict[str, list[int]] = {}
    for draw in draws.order_by("window_from", "pk"):
        row = found.setdefault(_group(draw), [0, 0])
        row[1] = draw.objects_count or draw.roster.size or 0
    for name, reached in _reached(draws).items():
        found[name][0] = reached
    covered, whole = sum(row[0] for row in found.values()), sum(row[1] for row in found.values())
    figure = Figure(
        _("对象覆盖率"),
        _("%(share)s（%(part)s/%(whole)s）") % {"share": share(covered, whole), "part": covered, "whole": whole},
        _("本年抽中（含递补、不含移出）的不同对象数，除以各事项最近一次抽取的名录对象数；有覆盖周期的，按周期内历次抽取计。"),
        f"{reverse('inspection:draws')}?{urlencode({'window_from_from': first, 'window_from_to': last})}",
    )  # fmt: skip
    series = {
        str(_("名录对象")): [row[1] for row in found.values()],
        str(_("已覆盖")): [row[0] for row in found.values()],
    }
    return Section("targets", _("对象覆盖"), [figure], _("事项"), list(found), series)


def _ceilings(actor: Actor, scope: Scope) -> Section:
    """How many targets are at a yearly ceiling or one visit short of it; of visits whose names are open alone."""
    ours = tasks_of(actor, scope).exclude(state=TaskState.CANCELLED).filter(trigger=None)
    # A target of ours may have been visited by another agency as well: that counts for it too.
    drawn = TaskTarget.objects.filter(
        task__trigger=None, code__in=TaskTarget.objects.filter(task__in=ours).values("code")
    )
    drawn = drawn.filter(task__window_from__year=scope.year).exclude(task__state=TaskState.CANCELLED).order_by()
    rows: dict[str, tuple[int, int]] = {}
    items = InspectionItem.objects.filter(tasks__in=ours).distinct().order_by("code", "version")
    for item in items:
        for one in visits_known.ceilings_of(item, scope.today, agency=scope.agency, district=item.district):
            if one.limit is None:
                continue
            of_it = drawn.filter(task__items__code=one.item) if one.item else drawn
            visits = (
                of_it.values_list("code")
                .annotate(number=Count("task", distinct=True))
                .values_list("number", flat=True)
            )
            name = f"{item.code} {visits_known.in_words(one)}" if one.item else visits_known.in_words(one)
            rows[name] = (
                sum(number >= one.limit for number in visits),
                sum(number == one.limit - 1 for number in visits),
            )
    return Section(
        "ceilings",
        _("年度频次上限"),
        head=_("上限"),
        labels=list(rows),
        series={
            str(_("已达上限")): [at for at, _near in rows.values()],
            str(_("差一次")): [near for _at, near in rows.values()],
        },
        means=_("%(as_of)s。名称密封的任务和触发式检查不计；数值未定的上限不列。")
        % {"as_of": visits_known.as_of(scope.today)},
    )


def _group(draw: Draw) -> str:
    item = draw.roster.item
    return f"{item.code} · {draw.cycle['name']}" if draw.cycle else str(item.code)


def _reached(draws: QuerySet[Draw]) -> dict[str, int]:
    """Item (and cycle) → different objects that its draws hold; of a cycle also those of the years before."""
    found: dict[str, set[str]] = {}
    for draw in draws:
        held = set(DrawnTarget.objects.filter(draw=draw, standing__in=REACHED).values_list("opaque", flat=True))
        codes = drawn_names(draw)
        found.setdefault(_group(draw), set()).update(codes[one] for one in held if one in codes)
    return {name: len(codes) for name, codes in found.items()}


def _officers(actor: Actor, scope: Scope) -> Section:
    """Loads as a distribution: who has which is on the calendar, for those who may see it."""
    tasks = tasks_of(actor, scope).exclude(state=TaskState.CANCELLED)
    able = {
        row.pk
        for row in people.available_officers(actor, agency=scope.agency, first=scope.today, last=scope.today)
    }
    sent = TaskOfficer.objects.filter(task__in=tasks.values("pk"), duty__in=SENT).values_list("officer")
    loads = dict.fromkeys(able, 0) | dict(sent.annotate(number=Count("pk")).order_by())
    counted, gap = spread(loads.values())
    went = sum(1 for load in loads.values() if load)
    calendar = reverse("inspection:calendar")
    return Section(
        "officers",
        _("人员覆盖与负荷"),
        [
            Figure(
                _("人员覆盖率"),
                _("%(share)s（%(part)s/%(whole)s）")
                % {"share": share(went, len(loads)), "part": went, "whole": len(loads)},
                _("本年至少被派出一次的执法人员，除以今天持有效证件、未请假的在岗执法人员与本年被派出的人员之和（不重复计）。只计名称已开启的任务。"),
                calendar,
            ),
            Figure(_("负荷差"), str(gap), _("任务最多的人与最少的人相差几项；不按姓名排名。"), calendar),
        ],
        _("任务数"),
        [str(load) for load in counted],
        {str(_("人数")): list(counted.values())},
        _("横轴是本年的任务数，纵轴是有这么多任务的人数。"),
    )  # fmt: skip


def _late(actor: Actor, scope: Scope) -> Section:
    tasks = tasks_of(actor, scope)
    filed = tasks.filter(state=TaskState.FILED)
    since = worklist.start_of(scope.today - WAITS)
    return Section(
        "late",
        _("逾期"),
        [
            Figure(
                _("逾期未检查"),
                str(tasks.filter(worklist.overdue(scope.today)).count()),
                _("检查期间已过，还没有登记结果，或者结果退回后没有重新登记的任务。"),
                tasks_url(scope, overdue=1),
            ),
            Figure(
                _("待复核"),
                str(filed.count()),
                _("结果已登记、还没有第二人复核的任务。"),
                tasks_url(scope, state=TaskState.FILED),
            ),
            Figure(
                _("待复核超过 7 日"),
                str(filed.filter(result__filed_at__lt=since).count()),
                _("登记结果满 7 日仍未复核；7 日是本系统的提示标准，不是法定期限。"),
                tasks_url(scope, state=TaskState.FILED),
            ),
        ],
    )
