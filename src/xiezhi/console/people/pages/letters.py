"""Delegation letters (委托书) and substitutes' authorisations (A/B 角授权)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound
from xiezhi.people import queries, services
from xiezhi.people.models import DelegationLetter, SubstituteAuthorisation
from xiezhi.web.components import tag
from xiezhi.web.forms import Form, RevForm
from xiezhi.web.lists.columns import Column
from xiezhi.web.lists.filters import Search
from xiezhi.web.lists.page import ListPage
from xiezhi.web.pages import DetailPage, FormPage

from .inputs import account_choices, day_field, role_choices, text_area, unit_choices

MANAGE = "people.manage_letters"
AUTHORISE = "approval.authorise"


def letter_address(key: Any) -> str:
    """A letter's page."""
    return reverse("console:letter", args=[key])


def letter_state(row: DelegationLetter) -> tuple[str, Any]:
    """(kind of tag, words) of where a letter stands today."""
    day: date = clock.today()
    if row.revoked_on is not None and row.revoked_on <= day:
        return "bad", _("已撤销")
    if row.valid_to is not None and row.valid_to < day:
        return "bad", _("已到期")
    if row.published_on is None or row.published_on > day:
        return "unverified", _("未公布，不生效")
    return ("good", _("有效")) if row.valid_from <= day else ("quiet", _("尚未生效"))


class Letters(ListPage):
    """Letters of delegation."""

    ability = "people.read"
    title = _("委托书")
    intro = _("委托书须载明委托事项、权限和期限并向社会公布；受委托组织不得再委托（《行政处罚法》第二十条）。")
    order = ("-valid_from",)
    columns = (
        Column("number", _("文号"), link=lambda row: letter_address(row.pk)),
        Column("principal", _("委托机关"), value=lambda row: row.principal.name),
        Column("delegate", _("受委托组织"), value=lambda row: row.delegate.name),
        Column("valid_from", _("起"), sort="valid_from"),
        Column("valid_to", _("止"), sort="valid_to"),
        Column(
            "state",
            _("状态"),
            value=lambda row: str(letter_state(row)[1]),
            html=lambda row: tag(*letter_state(row)),
        ),
    )
    filters = (Search(fields=("number", "matters")),)

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.letters(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not self.actor.paths(MANAGE):
            return ()
        return [{"text": _("登记委托书"), "href": reverse("console:letter-new")}]


def letter_of(actor: Actor, key: Any) -> DelegationLetter:
    """The letter."""
    row = queries.letters(actor).filter(pk=key).first()
    if row is None:
        raise NotFound(f"letter {key}")
    return row


class Letter(DetailPage):
    """One letter."""

    ability = "people.read"

    def get_object(self) -> DelegationLetter:
        self.row = letter_of(self.actor, self.kwargs["key"])
        return self.row

    def page_title(self) -> str:
        return self.row.number

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("委托书"), reverse("console:letters"))]

    def facts(self, obj: DelegationLetter) -> Sequence[tuple[Any, Any]]:
        return (
            (_("状态"), tag(*letter_state(obj))),
            (_("委托机关"), obj.principal.name),
            (_("受委托组织"), obj.delegate.name),
            (_("委托事项与权限"), obj.matters),
            (_("起"), obj.valid_from),
            (_("止（含当日）"), obj.valid_to),
            (_("公布地址"), obj.published_at),
            (_("公布日期"), obj.published_on),
            (_("撤销日期"), obj.revoked_on),
        )

    def actions(self, obj: DelegationLetter) -> Sequence[Mapping[str, Any]]:
        if not self.actor.may(MANAGE, obj.principal.path) or obj.revoked_on is not None:
            return ()
        return [
            {"text": _("登记公布"), "href": reverse("console:letter-publish", args=[obj.pk])},
            {"text": _("撤销"), "href": reverse("console:letter-revoke", args=[obj.pk]), "kind": "quiet"},
        ]


class LetterForm(Form):
    principal = django_forms.ChoiceField(label=_("委托机关"))
    delegate = django_forms.ChoiceField(label=_("受委托组织"))
    number = django_forms.CharField(label=_("文号"), max_length=80)
    matters = text_area(_("委托事项与权限"))
    valid_from = day_field(_("起"))
    valid_to = day_field(_("止（含当日）"))

    def __init__(self, *args: Any, principals: Any = (), delegates: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["principal"].choices = principals  # type: ignore[attr-defined]
        self.fields["delegate"].choices = delegates  # type: ignore[attr-defined]


class Record(FormPage):
    """Enter a letter."""

    ability = MANAGE
    title = _("登记委托书")
    form_class = LetterForm

    def form_kwargs(self) -> dict[str, Any]:
        delegates = queries.agencies(self.actor, day=clock.today()).values_list("path", "name")
        return {"principals": unit_choices(self.actor, MANAGE), "delegates": list(delegates)}

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("委托书"), reverse("console:letters"))]

    def act(self, data: Mapping[str, Any]) -> DelegationLetter:
        return services.record_letter(self.actor, **data)

    def done_url(self, result: DelegationLetter) -> str:
        return letter_address(result.pk)


class PublishForm(RevForm):
    published_at = django_forms.CharField(label=_("公布地址"), max_length=300)
    published_on = day_field(_("公布日期"))


class RevokeForm(RevForm):
    on = day_field(_("自何日起不再有效"))
    reason = text_area(_("理由"))


