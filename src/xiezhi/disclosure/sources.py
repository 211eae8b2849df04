"""The sources that publications are made from, with what the whitelist asks of them. They decide nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.core.ids import uscc_reason
from xiezhi.core.ids.resident import is_resident_number
from xiezhi.inspection.codes import Method, Outcome, State, TargetKind, TaskState
from xiezhi.inspection.models import Draw, InspectionItem, Plan, Task
from xiezhi.people.models import Agency, Officer
from xiezhi.registry import queries as registry
from xiezhi.registry.models import EntityKind, EntityPerson

ACTOR = system("disclosure")
# A name of so few characters, of a sole trader without a trade name, is the person's own.
PERSONAL_NAME = 4


@dataclass(frozen=True)
class Source:
    """A row of a lower app.

    since   the day (Shanghai) that its limit counts from; None: the day of the event that made it due
    year    that it belongs to, for filters
    """

    row: Any

    @property
    def agency(self) -> str:
        return str(self.row.agency)

    @property
    def district(self) -> str:
        return str(self.row.district)

    @property
    def body(self) -> str:
        """The agency's name."""
        found = Agency.objects.filter(path=self.agency).values_list("name", flat=True).first()
        return found or ""

    @property
    def title(self) -> str:
        return str(self.row.title)

    @property
    def working_title(self) -> str:
        """What the work list calls it; names no target."""
        return self.title

    @property
    def outcome(self) -> str:
        return ""

    @property
    def since(self) -> date | None:
        return None

    @property
    def year(self) -> int:
        day = self.since
        if day is None:
            raise NotImplementedError
        return day.year

    @property
    def void(self) -> str:
        """Why it may not be shown at all, in words; empty where it may."""
        return ""

    def names(self) -> list[str]:
        """Names of natural persons that must not stand in what is shown."""
        return []

    def subjects(self) -> list[str]:
        """What names the target itself; it must not stand in words that outlive the publication."""
        return []


class ItemSource(Source):
    """A version of an item."""

    @property
    def year(self) -> int:
        return int(self.row.valid_from.year)

    @property
    def methods(self) -> list[str]:
        return [str(Method(one).label) for one in self.row.methods]

    @property
    def contents(self) -> list[str]:
        return [
            f"{one['text']}（{one['basis']}）" if one.get("basis") else one["text"] for one in self.row.contents
        ]

    @property
    def working_title(self) -> str:
        return f"{self.row.code} {self.row.title}"


class PlanSource(Source):
    """A published plan."""

    @property
    def since(self) -> date:
        return clock.day(self.row.published_at)

    @property
    def lines(self) -> list[str]:
        return [self._line(line) for line in self.row.lines.select_related("item")]

    def _line(self, line: Any) -> str:
        share = ""
        if line.ratio:
            share = f"{line.ratio[0]}/{line.ratio[1]}"
        elif line.cycle_years:
            share = _("%(years)s 年内全覆盖") % {"years": line.cycle_years}
        return _("%(code)s %(title)s，%(stratum)s，%(measure)s %(share)s，计划检查 %(quota)s 次") % {
            "code": line.item.code,
            "title": line.item.title,
            "stratum": line.stratum or _("全部对象"),
            "measure": line.get_measure_display(),
            "share": share,
            "quota": line.quota,
        }

    @property
    def void(self) -> str:
        return _("计划已终止") if self.row.ended_at else ""


class DrawSource(Source):
    """A draw with a published bundle: what the portal shows of it anyway, and no name, opened or not."""

    @property
    def since(self) -> date:
        return clock.day(self.row.committed_at)

    @property
    def item(self) -> str:
        return f"{self.row.roster.item.code} {self.row.roster.item.title}"

    @property
    def bundle(self) -> str:
        latest = self.row.bundles.first()
        return latest.sha256 if latest else ""

    @property
    def working_title(self) -> str:
        return f"{self.row.draw_id} {self.row.title}"

    @property
    def title(self) -> str:
        return self.working_title


