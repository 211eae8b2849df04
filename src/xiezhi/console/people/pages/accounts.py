"""Accounts, roles, and who holds which role where."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.console.people import attempts
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound
from xiezhi.people import queries, services
from xiezhi.people.abilities import ABILITIES
from xiezhi.people.account_places import path_of
from xiezhi.people.models import Account, Role, RoleAssignment
from xiezhi.web.components import tag
from xiezhi.web.forms import Form, RevForm
from xiezhi.web.lists.columns import Column
from xiezhi.web.lists.filters import Flag, Search
from xiezhi.web.lists.page import ListPage
from xiezhi.web.pages import DetailPage, FormPage

from .inputs import PressPage, day_field, role_choices, text_area, unit_choices, unit_names
from .officers import ReasonForm

MANAGE = "people.manage_accounts"
ASSIGN = "people.assign_roles"


def address(key: Any) -> str:
    """An account's page."""
    return reverse("console:account", args=[key])


def account_of(actor: Actor, key: Any) -> Account:
    """The account, where the actor may see it."""
    row = queries.accounts(actor).filter(pk=key).first()
    if row is None:
        raise NotFound(f"account {key}")
    return row


class Accounts(ListPage):
    """Accounts that the actor may see."""

    ability = "people.read"
    title = _("账号")
    order = ("username",)
    columns = (
        Column("username", _("用户名"), link=lambda row: address(row.pk), sort="username"),
        Column("name", _("姓名"), sort="name"),
        Column("unit", _("所在机构"), value=lambda row: row.unit.name if row.unit else ""),
        Column(
            "is_active",
            _("状态"),
            value=lambda row: row.is_active,
            html=lambda row: tag("good", _("在用")) if row.is_active else tag("quiet"),
        ),
    )
    filters = (Search(fields=("username", "name")), Flag("is_active", _("仅在用")))

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.accounts(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        return (
            [{"text": _("开立账号"), "href": reverse("console:account-new")}] if self.actor.paths(MANAGE) else ()
        )


class AccountDetail(DetailPage):
    """One account with its roles."""

    ability = "people.read"
    template_name = "console/people/account.html"

    def get_object(self) -> Account:
        self.row = account_of(self.actor, self.kwargs["key"])
        return self.row

    def page_title(self) -> str:
        return str(self.row)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("账号"), reverse("console:accounts"))]

    def facts(self, obj: Account) -> Sequence[tuple[Any, Any]]:
        return (
            (_("用户名"), obj.username),
            (_("所在机构"), obj.unit.name if obj.unit else ""),
            (_("状态"), tag("good", _("在用")) if obj.is_active else tag("quiet")),
            (_("动态口令"), _("要求使用") if obj.must_use_totp else _("随机构要求")),
            (_("执法人员"), obj.officer.name if obj.officer else ""),
            (_("辅助人员"), obj.assistant.name if obj.assistant else ""),
            (_("上次登录"), obj.last_login),
        )

    def actions(self, obj: Account) -> Sequence[Mapping[str, Any]]:
        def go(name: str) -> str:
            return reverse(f"console:{name}", args=[obj.pk])

        found: list[Mapping[str, Any]] = []
        if self.actor.paths(ASSIGN) and str(obj.pk) != self.actor.id:
            found.append({"text": _("授予角色"), "href": go("account-role")})
        if self.actor.may(MANAGE, path_of(obj)):
            text = _("停用账号") if obj.is_active else _("恢复账号")
            found.append({"text": text, "href": go("account-active"), "kind": "quiet"})
            found.append({"text": _("重置密码"), "href": go("account-password"), "kind": "quiet"})
            found.append({"text": _("绑定统一身份"), "href": go("account-identity"), "kind": "quiet"})
            text = _("不再单独要求动态口令") if obj.must_use_totp else _("要求使用动态口令")
            found.append({"text": text, "post": go("account-totp"), "kind": "quiet"})
            found.append({"text": _("重置动态口令"), "post": go("account-authenticator"), "kind": "quiet"})
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object()
        names, day = unit_names(self.actor), clock.today()
        held = [
            (a, names.get(a.agency, a.agency), a.holds_on(day), self.actor.may(ASSIGN, a.agency))
            for a in queries.assignments(self.actor).filter(account=row)
        ]
        return self.page(object=row, facts=self.facts(row), actions=self.actions(row), held=held)


