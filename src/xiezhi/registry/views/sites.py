"""Sites: list with coordinates, entering, correcting."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied
from xiezhi.registry import forms, queries, services
from xiezhi.registry.gate import EDIT
from xiezhi.registry.models import Project, Site
from xiezhi.web.lists import Choice, Column, ListPage, Search
from xiezhi.web.pages import FormPage

from .projects import OnProject
from .projects import address as project_address


def _project(site: Site) -> str:
    return project_address(site.project)


class SiteList(ListPage):
    """Sites that the actor may see."""

    ability = "registry.read"
    title = _("工地")
    intro = _("坐标一律换算为 WGS-84 显示和导出；录入时的坐标系另列。")
    columns = (
        Column("name", _("工地"), sort="name"),
        Column("project__name", _("工程项目"), link=_project, sort="project__name"),
        Column("project__state", _("项目状态"), value=lambda site: str(site.project.get_state_display())),
        Column("address", _("地址")),
        Column("latitude", _("纬度"), number=True),
        Column("longitude", _("经度"), number=True),
        Column("datum", _("录入坐标系"), value=lambda site: str(site.get_datum_display())),
    )
    filters = (
        Search(label=_("工地、项目或地址"), fields=("name", "project__name", "address")),
        Choice("state", _("项目状态"), field="project__state", choices=Project.State.choices),
        Choice("datum", _("录入坐标系"), choices=Site.Datum.choices),
    )
    order = ("name",)
    empty = _("请在工程项目的页面上添加工地。")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> Any:
        return queries.sites_visible_to(actor).select_related("project")


class SiteNew(OnProject):
    """Enter a site."""

    title = _("添加工地")
    form_class = forms.SiteForm

    def act(self, data: Mapping[str, Any]) -> Site:
        return services.record_site(self.actor, self.project.pk, **data)


class SiteEdit(FormPage):
    """Correct a site, as it was given."""

    ability = EDIT
    title = _("更正工地")
    form_class = forms.SiteEditForm

    def admit(self) -> None:
        self.site = queries.get_site(self.actor, self.kwargs["site_id"])
        if not self.actor.may(EDIT, self.site.agency):
            raise Denied(EDIT, self.site.agency)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((SiteList.title, reverse("registry:sites")), (self.site.project.name, _project(self.site)))

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.site.rev, **_given(self.site)}

    def stored(self) -> Mapping[str, Any]:
        return _given(queries.get_site(self.actor, self.site.pk))

    def act(self, data: Mapping[str, Any]) -> Site:
        return services.correct_site(self.actor, self.site.pk, **data)

    def done_url(self, result: Site) -> str:
        return _project(result)


def _given(site: Site) -> dict[str, Any]:
    place = {"latitude": site.given_latitude, "longitude": site.given_longitude}
    return {"name": site.name, "address": site.address, "datum": site.datum, **place}
