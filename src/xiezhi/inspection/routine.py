"""A routine draw as the last one was: roster, methods, reserves, window and source filled in for a month of the schedule.

Only proposed: whoever prepares the draw reads it over, and the guards judge it as anything typed.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi import clock
from xiezhi.core.actor import Actor, system

from . import announced, basis, gate, queries
from .codes import Level, State
from .due import Month
from .models import Draw, InspectionItem, PlanLine, TargetRoster
from .targets import Selection

SHORTEST = timedelta(days=13)  # a window that the month leaves no room for
LOOK_AHEAD = 60  # days to look for one whose source is not another draw's
# As agencies write a day into the name of a source; compared, never shown.
DAYS = ("%Y-%m-%d", gettext_noop("%Y年%m月%d日"), "%Y%m%d", "%y%m%d")


def rosters(actor: Actor, line: PlanLine) -> list[TargetRoster]:
    """Rosters on which the actor may plan a draw for the line, the newest first; officers' draws have none."""
    rows = queries.rosters_visible_to(actor).filter(
        item__code=line.item.code,
        item__agency=line.item.agency,
        item__district=line.item.district,
        district=line.plan.district,
        agency__startswith=line.plan.agency,
    )
    # Those of officers' draws hold opaque ids and say whose.
    rows = rows.exclude(selection__has_key="draw").order_by("-frozen_at", "-pk")
    return [row for row in rows[:50] if actor.may(gate.PLAN, row.agency)]


def selection_of(roster: TargetRoster) -> Selection | None:
    """How the roster was chosen from the registry, so that it can be chosen so again; None where it came otherwise."""
    return Selection.read(roster.selection)


def item_now(roster: TargetRoster, today: date) -> InspectionItem | None:
    """The version of its item in force on the day."""
    item = roster.item
    rows = InspectionItem.objects.in_force(today).filter(
        code=item.code, agency=item.agency, district=item.district
    )
    return rows.first()


def as_typed(roster: TargetRoster, line: PlanLine, strata: Sequence[str], month: Month) -> dict[str, Any]:
    """Initial values of :class:`forms.DrawForm` beside those that ``basis.as_typed`` gives for the line."""
    last = _last(roster.agency, item__code=roster.item.code, item__agency=roster.item.agency)
    source = next_source(roster.agency)
    today = clock.today()
    begins = max(month.first, line.plan.begins, source["day"] + timedelta(days=1), today + timedelta(days=2))
    ends = month.last if month.last - begins >= SHORTEST / 2 else begins + SHORTEST
    found: dict[str, Any] = {
        "title": _("%(item)s %(year)s年%(month)s月抽查")
        % {"item": line.item.title[:150], "year": month.year, "month": month.number},
        "window_from": begins,
        "window_to": min(ends, line.plan.ends),
    }
    found |= source["fields"]
    if last is None:
        return found
    found["profile"] = last.profile
    said = {stratum["stratum"]: stratum for stratum in last.plan}
    for number, name in enumerate(strata):
        if name in said:
            found |= {f"{field}_{number}": said[name][field] for field in ("method", "reserves")}
    return found


def next_source(agency: str) -> dict[str, Any]:
    """``day`` on which the next draw's source comes out, and ``fields``: what the agency announced the last time, anew.

    The issue's name is carried on only where it holds the day; else whoever prepares the draw types it.
    """
    day = clock.today() + timedelta(days=1)
    last = _last(agency, quick=False)
    if last is None or not announced.public(last):
        return {"day": day, "fields": {}}
    source = announced.public(last)[0]
    out = datetime.fromisoformat(source["not_before"]).astimezone(clock.SHANGHAI)
    taken = _taken(agency)
    for _n in range(LOOK_AHEAD):
        if datetime.combine(day, out.time(), clock.SHANGHAI) not in taken:
            break
        day += timedelta(days=1)
    fields = {
        "label": _dated(source["label"], out.date(), day, ""),
        "describes": _dated(source["describes"], out.date(), day, source["describes"]),
        "not_before": datetime.combine(day, time(out.hour, out.minute), clock.SHANGHAI),
        "encoding": source["encoding"],
    }
    return {"day": day, "fields": fields}


def _last(agency: str, *, quick: bool = True, **roster: Any) -> Draw | None:
    rows = queries.visible_to(system("inspection")).filter(agency=agency, parent=None).exclude(state=State.VOID)
    rows = rows if quick else rows.exclude(level=Level.QUICK)  # an urgent draw has no source to carry on
    return (
        rows.filter(**{f"roster__{name}": value for name, value in roster.items()})
        .order_by("-prepared_at")
        .first()
    )


def _taken(agency: str) -> set[datetime]:
    since = clock.now() - timedelta(days=LOOK_AHEAD)
    rows = queries.visible_to(system("inspection")).filter(agency=agency, prepared_at__gte=since)
    known = rows.values_list("sources", flat=True)
    return {datetime.fromisoformat(one["not_before"]) for sources in known for one in sources}


def _dated(text: str, old: date, new: date, else_: str) -> str:
    for form in DAYS:
        if old.strftime(form) in text:
            return text.replace(old.strftime(form), new.strftime(form))
    return else_


def filled(roster: TargetRoster, line: PlanLine, strata: Sequence[str], month: Month | None) -> dict[str, Any]:
    """What the line says, and for a month of the schedule what the last draw said."""
    said = basis.as_typed(line, roster, strata)
    return said if month is None else said | as_typed(roster, line, strata, month)
