"""Entities: list, one with its facts and their sources, registering and correcting by hand."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied
from xiezhi.registry import families, forms, queries, searching, services
from xiezhi.registry.gate import EDIT, IMPORT
from xiezhi.registry.importing.fields import CURRENCIES, FIELDS
from xiezhi.registry.importing.messages import MARK
from xiezhi.registry.models import (
    Entity,
    EntityCode,
    EntityKind,
    EntityName,
    EntityState,
    Participant,
    Project,
    Role,
)
from xiezhi.web import components
from xiezhi.web.lists import Choice, Column, DateRange, ListPage, Search
from xiezhi.web.lists.columns import display
from xiezhi.web.pages import ConsoleView, FormPage

_CURRENCY_NAMES = {code: name for name, code in reversed(CURRENCIES.items()) if len(name) > 1}
_MERGED = {EntityState.ACTIVE: "good", EntityState.MERGED: "quiet"}


def address(entity: Entity) -> str:
    """Where an entity is shown."""
    return reverse("registry:entity", args=[entity.pk])


def state_tag(entity: Entity) -> Any:
    """Its state as a tag."""
    return components.tag(_MERGED[EntityState(entity.state)], entity.get_state_display())


class EntityList(ListPage):
    """Entities that the actor may see."""

    ability = "registry.read"
    title = _("市场主体")
    columns = (
        Column("name", _("名称"), link=address, sort="name"),
        Column("code", _("代码"), sort="code"),
        Column("kind", _("类别"), value=lambda entity: str(entity.get_kind_display())),
        Column("entity_type", _("企业类型")),
        Column("established_on", _("成立日期"), sort="established_on"),
        Column("address", _("住所")),
        Column("state", _("状态"), value=lambda entity: str(entity.get_state_display()), html=state_tag),
        Column("updated_at", _("更新时间"), sort="updated_at"),
    )
    filters = (
        Search(label=_("名称、曾用名或代码"), search=searching.narrowed),
        Choice("kind", _("类别"), choices=EntityKind.choices),
        Choice("state", _("状态"), choices=EntityState.choices),
        DateRange("established_on", _("成立日期")),
    )
    order = ("name",)
    empty = _("请登记市场主体，或导入名录。")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> Any:
        return queries.entities_visible_to(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        found = []
        if self.actor.paths(EDIT):
            found.append({"text": _("登记主体"), "href": reverse("registry:entity-new")})
        if self.actor.paths(IMPORT):
            found.append({"text": _("导入名录"), "href": reverse("registry:import-new"), "kind": "quiet"})
        return found


class EntityPage(ConsoleView):
    """One entity: every fact with who said so, its codes and names, where it takes part, its permits."""

    ability = "registry.read"
    template_name = "registry/entity.html"

    def page_title(self) -> str:
        return str(self.entity.name)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((EntityList.title, reverse("registry:entities")),)

    def get(self, request: HttpRequest, entity_id: Any) -> HttpResponse:
        self.entity = entity = queries.get_entity(self.actor, entity_id)
        ids = families.family(self.actor, entity)
        return self.page(
            entity=entity,
            into=queries.entities_visible_to(self.actor).filter(pk=entity.merged_into_id).first(),
            facts=[
                (_("主体类别"), entity.get_kind_display()),
                (_("状态"), state_tag(entity)),
                (_("登记时间"), entity.created_at),
                (_("更新时间"), entity.updated_at),
            ],
            known=[
                [fact.title, _shown(fact), *_source(fact)]
                for fact in queries.facts(entity)
                if fact.column != "capital_currency"
            ],
            known_head=[_("项目"), _("内容"), _("来源"), _("收到时间")],
            codes=[
                [code.code, code.get_kind_display(), code.begins or "—", code.ends or "—", _marks(code.marks)]
                for code in EntityCode.objects.filter(entity__in=ids).order_by("id")
            ],
            codes_head=[_("代码"), _("种类"), _("启用"), _("停用"), _("标记")],
            names=self._names(entity, ids),
            names_head=[_("曾用名"), _("停用日期")],
            absorbed=Entity.objects.filter(pk__in=ids).exclude(pk=entity.pk).order_by("name"),
            participations=self._participations(ids),
            permits=queries.permits_visible_to(self.actor).filter(entity__in=ids).order_by("-issued_on"),
            persons=self._persons(ids),
            personal=bool(self.actor.paths("registry.read_personal")),
            actions=self._actions(entity),
        )

    def _names(self, entity: Entity, ids: Sequence[Any]) -> list[list[Any]]:
        former = EntityName.objects.filter(entity__in=ids).order_by("-ends")
        others = Entity.objects.filter(pk__in=ids).exclude(pk=entity.pk).exclude(name=entity.name)
        return [[row.name, row.ends] for row in former] + [[other.name, "—"] for other in others]

    def _participations(self, ids: Sequence[Any]) -> list[tuple[Project, str, Any, Any]]:
        rows = Participant.objects.filter(entity__in=ids, project__in=queries.projects_visible_to(self.actor))
        return [
            (row.project, str(Role(row.role).label), row.begins, row.ends)
            for row in rows.select_related("project").order_by("-id")
        ]

    def _persons(self, ids: Sequence[Any]) -> list[tuple[Any, str, str, Any, Any]]:
        rows = queries.places_visible_to(self.actor).filter(entity__in=ids).select_related("person")
        return [
            (row.pk, queries.masked_name(row.person), row.get_role_display(), row.begins, row.ends)
            for row in rows.order_by("-begins", "id")
        ]

    def _actions(self, entity: Entity) -> Sequence[Mapping[str, Any]]:
        if not self.actor.may(EDIT, entity.agency):
            return []

        def to(name: str) -> str:
            return reverse(f"registry:{name}", args=[entity.pk])

        if entity.merged_into_id:
            return [{"text": _("撤销合并"), "href": to("entity-separate"), "kind": "quiet"}]
        permit = f"{reverse('registry:permit-new')}?entity={entity.pk}"
        return [
            {"text": _("更正信息"), "href": to("entity-edit")},
            {"text": _("变更代码"), "href": to("entity-code"), "kind": "quiet"},
            {"text": _("登记人员"), "href": to("person-new"), "kind": "quiet"},
            {"text": _("登记许可"), "href": permit, "kind": "quiet"},
            {"text": _("合并主体"), "href": to("entity-merge"), "kind": "quiet"},
        ]


class EntityNew(FormPage):
    """Register an entity by hand, in the officer's own agency."""

    ability = EDIT
    title = _("登记主体")
    form_class = forms.EntityForm

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((EntityList.title, reverse("registry:entities")),)

    def act(self, data: Mapping[str, Any]) -> Entity:
        return services.register_entity(self.actor, agency=self.actor.agency, district=self.actor.district, **data)

    def done_url(self, result: Entity) -> str:
        return address(result)


