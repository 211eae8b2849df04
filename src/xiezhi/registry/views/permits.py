"""Permits: list, one with its life, entering, changing or extending, and the steps of its life."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound
from xiezhi.registry import forms, queries, services
from xiezhi.registry.gate import EDIT
from xiezhi.registry.models import Entity, Permit, PermitKind, Project
from xiezhi.web import components
from xiezhi.web.lists import Choice, Column, DateRange, Flag, ListPage, Search
from xiezhi.web.pages import ConsoleView, FormPage

State = Permit.State
_TAGS = {State.VALID: "good", State.SUSPENDED: "bad", State.REVOKED: "bad", State.EXPIRED: "quiet"}


@dataclass(frozen=True)
class Step:
    """A step of a permit's life: what users read, the service, the form, and the states it begins from."""

    title: Any
    service: Callable[..., Permit]
    form: type[django_forms.Form]
    begins: frozenset[str]


STEPS: dict[str, Step] = {
    "suspend": Step(_("暂扣许可"), services.suspend_permit, forms.PermitStepForm, frozenset({"valid"})),
    "restore": Step(_("恢复许可"), services.restore_permit, forms.PermitStepForm, frozenset({"suspended"})),
    "revoke": Step(
        _("撤销或吊销许可"), services.revoke_permit, forms.PermitStepForm, frozenset({"valid", "suspended"})
    ),
    "expire": Step(
        _("作过期处理"), services.expire_permit, forms.PermitExpireForm, frozenset({"valid", "suspended"})
    ),
}


def address(permit: Permit) -> str:
    """Where a permit is shown."""
    return reverse("registry:permit", args=[permit.pk])


def state_tag(permit: Permit) -> Any:
    """Its state as a tag."""
    return components.tag(_TAGS[State(permit.state)], permit.get_state_display())


def _number(permit: Permit) -> Any:
    if not permit.unverified:
        return permit.number
    return format_html("{} {}", permit.number, components.tag("unverified"))


class PermitList(ListPage):
    """Permits that the actor may see."""

    ability = "registry.read"
    title = _("许可")
    columns = (
        Column("number", _("许可编号"), html=_number, link=address, sort="number"),
        Column("kind", _("种类"), value=lambda permit: str(permit.get_kind_display())),
        Column("entity__name", _("持证单位")),
        Column("project__name", _("工程项目")),
        Column("issuer", _("发证机关")),
        Column("issued_on", _("发证日期"), sort="issued_on"),
        Column("valid_until", _("有效期至"), sort="valid_until"),
        Column("state", _("状态"), value=lambda permit: str(permit.get_state_display()), html=state_tag),
    )
    filters = (
        Search(
            label=_("编号、持证单位、项目或发证机关"), fields=("number", "entity__name", "project__name", "issuer")
        ),
        Choice("kind", _("种类"), choices=PermitKind.choices),
        Choice("state", _("状态"), choices=State.choices),
        DateRange("issued_on", _("发证日期")),
        DateRange("valid_until", _("有效期")),
        Flag("unverified", _("只看编号待核的")),
    )
    order = ("-issued_on",)
    empty = _("请先登记许可，或导入许可名录。")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> Any:
        return queries.permits_visible_to(actor).select_related("entity", "project")

    def actions(self) -> Sequence[Mapping[str, Any]]:
        return [{"text": _("登记许可"), "href": reverse("registry:permit-new")}] if self.actor.paths(EDIT) else []


class PermitPage(ConsoleView):
    """One permit: what it says, whom it was granted, what became of it."""

    ability = "registry.read"
    template_name = "registry/permit.html"

    def page_title(self) -> str:
        return f"{self.permit.get_kind_display()} {self.permit.number}"

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((PermitList.title, reverse("registry:permits")),)

    def get(self, request: HttpRequest, permit_id: Any) -> HttpResponse:
        self.permit = permit = queries.get_permit(self.actor, permit_id)
        return self.page(
            permit=permit,
            facts=[
                (_("许可种类"), permit.get_kind_display()),
                (_("许可编号"), _number(permit)),
                (_("状态"), state_tag(permit)),
                (_("持证单位"), _linked(queries.entities_visible_to(self.actor), permit.entity, "entity")),
                (_("工程项目"), _linked(queries.projects_visible_to(self.actor), permit.project, "project")),
                (_("发证机关"), permit.issuer),
                (_("发证日期"), permit.issued_on),
                (_("有效期至"), permit.valid_until or _("长期")),
                (_("许可内容"), permit.content),
            ],
            entries=[
                {"at": step.at, "title": step.title, "text": _told(step.data)} for step in queries.history(permit)
            ],
            actions=self._actions(permit),
        )

    def _actions(self, permit: Permit) -> Sequence[Mapping[str, Any]]:
        if not self.actor.may(EDIT, permit.agency):
            return []
        found = []
        if permit.state != State.REVOKED:
            found.append(
                {"text": _("变更或延续"), "href": reverse("registry:permit-change", args=[permit.pk]), "kind": ""}
            )
        for name, step in STEPS.items():
            over = permit.valid_until is not None and permit.valid_until < clock.today()
            if permit.state in step.begins and (name != "expire" or over):
                where = reverse("registry:permit-step", args=[permit.pk, name])
                found.append({"text": step.title, "href": where, "kind": "quiet"})
        return found


