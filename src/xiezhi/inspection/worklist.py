"""Work lists of tasks: what a filter means, in terms of rows. Used by the list, the calendar and the numbers alike."""

import re
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from xiezhi.core.actor import Actor
from xiezhi.core.calendar import SHANGHAI
from xiezhi.people.scope import reach

from . import queries
from .codes import PlanKind, Rests, TaskState
from .models import Draw, InspectionItem, Task, TaskResult, Trigger

DRAWN = "drawn"  # by a draw that rests on the yearly plan, or on none (before plans were asked for)
VISITED = (TaskState.FILED, TaskState.RETURNED, TaskState.DONE)
AHEAD = (TaskState.SEALED, TaskState.RELEASED, TaskState.RETURNED)
NAMED = 200
_NUMBER = re.compile(r"(?P<rest>.*\S)\s*[-－—]\s*(?P<number>[0-9]{1,9})")


def on_days(first: date | None, last: date | None) -> Q:
    """Tasks whose window has a day from ``first`` to ``last`` (both included; None: open)."""
    found = Q()
    if first is not None:
        found &= Q(window_to__gte=first)
    if last is not None:
        found &= Q(window_from__lte=last)
    return found


def overdue(today: date) -> Q:
    """Tasks whose window ended before ``today`` (Shanghai) with no result filed, or with one that was returned."""
    return Q(state__in=AHEAD, window_to__lt=today)


def begun_in(year: int) -> Q:
    """Tasks whose window begins in the year; none for a year that no calendar has."""
    if not MINYEAR <= year <= MAXYEAR:
        return Q(pk__in=[])
    return Q(window_from__range=(date(year, 1, 1), date(year, 12, 31)))


def start_of(day: date) -> datetime:
    """The instant at which the day begins in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def resting_on(basis: str) -> Q:
    """Tasks by what they rest on: ``drawn`` (a yearly plan), a kind of plan, ``draw`` (any), ``trigger``."""
    if basis == DRAWN:
        kind = "draw__line__plan__kind"
        return Q(trigger=None) & (Q(**{f"{kind}__isnull": True}) | Q(**{kind: PlanKind.YEARLY}))
    if basis in PlanKind.values:
        return Q(draw__line__plan__kind=basis)
    return Q(trigger__isnull=basis == Rests.DRAW)


def with_outcome(actor: Actor, outcome: str) -> Q:
    """Tasks whose result came to ``outcome``, as far as the actor may see results."""
    # A result has its task's agency and stream, so that its own right is asked of the task's row; no result is met.
    return Q(outcome=outcome) & reach(actor, TaskResult.read_ability)


def of_item(code: str) -> Q:
    """Tasks for any version of the item."""
    items = InspectionItem.objects.filter(code=code)
    return Q(pk__in=Task.items.through.objects.filter(inspectionitem__in=items).values("task"))


def mine(actor: Actor) -> Q:
    """Tasks that the account's own officer is sent to, from their release on."""
    return Q(pk__in=list(queries.sent_to(actor).values_list("task", flat=True)))


def by_number(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Tasks by number as it is printed (``示监抽〔2026〕3号-12``), or all of the draws and triggers that have the text.

    Of a draw its number and title are searched, of a triggered inspection its reference number.
    """
    found = _resting_on(text)
    match = _NUMBER.fullmatch(text)
    if match:
        found |= _resting_on(match["rest"]) & Q(number=int(match["number"]))
    return rows.filter(found)


def _resting_on(text: str) -> Q:
    draws = Draw.objects.filter(Q(draw_id__icontains=text) | Q(title__icontains=text))
    found = Q(pk__in=[])
    for name, rows in (("draw", draws), ("trigger", Trigger.objects.filter(reference__icontains=text))):
        # Named one by one the tasks' index on them serves; a subquery in an alternative has every task looked at.
        keys = list(rows.order_by().values_list("pk", flat=True)[: NAMED + 1])
        if keys:
            few = len(keys) <= NAMED
            found |= Q(**{f"{name}__in": keys}) if few else _met(rows.order_by().filter(pk=OuterRef(name)))
    return found


def _met(rows: QuerySet[Any]) -> Q:
    """Tasks of which there are such ``rows``, asked of each task: bare, PostgreSQL turns it into a join and sorts all."""
    return Q(Case(When(Exists(rows), then=Value(True)), default=Value(False), output_field=BooleanField()))
