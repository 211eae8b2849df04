"""Triggered inspections: list, one of them, asking for one, dropping one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Allowed, NotFound
from xiezhi.inspection import gate, plan_forms, queries, sending, services, trigger_guards, visits_known
from xiezhi.inspection.codes import Ground, PlanState, TaskState
from xiezhi.inspection.models import READ, Task, Trigger
from xiezhi.web import navigation
from xiezhi.web.lists import Choice, Column, ListPage, Search
from xiezhi.web.pages import Crumb, DetailPage, FormPage

from .plans import state_tag
from .setting_up import AgencyPage

CRUMB: Crumb = (_("触发式检查"), "inspection:triggers")
HIDDEN = _("对象不公开")


def find(view: Any) -> Trigger:
    """The one that the address names, if the actor may see it."""
    found = queries.triggers_visible_to(view.actor).filter(pk=view.kwargs["trigger"]).first()
    if found is None:
        raise NotFound(f"trigger {view.kwargs['trigger']}")
    return found


def _can_be_sent(trigger: Trigger) -> bool:
    verdicts = (
        trigger_guards.approved(trigger),
        trigger_guards.not_visited(trigger, ""),
        trigger_guards.window_ahead(trigger, clock.today()),
    )
    return all(isinstance(one, Allowed) for one in verdicts)


def _tasks(trigger: Trigger) -> Any:
    """Its tasks with their states, each a link."""
    rows = [
        (reverse("inspection:task", args=[row.pk]), str(row), TaskState(row.state).label)
        for row in trigger.tasks.order_by("number")
    ]
    return format_html_join(" ", '<a href="{}">{}</a>（{}）', rows)


def _visits(trigger: Trigger) -> Sequence[tuple[Any, Any]]:
    """How often its target was visited this year, for who may see whom it is about."""
    if not trigger.told_code:
        return ()
    today = clock.today()
    drawn, triggered = visits_known.open_to_see(trigger.code, today.year)
    text = _("按计划 %(drawn)s 次，触发式 %(triggered)s 次（%(known)s；名称密封的不计）") % {
        "drawn": drawn,
        "triggered": triggered,
        "known": visits_known.as_of(today),
    }
    return ((_("该对象本年检查"), text),)


class Triggers(ListPage):
    """Triggered inspections of the agencies in which one may read."""

    ability = READ
    title = _("触发式检查")
    intro = _("投诉举报、转办、预警和回头看不经抽取，但须逐件审批；不计入年度频次上限，单独统计。")
    empty = _("没有触发式检查。")
    order = ("-asked_at", "-pk")
    columns = (
        Column("reference", _("来源编号"), link=lambda row: reverse("inspection:trigger", args=[row.pk])),
        Column("ground", _("触发事由"), value=lambda row: row.get_ground_display()),
        Column("name", _("检查对象"), value=lambda row: row.told_name or str(HIDDEN)),
        Column("state", _("状态"), value=lambda row: str(PlanState(row.state).label), html=state_tag),
        Column("window_from", _("检查开始")),
        Column("window_to", _("检查结束")),
        Column("asked_at", _("申请时间"), sort="asked_at"),
    )
    filters = (
        Search(fields=("told_name", "told_code", "reference")),
        Choice("ground", _("触发事由"), choices=Ground.choices),
        Choice("state", _("状态"), choices=PlanState.choices),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.triggers_visible_to(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not navigation.holds(self.actor, gate.PLAN):
            return ()
        return ({"text": _("申请触发式检查"), "href": reverse("inspection:new_trigger")},)


class TriggerPage(DetailPage):
    """One triggered inspection."""

    ability = READ

    def get_object(self) -> Trigger:
        return find(self)

    def page_title(self) -> str:
        return str(self.object)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])),)

    def facts(self, obj: Trigger) -> Sequence[tuple[Any, Any]]:
        return (
            (_("状态"), state_tag(obj)),
            (_("检查对象"), obj.told_name or HIDDEN),
            (_("代码"), obj.told_code or HIDDEN),
            *_visits(obj),
            (_("来源编号"), obj.reference),
            (_("检查理由"), obj.told_reason or HIDDEN),
            (_("检查事项"), "；".join(str(item) for item in obj.items.all())),
            (_("检查期间"), f"{obj.window_from} — {obj.window_to}"),
            (_("检查任务"), _tasks(obj)),
            (_("申请时间"), obj.asked_at),
            (_("获批时间"), obj.approved_at),
            (_("终止原因"), obj.end_reason),
        )

    def actions(self, obj: Trigger) -> Sequence[Mapping[str, Any]]:
        found = []
        if self.actor.may(gate.REVIEW, obj.agency) and _can_be_sent(obj):
            found.append(
                {"text": _("指派检查人员"), "href": reverse("inspection:send_for_trigger", args=[obj.pk])}
            )
        verdicts = (trigger_guards.not_visited(obj, ""), trigger_guards.may_end(obj, self.actor))
        ahead = all(isinstance(one, Allowed) for one in verdicts)
        open_ = obj.state in (PlanState.SUBMITTED, PlanState.APPROVED)
        if open_ and ahead and self.actor.may(gate.PLAN, obj.agency):
            found.append({"text": _("终止"), "href": reverse("inspection:end_trigger", args=[obj.pk])})
        if obj.approval_id and navigation.holds(self.actor, "approval.read"):
            found.append({"text": _("查看审批单"), "href": reverse("console:approval", args=[obj.approval_id])})
        return found


class NewTrigger(AgencyPage):
    """Ask for one."""

    title = _("申请触发式检查")
    form_class = plan_forms.TriggerForm
    submit = _("申请并报批")
    done = _("已报批，获批后方可检查。")

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])),)

    def form_kwargs(self) -> dict[str, Any]:
        return {**super().form_kwargs(), "items": queries.items_in_force(self.actor, clock.today())}

    def act(self, data: Mapping[str, Any]) -> Trigger:
        given = {name: value for name, value in data.items() if name != "agency"}
        return services.ask_trigger(self.actor, **given, **self.owner(data))

    def done_url(self, result: Trigger) -> str:
        return reverse("inspection:trigger", args=[result.pk])


class TriggerForm(FormPage):
    """A form on one triggered inspection."""

    @cached_property
    def trigger(self) -> Trigger:
        """The one that the address names."""
        return find(self)

    def admit(self) -> None:
        gate.allowed(self.actor, self.trigger.agency, self.ability)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])), (str(self.trigger), self.done_url(None)))

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.trigger.rev}

    def done_url(self, result: Any) -> str:
        return reverse("inspection:trigger", args=[self.trigger.pk])


class EndTrigger(TriggerForm):
    """Drop one."""

    ability = gate.PLAN
    title = _("终止触发式检查")
    form_class = plan_forms.EndForm
    submit = _("终止")
    done = _("已终止；尚未到场的任务随之取消，尚在审批的已撤回。")

    def act(self, data: Mapping[str, Any]) -> Trigger:
        return services.end_trigger(self.actor, self.trigger.pk, **data)


class SendForTrigger(TriggerForm):
    """Name who goes, among those who can."""

    ability = gate.REVIEW
    title = _("指派检查人员")
    form_class = plan_forms.SendForm
    submit = _("指派")
    done = _("已指派。名称在检查期间开始的前一日向检查人员开启；已到该日的，即时开启。")

    def form_kwargs(self) -> dict[str, Any]:
        return {"officers": sending.choice(self.trigger, clock.today()).fit}

    def act(self, data: Mapping[str, Any]) -> Task:
        return services.send_for_trigger(self.actor, self.trigger.pk, **data)

    def done_url(self, result: Any) -> str:
        if isinstance(result, Task):
            return reverse("inspection:task", args=[result.pk])
        return super().done_url(result)