class PermitNew(FormPage):
    """Enter a permit in the officer's own agency; ``?entity=`` and ``?project=`` name what it is for."""

    ability = EDIT
    title = _("登记许可")
    form_class = forms.PermitForm

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((PermitList.title, reverse("registry:permits")),)

    def initial(self) -> Mapping[str, Any]:
        entity = _named(queries.entities_visible_to(self.actor), self.request.GET.get("entity", ""))
        project = _named(queries.projects_visible_to(self.actor), self.request.GET.get("project", ""))
        kind = {"kind": PermitKind.CONSTRUCTION if project else PermitKind.QUALIFICATION}
        given = kind if entity or project else {}
        return given | ({"code": entity.code} if entity else {}) | ({"project": project.number} if project else {})

    def act(self, data: Mapping[str, Any]) -> Permit:
        facts = dict(data)
        entity = queries.find_by_code(self.actor, "".join(facts.pop("code").upper().split()))
        number = facts.pop("project")
        project = queries.projects_visible_to(self.actor).filter(number=number).first() if number else None
        errors = {}
        if entity is None:
            errors["code"] = [now_("没有登记过这个代码。请核对，或先登记该单位。")]
        if number and project is None:
            errors["project"] = [now_("没有登记过这个项目编号。请核对，或先登记该项目。")]
        if errors or entity is None:
            raise Invalid(errors)
        return services.register_permit(
            self.actor,
            agency=self.actor.agency,
            district=self.actor.district,
            entity_id=entity.pk,
            project_id=project.pk if project else None,
            **facts,
        )

    def done_url(self, result: Permit) -> str:
        return address(result)


class _OnPermit(FormPage):
    ability = EDIT

    def admit(self) -> None:
        self.permit = queries.get_permit(self.actor, self.kwargs["permit_id"])
        if not self.actor.may(EDIT, self.permit.agency):
            raise Denied(EDIT, self.permit.agency)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((PermitList.title, reverse("registry:permits")), (self.permit.number, address(self.permit)))

    def done_url(self, result: Permit) -> str:
        return address(result)


class PermitChange(_OnPermit):
    """Extend a permit, or change what it says."""

    title = _("变更或延续许可")
    form_class = forms.PermitChangeForm

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.permit.rev, "on": clock.today(), **_editable(self.permit)}

    def stored(self) -> Mapping[str, Any]:
        return _editable(queries.get_permit(self.actor, self.permit.pk))

    def act(self, data: Mapping[str, Any]) -> Permit:
        return services.change_permit(self.actor, self.permit.pk, **data)


class PermitStep(_OnPermit):
    """One step of its life, by the address's last part."""

    def admit(self) -> None:
        super().admit()
        if self.kwargs["step"] not in STEPS:
            raise NotFound(f"step {self.kwargs['step']}")
        self.step = STEPS[self.kwargs["step"]]
        self.title = self.submit = self.step.title
        self.form_class = self.step.form

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.permit.rev, "on": clock.today()}

    def act(self, data: Mapping[str, Any]) -> Permit:
        return self.step.service(self.actor, self.permit.pk, **data)


def _editable(permit: Permit) -> dict[str, Any]:
    return {name: getattr(permit, name) for name in ("valid_until", "issuer", "content")}


def _named(rows: Any, text: str) -> Any:
    try:
        return rows.filter(pk=text).first() if text else None
    except (ValueError, django_forms.ValidationError):
        return None


def _linked(rows: Any, found: Entity | Project | None, name: str) -> Any:
    """A link where the actor may open it, else the name alone."""
    if found is None:
        return None
    if not rows.filter(pk=found.pk).exists():
        return found.name
    return format_html('<a href="{}">{}</a>', reverse(f"registry:{name}", args=[found.pk]), found.name)


def _told(data: Mapping[str, Any]) -> str:
    """What an event says in words: from which day, why, by which document."""
    parts = []
    if data.get("on"):
        parts.append(now_("自 %(day)s 起") % {"day": data["on"]})
    if data.get("reason"):
        parts.append(str(data["reason"]))
    if data.get("document"):
        parts.append(now_("文号：%(number)s") % {"number": data["document"]})
    return "；".join(parts)
