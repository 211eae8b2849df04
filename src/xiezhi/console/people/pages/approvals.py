"""The inbox, the list, and the approval form: every opinion, name and time; signed on the same page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Refusal
from xiezhi.people import flow, queries, services
from xiezhi.people.approval_kinds import APPROVAL_KINDS
from xiezhi.people.models import Approval, ApprovalOpinion
from xiezhi.web import subjects
from xiezhi.web.components import tag
from xiezhi.web.forms import RevForm
from xiezhi.web.lists.columns import Column
from xiezhi.web.lists.filters import Choice, DateRange, Search
from xiezhi.web.lists.page import ListPage
from xiezhi.web.pages import ConsoleView, FormPage

from .inputs import text_area, unit_names

STATES = {
    flow.PENDING: ("plain", _("审批中")),
    flow.RETURNED: ("bad", _("已退回承办人")),
    flow.APPROVED: ("good", _("已通过")),
    flow.WITHDRAWN: ("quiet", _("已撤回")),
}
DECISIONS = {
    ApprovalOpinion.SUBMIT: _("提交"),
    ApprovalOpinion.AGREE: _("同意"),
    ApprovalOpinion.RETURN: _("退回"),
    ApprovalOpinion.RESUBMIT: _("重新提交"),
    ApprovalOpinion.WITHDRAW: _("撤回"),
}


def address(key: Any) -> str:
    """An approval's page."""
    return reverse("console:approval", args=[key])


def kind_title(row: Approval) -> str:
    """What is asked for, in words."""
    return now(APPROVAL_KINDS.get(row.kind, row.kind))


def count_inbox(actor: Actor) -> int:
    """For the home page."""
    return len(queries.inbox(actor))


class Inbox(ConsoleView):
    """What waits for this very person: his turn, or returned to him."""

    ability = ""
    title = _("待办审批")
    template_name = "console/people/inbox.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = [
            (row, kind_title(row), address(row.pk), row.state == flow.RETURNED)
            for row in queries.inbox(self.actor)
        ]
        return self.page(rows=rows)


