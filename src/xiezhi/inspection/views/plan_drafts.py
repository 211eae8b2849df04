"""A plan is drafted and changed: one form for its head and a formset for its lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, Refused, Stale
from xiezhi.inspection import gate, plan_coverage, plan_forms, queries, services, together
from xiezhi.inspection.models import InspectionItem, Plan
from xiezhi.web import problems
from xiezhi.web.pages import Crumb

from .plan_steps import PlanForm
from .plans import CRUMB
from .setting_up import AgencyPage


class _Lines:
    """A form page with a formset of lines; "添加一行" and "减去" work without any script."""

    template_name = "inspection/plan_form.html"
    actor: Actor
    request: HttpRequest

    def lines_initial(self) -> list[dict[str, Any]]:
        return []

    def items(self) -> Any:
        return queries.items_in_force(self.actor, clock.today())

    def unplanned(self) -> tuple[int, list[InspectionItem]]:
        """Year, and items that none of its plans has yet."""
        year = clock.today().year
        return year, plan_coverage.unplanned(self.actor, year, clock.today())

    def context(self, **more: Any) -> dict[str, Any]:
        year, unplanned = self.unplanned()
        return super().context(year=year, unplanned=unplanned, **more)  # type: ignore[misc,no-any-return]

    def partners(self) -> list[tuple[str, str]]:
        """Who may be named as coming along; whoever was named before stays on offer."""
        return together.choices(self.actor)

    def lines_kwargs(self) -> dict[str, Any]:
        """What each form of the formset is made with."""
        return {"items": self.items(), "partners": self.partners()}

    def lines(self, data: Any = None, more: int = 0) -> Any:
        """The formset; ``more`` empty lines are added to what was typed."""
        if data is not None and more:
            data = data.copy()
            data["line-TOTAL_FORMS"] = str(int(data.get("line-TOTAL_FORMS") or 0) + more)
        kwargs = self.lines_kwargs()
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
        lines = plan_forms.LineSet(prefix="line", initial=typed[:-1], form_kwargs=self.lines_kwargs())
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

    def unplanned(self) -> tuple[int, list[InspectionItem]]:
        return self.plan.year, plan_coverage.unplanned_beside(self.plan, clock.today())

    def partners(self) -> list[tuple[str, str]]:
        kept = {path for line in self.plan.lines.all() for path in line.partners}
        return together.choices(self.actor, own=self.plan.agency, kept=kept)

    def act(self, data: Mapping[str, Any]) -> Plan:
        return services.change_plan(self.actor, self.plan.pk, **data)
