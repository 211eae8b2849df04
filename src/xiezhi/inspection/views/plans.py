"""Plans: list, one plan, its form with lines, and what may be done with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, NotFound, Refused, Stale
from xiezhi.inspection import (
    gate,
    plan_ceilings,
    plan_forms,
    plan_guards,
    plan_progress,
    queries,
    services,
    together,
    visits_known,
)
from xiezhi.inspection.codes import PlanKind, PlanState
from xiezhi.inspection.models import READ, Plan
from xiezhi.people import flow
from xiezhi.web import navigation, problems
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, ListPage, Search
from xiezhi.web.pages import Crumb, DetailPage, FormPage

from .setting_up import AgencyPage

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
        for line, _progress in lines:
            line.partner_names = together.partners(line)
        return super().context(
            lines=lines,
            total=sum(line.quota for line, _progress in lines),
            drawn=sum(one.drawn for one in progress.values()),
            reaches=plan_ceilings.of(plan, clock.today()),
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


class _Lines:
    """A form page with a formset of lines; "添加一行" and "减去" work without any script."""

    template_name = "inspection/plan_form.html"
    actor: Actor
    request: HttpRequest

    def lines_initial(self) -> list[dict[str, Any]]:
        return []

    def items(self) -> Any:
        return queries.items_in_force(self.actor, clock.today())

    def lines(self, data: Any = None, more: int = 0) -> Any:
        """The formset; ``more`` empty lines are added to what was typed."""
        if data is not None and more:
            data = data.copy()
            data["line-TOTAL_FORMS"] = str(int(data.get("line-TOTAL_FORMS") or 0) + more)
        kwargs = {"items": self.items()}
        if data is None:
            return plan_forms.LineSet(prefix="line", initial=self.lines_initial(), form_kwargs=kwargs)
        return plan_forms.LineSet(data, prefix="line", form_kwargs=kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(initial=dict(self.initial()), **self.form_kwargs())  # type: ignore[attr-defined]
        return self.page(form=form, lines=self.lines())  # type: ignore[attr-defined,no-any-return]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, initial=dict(self.initial()), **self.form_kwargs())  # type: ignore[attr-defined]
        if "add" in request.POST:
            return self._kept(form, request)
        lines = self.lines(request.POST)
        if not (form.is_valid() & lines.is_valid()):
            return self.page(form=form, lines=lines, status=422)  # type: ignore[attr-defined,no-any-return]
        typed = [one.line() for one in lines if one.cleaned_data and not one.cleaned_data.get("DELETE")]
        try:
            result = self.act({**form.cleaned_data, "lines": typed})  # type: ignore[attr-defined]
        except Invalid as error:
            for name, texts in error.fields.items():
                form.add_error(name if name in form.fields else None, [str(text) for text in texts])
            return self.page(form=form, lines=lines, status=422)  # type: ignore[attr-defined,no-any-return]
        except (Refused, Stale) as error:
            problem = problems.of(error)
            return self.page(form=form, lines=lines, problem=problem, status=problem.status)  # type: ignore[attr-defined,no-any-return]
        return self.finished(result)  # type: ignore[attr-defined,no-any-return]

    def _kept(self, form: forms.Form, request: HttpRequest) -> HttpResponse:
        """One more line; nothing typed is lost and nothing is complained about yet."""
        bound = self.lines(request.POST, more=1)
        typed = [{name: one[name].value() for name in one.fields} for one in bound.forms]
        heads = {name: form[name].value() for name in form.fields}
        again = self.form_class(initial=heads, **self.form_kwargs())  # type: ignore[attr-defined]
        lines = plan_forms.LineSet(prefix="line", initial=typed[:-1], form_kwargs={"items": self.items()})
        return self.page(form=again, lines=lines)  # type: ignore[attr-defined,no-any-return]


class NewPlan(_Lines, AgencyPage):
    """Draft a plan."""

    title = _("起草检查计划")
    form_class = plan_forms.PlanForm
    submit = _("保存草稿")
    done = _("草稿已保存。核对后报批。")

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])),)

    def initial(self) -> Mapping[str, Any]:
        return {"year": clock.today().year}

    def act(self, data: Mapping[str, Any]) -> Plan:
        given = {name: value for name, value in data.items() if name != "agency"}
        return services.draft_plan(self.actor, **given, **self.owner(data))

    def done_url(self, result: Plan) -> str:
        return reverse("inspection:plan", args=[result.pk])


class PlanForm(FormPage):
    """A form of one plan; it carries the ``rev`` that was read."""

    @cached_property
    def plan(self) -> Plan:
        """The plan."""
        return find(self)

    def admit(self) -> None:
        gate.allowed(self.actor, self.plan.agency, self.ability)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])), (self.plan.title, self.done_url(None)))

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.plan.rev}

    def done_url(self, result: Any) -> str:
        return reverse("inspection:plan", args=[self.plan.pk])


class ChangePlan(_Lines, PlanForm):
    """Change a draft."""

    ability = gate.PLAN
    title = _("修改检查计划")
    form_class = plan_forms.ChangePlanForm
    done = _("计划已修改。")

    def initial(self) -> Mapping[str, Any]:
        plan = self.plan
        return {name: getattr(plan, name) for name in ("rev", "title", "begins", "ends", "ground")}

    def lines_initial(self) -> list[dict[str, Any]]:
        return [plan_forms.initial_of(line) for line in self.plan.lines.select_related("item")]

    def items(self) -> Any:
        kept = self.plan.lines.values("item")
        return super().items() | queries.items().filter(pk__in=kept)

    def act(self, data: Mapping[str, Any]) -> Plan:
        return services.change_plan(self.actor, self.plan.pk, **data)


class SubmitPlan(PlanForm):
    """Ask for its approval."""

    ability = gate.PLAN
    title = _("计划报批")
    form_class = plan_forms.SubmitForm
    submit = _("报批")
    done = _("已报批，可在“审批”中查看办理进度。")

    def act(self, data: Mapping[str, Any]) -> Plan:
        return services.submit_plan(self.actor, self.plan.pk, **data)


class PublishPlan(PlanForm):
    """Publish it."""

    ability = gate.PUBLISH
    title = _("公布计划")
    form_class = plan_forms.PublishForm
    submit = _("公布")
    done = _("计划已公布，可以据此抽取。")

    def act(self, data: Mapping[str, Any]) -> Plan:
        return services.publish_plan(self.actor, self.plan.pk, **data)


class EndPlan(PlanForm):
    """End it."""

    ability = gate.PLAN
    title = _("终止计划")
    form_class = plan_forms.EndForm
    submit = _("终止")
    done = _("计划已终止；已抽取的不受影响。")

    def act(self, data: Mapping[str, Any]) -> Plan:
        return services.end_plan(self.actor, self.plan.pk, **data)
