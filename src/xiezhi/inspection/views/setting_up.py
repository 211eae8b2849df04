"""Publishing an item, planning a draw."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.errors import NotFound
from xiezhi.inspection import basis, forms, gate, queries, retyping, routine, services
from xiezhi.inspection.due import Month
from xiezhi.inspection.models import Draw, InspectionItem, PlanLine, TargetRoster
from xiezhi.people import queries as people
from xiezhi.people.models import Agency
from xiezhi.web.pages import Crumb, FormPage

LIST_CRUMBS: dict[str, Crumb] = {
    "draws": (_("随机抽取"), "inspection:draws"),
    "rosters": (_("检查对象名录库"), "inspection:rosters"),
    "items": (_("抽查事项清单"), "inspection:items"),
}


def crumb(name: str) -> Crumb:
    """A crumb of one of the lists."""
    title, url_name = LIST_CRUMBS[name]
    return title, reverse(url_name)


class AgencyPage(FormPage):
    """A form of what belongs to an agency: the bodies for which the actor may plan, the uppermost first."""

    ability = gate.PLAN

    def form_kwargs(self) -> dict[str, Any]:
        return {"agencies": [(agency.path, agency.name) for agency in self.agencies()]}

    def agencies(self) -> list[Agency]:
        """Agencies (divisions apart) below the paths on which he holds the ability."""
        found = [
            agency
            for path in self.actor.paths(self.ability)
            for agency in people.agencies(self.actor, under=path).filter(kind=Agency.AGENCY, dissolved_on=None)
        ]
        return sorted(found, key=lambda agency: agency.path)

    def owner(self, data: Mapping[str, Any]) -> dict[str, str]:
        """``agency`` and ``district`` as services take them."""
        agency = people.agency(self.actor, data["agency"])
        return {"agency": agency.path, "district": agency.district}


class NewItem(AgencyPage):
    """Publish an item."""

    title = _("发布抽查事项")
    form_class = forms.ItemForm
    submit = _("发布")
    done = _("事项已发布。")

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("items"),)

    def act(self, data: Mapping[str, Any]) -> InspectionItem:
        return services.publish_item(self.actor, **{**data, **self.owner(data)})

    def done_url(self, result: Any) -> str:
        return reverse("inspection:items")


class NewDraw(FormPage):
    """Plan a draw on a roster."""

    ability = gate.PLAN
    title = _("拟定抽取")
    form_class = forms.DrawForm
    template_name = "inspection/draw_form.html"
    submit = _("拟定")
    done = _("抽取已拟定。下一步：在随机源公布之前作出承诺。")

    @cached_property
    def roster(self) -> TargetRoster:
        """The roster to be drawn from."""
        return find_roster(self)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("rosters"), (self.roster.title, reverse("inspection:roster", args=[self.roster.pk])))

    @cached_property
    def lines(self) -> list[PlanLine]:
        """Lines of published plans that a draw on the roster may rest on."""
        return basis.fitting(self.roster, clock.today())

    def form_kwargs(self) -> dict[str, Any]:
        sizes = self.roster.entries.order_by("stratum").values_list("stratum").annotate(size=Count("pk"))
        lines = [(str(line.pk), basis.title(line)) for line in self.lines]
        return {"strata": list(sizes), "lines": lines}

    def initial(self) -> Mapping[str, Any]:
        """What an earlier draw on this roster said, where ``?like=`` names one; else what the plan's line says.

        The line is the one that ``?line=`` names, or the only one there is; ``?month=`` is a month of the schedule.
        """
        strata = [name for name, _size in self.form_kwargs()["strata"]]
        found = retyping.find(self.actor, self.roster, self.request.GET.get("like", ""))
        if found is not None:
            return retyping.as_typed(found, strata)
        line = self._line(self.request.GET.get("line", "")) or (self.lines[0] if len(self.lines) == 1 else None)
        month = Month.read(self.request.GET.get("month", ""))
        return {} if line is None else routine.filled(self.roster, line, strata, month)

    def _line(self, key: str) -> PlanLine | None:
        return next((line for line in self.lines if str(line.pk) == key), None)

    def context(self, **more: Any) -> dict[str, Any]:
        here = reverse("inspection:new_draw", args=[self.roster.pk])
        offered = [(basis.title(line), f"{here}?line={line.pk}") for line in self.lines]
        return super().context(offered=offered if len(offered) > 1 else (), unplanned=not offered, **more)

    def act(self, data: Mapping[str, Any]) -> Draw:
        cycle = {"name": data["cycle_name"], "draws": data["cycle_draws"], "number": data["cycle_number"]}
        return services.prepare_draw(
            self.actor,
            roster=self.roster,
            title=data["title"],
            window_from=data["window_from"],
            window_to=data["window_to"],
            plan=data["plan"],
            sources=data["sources"],
            level=data["level"],
            plan_line=self._line(data["line"]),
            cycle=cycle if data["cycle_name"] else None,
            profile=data["profile"],
        )

    def done_url(self, result: Draw) -> str:
        return reverse("inspection:draw", args=[result.pk])


def find_roster(view: Any) -> TargetRoster:
    """The roster that the address names, if the actor may see it."""
    found = queries.rosters_visible_to(view.actor).filter(pk=view.kwargs["roster"]).first()
    if found is None:
        raise NotFound(f"roster {view.kwargs['roster']}")
    return found
