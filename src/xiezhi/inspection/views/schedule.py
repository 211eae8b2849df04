"""抽取日程: the draws that published plans ask for, and one button that makes ready the next of them."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.core.errors import Denied, Invalid, NotFound, Refused
from xiezhi.inspection import basis, gate, queries, routine, schedule, services
from xiezhi.inspection.codes import Strata
from xiezhi.inspection.due import Month, Stands
from xiezhi.inspection.models import READ, PlanLine, TargetRoster
from xiezhi.inspection.schedule import Slot
from xiezhi.inspection.targets import from_registry
from xiezhi.web import problems
from xiezhi.web.pages import ConsoleView

WORDS: Mapping[Stands, tuple[str, Any]] = {
    Stands.OVERDUE: ("bad", gettext_lazy("逾期")),
    Stands.DUE: ("plain", gettext_lazy("到期，待拟定")),
    Stands.UNDERWAY: ("plain", gettext_lazy("办理中")),
    Stands.AHEAD: ("quiet", gettext_lazy("未到期")),
    Stands.DONE: ("good", gettext_lazy("已抽取")),
}
ALL, OPEN = "all", "open"


class Schedule(ConsoleView):
    """A year's draws by month; those to be begun now, or all."""

    ability = READ
    title = gettext_lazy("抽取日程")
    template_name = "inspection/schedule.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown()

    def shown(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, also as the answer to a draw that can't be made ready."""
        this = clock.today().year
        text = self.request.GET.get("year", "")
        year = int(text) if text in {str(one) for one in range(this - 1, this + 2)} else this
        # Whoever drew: what a body above has done is not to be done again. Only what he may read is a link.
        every = queries.visible_to(system("inspection"))
        found = schedule.slots(queries.plans_to_draw(self.actor, year), every, clock.today())
        found = [slot for slot in found if slot.month.year == year]
        drawn = {slot.draw.pk for slot in found if slot.draw is not None}
        seen = set(queries.visible_to(self.actor).filter(pk__in=drawn).values_list("pk", flat=True))
        only = self.request.GET.get("show", "") == OPEN
        return self.page(
            status=status,
            year=year,
            years=range(this - 1, this + 2),
            only=only,
            rows=[self.row(slot, seen) for slot in found if not only or slot.open],
            counts=[
                (word, sum(slot.stands == stands for slot in found)) for stands, (_kind, word) in WORDS.items()
            ],
            **more,
        )

    def row(self, slot: Slot, seen: Collection[Any]) -> dict[str, Any]:
        """A line of the table; ``seen``: draws that the actor may read."""
        kind, word = WORDS[slot.stands]
        return {
            "slot": slot,
            "share": basis.in_words(slot.line),
            "kind": kind,
            "word": word,
            "draw": slot.draw if slot.draw is not None and slot.draw.pk in seen else None,
            "begin": slot.open and not self.over(slot.line) and self.may_begin(slot.line),
        }

    @staticmethod
    def over(line: PlanLine) -> bool:
        """The plan has ended: nothing may be drawn on it any more (``basis.fitting``)."""
        return line.plan.ends < clock.today()

    def may_begin(self, line: PlanLine) -> bool:
        """Whether he may plan draws of the plan's body, or of one below it."""
        body = line.plan.agency
        return any(path.startswith(body) or body.startswith(path) for path in self.actor.paths(gate.PLAN))


class Begin(Schedule):
    """Make a draw of the schedule ready: the roster chosen anew as the last one was, then the form filled in."""

    ability = gate.PLAN
    http_method_names = ["post"]

    @cached_property
    def line(self) -> PlanLine:
        """The line of a published plan that he may draw on."""
        found = PlanLine.objects.filter(pk=self.kwargs["line"]).select_related("plan", "item").first()  # type: ignore[attr-defined]
        if found is None or not any(
            queries.plans_to_draw(self.actor, year).filter(pk=found.plan_id).exists()
            for year in (found.plan.begins.year, found.plan.ends.year)
        ):
            raise NotFound(f"line {self.kwargs['line']}")  # type: ignore[attr-defined]
        return found

    def admit(self) -> None:
        if not self.may_begin(self.line):
            raise Denied(gate.PLAN, self.line.plan.agency)

    @cached_property
    def rosters(self) -> list[TargetRoster]:
        """Rosters of the line's item, the newest first."""
        return routine.rosters(self.actor, self.line)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        month = Month.read(request.POST.get("month", ""))
        if month is None:
            return self.refused(Invalid({"month": [_("页面不完整，请刷新后重试。")]}))
        if self.over(self.line):
            told = {"day": self.line.plan.ends.isoformat()}
            return self.refused(Invalid({"month": [_("计划已于 %(day)s 结束，不能再据以抽取。") % told]}))
        if not self.wanted(month):
            return self.refused(Invalid({"month": [_("该月的抽取已由他人拟定或者未到期，请刷新后核对。")]}))
        if not self.rosters:
            messages.info(request, _("这个事项还没有检查对象名录：请先固定一次，以后各次由系统按同样的范围固定。"))
            return HttpResponseRedirect(reverse("inspection:new_roster"))
        try:
            roster = self.fresh(self.rosters[0])
        except (Refused, Invalid) as error:
            return self.refused(error)
        told = urlencode({"line": self.line.pk, "month": str(month)})
        return HttpResponseRedirect(f"{reverse('inspection:new_draw', args=[roster.pk])}?{told}")

    def wanted(self, month: Month) -> bool:
        """Whether the line still asks for a draw in the month: a page that was read earlier may offer it in vain."""
        plan = queries.plans_to_draw(self.actor, month.year).filter(pk=self.line.plan_id)
        found = schedule.slots(plan, queries.visible_to(system("inspection")), clock.today())
        return any(slot.open and (slot.line.pk, slot.month) == (self.line.pk, month) for slot in found)

    def refused(self, error: Refused | Invalid) -> HttpResponse:
        """The schedule with what was refused above it."""
        problem = problems.of(error)
        return self.shown(status=problem.status, problem=problem)

    def fresh(self, last: TargetRoster) -> TargetRoster:
        """The last roster if it is of today or no choice from the registry; else one chosen as it was, today."""
        today = clock.today()
        chosen, item = routine.selection_of(last), routine.item_now(last, today)
        if last.frozen_at is None or clock.day(last.frozen_at) == today:
            return last
        if chosen is None or item is None:
            told = {"day": clock.day(last.frozen_at).isoformat()}
            messages.warning(
                self.request, _("名录不能照原样重新固定，用的是 %(day)s 固定的；须更新的，请先固定新名录。") % told
            )
            return last
        if left_out := last.selection.get("left_out"):
            told = {"count": len(left_out)}
            messages.warning(
                self.request, _("上次固定名录时手工排除的 %(count)s 个没有沿用；仍须排除的，请写明事由。") % told
            )
        known = last.entries.exclude(grade="").values_list("code", "grade")
        return services.freeze_roster(
            self.actor,
            item=item,
            title=_("%(item)s名录（%(day)s）") % {"item": item.title[:150], "day": today.isoformat()},
            agency=last.agency,
            district=last.district,
            targets=from_registry(self.actor, chosen, dict(known)),
            selection=chosen.as_shown(),
            strata=Strata(last.strata),
            weights=dict(last.entries.order_by().values_list("grade", "weight").distinct()),
        )