class ResultSource(Source):
    """A task whose result a second person released. Findings and officers are no part of what may be shown."""

    @property
    def since(self) -> date:
        return clock.day(self.row.done_at)

    @property
    def working_title(self) -> str:
        return f"{self.row}　{'；'.join(self.items)}"

    @property
    def title(self) -> str:
        return self.working_title

    @property
    def outcome(self) -> str:
        return str(Outcome(self.row.result.outcome))

    @property
    def items(self) -> list[str]:
        return [item.title for item in self.row.items.all()]

    @property
    def draw_id(self) -> str:
        return self.row.draw.draw_id if self.row.draw_id else ""

    @property
    def name(self) -> str:
        return str(self.row.target.name)

    @property
    def code(self) -> str:
        return str(self.row.target.code)

    @property
    def public_code(self) -> str:
        return "" if self.natural else self.code

    @property
    def natural(self) -> bool:
        """Is the target a natural person, or a sole trader under his own name?"""
        if is_resident_number(self.code):
            return True
        entity = registry.find_by_code(ACTOR, self.code)
        sole = entity.kind == EntityKind.INDIVIDUAL if entity else self.code.startswith("92")
        return sole and len(self.name) <= PERSONAL_NAME

    @property
    def name_treatment(self) -> str:
        if self.natural:
            return "party_person"
        kinds = {item.target_kind for item in self.row.items.all()}
        return "company" if TargetKind.ENTITY in kinds else "project"

    @property
    def code_treatment(self) -> str:
        if uscc_reason(self.code) is not None:
            return "project"
        return "sole_trader_code" if self.code.startswith("92") else "credit_code"

    @property
    def void(self) -> str:
        if self.row.state != TaskState.DONE:
            return _("检查尚未办结")
        draws = [draw for draw in (self.row.draw, self.row.dispatch) if draw is not None]
        if any(draw.state == State.VOID for draw in draws):
            return _("所依据的抽取已作废")
        if self.row.result.visited_on > clock.today():
            return _("检查日期还没有到")
        return ""

    def subjects(self) -> list[str]:
        return [self.name, self.code]

    def names(self) -> list[str]:
        officers = Officer.objects.filter(tasks__task=self.row).values_list("name", flat=True)
        return [*officers, *_persons_of(self.code)]


def _persons_of(code: str) -> list[str]:
    """Names of the persons of the firms concerned, opened to compare; nobody gets to read them."""
    project = registry.projects_visible_to(ACTOR).filter(number=code).first()
    if project is None:
        entities: Sequence[Any] = [one.pk for one in [registry.find_by_code(ACTOR, code)] if one is not None]
    else:
        entities = list(project.participants.values_list("entity", flat=True))
    places = EntityPerson.objects.filter(entity__in=entities).select_related("person")
    return [registry.opened(place.person)["name"] for place in places]


def item(key: uuid.UUID) -> ItemSource | None:
    """A version of an item."""
    row = InspectionItem.objects.filter(pk=key).first()
    return None if row is None else ItemSource(row)


def plan(key: uuid.UUID) -> PlanSource | None:
    """A plan that was published."""
    row = Plan.objects.filter(pk=key, published_at__isnull=False).first()
    return None if row is None else PlanSource(row)


def draw(key: uuid.UUID) -> DrawSource | None:
    """A draw that was committed."""
    rows = Draw.objects.filter(pk=key, committed_at__isnull=False)
    row = rows.select_related("roster__item").first()
    return None if row is None else DrawSource(row)


def result(key: uuid.UUID) -> ResultSource | None:
    """A task whose result was released."""
    rows = Task.objects.filter(pk=key, done_at__isnull=False)
    row = rows.select_related("result", "target", "draw", "dispatch").prefetch_related("items").first()
    return None if row is None else ResultSource(row)


def moment(at: datetime | None) -> str:
    """A time as it is shown, Shanghai."""
    return "" if at is None else timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
