"""The approval matrix: which act passes through whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.people import flow, queries, services
from xiezhi.people.approval_kinds import APPROVAL_KINDS
from xiezhi.people.models import ApprovalRoute, Role
from xiezhi.web.forms import Form
from xiezhi.web.pages import ConsoleView, FormPage

from .inputs import day_field, role_choices, unit_choices, unit_names

MANAGE = "people.manage_routes"
STEPS = range(1, 9)


class Routes(ConsoleView):
    """Every version of every route, with its steps in words."""

    ability = "people.read"
    title = _("审批流程")
    template_name = "console/people/routes.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        names, roles, day = unit_names(self.actor), dict(Role.objects.values_list("code", "name")), clock.today()
        rows = [
            {
                "route": route,
                "kind": _(APPROVAL_KINDS.get(route.kind, route.kind)),
                "agency": names.get(route.agency, route.agency),
                "steps": [(s.title, "、".join(roles.get(r, r) for r in s.roles), s) for s in route.path],
                "holds": route.holds_on(day),
            }
            for route in queries.routes(self.actor)
        ]
        actions = []
        if self.actor.paths(MANAGE):
            actions.append({"text": _("启用新流程"), "href": reverse("console:route-new")})
        return self.page(rows=rows, actions=actions)


class RouteForm(Form):
    """Eight places for steps; those without a title are left out."""

    kind = django_forms.ChoiceField(label=_("审批事项"))
    agency = django_forms.ChoiceField(label=_("适用机构（含下级）"))
    source = django_forms.CharField(label=_("依据文件"), max_length=200)
    valid_from = day_field(_("启用日期"))

    def __init__(self, *args: Any, roles: Any = (), units: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        kinds = [(code, _(title)) for code, title in APPROVAL_KINDS.items()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["agency"].choices = units  # type: ignore[attr-defined]
        for n in STEPS:
            number = {"n": n}
            self.fields[f"title_{n}"] = django_forms.CharField(
                label=_("第 %(n)s 步名称") % number, max_length=40, required=False
            )
            self.fields[f"roles_{n}"] = django_forms.MultipleChoiceField(
                label=_("第 %(n)s 步由谁签署") % number,
                choices=roles,
                required=False,
                help_text=_("选多个角色即为会签。"),
                widget=django_forms.SelectMultiple(attrs={"size": 4}),
            )
            self.fields[f"meeting_{n}"] = django_forms.BooleanField(
                label=_("第 %(n)s 步须填写会议纪要文号") % number, required=False
            )

    def steps(self) -> list[flow.Step]:
        """The steps that were filled in."""
        data = self.cleaned_data
        return [
            flow.Step(data[f"title_{n}"], tuple(data[f"roles_{n}"]), data[f"meeting_{n}"])
            for n in STEPS
            if data[f"title_{n}"] or data[f"roles_{n}"]
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            data["steps"] = self.steps()
        return data


class Adopt(FormPage):
    """Put a new version in force."""

    ability = MANAGE
    title = _("启用新流程")
    submit = _("启用")
    form_class = RouteForm

    def form_kwargs(self) -> dict[str, Any]:
        units = unit_choices(self.actor, MANAGE, everywhere=True)
        return {"roles": role_choices(self.actor), "units": units}

    def initial(self) -> Mapping[str, Any]:
        return {"valid_from": clock.today()}

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("审批流程"), reverse("console:routes"))]

    def act(self, data: Mapping[str, Any]) -> ApprovalRoute:
        names = ("kind", "agency", "source", "valid_from", "steps")
        return services.adopt_route(self.actor, **{name: data[name] for name in names})

    def done_url(self, result: Any) -> str:
        return reverse("console:routes")
