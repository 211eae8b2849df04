"""Officers with certificates, leave and relations, and assistants."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.people import queries, services, skills
from xiezhi.people.models import Assistant, Certificate, Leave, Officer
from xiezhi.people.services.officers import LEAVES, RELATIONS
from xiezhi.web.components import tag
from xiezhi.web.forms import Form, RevForm
from xiezhi.web.lists.columns import Column
from xiezhi.web.lists.filters import Choice, Search
from xiezhi.web.lists.page import ListPage
from xiezhi.web.pages import DetailPage, FormPage

from .inputs import PressPage, day_field, text_area, unit_choices

MANAGE = "people.manage_officers"
STATES = ((Officer.SERVING, _("在任")), (Officer.LEFT, _("已离任")))


def address(key: Any) -> str:
    """An officer's page."""
    return reverse("console:officer", args=[key])


def state_tag(row: Officer | Assistant) -> Any:
    """在任 or 已离任."""
    return tag("good" if row.state == Officer.SERVING else "quiet", dict(STATES)[row.state])


def words(text: str) -> list[str]:
    """Codes as typed, separated by blanks or commas."""
    return text.replace("，", " ").replace(",", " ").split()


class Officers(ListPage):
    """Officers that the actor may see."""

    ability = "people.read"
    title = _("执法人员")
    order = ("agency", "name")
    columns = (
        Column("name", _("姓名"), link=lambda row: address(row.pk), sort="name"),
        Column("unit", _("所在机构"), value=lambda row: row.unit.name, sort="agency"),
        Column("skills", _("专长"), value=lambda row: skills.listed(row.skills)),
        Column("state", _("状态"), value=lambda row: str(dict(STATES)[row.state]), html=state_tag),
    )
    filters = (Search(fields=("name",)), Choice("state", _("状态"), choices=STATES))

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.officers(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not self.actor.paths(MANAGE):
            return ()
        return [{"text": _("登记执法人员"), "href": reverse("console:officer-new")}]


class Assistants(ListPage):
    """Assistants (辅助人员)."""

    ability = "people.read"
    title = _("辅助人员")
    intro = _("辅助人员协助执法，不具有执法资格，任何角色都不会使其取得执法权限（《行政处罚法》第四十二条）。")
    order = ("agency", "name")
    columns = (
        Column("name", _("姓名"), sort="name"),
        Column("unit", _("所在机构"), value=lambda row: row.unit.name, sort="agency"),
        Column("state", _("状态"), value=lambda row: str(dict(STATES)[row.state]), html=state_tag),
    )
    filters = (Search(fields=("name",)), Choice("state", _("状态"), choices=STATES))

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.assistants(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not self.actor.paths(MANAGE):
            return ()
        return [{"text": _("登记辅助人员"), "href": reverse("console:assistant-new")}]


class OfficerDetail(DetailPage):
    """One officer: certificates for everyone who sees him; leave and relations with the ability for it."""

    ability = "people.read"
    template_name = "console/people/officer.html"

    def get_object(self) -> Officer:
        self.row = queries.officer(self.actor, self.kwargs["key"])
        return self.row

    def page_title(self) -> str:
        return self.row.name

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("执法人员"), reverse("console:officers"))]

    def facts(self, obj: Officer) -> Sequence[tuple[Any, Any]]:
        return (
            (_("所在机构"), obj.unit.name),
            (_("状态"), state_tag(obj)),
            (_("专长"), skills.listed(obj.skills)),
        )

    def actions(self, obj: Officer) -> Sequence[Mapping[str, Any]]:
        if not self.actor.may(MANAGE, obj.agency) or obj.state != Officer.SERVING:
            return ()
        links = (
            ("officer-certificate", _("登记执法证")),
            ("officer-leave", _("登记请假")),
            ("officer-relation", _("申报利害关系")),
            ("officer-change", _("变更")),
            ("officer-release", _("离任")),
        )
        return [
            {
                "text": text,
                "href": reverse(f"console:{name}", args=[obj.pk]),
                "kind": "" if place == 0 else "quiet",
            }
            for place, (name, text) in enumerate(links)
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object()
        private = self.actor.may("people.read_private", row.agency) or self.actor.may(MANAGE, row.agency)
        return self.page(
            object=row,
            facts=self.facts(row),
            actions=self.actions(row),
            certificates=[(c, _certificate_tag(c)) for c in row.certificates.order_by("-valid_from")],
            leaves=[(le, LEAVES.get(le.kind, le.kind)) for le in row.leaves.order_by("-valid_from")]
            if private
            else (),
            relations=[(r, RELATIONS.get(r.kind, r.kind)) for r in row.relations.order_by("-valid_from")]
            if private
            else (),
            private=private,
            may_manage=self.actor.may(MANAGE, row.agency),
        )


def _certificate_tag(row: Certificate) -> Any:
    day = clock.today()
    if row.revoked_on is not None and row.revoked_on <= day:
        return tag("bad", _("已注销"))
    if not row.holds_on(day):
        return tag("bad", _("尚未生效") if row.valid_from > day else _("已过期"))
    return tag("good", _("有效"))


class UnitForm(Form):
    unit = django_forms.ChoiceField(label=_("所在机构"))
    name = django_forms.CharField(label=_("姓名"), max_length=60)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class OfficerForm(UnitForm):
    skills = django_forms.MultipleChoiceField(
        label=_("专长"), required=False, widget=django_forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, stored: Sequence[str] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["skills"].choices = skills.choices(stored)  # type: ignore[attr-defined]


class ChangeForm(OfficerForm, RevForm):
    pass


class Register(FormPage):
    """Enter an officer."""

    ability = MANAGE
    title = _("登记执法人员")
    form_class = OfficerForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"units": unit_choices(self.actor, self.ability)}

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("执法人员"), reverse("console:officers"))]

    def act(self, data: Mapping[str, Any]) -> Officer:
        return services.register_officer(self.actor, **data)

    def done_url(self, result: Officer) -> str:
        return address(result.pk)


