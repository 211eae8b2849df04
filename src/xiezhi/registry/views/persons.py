"""Natural persons: who stands for which entity; names and numbers only for a purpose that is recorded."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied
from xiezhi.registry import forms, queries, services
from xiezhi.registry.gate import EDIT
from xiezhi.registry.models import EntityPerson
from xiezhi.web.lists import Choice, Column, DateRange, Filter, ListPage, Search
from xiezhi.web.lists.filters import Control
from xiezhi.web.pages import FormPage

from .entities import OnEntity
from .entities import address as entity_address

PERSONAL = "registry.read_personal"


def address(place: EntityPerson) -> str:
    """Where a person's name and number can be read."""
    return reverse("registry:person", args=[place.pk])


def _of_entity(place: EntityPerson) -> str:
    return entity_address(place.entity)


class Present(Filter):
    """在任 or 离任."""

    def controls(self, params: Mapping[str, str]) -> list[Control]:
        choices = [("", _("全部")), ("present", _("在任")), ("past", _("已离任"))]
        return [Control(self.name, self.label, "select", params.get(self.name, ""), choices)]

    def apply(self, rows: Any, params: Mapping[str, str]) -> Any:
        wanted = {"present": True, "past": False}.get(params.get(self.name, ""))
        return rows if wanted is None else rows.filter(ends__isnull=wanted)


class PersonList(ListPage):
    """Who stands for which entity. Names are masked, on the page and in exports."""

    ability = PERSONAL
    title = _("主体人员")
    intro = _("姓名只显示姓氏。查看全名和号码须填写事由，并留下记录。")
    columns = (
        Column("masked", _("姓名"), value=lambda place: queries.masked_name(place.person), link=address),
        Column("role", _("职务"), value=lambda place: str(place.get_role_display())),
        Column("entity__name", _("主体"), link=_of_entity, sort="entity__name"),
        Column("begins", _("任职"), sort="begins"),
        Column("ends", _("离任"), sort="ends"),
    )
    filters = (
        Search(label=_("主体名称"), fields=("entity__name",)),
        Choice("role", _("职务"), choices=EntityPerson.Role.choices),
        Present("now", _("任职情况")),
        DateRange("begins", _("任职日期")),
    )
    order = ("entity__name",)
    empty = _("请在主体的页面上登记人员。")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> Any:
        return queries.places_visible_to(actor).select_related("entity", "person")

    def actions(self) -> Sequence[Mapping[str, Any]]:
        return [{"text": _("按身份号码查找"), "href": reverse("registry:person-find"), "kind": "quiet"}]


class PersonPage(FormPage):
    """A person's name and number, shown once the purpose is given; nothing of them stands in the address."""

    ability = PERSONAL
    title = _("查看人员信息")
    template_name = "registry/person.html"
    form_class = forms.PurposeForm
    submit = _("查看")

    def admit(self) -> None:
        self.place = queries.get_place(self.actor, self.kwargs["place_id"])

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((PersonList.title, reverse("registry:persons")),)

    def context(self, **more: Any) -> dict[str, Any]:
        place = self.place
        facts = [
            (_("姓名"), queries.masked_name(place.person)),
            (_("职务"), place.get_role_display()),
            (_("主体"), place.entity.name),
            (_("任职"), place.begins),
            (_("离任"), place.ends),
        ]
        return super().context(**({"facts": facts, "actions": self._actions()} | more))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422)
        person = self.place.person
        opened = queries.read_person(self.actor, person.pk, purpose=form.cleaned_data["purpose"])
        places = queries.places_of(self.actor, person, opened["number"])
        return self.page(
            facts=[(_("姓名"), opened["name"]), (_("公民身份号码"), opened["number"])],
            places=[(place.entity, place.get_role_display(), place.begins, place.ends) for place in places],
            opened=True,
        )

    def _actions(self) -> Sequence[Mapping[str, Any]]:
        place = self.place
        if place.ends is not None or not self.actor.may(EDIT, place.entity.agency):
            return []
        where = reverse("registry:person-end", args=[place.pk])
        return [{"text": _("登记离任"), "href": where, "kind": "quiet"}]


class PersonFind(FormPage):
    """For whom a person stands, by resident number. The number goes in the body and is not kept."""

    ability = PERSONAL
    title = _("按身份号码查找")
    template_name = "registry/person_find.html"
    form_class = forms.FindPersonForm
    submit = _("查找")

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((PersonList.title, reverse("registry:persons")),)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422)
        places = [
            (place.entity, place.get_role_display(), place.begins, place.ends)
            for place in queries.find_by_number(self.actor, form.cleaned_data["number"])
        ]
        return self.page(form=form, places=places, searched=True)


class PersonNew(OnEntity):
    """Enter who stands for an entity."""

    title = _("登记人员")
    form_class = forms.PersonForm

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.place_person(self.actor, self.entity.pk, **data).entity


class PersonEnd(FormPage):
    """A person no longer stands for an entity."""

    ability = EDIT
    title = _("登记离任")
    form_class = forms.LeaveForm

    def admit(self) -> None:
        self.place = queries.get_place(self.actor, self.kwargs["place_id"])
        if not self.actor.may(EDIT, self.place.entity.agency):
            raise Denied(EDIT, self.place.entity.agency)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        entity = self.place.entity
        return ((PersonList.title, reverse("registry:persons")), (entity.name, entity_address(entity)))

    def act(self, data: Mapping[str, Any]) -> EntityPerson:
        return services.end_person(self.actor, self.place.pk, ends=data["ends"])

    def done_url(self, result: EntityPerson) -> str:
        return entity_address(result.entity)