class AccountForm(Form):
    username = django_forms.CharField(label=_("用户名"), max_length=60)
    name = django_forms.CharField(label=_("姓名"), max_length=60)
    unit = django_forms.ChoiceField(label=_("所在机构"))
    email = django_forms.EmailField(label=_("电子邮箱"), required=False)
    officer = django_forms.ChoiceField(label=_("对应执法人员"), required=False)
    password = django_forms.CharField(
        label=_("初始密码"),
        required=False,
        widget=django_forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("留空则只能用统一身份登录。"),
    )
    must_use_totp = django_forms.BooleanField(label=_("要求使用动态口令"), required=False)

    def __init__(self, *args: Any, units: Any = (), officers: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["officer"].choices = [("", _("（无）")), *officers]  # type: ignore[attr-defined]


class Open(FormPage):
    """Open an account."""

    ability = MANAGE
    title = _("开立账号")
    form_class = AccountForm

    def form_kwargs(self) -> dict[str, Any]:
        free = queries.officers(self.actor).filter(account=None)
        officers = [(str(row.pk), f"{row.name}（{row.unit.name}）") for row in free]
        return {"units": unit_choices(self.actor, MANAGE), "officers": officers}

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("账号"), reverse("console:accounts"))]

    def act(self, data: Mapping[str, Any]) -> Account:
        chosen = {"officer": data["officer"] or None, "password": data["password"] or None}
        return services.create_account(self.actor, **{**data, **chosen})

    def done_url(self, result: Account) -> str:
        return address(result.pk)


class _OfAccount(FormPage):
    ability = MANAGE

    @property
    def account(self) -> Account:
        return account_of(self.actor, self.kwargs["key"])

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        row = self.account
        return [(_("账号"), reverse("console:accounts")), (str(row), address(row.pk))]

    def done_url(self, result: Any) -> str:
        return address(self.kwargs["key"])


class Activity(_OfAccount):
    """Deactivate, or activate again."""

    form_class = ReasonForm

    def page_title(self) -> Any:
        return _("停用账号") if self.account.is_active else _("恢复账号")

    def act(self, data: Mapping[str, Any]) -> Account:
        row = self.account
        service = services.deactivate_account if row.is_active else services.activate_account
        return service(self.actor, account=row.pk, **data)


class PasswordForm(Form):
    password = django_forms.CharField(
        label=_("新密码"),
        widget=django_forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("重置后该账号的全部登录会话失效；因多次失败暂停登录的，随即恢复。"),
    )


class Password(_OfAccount):
    """Set a new password for someone who lost his."""

    title = _("重置密码")
    form_class = PasswordForm

    def act(self, data: Mapping[str, Any]) -> Account:
        account = services.reset_password(self.actor, account=self.account.pk, **data)
        attempts.forget(account.username)
        return account


class IdentityForm(Form):
    provider = django_forms.CharField(label=_("身份提供方"), initial="oidc", max_length=60)
    subject = django_forms.CharField(label=_("身份标识（sub）"), max_length=190)


class Identity(_OfAccount):
    """Let an OIDC identity sign in as this account."""

    title = _("绑定统一身份")
    form_class = IdentityForm

    def act(self, data: Mapping[str, Any]) -> Account:
        return services.link_identity(self.actor, account=self.account.pk, **data)


class Totp(PressPage):
    """Demand an authenticator of this account, or no longer."""

    ability = MANAGE
    done = _("已保存。")

    def act(self) -> str:
        row = account_of(self.actor, self.kwargs["key"])
        services.demand_account_totp(self.actor, account=row.pk, demanded=not row.must_use_totp)
        return address(row.pk)


class Authenticator(PressPage):
    """Remove a lost authenticator."""

    ability = MANAGE
    done = _("已重置动态口令，该账号须重新绑定。")

    def act(self) -> str:
        row = account_of(self.actor, self.kwargs["key"])
        services.reset_authenticator(self.actor, account=row.pk)
        return address(row.pk)