class RegisterAssistant(FormPage):
    """Enter an assistant."""

    ability = MANAGE
    title = _("登记辅助人员")
    form_class = UnitForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"units": unit_choices(self.actor, self.ability)}

    def act(self, data: Mapping[str, Any]) -> Assistant:
        return services.register_assistant(self.actor, **data)

    def done_url(self, result: Assistant) -> str:
        return reverse("console:assistants")


class _OfOfficer(FormPage):
    ability = MANAGE

    @property
    def officer(self) -> Officer:
        return queries.officer(self.actor, self.kwargs["key"])

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        row = self.officer
        return [(_("执法人员"), reverse("console:officers")), (row.name, address(row.pk))]

    def done_url(self, result: Any) -> str:
        return address(self.kwargs["key"])


class Change(_OfOfficer):
    """Move him, correct his name, set his skills."""

    title = _("变更执法人员")
    form_class = ChangeForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"units": unit_choices(self.actor, self.ability), "stored": self.officer.skills}

    def initial(self) -> Mapping[str, Any]:
        row = self.officer
        return {"unit": row.agency, "name": row.name, "skills": row.skills, "rev": row.rev}

    def stored(self) -> Mapping[str, Any]:
        return self.initial()

    def act(self, data: Mapping[str, Any]) -> Officer:
        return services.change_officer(self.actor, officer=self.officer.pk, **data)


class ReasonForm(Form):
    reason = text_area(_("理由"))


class Release(_OfOfficer):
    """He serves no more."""

    title = _("执法人员离任")
    form_class = ReasonForm

    def act(self, data: Mapping[str, Any]) -> Officer:
        return services.release_officer(self.actor, officer=self.officer.pk, **data)


class CertificateForm(Form):
    number = django_forms.CharField(label=_("证件号码"), max_length=40)
    authority = django_forms.CharField(
        label=_("发证机关"), max_length=60, help_text=_("如：江苏省司法厅、住房和城乡建设部。")
    )
    scope = django_forms.CharField(label=_("执法范围（证载）"), max_length=200)
    scopes = django_forms.CharField(
        label=_("执法领域代码"), required=False, help_text=_("用空格或逗号分隔，供抽取时比对，如 construction。")
    )
    valid_from = day_field(_("有效期自"))
    valid_to = day_field(_("有效期至"), required=False)


class RecordCertificate(_OfOfficer):
    """Enter a certificate."""

    title = _("登记执法证")
    form_class = CertificateForm

    def act(self, data: Mapping[str, Any]) -> Certificate:
        return services.record_certificate(
            self.actor, officer=self.officer.pk, **{**data, "scopes": words(data["scopes"])}
        )


class RevokeForm(Form):
    on = day_field(_("注销日期"))
    reason = text_area(_("理由"))


class RevokeCertificate(_OfOfficer):
    """It holds no more."""

    title = _("注销执法证")
    form_class = RevokeForm

    def initial(self) -> Mapping[str, Any]:
        return {"on": clock.today()}

    def act(self, data: Mapping[str, Any]) -> Certificate:
        row = self.officer.certificates.filter(pk=self.kwargs["certificate"]).first()
        if row is None:
            raise NotFound(str(self.kwargs["certificate"]))
        return services.revoke_certificate(self.actor, certificate=row.pk, **data)


class LeaveForm(Form):
    kind = django_forms.ChoiceField(label=_("种类"), choices=list(LEAVES.items()))
    valid_from = day_field(_("起"))
    valid_to = day_field(_("止（含当日）"))


class RecordLeave(_OfOfficer):
    """Days on which he is not at hand."""

    title = _("登记请假")
    form_class = LeaveForm

    def act(self, data: Mapping[str, Any]) -> Leave:
        return services.record_leave(self.actor, officer=self.officer.pk, **data)


class CancelLeave(PressPage):
    """The leave was not taken."""

    ability = MANAGE
    done = _("已撤销请假。")

    def act(self) -> str:
        officer = queries.officer(self.actor, self.kwargs["key"])
        row = officer.leaves.filter(pk=self.kwargs["leave"]).first()
        if row is None:
            raise NotFound(str(self.kwargs["leave"]))
        services.cancel_leave(self.actor, leave=row.pk)
        return address(officer.pk)


class RelationForm(Form):
    kind = django_forms.ChoiceField(label=_("关系"), choices=list(RELATIONS.items()))
    entity = django_forms.CharField(label=_("单位的统一社会信用代码"), max_length=18, required=False)
    person_number = django_forms.CharField(
        label=_("个人证件号码"),
        max_length=30,
        required=False,
        help_text=_("只保存加密摘要，用于比对回避，不保存号码本身。"),
        widget=django_forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_from = day_field(_("起"), required=False)
    valid_to = day_field(_("止"), required=False)


class DeclareRelation(_OfOfficer):
    """A tie that keeps him away."""

    title = _("申报利害关系")
    form_class = RelationForm

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.declare_relation(self.actor, officer=self.officer.pk, **data)
