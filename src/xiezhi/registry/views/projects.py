"""Projects: list, one with participants, sites and permits, registering, adding participants and sites."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid
from xiezhi.registry import forms, queries, services
from xiezhi.registry.gate import EDIT
from xiezhi.registry.models import Participant, Project, Role, Site
from xiezhi.web.lists import Choice, Column, ListPage, Search
from xiezhi.web.pages import ConsoleView, FormPage


def address(project: Project) -> str:
    """Where a project is shown."""
    return reverse("registry:project", args=[project.pk])


class ProjectList(ListPage):
    """Projects that the actor may see."""

    ability = "registry.read"
    title = _("工程项目")
    columns = (
        Column("name", _("项目名称"), link=address, sort="name"),
        Column("number", _("项目编号"), sort="number"),
        Column("kind", _("工程类型"), value=lambda project: str(project.get_kind_display())),
        Column("state", _("状态"), value=lambda project: str(project.get_state_display())),
        Column("address", _("建设地址")),
        Column("area", _("建筑面积（平方米）"), number=True),
        Column("updated_at", _("更新时间"), sort="updated_at"),
    )
    filters = (
        Search(label=_("名称、编号或地址"), fields=("name", "number", "address")),
        Choice("kind", _("工程类型"), choices=Project.Kind.choices),
        Choice("state", _("状态"), choices=Project.State.choices),
    )
    order = ("name",)
    empty = _("请先登记工程项目。")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> Any:
        return queries.projects_visible_to(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not self.actor.paths(EDIT):
            return []
        return [{"text": _("登记项目"), "href": reverse("registry:project-new")}]


class ProjectPage(ConsoleView):
    """One project."""

    ability = "registry.read"
    template_name = "registry/project.html"

    def page_title(self) -> str:
        return str(self.project.name)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((ProjectList.title, reverse("registry:projects")),)

    def get(self, request: HttpRequest, project_id: Any) -> HttpResponse:
        self.project = project = queries.get_project(self.actor, project_id)
        seen = set(
            queries.entities_visible_to(self.actor)
            .filter(participations__project=project)
            .values_list("pk", flat=True)
        )
        participants = project.participants.select_related("entity").order_by("role", "id")
        return self.page(
            project=project,
            facts=[
                (_("项目编号"), project.number),
                (_("工程类型"), project.get_kind_display()),
                (_("状态"), project.get_state_display()),
                (_("建设地址"), project.address),
                (_("建筑面积（平方米）"), project.area),
                (_("登记时间"), project.created_at),
            ],
            participants=[
                (row.entity, row.entity_id in seen, str(Role(row.role).label), row.section, row.begins, row.ends)
                for row in participants
            ],
            sites=[
                [site.name, site.address or "—", f"{site.latitude}, {site.longitude}", site.get_datum_display()]
                for site in queries.sites_visible_to(self.actor).filter(project=project).order_by("id")
            ],
            sites_head=[_("工地"), _("地址"), _("纬度、经度（WGS-84）"), _("录入坐标系")],
            permits=queries.permits_visible_to(self.actor).filter(project=project).order_by("-issued_on"),
            actions=self._actions(project),
        )

    def _actions(self, project: Project) -> Sequence[Mapping[str, Any]]:
        if not self.actor.may(EDIT, project.agency):
            return []
        return [
            {"text": _("添加参建单位"), "href": reverse("registry:participant-new", args=[project.pk])},
            {"text": _("添加工地"), "href": reverse("registry:site-new", args=[project.pk]), "kind": "quiet"},
        ]


class ProjectNew(FormPage):
    """Register a project in the officer's own agency."""

    ability = EDIT
    title = _("登记项目")
    form_class = forms.ProjectForm

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((ProjectList.title, reverse("registry:projects")),)

    def act(self, data: Mapping[str, Any]) -> Project:
        return services.register_project(
            self.actor, agency=self.actor.agency, district=self.actor.district, **data
        )

    def done_url(self, result: Project) -> str:
        return address(result)


class _OnProject(FormPage):
    ability = EDIT

    @property
    def project(self) -> Project:
        """The project; ``Denied`` where it may only be read."""
        found = queries.get_project(self.actor, self.kwargs["project_id"])
        if not self.actor.may(EDIT, found.agency):
            raise Denied(EDIT, found.agency)
        return found

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        project = self.project
        return ((ProjectList.title, reverse("registry:projects")), (project.name, address(project)))

    def done_url(self, result: Any) -> str:
        return reverse("registry:project", args=[self.kwargs["project_id"]])


class ParticipantNew(_OnProject):
    """Let an entity take part."""

    title = _("添加参建单位")
    form_class = forms.ParticipantForm

    def act(self, data: Mapping[str, Any]) -> Participant:
        entity = queries.find_by_code(self.actor, "".join(data["code"].upper().split()))
        if entity is None:
            raise Invalid({"code": [now_("没有登记过这个代码。请核对，或先登记该单位。")]})
        return services.add_participant(
            self.actor,
            self.project.pk,
            entity_id=entity.pk,
            role=data["role"],
            section=data["section"],
            begins=data["begins"],
        )


class SiteNew(_OnProject):
    """Enter a site."""

    title = _("添加工地")
    form_class = forms.SiteForm

    def act(self, data: Mapping[str, Any]) -> Site:
        return services.record_site(self.actor, self.project.pk, **data)
