"""Plans: the list, and one plan with its lines and what may be done with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.inspection import (
    gate,
    plan_ceilings,
    plan_coverage,
    plan_guards,
    plan_progress,
    queries,
    together,
    visits_known,
)
from xiezhi.inspection.codes import PlanKind, PlanState
from xiezhi.inspection.models import READ, Plan
from xiezhi.people import flow
from xiezhi.web import navigation
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, ListPage, Search
from xiezhi.web.pages import Crumb, DetailPage

TAGS = {PlanState.PUBLISHED: "good", PlanState.ENDED: "quiet"}
BACK = {flow.RETURNED: _("审批退回"), flow.WITHDRAWN: _("审批已撤回")}
CRUMB: Crumb = (_("检查计划"), "inspection:plans")


def state_tag(row: Any) -> Any:
    """State of a plan or trigger as a tag; one whose approval came back says so, not that it is under way."""
    state = PlanState(row.state)
    came_back = row.approval is not None and BACK.get(row.approval.state)
    if state == PlanState.SUBMITTED and came_back:
        return tag("bad", came_back)
    return tag(TAGS.get(state, "plain"), state.label)


def find(view: Any) -> Plan:
    """The plan that the address names, if the actor may see it."""
    found = queries.plans_visible_to(view.actor).filter(pk=view.kwargs["plan"]).first()
    if found is None:
        raise NotFound(f"plan {view.kwargs['plan']}")
    return found


class Plans(ListPage):
    """Plans of the agencies in which one may read."""

    ability = READ
    title = _("检查计划")
    intro = _(
        "清单之外无检查：计划只能从事项清单中选。抽取和到场检查应当依据已公布的计划，或者单独获批的触发式检查。"
    )
    empty = _("还没有计划。请起草年度抽查计划并报批。")
    order = ("-year", "kind", "-pk")
    columns = (
        Column("title", _("计划名称"), link=lambda row: reverse("inspection:plan", args=[row.pk])),
        Column("kind", _("种类"), value=lambda row: row.get_kind_display()),
        Column("year", _("年度"), sort="year", number=True),
        Column("state", _("状态"), value=lambda row: str(PlanState(row.state).label), html=state_tag),
        Column("document", _("公布文号")),
        Column("published_at", _("公布时间"), sort="published_at"),
    )
    filters = (
        Search(fields=("title", "document")),
        Choice("kind", _("种类"), choices=PlanKind.choices),
        Choice("state", _("状态"), choices=PlanState.choices),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.plans_visible_to(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not navigation.holds(self.actor, gate.PLAN):
            return ()
        return ({"text": _("起草计划"), "href": reverse("inspection:new_plan")},)


class PlanPage(DetailPage):
    """One plan with its lines."""

    ability = READ
    template_name = "inspection/plan.html"

    def get_object(self) -> Plan:
        return find(self)

    def page_title(self) -> str:
        return str(self.object.title)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])),)

    def facts(self, obj: Plan) -> Sequence[tuple[Any, Any]]:
        return (
            (_("状态"), state_tag(obj)),
            (_("种类"), obj.get_kind_display()),
            (_("年度"), obj.year),
            (_("起止"), f"{obj.begins} — {obj.ends}"),
            (_("事由"), obj.ground),
            (_("公布文号"), obj.document),
            (_("公布时间"), obj.published_at),
            (_("终止原因"), obj.end_reason),
        )

    def context(self, **more: Any) -> dict[str, Any]:
        plan = self.object
        progress = plan_progress.of(plan)
        lines = [(line, progress[line.pk]) for line in plan.lines.select_related("item")]
        partners = together.partners_of([line for line, _progress in lines])
        for line, _progress in lines:
            line.partner_names = partners[line.number]
        return super().context(
            lines=lines,
            total=sum(line.quota for line, _progress in lines),
            drawn=sum(one.drawn for one in progress.values()),
            reaches=plan_ceilings.of(plan, clock.today()),
            year=plan.year,
            unplanned=plan_coverage.unplanned_beside(plan, clock.today()),
            known=visits_known.as_of(clock.today()),
            **more,
        )

    def actions(self, obj: Plan) -> Sequence[Mapping[str, Any]]:
        changeable = isinstance(plan_guards.may_change(obj), type(plan_guards.ALLOWED))
        table = (
            (changeable, gate.PLAN, "change_plan", _("修改")),
            (obj.state == PlanState.DRAFT, gate.PLAN, "submit_plan", _("报批")),
            (obj.state == PlanState.APPROVED, gate.PUBLISH, "publish_plan", _("公布")),
            (obj.state != PlanState.ENDED, gate.PLAN, "end_plan", _("终止")),
        )
        found = [
            {"text": text, "href": reverse(f"inspection:{name}", args=[obj.pk])}
            for now, ability, name, text in table
            if now and self.actor.may(ability, obj.agency)
        ]
        if obj.approval_id and navigation.holds(self.actor, "approval.read"):
            found.append({"text": _("查看审批单"), "href": reverse("console:approval", args=[obj.approval_id])})
        return found