class OnEntity(FormPage):
    """A form about one entity, which the actor may change."""

    ability = EDIT

    def admit(self) -> None:
        self.entity = queries.get_entity(self.actor, self.kwargs["entity_id"])
        if not self.actor.may(EDIT, self.entity.agency):
            raise Denied(EDIT, self.entity.agency)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((EntityList.title, reverse("registry:entities")), (self.entity.name, address(self.entity)))

    def done_url(self, result: Entity) -> str:
        return address(result)


class EntityEdit(OnEntity):
    """Correct the facts of an entity."""

    title = _("更正信息")
    form_class = forms.EntityEditForm

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.entity.rev, **_texts(self.entity)}

    def stored(self) -> Mapping[str, Any]:
        return _texts(queries.get_entity(self.actor, self.entity.pk))

    def act(self, data: Mapping[str, Any]) -> Entity:
        now = _texts(self.entity)
        changed = {name: text for name, text in data.items() if name != "rev" and text != now[name]}
        return services.correct_entity(self.actor, self.entity.pk, rev=data["rev"], **changed)


class EntityCodeChange(OnEntity):
    """Give an entity another code."""

    title = _("变更代码")
    form_class = forms.CodeForm

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.entity.rev}

    def act(self, data: Mapping[str, Any]) -> Entity:
        return services.change_code(
            self.actor, self.entity.pk, rev=data["rev"], code=data["code"], begins=data["begins"]
        )


def _texts(entity: Entity) -> dict[str, str]:
    """The fields as a user types them."""
    found = {name: str(queries.stored(entity, name) or "") for name in FIELDS if name != "capital"}
    return found | {"capital": capital(entity.capital, entity.capital_currency)}


def capital(minor: int | None, currency: str) -> str:
    """Hundredths of a currency as it is typed and read: ``1008万元人民币``."""
    if minor is None:
        return ""
    number = f"{Decimal(minor) / 1_000_000:f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number}万{'元人民币' if currency == 'CNY' else _CURRENCY_NAMES.get(currency, currency)}"


def _shown(fact: queries.Fact) -> Any:
    if fact.column == "capital":
        return capital(fact.value, fact.currency)
    return fact.value


def _source(fact: queries.Fact) -> tuple[Any, Any]:
    if fact.record is None:
        return "—", "—"
    return fact.record.source, display(fact.record.received_at)


def _marks(marks: Sequence[str]) -> str:
    return "、".join(str(MARK[mark]) for mark in marks) or "—"
