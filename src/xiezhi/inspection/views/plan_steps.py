"""What is done with a plan that is drafted: put up for approval, published, ended."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi.inspection import gate, plan_forms, services
from xiezhi.inspection.models import Plan
from xiezhi.web.pages import Crumb, FormPage

from .plans import CRUMB, find


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
