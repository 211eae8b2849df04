"""Whom a leader may send to a triggered inspection: those whom a draw might send, without the draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiezhi.core.actor import system
from xiezhi.people import queries as people
from xiezhi.people.models import Officer
from xiezhi.record import queries as record

from . import dispatch
from .models import InspectionItem, Task, Trigger

ACTOR = system("inspection")
TWO = 2


@dataclass(frozen=True)
class Choice:
    """Who can go: ``able`` are there and certified throughout, ``related`` of them are to stand back."""

    able: Sequence[Officer]
    related: frozenset[object]

    @property
    def fit(self) -> list[Officer]:
        """Those who can be named."""
        return [row for row in self.able if row.pk not in self.related]


def window(trigger: Trigger, today: date) -> tuple[date, date]:
    """What is left of the approved window, days of Shanghai, both included."""
    return max(today, trigger.window_from), trigger.window_to


def choice(trigger: Trigger, today: date) -> Choice:
    """Who can go in what is left of the window."""
    first, last = window(trigger, today)
    rows = dispatch.able(trigger.items.all(), trigger.agency, first, last)
    keys = [row.pk for row in rows]
    related = people.recused(keys, first=first, last=last, entities=list(dispatch.firms(trigger.code)))
    return Choice(rows, frozenset(related))


def least(items: Sequence[InspectionItem]) -> int:
    """How many must go."""
    return max([TWO, *(item.least_officers for item in items)])


def team_of(task: Task) -> list[str]:
    """Ids of those named for a triggered task, the leader first, from the private part of its event."""
    for row in record.visible_to(ACTOR).filter(stream=task.stream, type="inspection.task_made"):
        part = record.private_part(row.id)
        if part is not None:
            return list(part["officers"])
    return []