class _OfLetter(FormPage):
    ability = MANAGE

    def admit(self) -> None:
        path = self.letter.principal.path
        if not self.actor.may(MANAGE, path):
            raise Denied(MANAGE, path)

    @property
    def letter(self) -> DelegationLetter:
        return letter_of(self.actor, self.kwargs["key"])

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        row = self.letter
        return [(_("委托书"), reverse("console:letters")), (row.number, letter_address(row.pk))]

    def done_url(self, result: Any) -> str:
        return letter_address(self.kwargs["key"])


class Publish(_OfLetter):
    """Where it is published."""

    title = _("登记公布")
    form_class = PublishForm

    def initial(self) -> Mapping[str, Any]:
        row = self.letter
        published_on = row.published_on or clock.today()
        return {"published_at": row.published_at, "published_on": published_on, "rev": row.rev}

    def stored(self) -> Mapping[str, Any]:
        return self.initial()

    def act(self, data: Mapping[str, Any]) -> DelegationLetter:
        return services.publish_letter(self.actor, letter=self.letter.pk, **data)


class Revoke(_OfLetter):
    """The delegation ends."""

    title = _("撤销委托")
    form_class = RevokeForm

    def initial(self) -> Mapping[str, Any]:
        return {"on": clock.today(), "rev": self.letter.rev}

    def act(self, data: Mapping[str, Any]) -> DelegationLetter:
        return services.revoke_letter(self.actor, letter=self.letter.pk, **data)


def _authorised(row: SubstituteAuthorisation) -> tuple[str, Any]:
    day = clock.today()
    if row.revoked_on is not None and row.revoked_on <= day:
        return "bad", _("已撤销")
    if row.holds_on(day):
        return "good", _("有效")
    return "quiet", _("尚未生效") if row.valid_from > day else _("已到期")


class Authorisations(ListPage):
    """Who may speak for whom."""

    ability = ""
    title = _("代办授权")
    intro = _("A 角因故不能履职时，经书面授权由 B 角在授权期限内代为签署意见；审批表上注明代何人、依何授权。")
    order = ("-valid_from",)
    columns = (
        Column("principal", _("授权人（A 角）"), value=lambda row: row.principal.name),
        Column("substitute", _("代办人（B 角）"), value=lambda row: row.substitute.name),
        Column("role", _("角色"), value=lambda row: row.role.name),
        Column("document", _("授权文号"), link=lambda row: reverse("console:authorisation-revoke", args=[row.pk])),
        Column("valid_from", _("起"), sort="valid_from"),
        Column("valid_to", _("止"), sort="valid_to"),
        Column(
            "state",
            _("状态"),
            value=lambda row: str(_authorised(row)[1]),
            html=lambda row: tag(*_authorised(row)),
        ),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.authorisations(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        return [{"text": _("新增授权"), "href": reverse("console:authorisation-new")}]


class AuthoriseForm(Form):
    principal = django_forms.ChoiceField(label=_("授权人（A 角）"))
    substitute = django_forms.ChoiceField(label=_("代办人（B 角）"))
    role = django_forms.ChoiceField(label=_("角色"))
    agency = django_forms.ChoiceField(label=_("适用机构（含下级）"))
    document = django_forms.CharField(label=_("授权文号"), max_length=80)
    reason = django_forms.CharField(label=_("授权原因"), max_length=200)
    valid_from = day_field(_("起"))
    valid_to = day_field(_("止（含当日）"))

    def __init__(self, *args: Any, people: Any = (), roles: Any = (), units: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, choices in (("principal", people), ("substitute", people), ("role", roles), ("agency", units)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class Authorise(FormPage):
    """A, or who may sign for him, authorises B."""

    ability = ""
    title = _("新增代办授权")
    form_class = AuthoriseForm

    def form_kwargs(self) -> dict[str, Any]:
        units = queries.agencies(self.actor, day=clock.today()).values_list("path", "name")
        people, roles = account_choices(self.actor), role_choices(self.actor)
        return {"people": people, "roles": roles, "units": list(units)}

    def initial(self) -> Mapping[str, Any]:
        return {"principal": self.actor.id, "agency": self.actor.agency, "valid_from": clock.today()}

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("代办授权"), reverse("console:authorisations"))]

    def act(self, data: Mapping[str, Any]) -> SubstituteAuthorisation:
        return services.authorise_substitute(self.actor, **data)

    def done_url(self, result: Any) -> str:
        return reverse("console:authorisations")


class EndForm(Form):
    on = day_field(_("自何日起不再有效"))
    reason = text_area(_("理由"))


class EndAuthorisation(FormPage):
    """B no longer speaks for A."""

    ability = ""
    title = _("撤销代办授权")
    form_class = EndForm

    def initial(self) -> Mapping[str, Any]:
        return {"on": clock.today()}

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("代办授权"), reverse("console:authorisations"))]

    def _row(self) -> SubstituteAuthorisation:
        row = queries.authorisations(self.actor).filter(pk=self.kwargs["key"]).first()
        if row is None:
            raise NotFound(str(self.kwargs["key"]))
        return row

    def admit(self) -> None:
        row = self._row()
        if str(row.principal_id) != self.actor.id and not self.actor.may(AUTHORISE, row.agency):
            raise Denied(AUTHORISE, row.agency)

    def act(self, data: Mapping[str, Any]) -> SubstituteAuthorisation:
        return services.revoke_authorisation(self.actor, authorisation=self._row().pk, **data)

    def done_url(self, result: Any) -> str:
        return reverse("console:authorisations")