class RoleForm(Form):
    role = django_forms.ChoiceField(label=_("角色"))
    agency = django_forms.ChoiceField(label=_("适用机构（含下级）"))
    valid_from = day_field(_("起"))
    valid_to = day_field(_("止（含当日）"), required=False)
    document = django_forms.CharField(label=_("依据文号"), max_length=80, required=False)

    def __init__(self, *args: Any, roles: Any = (), units: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        self.fields["agency"].choices = units  # type: ignore[attr-defined]


class Assign(_OfAccount):
    """Give a role."""

    ability = ASSIGN
    title = _("授予角色")
    form_class = RoleForm

    def form_kwargs(self) -> dict[str, Any]:
        units = unit_choices(self.actor, ASSIGN, everywhere=True)
        return {"roles": role_choices(self.actor), "units": units}

    def initial(self) -> Mapping[str, Any]:
        return {"valid_from": clock.today(), "agency": path_of(self.account)}

    def act(self, data: Mapping[str, Any]) -> RoleAssignment:
        return services.assign_role(self.actor, account=self.account.pk, **data)


class EndForm(Form):
    on = day_field(_("最后一日"))
    reason = text_area(_("理由"))


class End(_OfAccount):
    """Take a role back."""

    ability = ASSIGN
    title = _("收回角色")
    form_class = EndForm

    def initial(self) -> Mapping[str, Any]:
        return {"on": clock.today()}

    def act(self, data: Mapping[str, Any]) -> RoleAssignment:
        held = queries.assignments(self.actor).filter(account=self.account, pk=self.kwargs["assignment"]).first()
        if held is None:
            raise NotFound(str(self.kwargs["assignment"]))
        return services.end_assignment(self.actor, assignment=held.pk, **data)


class Roles(ListPage):
    """The roles and what they hold."""

    ability = "people.read"
    title = _("角色与权限")
    intro = _("没有列出的权限一律没有；角色只在授予的机构及其下级有效。")
    order = ("code",)
    exports = False
    columns = (
        Column("name", _("角色"), link=lambda row: reverse("console:role", args=[row.pk])),
        Column("code", _("代码")),
        Column(
            "abilities",
            _("权限"),
            value=lambda row: "；".join(str(_(ABILITIES[a].title)) for a in row.abilities if a in ABILITIES),
        ),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.roles(actor)


class DefineForm(RevForm):
    name = django_forms.CharField(label=_("名称"), max_length=40)
    abilities = django_forms.MultipleChoiceField(
        label=_("权限"),
        required=False,
        choices=[(row.name, _(row.title)) for row in ABILITIES.values()],
        widget=django_forms.CheckboxSelectMultiple,
    )


class RoleDetail(DetailPage):
    """What a role holds."""

    ability = "people.read"

    def get_object(self) -> Role:
        row = queries.roles(self.actor).filter(pk=self.kwargs["key"]).first()
        if row is None:
            raise NotFound(str(self.kwargs["key"]))
        return row

    def page_title(self) -> Any:
        return self.object.name

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("角色与权限"), reverse("console:roles"))]

    def facts(self, obj: Role) -> Sequence[tuple[Any, Any]]:
        held = [row for row in ABILITIES.values() if row.name in obj.abilities]
        return [(_("代码"), obj.code), *((row.name, _(row.title)) for row in held)]

    def actions(self, obj: Role) -> Sequence[Mapping[str, Any]]:
        if not self.actor.may(Define.ability, "/"):
            return []
        return [{"text": _("修改"), "href": reverse("console:role-change", args=[obj.pk])}]


class Define(FormPage):
    """Change what a role holds."""

    ability = "people.manage_roles"
    form_class = DefineForm

    def admit(self) -> None:
        # Roles are the whole installation's.
        if not self.actor.may(self.ability, "/"):
            raise Denied(self.ability, "/")

    @property
    def role(self) -> Role:
        row = queries.roles(self.actor).filter(pk=self.kwargs["key"]).first()
        if row is None:
            raise NotFound(str(self.kwargs["key"]))
        return row

    def page_title(self) -> Any:
        return self.role.name

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("角色与权限"), reverse("console:roles"))]

    def initial(self) -> Mapping[str, Any]:
        row = self.role
        return {"name": row.name, "abilities": row.abilities, "rev": row.rev}

    def stored(self) -> Mapping[str, Any]:
        return self.initial()

    def act(self, data: Mapping[str, Any]) -> Role:
        return services.define_role(self.actor, code=self.role.code, **data)

    def done_url(self, result: Role) -> str:
        return reverse("console:roles")
