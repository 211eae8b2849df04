"""API keys: list, issue, revoke."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.people import queries as people
from xiezhi.people.abilities import ABILITIES
from xiezhi.web import components, forms, keys, queries, services
from xiezhi.web.lists import Column, ListPage, Search
from xiezhi.web.models import ApiKey
from xiezhi.web.pages import ConsoleView, DetailPage, FormPage


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at <= clock.now() else "valid"


STATES = {"valid": ("good", _("有效")), "expired": ("quiet", _("已到期")), "revoked": ("bad", _("已吊销"))}


class Keys(ListPage):
    """Keys of the agencies that the actor manages."""

    ability = "api.manage_keys"
    title = _("接口密钥")
    columns = (
        Column("name", _("用途"), sort="name", link=lambda key: reverse("console:key", args=[key.pk])),
        Column("prefix", _("前缀")),
        Column("scopes", _("权限"), value=lambda key: "、".join(key.scopes)),
        Column("issued_at", _("签发时间"), sort="issued_at"),
        Column("expires_at", _("到期时间"), sort="expires_at"),
        Column("last_used_at", _("最近使用"), sort="last_used_at"),
        Column(
            "state",
            _("状态"),
            value=lambda key: str(STATES[_state(key)][1]),
            html=lambda key: components.tag(*STATES[_state(key)]),
        ),
    )
    filters = (Search(fields=("name", "prefix")),)
    order = ("-issued_at",)
    empty = _("还没有签发过接口密钥。")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> Any:
        return queries.keys_visible_to(actor)

    def actions(self) -> list[dict[str, Any]]:
        return [{"text": _("签发密钥"), "href": reverse("console:key-issue")}]


class KeyForm(forms.Form):
    """What a key is for, where it counts, what it may do, until when."""

    name = django_forms.CharField(label=_("用途"), max_length=100, help_text=_("写明由哪个系统使用。"))
    agency = django_forms.ChoiceField(label=_("所属机构"), help_text=_("密钥只能访问该机构及其下属机构的数据。"))
    scopes = django_forms.MultipleChoiceField(label=_("权限"), widget=django_forms.CheckboxSelectMultiple)
    expires_on = django_forms.DateField(label=_("到期日"), widget=forms.DateInput)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], held: set[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (name, f"{gettext(ABILITIES[name].title)}（{name}）") for name in sorted(keys.GRANTABLE & held)
        ]


class Issue(FormPage):
    """Issue a key; the secret is shown once, on the answer itself."""

    ability = "api.manage_keys"
    title = _("签发接口密钥")
    form_class = KeyForm
    submit = _("签发")
    template_name = "web/form.html"

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(Keys.title, reverse("console:keys"))]

    def initial(self) -> dict[str, Any]:
        return {"expires_on": clock.today() + timedelta(days=365)}

    def form_kwargs(self) -> dict[str, Any]:
        paths = self.actor.paths(self.ability)
        found = [agency for path in paths for agency in people.agencies(self.actor, under=path)]
        held = {ability.name for ability in self.actor.abilities}
        return {"agencies": [(agency.path, agency.name) for agency in found], "held": held}

    def act(self, data: Mapping[str, Any]) -> tuple[ApiKey, str]:
        midnight = datetime.combine(data["expires_on"] + timedelta(days=1), time.min)
        return services.issue_key(
            self.actor,
            name=data["name"],
            agency=data["agency"],
            scopes=data["scopes"],
            expires_at=timezone.make_aware(midnight),
        )

    def finished(self, result: tuple[ApiKey, str]) -> HttpResponse:
        key, secret = result
        return self.page(template="console/key_issued.html", key=key, secret=secret)


class Key(DetailPage):
    """One key."""

    ability = "api.manage_keys"

    def page_title(self) -> str:
        return self.object.name

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(Keys.title, reverse("console:keys"))]

    def get_object(self) -> ApiKey:
        key = queries.keys_visible_to(self.actor).filter(pk=self.kwargs["key_id"]).first()
        if key is None:
            raise NotFound
        return key

    def facts(self, obj: ApiKey) -> list[tuple[Any, Any]]:
        return [
            (_("状态"), components.tag(*STATES[_state(obj)])),
            (_("前缀"), obj.prefix),
            (_("所属机构"), people.agency(self.actor, obj.agency).name),
            (_("权限"), "、".join(obj.scopes)),
            (_("签发时间"), obj.issued_at),
            (_("到期时间"), obj.expires_at),
            (_("最近使用"), obj.last_used_at),
            (_("吊销时间"), obj.revoked_at),
        ]

    def actions(self, obj: ApiKey) -> list[dict[str, Any]]:
        if obj.revoked_at is not None:
            return []
        return [
            {
                "id": "revoke",
                "text": _("吊销"),
                "confirm": _("吊销这个密钥？"),
                "explain": _("使用它的系统将立即无法访问，且不能恢复。"),
                "post": reverse("console:key-revoke", args=[obj.pk]),
                "danger": True,
            }
        ]


class Revoke(ConsoleView):
    """Revoke a key."""

    ability = "api.manage_keys"

    def post(self, request: HttpRequest, key_id: UUID) -> HttpResponse:
        services.revoke_key(self.actor, key_id=key_id)
        messages.success(request, str(_("密钥已吊销。")))
        return HttpResponseRedirect(reverse("console:key", args=[key_id]))