class Approvals(ListPage):
    """Approvals that the actor may see."""

    ability = ""
    title = _("审批")
    order = ("-submitted_at",)
    columns = (
        Column("title", _("事项"), link=lambda row: address(row.pk)),
        Column("kind", _("类别"), value=kind_title),
        Column("submitted_by", _("承办人"), value=lambda row: row.submitted_by.name),
        Column("submitted_at", _("提交时间"), sort="submitted_at"),
        Column(
            "state",
            _("状态"),
            value=lambda row: str(STATES[row.state][1]),
            html=lambda row: tag(*STATES[row.state]),
        ),
    )
    filters = (
        Search(fields=("title",)),
        Choice("state", _("状态"), choices=[(code, text) for code, (_css, text) in STATES.items()]),
        DateRange("submitted_at", _("提交时间")),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.approvals(actor)


class OpinionForm(RevForm):
    """Agree, or return with a reason."""

    decision = django_forms.ChoiceField(
        label=_("决定"),
        choices=[(ApprovalOpinion.AGREE, _("同意")), (ApprovalOpinion.RETURN, _("退回"))],
        widget=django_forms.RadioSelect,
    )
    role = django_forms.ChoiceField(label=_("以何角色签署"), required=False)
    return_to = django_forms.TypedChoiceField(
        label=_("退回到"), coerce=int, empty_value=0, required=False, help_text=_("仅在退回时适用。")
    )
    text = text_area(_("意见"), help_text=_("退回的，写明理由和需要补正的内容。"))
    minutes = django_forms.CharField(label=_("会议纪要文号"), max_length=80, required=False)

    def __init__(self, *args: Any, approval: Approval, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = queries.form_rows(approval)
        steps = [(row.number, row.title) for row in rows[: max(approval.step, 1)]]
        self.fields["return_to"].choices = steps  # type: ignore[attr-defined]
        waiting = approval.place.waiting
        if len(waiting) > 1:
            self.fields["role"].choices = [("", _("（本人担任的角色）")), *role_names(waiting)]  # type: ignore[attr-defined]
        else:
            del self.fields["role"]
        if not (approval.step and approval.route.path[approval.step - 1].meeting):
            del self.fields["minutes"]


class ResubmitForm(RevForm):
    """The applicant mends what was returned."""

    title = django_forms.CharField(label=_("事项"), max_length=200)
    text = text_area(_("补正说明"))

    def __init__(self, *args: Any, approval: Approval, **kwargs: Any):
        super().__init__(*args, **kwargs)


class WithdrawForm(RevForm):
    """The applicant takes it back."""

    text = text_area(_("撤回理由"))


def role_names(codes: Sequence[str]) -> list[tuple[str, str]]:
    """(code, name)."""
    from xiezhi.people.models import Role

    return list(Role.objects.filter(code__in=codes).values_list("code", "name"))


class ApprovalPage(FormPage):
    """The form as it stands; below it, whoever's turn it is signs, or the applicant submits again."""

    ability = ""
    template_name = "console/people/approval.html"
    done = _("已签署。")

    @property
    def approval(self) -> Approval:
        return queries.approval(self.actor, self.kwargs["key"])

    @property
    def form_class(self) -> type[django_forms.Form]:  # type: ignore[override]
        return ResubmitForm if self.approval.state == flow.RETURNED else OpinionForm

    @property
    def submit(self) -> Any:  # type: ignore[override]
        return _("重新提交") if self.approval.state == flow.RETURNED else _("签署")

    def page_title(self) -> str:
        return now("%(kind)s审批表") % {"kind": kind_title(self.approval)}

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("审批"), reverse("console:approvals"))]

    def form_kwargs(self) -> dict[str, Any]:
        return {"approval": self.approval}

    def initial(self) -> Mapping[str, Any]:
        row = self.approval
        return {"rev": row.rev, "title": row.title, "return_to": flow.APPLICANT}

    def act(self, data: Mapping[str, Any]) -> Approval:
        row, given = self.approval, dict(data)
        decision = given.pop("decision", "")
        given["text"] = given["text"].replace("\r\n", "\n")
        if row.state == flow.RETURNED:
            self.done = _("已重新提交。")
            return services.resubmit(self.actor, approval=row.pk, **given)
        to_step = given.pop("return_to", flow.APPLICANT)
        if decision == ApprovalOpinion.RETURN:
            given.pop("minutes", None)
            return services.return_approval(self.actor, approval=row.pk, to_step=to_step or 0, **given)
        return services.agree(self.actor, approval=row.pk, **given)

    def done_url(self, result: Approval) -> str:
        return address(result.pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self._may_write():
            return self.page(form=None)
        return super().get(request, *args, **kwargs)

    def _may_write(self) -> bool:
        row = self.approval
        if row.state == flow.RETURNED:
            return str(row.submitted_by_id) == self.actor.id
        return not isinstance(queries.may_act(self.actor, row), Refusal)

    def context(self, **more: Any) -> dict[str, Any]:
        row = self.approval
        # As it went, not as the route stands: after a return the same step speaks again.
        said = [
            (o, DECISIONS[o.decision]) for o in row.opinions.select_related("authorisation").order_by("number")
        ]
        ahead = [step for step in queries.form_rows(row) if row.state in flow.OPEN and step.number >= row.step]
        own = str(row.submitted_by_id) == self.actor.id and row.state in flow.OPEN
        facts = (
            (_("事项"), row.title),
            (_("类别"), kind_title(row)),
            (_("承办人"), row.submitted_by.name),
            (_("承办机构"), unit_names(self.actor).get(row.agency, row.agency)),
            (_("提交时间"), row.submitted_at),
            (_("状态"), tag(*STATES[row.state])),
            (
                _("审批流程"),
                now("第 %(version)s 版（%(source)s）")
                % {"version": row.route.version, "source": row.route.source},
            ),
        )
        withdraw = reverse("console:approval-withdraw", args=[row.pk]) if own else ""
        subject = subjects.address(row.subject)
        return super().context(
            approval=row,
            said=said,
            ahead=ahead,
            facts=facts,
            withdraw=withdraw,
            subject=subject,
            told=subjects.facts(self.actor, row.subject),
            **more,
        )


class Withdraw(FormPage):
    """Take it back."""

    ability = ""
    title = _("撤回审批")
    submit = _("撤回")
    done = _("已撤回。")
    form_class = WithdrawForm

    def admit(self) -> None:
        row = queries.approval(self.actor, self.kwargs["key"])
        if str(row.submitted_by_id) != self.actor.id:
            raise Denied("approval.submit", row.agency)

    def initial(self) -> Mapping[str, Any]:
        return {"rev": queries.approval(self.actor, self.kwargs["key"]).rev}

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        row = queries.approval(self.actor, self.kwargs["key"])
        return [(_("审批"), reverse("console:approvals")), (row.title, address(row.pk))]

    def act(self, data: Mapping[str, Any]) -> Approval:
        return services.withdraw(self.actor, approval=self.kwargs["key"], **data)

    def done_url(self, result: Approval) -> str:
        return address(result.pk)
