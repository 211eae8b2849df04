"""The calendar (检查日程): windows of tasks, leave, ends of certificates; of an agency, of one officer, one's own.

Who plans or runs draws sees the agencies where he does; everyone else his own. A sealed task is a window of its draw:
neither its object nor its officers are there. Who is sent where is opened by a button, and the reading is noted.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi import clock
from xiezhi.core.errors import Denied, NotFound
from xiezhi.inspection import agenda, gate, queries, worklist
from xiezhi.inspection.agenda import Entry, Span
from xiezhi.inspection.codes import Duty, TaskState
from xiezhi.inspection.dispatch import SENT
from xiezhi.inspection.models import READ, TaskOfficer
from xiezhi.people import queries as people
from xiezhi.people.models import Officer
from xiezhi.record import services as record
from xiezhi.web.lists.filters import day_of
from xiezhi.web.pages import ConsoleView

AGENCY, MINE = "agency", "mine"
ROOM = {agenda.MONTH: 6, agenda.WEEK: 40}


@dataclass(frozen=True)
class Line:
    """One officer in the work list: his tasks in the span, and what keeps him away."""

    name: str
    tasks: Sequence[TaskOfficer]
    away: Sequence[str]


class Calendar(ConsoleView):
    """A month or a week."""

    ability = READ
    title = gettext_lazy("检查日程")
    template_name = "inspection/calendar.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        whose, officer = self.whose()
        return self.shown(whose, officer, named=whose == MINE)

    def post(self, request: HttpRequest) -> HttpResponse:
        """With who is sent where, for those who may see it; that they looked is noted."""
        whose, officer = self.whose()
        span = self.span()
        if (whose == MINE and officer is None) or not self.assigned(officer, span).exists():
            raise Denied(gate.READ_RELEASED, self.actor.agency)
        if whose != MINE:
            record.note_sensitive_read(
                self.actor,
                subject=f"officer:{officer.pk}" if officer else f"agency:{self.actor.agency}",
                fields=["officers"],
                purpose=_("查看 %(first)s 至 %(last)s 的检查日程") % {"first": span.first, "last": span.last},
            )
        return self.shown(whose, officer, named=True)

    def whose(self) -> tuple[str, Officer | None]:
        """Whose calendar: :class:`Denied` for an agency's without planning there, :class:`NotFound` for a stranger's."""
        own = people.own_officer(self.actor)
        asked = self.request.GET.get("whose", "")
        if not asked:
            asked = AGENCY if self.paths() else MINE
        if asked == AGENCY:
            if not self.paths():
                raise Denied(gate.PLAN, self.actor.agency)
            return AGENCY, None
        if asked == MINE or (own is not None and asked == str(own.pk)):
            return MINE, own
        found = self.officers().filter(pk=_key(asked)).first()
        if found is None:
            raise NotFound(f"officer {asked}")
        return str(found.pk), found

    def paths(self) -> tuple[str, ...]:
        """Agencies whose calendar the actor may see."""
        return tuple(dict.fromkeys((*self.actor.paths(gate.PLAN), *self.actor.paths(gate.DRAW))))

    def within(self, field: str) -> Q:
        """Rows whose path ``field`` lies in one of these agencies."""
        found = Q(pk__in=[])
        for path in self.paths():
            found |= Q(**{f"{field}__startswith": path})
        return found

    def officers(self) -> QuerySet[Officer]:
        """Officers whose calendar the actor may open."""
        return people.officers(self.actor).filter(self.within("agency"), state=Officer.SERVING)

    def span(self) -> Span:
        asked = self.request.GET
        return agenda.span(asked.get("view", ""), day_of(asked.get("day", "")), clock.today())

    def assigned(self, officer: Officer | None, span: Span) -> QuerySet[TaskOfficer]:
        """Who is sent where in the span, as far as the actor may see it: nobody before a task's release."""
        rows = TaskOfficer.objects.visible_to(self.actor).filter(duty__in=SENT)
        rows = rows.filter(officer=officer) if officer is not None else rows.filter(self.within("agency"))
        rows = rows.filter(task__window_to__gte=span.first, task__window_from__lte=span.last)
        rows = rows.exclude(task__state=TaskState.CANCELLED).select_related(
            "task__draw", "task__trigger", "officer"
        )
        return rows.order_by("officer__name", "officer", "task__window_from", "task__number")

    def shown(self, whose: str, officer: Officer | None, *, named: bool) -> HttpResponse:
        span = self.span()
        lonely = whose == MINE and officer is None
        assigned = TaskOfficer.objects.none() if lonely else self.assigned(officer, span)
        entries = [] if lonely else [*self.windows(officer, span), *self.away(officer, span)]
        if named and officer is not None:
            entries += [_task(row) for row in assigned]
        return self.page(
            span=span,
            sheet=agenda.sheet(span, entries, ROOM[span.view]),
            whose=whose,
            choices=self.choices(),
            lonely=lonely,
            named=named,
            lines=self.lines(assigned, span) if named and whose == AGENCY else (),
            openable=not named and assigned.exists(),
            links=self.links(span, whose),
            today=clock.today(),
        )

    def windows(self, officer: Officer | None, span: Span) -> Iterator[Entry]:
        """Windows of tasks, one entry a draw or triggered inspection.

        On one officer's sheet only the sealed ones: they say nothing of him.
        """
        rows = queries.tasks_visible_to(self.actor).filter(worklist.on_days(span.first, span.last))
        if officer is not None:
            rows = rows.filter(state=TaskState.SEALED, agency__in=_above(officer.agency))
        else:
            rows = rows.filter(self.within("agency")).exclude(state=TaskState.CANCELLED)
        keys = ("draw__draw_id", "trigger__reference", "window_from", "window_to", "state")
        found: dict[tuple[Any, ...], dict[str, int]] = {}
        counted = rows.order_by(*keys).values_list(*keys).annotate(number=Count("pk")).values_list(*keys, "number")
        for draw, reference, first, last, state, number in counted:
            found.setdefault((draw or reference, first, last), {})[state] = number
        for (rests_on, first, last), states in found.items():
            parts = "、".join(f"{TaskState(state).label} {number}" for state, number in states.items())
            text = _("%(rests_on)s：%(number)s 项（%(parts)s）") % {
                "rests_on": rests_on,
                "number": sum(states.values()),
                "parts": parts,
            }
            url = _list_address({"q": rests_on, "window_from": first, "window_to": last})
            yield Entry(first, last, text, url, "window")

    def away(self, officer: Officer | None, span: Span) -> Iterator[Entry]:
        """Leave and ends of certificates."""
        mine = Q(officer=officer) if officer is not None else self.within("officer__agency")
        for row in people.leaves(self.actor, span.first, span.last).filter(mine):
            text = _("%(name)s 请假") % {"name": row.officer.name}
            yield Entry(row.valid_from, row.valid_to or span.last, text, kind="away")
        for row in people.certificates_ending(self.actor, span.first, span.last).filter(mine):
            if row.valid_to is not None:
                text = _("%(name)s 执法证件到期") % {"name": row.officer.name}
                yield Entry(row.valid_to, row.valid_to, text, kind="away")

    def lines(self, assigned: QuerySet[TaskOfficer], span: Span) -> list[Line]:
        """The work list by officer: all that may be sent, by name."""
        tasks: dict[Any, list[TaskOfficer]] = {}
        for row in assigned:
            row.duty_text = Duty(row.duty).label
            row.state_text = TaskState(row.task.state).label
            tasks.setdefault(row.officer, []).append(row)
        away: dict[Any, list[str]] = {}
        for entry, key in self._away_by_officer(span):
            away.setdefault(key, []).append(entry)
        found = [*self.officers()]
        known = {row.pk for row in found}
        found += [row for row in tasks if row.pk not in known]
        return [Line(row.name, tasks.get(row, ()), away.get(row.pk, ())) for row in found]

    def _away_by_officer(self, span: Span) -> Iterator[tuple[str, uuid.UUID]]:
        for row in people.leaves(self.actor, span.first, span.last):
            yield (
                _("请假 %(first)s 至 %(last)s") % {"first": row.valid_from, "last": row.valid_to or "—"},
                row.officer_id,
            )
        for row in people.certificates_ending(self.actor, span.first, span.last):
            yield _("证件到期 %(day)s") % {"day": row.valid_to}, row.officer_id

    def choices(self) -> list[tuple[str, str]]:
        """Whose calendars there are to choose from."""
        own = people.own_officer(self.actor)
        found = [(AGENCY, _("本机构"))] if self.paths() else []
        if own is not None or not found:
            found.append((MINE, _("我的")))
        rows = self.officers() if self.paths() else ()
        return found + [(str(row.pk), f"{row.name}（{row.unit.name}）") for row in rows if row != own]

    def links(self, span: Span, whose: str) -> Mapping[str, str]:
        """Addresses of the neighbours, of today, and of the other view."""
        other = agenda.WEEK if span.view == agenda.MONTH else agenda.MONTH
        days = {"before": span.before, "after": span.after, "today": clock.today()}
        found = {name: {"view": span.view, "day": day, "whose": whose} for name, day in days.items()}
        found["other"] = {"view": other, "day": span.day, "whose": whose}
        found["here"] = {"view": span.view, "day": span.day, "whose": whose}
        return {name: f"?{urlencode(given)}" for name, given in found.items()}


def _task(row: TaskOfficer) -> Entry:
    task, duty, state = row.task, Duty(row.duty).label, TaskState(row.task.state).label
    url = reverse("inspection:task", args=[task.pk])
    return Entry(task.window_from, task.window_to, f"{task}（{duty}，{state}）", url)


def _list_address(given: Mapping[str, Any]) -> str:
    return f"{reverse('inspection:tasks')}?{urlencode(given)}"


def _above(path: str) -> list[str]:
    """The path and those above it: an officer may be sent by his division, and by the agency that it belongs to."""
    parts = path.strip("/").split("/")
    return [f"/{'/'.join(parts[:depth])}/" for depth in range(1, len(parts) + 1)]


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
